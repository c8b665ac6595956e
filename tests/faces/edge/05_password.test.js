// Document 002, section 5: update an administrator's password.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { call, printed } from '../../lib/client.js';
import { assertError, assertObject, createAdmin, forwardAuth, login, tokenOf } from '../../lib/edge.js';
import { pause } from '../../lib/place.js';
import { startSignet } from '../../lib/signet.js';

const EXAMPLE = `curl -X PUT http://localhost:8085/api/v1/admin/password \\
  -H "Authorization: Bearer <your_token>" \\
  -H "Content-Type: application/json" \\
  -d '{
    "username": "admin",
    "current_password": "oldpassword",
    "new_password": "newpassword123"
  }'`;
const WRONG = 'current password is incorrect';
const NEW = 'seventeen green kites';

let server;
let token;
before(async () => {
  server = await startSignet();
  token = await tokenOf(server);
});

function change(asker, username, current_password, new_password) {
  return call(server, 'PUT', '/api/v1/admin/password', {
    token: asker,
    json: { username, current_password, new_password },
  });
}

function assertChanged(answer) {
  assertObject(answer, 200, ['message']);
  assert.equal(answer.json.message, 'Password updated successfully');
}

async function freshAdmin() {
  const admin = await createAdmin(server, token);
  return { ...admin, token: await tokenOf(server, admin.username, admin.password) };
}

test('the printed example answers as printed when the current password is another', async () => {
  assertError(await printed(server, EXAMPLE, { '<your_token>': token }), 401, WRONG);
});

test('the printed example answers as printed when the current password is right', async () => {
  const place = await startSignet();
  const asker = await tokenOf(place);
  const first = { username: 'admin', current_password: 'your_password', new_password: 'oldpassword' };
  assertChanged(await call(place, 'PUT', '/api/v1/admin/password', { token: asker, json: first }));
  assertChanged(await printed(place, EXAMPLE, { '<your_token>': asker }));
  assert.equal((await login(place, 'admin', 'newpassword123')).status, 200);
  assert.equal((await login(place, 'admin', 'oldpassword')).status, 401);
});

test('an administrator changes their own, and from then on only the new one is right', async () => {
  const admin = await freshAdmin();
  assertChanged(await change(admin.token, admin.username, admin.password, NEW));
  assertError(await login(server, admin.username, admin.password), 401, 'invalid username or password');
  assert.equal((await login(server, admin.username, NEW)).status, 200);
});

test('case does not matter in the username, and the address does as well', async () => {
  const admin = await freshAdmin();
  assertChanged(await change(admin.token, admin.username.toUpperCase(), admin.password, NEW));
  assertChanged(await change(admin.token, admin.email, NEW, `${NEW} again`));
});

test('the other sessions end at once, the one that asked stays', async () => {
  const admin = await freshAdmin();
  const other = await tokenOf(server, admin.username, admin.password);
  assert.equal((await forwardAuth(server, other)).status, 200);
  assertChanged(await change(admin.token, admin.username, admin.password, NEW));
  assertError(await forwardAuth(server, other), 401, 'unauthorized');
  assertError(await call(server, 'GET', '/api/v1/admin/list', { token: other }), 401, 'unauthorized');
  assert.equal((await forwardAuth(server, admin.token)).status, 200);
});

test('a wrong current password changes nothing and ends nothing', async () => {
  const admin = await freshAdmin();
  const other = await tokenOf(server, admin.username, admin.password);
  assertError(await change(admin.token, admin.username, 'not the password', NEW), 401, WRONG);
  assert.equal((await forwardAuth(server, other)).status, 200);
  assert.equal((await login(server, admin.username, admin.password)).status, 200);
});

test('a super administrator changes that of another with its current password, and ends its sessions', async () => {
  const admin = await freshAdmin();
  assertError(await change(token, admin.username, 'your_password', NEW), 401, WRONG);
  assertChanged(await change(token, admin.username, admin.password, NEW));
  assertError(await forwardAuth(server, admin.token), 401, 'unauthorized');
  assert.equal((await forwardAuth(server, token)).status, 200);
  assert.equal((await login(server, admin.username, NEW)).status, 200);
});

test('any other administrator is 403, with the right current password or a wrong one', async () => {
  const asker = await freshAdmin();
  const target = await freshAdmin();
  assertError(await change(asker.token, target.username, target.password, NEW), 403, 'forbidden');
  assertError(await change(asker.token, target.username, 'not the password', NEW), 403, 'forbidden');
  assertError(await change(asker.token, 'admin', 'your_password', NEW), 403, 'forbidden');
  assert.equal((await login(server, target.username, target.password)).status, 200);
});

test('for any other administrator, who is not there is not told apart from who is', async () => {
  const asker = await freshAdmin();
  const target = await freshAdmin();
  const unknown = await change(asker.token, 'nobody-of-this-name', 'not the password', NEW);
  const known = await change(asker.token, target.username, 'not the password', NEW);
  assert.deepEqual([unknown.status, unknown.text], [known.status, known.text]);
});

test('without a good token nothing is changed', async () => {
  assertError(await change(undefined, 'admin', 'your_password', NEW), 401, 'unauthorized');
  assertError(await change('rubbish', 'admin', 'your_password', NEW), 401, 'unauthorized');
  assert.equal((await login(server, 'admin', 'your_password')).status, 200);
});

test('each of the three members is required and named', async () => {
  const json = { username: 'admin', current_password: 'your_password', new_password: NEW };
  for (const member of Object.keys(json)) {
    for (const value of [undefined, null]) {
      const answer = await call(server, 'PUT', '/api/v1/admin/password', { token, json: { ...json, [member]: value } });
      assertError(answer, 400, new RegExp(member));
    }
    const answer = await call(server, 'PUT', '/api/v1/admin/password', { token, json: { ...json, [member]: 5 } });
    assertError(answer, 400, new RegExp(member));
  }
});

test('a new password that is too short or too long is 400 and the old one stays', async () => {
  const admin = await freshAdmin();
  assertError(await change(admin.token, admin.username, admin.password, 'seven77'), 400, /password/i);
  assertError(await change(admin.token, admin.username, admin.password, 'x'.repeat(257)), 400, /password/i);
  assert.equal((await login(server, admin.username, admin.password)).status, 200);
});

test('what is not JSON is 415, what is malformed 400, another method 405', async () => {
  const path = '/api/v1/admin/password';
  assertError(await call(server, 'PUT', path, { token, body: '{}', headers: { 'Content-Type': 'text/plain' } }), 415);
  assertError(await call(server, 'PUT', path, { token, body: '{', headers: { 'Content-Type': 'application/json' } }), 400);
  const answer = await call(server, 'POST', path, { token, json: {} });
  assertError(answer, 405);
  assert.match(answer.headers.allow, /\bPUT\b/);
});

test('guessing the current password is slowed like guessing at the door', async () => {
  const place = await startSignet();
  const admin = await createAdmin(place, await tokenOf(place));
  const theirs = await tokenOf(place, admin.username, admin.password);
  const ask = (current_password) =>
    call(place, 'PUT', '/api/v1/admin/password', {
      token: theirs,
      json: { username: admin.username, current_password, new_password: NEW },
    });
  for (let tries = 0; tries < 5; tries++) {
    assertError(await ask('not the password'), 401, WRONG);
  }
  await pause(1_100);
  assertError(await ask('not the password'), 401, WRONG);
  assertError(await ask(admin.password), 401, WRONG);
});
