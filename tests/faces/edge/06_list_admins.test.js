// Document 002, section 6: list administrators.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { call, printed } from '../../lib/client.js';
import { assertError, assertObject, createAdmin, listAdmins, login, SECONDS, tokenOf } from '../../lib/edge.js';
import { startSignet } from '../../lib/signet.js';

const EXAMPLE = `curl -X GET http://localhost:8085/api/v1/admin/list \\
  -H "Authorization: Bearer <your_token>"`;
const MEMBERS = ['id', 'username', 'email', 'is_active', 'created_at', 'last_login_at'];

let server;
let token;
before(async () => {
  server = await startSignet();
  token = await tokenOf(server);
});

async function find(username) {
  return (await listAdmins(server, token)).find((admin) => admin.username === username);
}

test('the printed example answers in the printed shape', async () => {
  const place = await startSignet();
  const asker = await tokenOf(place);
  await createAdmin(place, asker, { username: 'admin2', email: 'admin2@fitness-center.local' });
  const answer = await printed(place, EXAMPLE, { '<your_token>': asker });
  assertObject(answer, 200, ['admins']);
  const [first, second] = answer.json.admins;
  assert.equal(answer.json.admins.length, 2);
  for (const admin of [first, second]) {
    assert.deepEqual(Object.keys(admin), MEMBERS);
    assert.match(admin.created_at, SECONDS);
  }
  const { created_at: _a, last_login_at: firstLogin, ...firstRest } = first;
  const { created_at: _b, last_login_at: secondLogin, ...secondRest } = second;
  assert.deepEqual(firstRest, { id: 1, username: 'admin', email: 'admin@fitness-center.local', is_active: true });
  assert.deepEqual(secondRest, { id: 2, username: 'admin2', email: 'admin2@fitness-center.local', is_active: true });
  assert.match(firstLogin, SECONDS);
  assert.equal(secondLogin, '');
});

test('last_login_at is empty before the first login and a time after it', async () => {
  const admin = await createAdmin(server, token);
  assert.equal((await find(admin.username)).last_login_at, '');
  assert.equal((await login(server, admin.username, 'not the password')).status, 401);
  assert.equal((await find(admin.username)).last_login_at, '');
  await tokenOf(server, admin.username, admin.password);
  const { last_login_at } = await find(admin.username);
  assert.match(last_login_at, SECONDS);
  assert.ok(Math.abs(Date.parse(last_login_at) - Date.now()) < 60_000);
});

test('one without a username is listed by the address that the other routes take', async () => {
  const email = 'only.mail@fitness-center.local';
  const made = await call(server, 'POST', '/id/api/users', { token, json: { email, password: 'seven grey otters', role: 'ADMIN' } });
  assert.equal(made.status, 201, made.text);
  assert.equal((await find(email)).email, email);
  assert.equal((await call(server, 'DELETE', `/api/v1/admin/${encodeURIComponent(email)}`, { token })).status, 200);
});

test('administrators stand in the order of their making and are numbered by it', async () => {
  for (const username of ['zoe', 'anna', 'mia']) {
    await createAdmin(server, token, { username });
  }
  const admins = await listAdmins(server, token);
  const ids = admins.map((admin) => admin.id);
  assert.deepEqual(ids, [...ids].sort((one, other) => one - other));
  assert.equal(new Set(ids).size, ids.length);
  const order = admins.map((admin) => admin.username).filter((name) => ['zoe', 'anna', 'mia'].includes(name));
  assert.deepEqual(order, ['zoe', 'anna', 'mia']);
});

test('a number is never given twice, not even after a refused creation or a restart', async () => {
  const place = await startSignet();
  let asker = await tokenOf(place);
  await createAdmin(place, asker, { username: 'first' });
  const again = { username: 'first', password: 'grey otter 41 lantern', email: 'other@fitness-center.local' };
  assert.equal((await call(place, 'POST', '/api/v1/admin/create', { token: asker, json: again })).status, 409);
  assert.equal((await call(place, 'DELETE', '/api/v1/admin/first', { token: asker })).status, 200);
  await place.stop();
  const next = await startSignet({ dataDir: place.dir });
  asker = await tokenOf(next);
  await createAdmin(next, asker, { username: 'second' });
  const admins = await listAdmins(next, asker);
  assert.deepEqual(admins.map((admin) => admin.username), ['admin', 'first', 'second']);
  assert.ok(admins[2].id > admins[1].id);
});

test('names and addresses are shown as they were typed', async () => {
  await createAdmin(server, token, { username: 'Front.Desk', email: 'Front.Desk@Fitness-Center.local' });
  assert.equal((await find('Front.Desk')).email, 'Front.Desk@Fitness-Center.local');
});

test('a hundred administrators are all listed', async () => {
  const place = await startSignet();
  const asker = await tokenOf(place);
  for (let batch = 0; batch < 10; batch++) {
    await Promise.all(
      Array.from({ length: 10 }, (_, index) => createAdmin(place, asker, { username: `crowd${batch * 10 + index}` })),
    );
  }
  assert.equal((await listAdmins(place, asker)).length, 101);
});

test('without a good token nothing is told', async () => {
  assertError(await call(server, 'GET', '/api/v1/admin/list'), 401, 'unauthorized');
  assertError(await call(server, 'GET', '/api/v1/admin/list', { token: 'rubbish' }), 401, 'unauthorized');
});

test('no answer holds a password or a hash', async () => {
  const { text } = await call(server, 'GET', '/api/v1/admin/list', { token });
  assert.doesNotMatch(text, /password|argon2|\$/);
});

test('another method is 405 and tells which ones there are', async () => {
  const answer = await call(server, 'POST', '/api/v1/admin/list', { token, json: {} });
  assertError(answer, 405);
  assert.match(answer.headers.allow, /\bGET\b/);
});
