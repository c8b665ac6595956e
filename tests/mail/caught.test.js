// `signet dev` catches mail, and shows it.
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';

import { call } from '../lib/client.js';
import { awaitState, putLetter } from '../lib/mail.js';
import { until } from '../lib/place.js';
import { startSignet, cli, dataWithAdmin } from '../lib/signet.js';

let server;
let id;
before(async () => {
  server = await startSignet({ settings: { 'mail.name': '<b>Iron</b>' } });
  id = await putLetter(server, 'ada@example.com');
  await awaitState(server, id, 'sent');
});

test('each letter is a file of its owner alone', () => {
  assert.deepEqual(readdirSync(join(server.dir, 'mail')), [`${id}.eml`]);
  assert.equal(statSync(join(server.dir, 'mail', `${id}.eml`)).mode & 0o777, 0o600);
});

test('the list leads to the letter, and both are pages without scripts', async () => {
  for (const path of ['/dev/mail', `/dev/mail/${id}`]) {
    const answer = await fetch(server.url + path);
    const page = await answer.text();
    assert.equal(answer.status, 200);
    assert.match(page, /A test letter from &lt;b&gt;Iron&lt;\/b&gt;/);
    assert.match(page, /<meta name="viewport"/);
    assert.ok(!/<script|<b>Iron/.test(page));
    assert.match(answer.headers.get('content-security-policy'), /^default-src 'none'; .*frame-ancestors 'none'/);
    assert.equal(answer.headers.get('x-frame-options'), 'DENY');
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(answer.headers.get('referrer-policy'), 'no-referrer');
    assert.equal(answer.headers.get('cache-control'), 'no-store');
  }
  assert.match(await (await fetch(`${server.url}/dev/mail`)).text(), new RegExp(`href="/dev/mail/${id}"`));
  assert.match(await (await fetch(`${server.url}/dev/mail/${id}`)).text(), /<iframe [^>]*sandbox="[^"]*" srcdoc=/);
});

test('nothing but letters can be read there', async () => {
  for (const name of ['..%2fmaster.key', '%2e%2e', 'master.key', `${id}.eml`, '00000000-0000-7000-8000-000000000000']) {
    assert.ok([400, 404].includes((await fetch(`${server.url}/dev/mail/${name}`)).status), name);
  }
});

test('nobody reads them who came by a name that a stranger can make', async () => {
  const ask = (host, path) => call(server, 'GET', path, { headers: { Host: host } });
  for (const path of ['/dev/mail', `/dev/mail/${id}`]) {
    assert.equal((await ask('evil.example:8085', path)).status, 403);
    for (const host of [`localhost:${server.port}`, 'mail.localhost', '[::1]:8085']) {
      assert.equal((await ask(host, path)).status, 200, host);
    }
  }
  await until(() => /"error":"ERR_FORBIDDEN".*evil\.example:8085/.test(server.logs()), { what: 'its line in the log' });
});

test('signet serve has no such page', async () => {
  const data = await dataWithAdmin({ username: 'keeper', password: 'grey otter 41 lantern', email: 'keeper@example.com' });
  const real = await startSignet({ mode: 'serve', dataDir: data });
  assert.equal((await fetch(`${real.url}/dev/mail`)).status, 404);
  const { stdout } = await cli(['check', '--data', data]);
  assert.match(stdout, /^warn mail: mail\.transport is not set/m);
});
