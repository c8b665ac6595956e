// How a server starts, is asked to end, is told of new settings, and dies.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { call, parseAnswer, raw } from '../lib/client.js';
import { forwardAuth, login, tokenOf } from '../lib/edge.js';
import { memoryOf } from '../lib/memory.js';
import { atEnd, end, freePort, pause, run, tempDir, until } from '../lib/place.js';
import { SETTING } from '../lib/settings.js';
import { binary, cli, dataWithAdmin, startSignet } from '../lib/signet.js';

const KEEPER = { username: 'keeper', password: 'grey otter 41 lantern', email: 'keeper@fitness-center.local' };

/** Starts the binary without waiting for an answer. */
function begin(args) {
  const process_ = run(binary, args, { cwd: tempDir() });
  atEnd(() => end(process_, 'SIGKILL'));
  return process_;
}

test('serve without an administrator says how to make one', async () => {
  const process_ = begin(['serve', '--data', join(tempDir(), 'data'), '--listen', `127.0.0.1:${await freePort()}`]);
  await until(() => /signet admin create/.test(process_.logs()), { what: 'the hint' });
});

test('serve has no account of its own', async () => {
  const server = await startSignet({ mode: 'serve', dataDir: await dataWithAdmin(KEEPER) });
  assert.equal((await login(server, 'admin', 'your_password')).status, 401);
  assert.equal((await login(server, KEEPER.username, KEEPER.password)).status, 200);
});

test('dev listens on loopback and nowhere else', async () => {
  for (const address of ['0.0.0.0', '192.0.2.1', '[::]']) {
    const { code, stderr } = await cli(['dev', '--data', join(tempDir(), 'data'), '--listen', `${address}:${await freePort()}`], { limit: 10_000 });
    assert.ok(code === 1 || code === 2, `${address}: ended with ${code}`);
    assert.match(stderr, /loopback/);
  }
});

test('dev keeps what was changed when it starts again', async () => {
  const first = await startSignet();
  const json = { username: 'admin', current_password: 'your_password', new_password: 'eleven yellow boats' };
  assert.equal((await call(first, 'PUT', '/api/v1/admin/password', { token: await tokenOf(first), json })).status, 200);
  await first.stop();
  const second = await startSignet({ dataDir: first.dir });
  assert.equal((await login(second, 'admin', 'eleven yellow boats')).status, 200);
  assert.equal((await login(second, 'admin', 'your_password')).status, 401);
});

test('a second server on the same data is told so and leaves the first alone', async () => {
  const first = await startSignet();
  const { code, stderr } = await cli(['dev', '--data', first.dir, '--listen', `127.0.0.1:${await freePort()}`], { limit: 10_000 });
  assert.equal(code, 1);
  assert.match(stderr, /already|in use|another/i);
  assert.ok(stderr.includes(first.dir));
  assert.equal((await login(first, 'admin', 'your_password')).status, 200);
});

test('a second server on the same port is told so', async () => {
  const first = await startSignet();
  const { code, stderr } = await cli(['dev', '--data', join(tempDir(), 'data'), '--listen', `127.0.0.1:${first.port}`], { limit: 10_000 });
  assert.equal(code, 1);
  assert.ok(stderr.includes(String(first.port)));
});

test('asked to end, it finishes what is under way, takes nothing new, and ends with status 0', async () => {
  const server = await startSignet();
  const body = '{"username":"admin","password":"your_password"}';
  const head = `POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  const underWay = raw(server.port, [head + body.slice(0, 10), 600, body.slice(10)], { patience: 8_000 });
  const idle = raw(server.port, [], { patience: 8_000 });
  await pause(200);
  server.signal('SIGTERM');
  await until(async () => {
    try {
      await call(server, 'GET', '/livez', { plain: true });
      return false;
    } catch {
      return true;
    }
  }, { limit: 5_000, what: 'the door to close' });
  const { bytes } = await underWay;
  const answer = parseAnswer(bytes);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.connection, 'close');
  assert.ok((await idle).closed);
  assert.deepEqual(await server.ended, { code: 0, signal: null });
});

test('SIGINT ends it as SIGTERM does', async () => {
  const server = await startSignet();
  server.signal('SIGINT');
  assert.deepEqual(await server.ended, { code: 0, signal: null });
});

test('SIGHUP takes over new settings, and keeps the old ones when the new make no sense', async () => {
  const file = join(tempDir(), 'signet.conf');
  const [section, key] = SETTING.failuresOfNetwork.split('.');
  const write = (value) => writeFileSync(file, `[${section}]\n${key} = ${value}\n`);
  write(20);
  const server = await startSignet({ mode: 'serve', dataDir: await dataWithAdmin(KEEPER), args: ['--config', file] });
  const fail = async () => (await login(server, `nobody${Math.random()}`, 'not the password')).status;
  assert.equal(await fail(), 401);
  write(1);
  server.signal('SIGHUP');
  await until(async () => (await fail()) === 429, { limit: 2_000, step: 200, what: 'the new setting' });
  const before = server.logs().length;
  write('perhaps');
  server.signal('SIGHUP');
  await until(() => server.logs().slice(before).includes(SETTING.failuresOfNetwork), { limit: 5_000, what: 'a complaint in the log' });
  assert.equal(await fail(), 429);
});

test('settings that were replaced are let go of, and nobody who reads them is in the way', async () => {
  const server = await startSignet();
  const token = await tokenOf(server);
  const reload = async (times) => {
    for (let done = 0; done < times; done++) {
      const before = server.logs().length;
      server.signal('SIGHUP');
      const reloaded = until(() => server.logs().slice(before).includes('reloaded'), { step: 1, what: 'reloading' });
      const answers = await Promise.all([forwardAuth(server, token), forwardAuth(server, token), reloaded]);
      assert.deepEqual(answers.slice(0, 2).map(({ status }) => status), [200, 200]);
    }
  };
  await reload(50);
  const grown = [];
  for (let span = 0; span < 3; span++) {
    const early = memoryOf(server, 'RssAnon');
    await reload(100);
    grown.push(memoryOf(server, 'RssAnon') - early);
  }
  assert.ok(Math.min(...grown) < 400, `it grew by ${grown.join(', ')} KiB`); // what is kept grows in each: by 850
});

test('a folder that nobody may write to is told by name', async () => {
  const { code, stderr } = await cli(['serve', '--data', '/proc/signet', '--listen', `127.0.0.1:${await freePort()}`], { limit: 10_000 });
  assert.equal(code, 1);
  assert.match(stderr, /\/proc\/signet/);
});
