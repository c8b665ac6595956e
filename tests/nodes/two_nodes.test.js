// Two nodes on one PostgreSQL: what one of them refuses, the other does too, and soon.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';

import { call } from '../lib/client.js';
import { createAdmin, forwardAuth, tokenOf } from '../lib/edge.js';
import { tempDir, until } from '../lib/place.js';
import { newDatabase, psql } from '../lib/postgres.js';
import { startSignet, storeOf } from '../lib/signet.js';
import { SETTING } from '../lib/settings.js';

const skip = existsSync('/usr/lib/postgresql') ? false : 'PostgreSQL is not installed';
const ROUNDS = 40;

let url;
let a;
let b;

// Both know the same master key, as the nodes of one installation do.
async function startSecond(first) {
  const data = join(tempDir(), 'data');
  mkdirSync(data, { mode: 0o700 });
  copyFileSync(join(first.dir, 'master.key'), join(data, 'master.key'));
  await storeOf(data, url);
  return startSignet({ dataDir: data });
}

before(async () => {
  if (skip) {
    return;
  }
  url = await newDatabase();
  const data = join(tempDir(), 'data');
  await storeOf(data, url);
  a = await startSignet({ dataDir: data, settings: { [SETTING.failuresOfNetwork]: 0 } });
  b = await startSecond(a);
});

test('a token of one node is good at the other', { skip }, async () => {
  assert.equal((await forwardAuth(b, await tokenOf(a))).status, 200);
  assert.equal((await forwardAuth(a, await tokenOf(b))).status, 200);
});

test('what is revoked at one node is refused at the other within a second', { skip }, async (t) => {
  const root = await tokenOf(a);
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    const admin = await createAdmin(a, root);
    const token = await tokenOf(a, admin.username, admin.password);
    await until(async () => (await forwardAuth(b, token)).status === 200, { step: 1 });
    const gone = await call(a, 'DELETE', `/api/v1/admin/${admin.username}`, { token: root });
    assert.equal(gone.status, 200, gone.text);
    const told = performance.now();
    await until(async () => (await forwardAuth(b, token)).status === 401, { step: 1 });
    times.push(performance.now() - told);
  }
  times.sort((one, other) => one - other);
  const worst = times.at(-1);
  t.diagnostic(`revocation at the other node: median ${times[ROUNDS / 2].toFixed(1)} ms, worst of ${ROUNDS} ${worst.toFixed(1)} ms`);
  assert.ok(worst < 1000, `${worst} ms`);
});

test('one that is let in at one node while it is stopped at the other stays out', { skip }, async () => {
  const root = await tokenOf(a);
  for (let round = 0; round < 5; round++) {
    const admin = await createAdmin(a, root);
    const [, ...logins] = await Promise.all([
      call(b, 'DELETE', `/api/v1/admin/${admin.username}`, { token: root }),
      ...[a, b, a, b].map((node) => call(node, 'POST', '/api/v1/login', { json: { username: admin.username, password: admin.password } })),
    ]);
    for (const login of logins) {
      assert.ok([200, 401, 403].includes(login.status), login.text);
      if (login.status === 200) {
        await until(async () => (await forwardAuth(a, login.json.token)).status !== 200);
        await until(async () => (await forwardAuth(b, login.json.token)).status !== 200);
      }
    }
    const open = await psql(url, `SELECT count(*) FROM sessions s JOIN users u ON u.id = s.user_id
      WHERE u.username = '${admin.username}' AND s.ended_at IS NULL`);
    assert.equal(open, '0', 'a session has outlived the stop');
  }
});

test('two super administrators who stop each other at two nodes do not both go', { skip }, async () => {
  const first = await tokenOf(a);
  const other = await createAdmin(a, first, { username: 'second' });
  await psql(url, `UPDATE assignments SET role_id = (SELECT id FROM roles WHERE name = 'SUPER_ADMIN')
    WHERE user_id = (SELECT id FROM users WHERE username = 'second')`);
  const second = await tokenOf(b, other.username, other.password);
  const answers = await Promise.all([
    call(a, 'DELETE', '/api/v1/admin/second', { token: first }),
    call(b, 'DELETE', '/api/v1/admin/admin', { token: second }),
  ]);
  const left = await psql(url, `SELECT count(*) FROM users u JOIN assignments s ON s.user_id = u.id JOIN roles r ON r.id = s.role_id
    WHERE r.name = 'SUPER_ADMIN' AND u.state IN (2, 3)`);
  assert.ok(Number(left) >= 1, `nobody is left: ${answers.map((answer) => answer.status)}`);
});

