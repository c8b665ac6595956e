// Service keys by hand, beside a running server.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';

import { call } from '../lib/client.js';
import { startDirectory } from '../lib/directory.js';
import { until } from '../lib/place.js';
import { cli } from '../lib/signet.js';

const KEY = /^signet_[0-9a-f]{32}\.[0-9a-f]{72}\n$/;
let server;
before(async () => {
  server = await startDirectory('serve');
});

async function done(...args) {
  const result = await cli(['service-key', ...args, '--data', server.dir]);
  assert.equal(result.code, 0, `signet service-key ${args.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

async function refused(...args) {
  const result = await cli(['service-key', ...args, '--data', server.dir]);
  assert.equal(result.code, 1, `signet service-key ${args.join(' ')}: ${result.stdout}${result.stderr}`);
  assert.equal(result.stdout, '');
  return result.stderr;
}

/** The rows of the list, in a pipe, by their names. */
async function rows() {
  const text = (await done('list')).trimEnd();
  return new Map((text === '' ? [] : text.split('\n')).map((line) => line.split('\t')).map(([name, ...cells]) => [name, cells]));
}

const usersBy = (key) => call(server, 'GET', '/users', { headers: { 'x-service-key': key } });
const answersWithinASecond = (status, key) =>
  until(async () => (await usersBy(key)).status === status, { limit: 1_000, step: 20, what: `${status} for a key` });

test('a key is printed once, alone, counts within a second, and its end does, too', async () => {
  const printed = await done('create', 'gateway', '--permission', 'users:read', '--permission', 'orgs:read');
  assert.match(printed, KEY);
  const key = printed.trimEnd();
  await answersWithinASecond(200, key);
  const [state, permissions, created, expires, used, id] = (await rows()).get('gateway');
  assert.deepEqual([state, permissions, expires, used], ['good', 'orgs:read,users:read', '', '']);
  assert.match(created, /^\d{4}-\d\d-\d\dT/);
  assert.equal(id.replaceAll('-', ''), key.slice('signet_'.length, 'signet_'.length + 32));
  assert.equal(await done('revoke', 'gateway'), 'service key gateway is revoked\n');
  await answersWithinASecond(401, key);
  assert.equal((await rows()).has('gateway'), false);
  assert.equal(await refused('revoke', 'gateway'), 'signet: no such service key: gateway\n');
});

test('the name is free again, and an id will do', async () => {
  await done('create', 'again', '--permission', 'users:read');
  assert.match(await refused('create', 'again', '--permission', 'users:read'), /already exists/);
  await done('revoke', (await rows()).get('again').at(-1));
  await done('create', 'again', '--permission', 'users:read');
});

test('a key ends when it was said to', async () => {
  const key = (await done('create', 'short', '--permission', 'users:read', '--expires', '2s')).trimEnd();
  assert.match((await rows()).get('short')[3], /^\d{4}-\d\d-\d\dT/);
  await answersWithinASecond(200, key);
  await until(async () => (await usersBy(key)).status === 401, { what: 'the key to expire' });
  assert.equal((await rows()).get('short')[0], 'expired');
  await done('create', 'far', '--permission', 'users:read', '--expires', '2099-01-31T00:00:00Z');
  assert.equal((await rows()).get('far')[3], '2099-01-31T00:00:00Z');
});

test('what cannot be is refused in words, and nothing of it is left', async () => {
  assert.equal(await refused('create', 'x', '--permission', 'no:such'), 'signet: no such permission: no:such\n');
  assert.match(await refused('create', 'x', '--permission', 'users:read', '--expires', 'soon'), /--expires: takes 90d, 12h or/);
  assert.match(await refused('create', 'x', '--permission', 'users:read', '--expires', '2001-01-01T00:00:00Z'), /expiresAt: that time is over/);
  assert.match(await refused('create', 'a/b', '--permission', 'users:read'), /name: no name of a service key/);
  assert.equal((await rows()).has('x'), false);
  const misused = await cli(['service-key', 'create', 'x', '--data', server.dir]);
  assert.equal(misused.code, 2);
  assert.match(misused.stderr, /service-key create needs --permission NAME/);
});

test('no key is in the log or the data folder', async () => {
  const key = (await done('create', 'hidden', '--permission', 'users:read')).trimEnd();
  await answersWithinASecond(200, key);
  const wrong = key.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  assert.equal((await usersBy(wrong)).status, 401);
  const secret = key.split('.')[1];
  assert.ok(!server.logs().includes(secret.slice(0, 20)));
  const files = readdirSync(server.dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.ok(files.length > 1);
  for (const { path, name } of files) {
    assert.ok(!readFileSync(join(path, name)).includes(secret.slice(0, 20)), `${name} has the key`);
  }
});
