// kill -9 in the middle of writing: what was acknowledged is there, and nothing is half.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';

import { call } from '../lib/client.js';
import { createAdmin, forwardAuth, listAdmins, login, tokenOf } from '../lib/edge.js';
import { pause } from '../lib/place.js';
import { cli, startSignet } from '../lib/signet.js';

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 5);
const WORKERS = 4;
const MOST_A_ROUND = 20;

/** Creates administrators until the server is gone; notes each one that was acknowledged. */
async function write(server, token, round, worker, ledger) {
  for (let count = 0; count < MOST_A_ROUND / WORKERS; count++) {
    const admin = {
      username: `r${round}w${worker}n${count}`,
      password: `grey otter ${randomBytes(6).toString('hex')}`,
      email: `r${round}w${worker}n${count}@fitness-center.local`,
    };
    ledger.tried.set(admin.username, admin);
    try {
      const { status } = await call(server, 'POST', '/api/v1/admin/create', { token, json: admin });
      if (status === 201) {
        ledger.acknowledged.add(admin.username);
      }
    } catch {
      return; // killed: whether it was made is not known
    }
  }
}

async function killedWhileWriting(server, round, ledger) {
  const token = await tokenOf(server);
  const writers = Array.from({ length: WORKERS }, (_, worker) => write(server, token, round, worker, ledger));
  await pause(20 + Math.random() * 250);
  await server.kill9();
  await Promise.all(writers);
}

test(`${ROUNDS} times killed while writing, every acknowledged administrator is there and whole`, async () => {
  const ledger = { tried: new Map(), acknowledged: new Set() };
  let server = await startSignet();
  const { dir } = server;
  for (let round = 0; round < ROUNDS; round++) {
    await killedWhileWriting(server, round, ledger);
    const began = Date.now();
    server = await startSignet({ dataDir: dir });
    assert.ok(Date.now() - began < 10_000, 'it is back within seconds');
    await assertWhole(server, round, ledger);
  }
  assert.ok(ledger.acknowledged.size >= ROUNDS, `only ${ledger.acknowledged.size} were acknowledged`);
  await server.stop();
  const { code, stdout, stderr } = await cli(['check', '--data', dir, '--listen', '127.0.0.1:0']);
  assert.equal(code, 0, stdout + stderr);
});

/** All acknowledged ones are listed; every one of this round that is listed can log in; every one that is not can be made. */
async function assertWhole(server, round, ledger) {
  const token = await tokenOf(server);
  const admins = await listAdmins(server, token);
  const listed = new Set(admins.map((admin) => admin.username));
  const lost = [...ledger.acknowledged].filter((username) => !listed.has(username));
  assert.deepEqual(lost, [], 'acknowledged and lost');
  assert.equal(new Set(admins.map((admin) => admin.id)).size, admins.length, 'a number given twice');
  for (const admin of ledger.tried.values()) {
    if (!admin.username.startsWith(`r${round}w`)) {
      continue;
    }
    if (listed.has(admin.username)) {
      assert.equal((await login(server, admin.username, admin.password)).status, 200, `${admin.username} is half`);
    } else {
      await createAdmin(server, token, admin);
      ledger.acknowledged.add(admin.username);
    }
  }
}

test('a refusal that was acknowledged is not undone by a kill', async () => {
  let server = await startSignet();
  const admins = [];
  const token = await tokenOf(server);
  for (let count = 0; count < 5; count++) {
    const admin = await createAdmin(server, token);
    admins.push({ ...admin, token: await tokenOf(server, admin.username, admin.password) });
  }
  const answers = await Promise.all(
    admins.map((admin) => call(server, 'DELETE', `/api/v1/admin/${admin.username}`, { token })),
  );
  await server.kill9();
  assert.deepEqual(answers.map((answer) => answer.status), Array(5).fill(200));
  server = await startSignet({ dataDir: server.dir });
  for (const admin of admins) {
    assert.equal((await forwardAuth(server, admin.token)).status, 401);
    assert.equal((await login(server, admin.username, admin.password)).json.token, undefined);
  }
  assert.equal((await forwardAuth(server, token)).status, 200);
});

test('a password that was changed before a kill stays changed', async () => {
  let server = await startSignet();
  const json = { username: 'admin', current_password: 'your_password', new_password: 'eleven yellow boats' };
  const other = await tokenOf(server);
  const answer = await call(server, 'PUT', '/api/v1/admin/password', { token: await tokenOf(server), json });
  await server.kill9();
  assert.equal(answer.status, 200);
  server = await startSignet({ dataDir: server.dir });
  assert.equal((await forwardAuth(server, other)).status, 401);
  assert.equal((await login(server, 'admin', 'your_password')).status, 401);
  assert.equal((await login(server, 'admin', 'eleven yellow boats')).status, 200);
});