/** A user, made at the first node: with a token of its own, and what the first node says of it. */
async function newUser(root, username) {
  const made = await call(a, 'POST', '/users/createUser', { token: root, json: { username, password: 'seventeen green kites' } });
  assert.equal(made.status, 200, made.text);
  const { id } = made.json.result;
  const token = await tokenOf(b, username, 'seventeen green kites');
  const setRoles = async (...roles) => {
    const answer = await call(a, 'PUT', `/users/${id}`, { token: root, json: { roles } });
    assert.equal(answer.status, 200, answer.text);
  };
  return { id, token, setRoles };
}

test('what a role allows holds at the other node within a second, and so does its end', { skip }, async () => {
  const root = await tokenOf(a);
  const user = await newUser(root, 'clerk');
  const read = async () => (await call(b, 'GET', '/roles', { token: user.token })).status;
  const role = { name: 'CLERK', permissions: ['roles:read'] };
  assert.equal(await read(), 403);

  assert.equal((await call(a, 'POST', '/roles', { token: root, json: role })).status, 200);
  await user.setRoles('USER', 'CLERK');
  await until(async () => (await read()) === 200, { limit: 1000 });
  await user.setRoles('USER');
  await until(async () => (await read()) === 403, { limit: 1000 });
  await user.setRoles('USER', 'CLERK');
  await until(async () => (await read()) === 200, { limit: 1000 });
  assert.equal((await call(a, 'DELETE', '/roles/CLERK', { token: root })).status, 200);
  await until(async () => (await read()) === 403, { limit: 1000 });
});

test('a user who is deleted at one node is refused at the other within a second', { skip }, async () => {
  const root = await tokenOf(a);
  const user = await newUser(root, 'leaver');
  assert.equal((await call(b, 'GET', '/users/my-info', { token: user.token })).status, 200);
  assert.equal((await call(a, 'DELETE', `/users/${user.id}`, { token: root })).status, 200);
  await until(async () => (await call(b, 'GET', '/users/my-info', { token: user.token })).status === 401, { limit: 1000 });
});

test('a service key counts at the other node within a second, and is refused there as soon when it is revoked', { skip }, async (t) => {
  const root = await tokenOf(a);
  const show = async (key) => (await call(b, 'GET', '/users', { headers: { 'x-service-key': key } })).status;
  let worst = 0;
  for (let round = 0; round < 10; round++) {
    const made = await call(a, 'POST', '/id/api/service-keys', { token: root, json: { name: `key ${round}`, permissions: ['users:read'] } });
    assert.equal(made.status, 201, made.text);
    const { id, key } = made.json.data;
    await until(async () => (await show(key)) === 200, { limit: 1000, step: 1 });
    assert.equal((await call(a, 'DELETE', `/id/api/service-keys/${id}`, { token: root })).status, 200);
    const told = performance.now();
    await until(async () => (await show(key)) === 401, { limit: 1000, step: 1 });
    worst = Math.max(worst, performance.now() - told);
  }
  t.diagnostic(`a revoked service key at the other node: worst of 10 ${worst.toFixed(1)} ms`);
});

/** What the gateway face answers a super administrator at the first node: its data. */
async function gateway(root, method, path, json) {
  const answer = await call(a, method, `/id/api${path}`, { token: root, json });
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.text}`);
  return answer.json.data;
}

const newMember = async (root, organizationId, email) => {
  const password = 'seventeen green kites';
  const user = await gateway(root, 'POST', '/users', { email, password, organizationId });
  return { ...user, login: (node) => call(node, 'POST', '/id/api/auth/login', { json: { email, password } }) };
};

test('members of an organization that is suspended at one node are kept out of the other within a second', { skip }, async (t) => {
  const root = await tokenOf(a);
  const { id } = await gateway(root, 'POST', '/organizations', { name: 'Iron Temple' });
  const member = await newMember(root, id, 'member@example.com');
  const { accessToken, refreshToken } = (await member.login(b)).json.data;
  const refresh = (token) => call(b, 'POST', '/id/api/auth/refresh', { json: { refreshToken: token } });
  const times = [];
  for (let round = 0; round < ROUNDS / 2; round++) {
    await gateway(root, 'PATCH', `/organizations/${id}`, { status: 'suspended' });
    const told = performance.now();
    await until(async () => (await forwardAuth(b, accessToken)).status === 401, { step: 1 });
    times.push(performance.now() - told);
    assert.equal((await member.login(b)).status, 403);
    await gateway(root, 'PATCH', `/organizations/${id}`, { status: 'active' });
    await until(async () => (await forwardAuth(b, accessToken)).status === 200, { limit: 1000, step: 1 });
  }
  times.sort((one, other) => one - other);
  const worst = times.at(-1);
  t.diagnostic(`suspension at the other node: median ${times[ROUNDS / 4].toFixed(1)} ms, worst of ${ROUNDS / 2} ${worst.toFixed(1)} ms`);
  assert.ok(worst < 1000, `${worst} ms`);

  await gateway(root, 'PATCH', `/organizations/${id}`, { status: 'suspended' });
  assert.equal((await refresh(refreshToken)).status, 403);
  await gateway(root, 'PATCH', `/organizations/${id}`, { status: 'active' });
  assert.equal((await refresh(refreshToken)).status, 200);
});

test('who comes to a suspended organization at one node is kept out of the other, until it is deleted', { skip }, async () => {
  const root = await tokenOf(a);
  const { id } = await gateway(root, 'POST', '/organizations', { name: 'Gold Temple' });
  const member = await newMember(root, undefined, 'mover@example.com');
  const { accessToken } = (await member.login(b)).json.data;
  await gateway(root, 'PATCH', `/organizations/${id}`, { status: 'suspended' });
  const late = await newMember(root, id, 'late@example.com');
  assert.equal((await late.login(b)).status, 403);
  assert.equal((await forwardAuth(b, accessToken)).status, 200);
  await gateway(root, 'PUT', `/users/${member.id}`, { organizationId: id });
  await until(async () => (await forwardAuth(b, accessToken)).status === 401, { limit: 1000, step: 1 });
  await gateway(root, 'DELETE', `/organizations/${id}?force=true`);
  await until(async () => (await forwardAuth(b, accessToken)).status === 200, { limit: 1000, step: 1 });
  assert.equal((await late.login(b)).status, 200);
});

test('of many who refresh one token at two nodes one at most gets another, and none keeps one', { skip }, async () => {
  const root = await tokenOf(a);
  const { token } = await newUser(root, 'twin');
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) =>
    call(i % 2 ? a : b, 'POST', '/auth/refresh', { json: { token } })));
  const renewed = answers.filter(({ status }) => status === 200).map(({ json }) => json.result.token);
  assert.ok(answers.every(({ status }) => [200, 401, 503].includes(status)), answers.map(({ status }) => status).join(' '));
  assert.ok(renewed.length <= 1, `${renewed.length} were renewed`);
  for (const one of [token, ...renewed]) { // shown again, it has ended the family
    await until(async () => (await forwardAuth(a, one)).status === 401 && (await forwardAuth(b, one)).status === 401);
  }
});

const enter = async (node, email) => {
  const answer = await call(node, 'POST', '/id/api/auth/login', { json: { email, password: 'seventeen green kites' } });
  assert.equal(answer.status, 200, answer.text);
  return answer.json.data;
};
const refresh = (node, refreshToken) => call(node, 'POST', '/id/api/auth/refresh', { json: { refreshToken } });

test('fifty who use one refresh token at two nodes get one successor, and it is the only head', { skip }, async () => {
  await newUser(await tokenOf(a), 'crowd');
  for (let round = 0; round < 3; round++) {
    const { refreshToken } = await enter(a, 'crowd');
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => refresh(i % 2 ? a : b, refreshToken)));
    const busy = answers.filter(({ status }) => status === 503); // they are told to try again, and do
    const told = [...answers.filter((one) => !busy.includes(one)), ...await Promise.all(busy.map(() => refresh(a, refreshToken)))];
    assert.deepEqual([...new Set(told.map(({ status }) => status))], [200], told.map(({ text }) => text).find((text) => text.includes('error')));
    const heads = new Set(told.map(({ json }) => json.data.refreshToken));
    assert.equal(heads.size, 1);
    const [head] = heads;
    assert.notEqual(head, refreshToken);
    const chain = await psql(url, `SELECT r.number, count(*) OVER () FROM refresh_tokens r JOIN sessions s ON s.id = r.session_id
      JOIN users u ON u.id = s.user_id WHERE u.username = 'crowd' AND s.ended_at IS NULL ORDER BY s.created_at DESC LIMIT 1`);
    assert.equal(chain, `1|${round + 1}`, 'one step was made, in a chain of its own for each login');
    assert.equal((await refresh(b, head)).status, 200);
  }
});

test('a refresh token that is used again at one node ends its login at the other', { skip }, async (t) => {
  await newUser(await tokenOf(a), 'robbed');
  let worst = 0;
  for (let round = 0; round < 10; round++) {
    const first = await enter(a, 'robbed');
    const second = (await refresh(b, first.refreshToken)).json.data;
    const third = (await refresh(a, second.refreshToken)).json.data;
    assert.equal((await forwardAuth(b, third.accessToken)).status, 200);
    assert.equal((await refresh(a, first.refreshToken)).status, 401);
    const told = performance.now();
    assert.equal((await refresh(b, third.refreshToken)).status, 401);
    await until(async () => (await forwardAuth(b, third.accessToken)).status === 401, { limit: 1000, step: 1 });
    worst = Math.max(worst, performance.now() - told);
  }
  t.diagnostic(`the access tokens of a login that was ended so, at the other node: worst of 10 ${worst.toFixed(1)} ms`);
});
