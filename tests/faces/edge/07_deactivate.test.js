// Document 002, section 7: deactivate an administrator.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { call, printed } from '../../lib/client.js';
import { assertError, assertObject, createAdmin, forwardAuth, listAdmins, login, tokenOf } from '../../lib/edge.js';
import { cli, startSignet } from '../../lib/signet.js';

const EXAMPLE = `curl -X DELETE http://localhost:8085/api/v1/admin/oldadmin \\
  -H "Authorization: Bearer <your_token>"`;
const LAST = 'the last active administrator must stay';

let server;
let token;
before(async () => {
  server = await startSignet();
  token = await tokenOf(server);
});

function deactivate(asker, username, place = server) {
  return call(place, 'DELETE', `/api/v1/admin/${username}`, { token: asker });
}

function assertDeactivated(answer) {
  assertObject(answer, 200, ['message']);
  assert.equal(answer.json.message, 'Admin user deactivated successfully');
}

test('the printed example answers as printed, and the administrator is still listed, as inactive', async () => {
  await createAdmin(server, token, { username: 'oldadmin' });
  assertDeactivated(await printed(server, EXAMPLE, { '<your_token>': token }));
  const [old] = (await listAdmins(server, token)).filter((admin) => admin.username === 'oldadmin');
  assert.equal(old.is_active, false);
});

test('the printed example answers as printed when there is no such administrator', async () => {
  const place = await startSignet();
  assertError(await printed(place, EXAMPLE, { '<your_token>': await tokenOf(place) }), 404, 'admin not found');
});

test('every token of theirs is refused at the very next request', async () => {
  const admin = await createAdmin(server, token);
  const theirs = [];
  for (let sessions = 0; sessions < 3; sessions++) {
    theirs.push(await tokenOf(server, admin.username, admin.password));
  }
  for (const one of theirs) {
    assert.equal((await forwardAuth(server, one)).status, 200);
  }
  assertDeactivated(await deactivate(token, admin.username));
  for (const one of theirs) {
    assertError(await forwardAuth(server, one), 401, 'unauthorized');
    assertError(await call(server, 'GET', '/api/v1/admin/list', { token: one }), 401, 'unauthorized');
    assertError(await deactivate(one, 'admin'), 401, 'unauthorized');
  }
});

test('they cannot log in, and only the right password is told why nothing works', async () => {
  const admin = await createAdmin(server, token);
  assertDeactivated(await deactivate(token, admin.username));
  assertError(await login(server, admin.username, 'not the password'), 401, 'invalid username or password');
  const right = await login(server, admin.username, admin.password);
  assert.ok(right.status === 401 || right.status === 403, `answered ${right.status}`);
  assert.equal(right.json.token, undefined);
});

test('a refusal outlives a restart', async () => {
  const place = await startSignet();
  const asker = await tokenOf(place);
  const admin = await createAdmin(place, asker);
  const theirs = await tokenOf(place, admin.username, admin.password);
  assertDeactivated(await deactivate(asker, admin.username, place));
  await place.stop();
  const next = await startSignet({ dataDir: place.dir });
  assertError(await forwardAuth(next, theirs), 401, 'unauthorized');
});

test('their name and their address stay taken', async () => {
  const admin = await createAdmin(server, token);
  assertDeactivated(await deactivate(token, admin.username));
  const create = (json) => call(server, 'POST', '/api/v1/admin/create', { token, json: { ...admin, ...json } });
  assertError(await create({ email: 'heir@fitness-center.local' }), 409, 'username already exists');
  assertError(await create({ username: 'heir' }), 409, 'email already exists');
});

test('case does not matter in the name, and the path is decoded once', async () => {
  const plus = await createAdmin(server, token, { username: 'desk+night' });
  assertDeactivated(await deactivate(token, 'DESK%2Bnight'));
  assert.equal((await login(server, plus.username, plus.password)).json.token, undefined);
  await createAdmin(server, token, { username: 'twice' });
  assertError(await deactivate(token, '%2574wice'), 404, 'admin not found');
});

test('an administrator may be called like a route of this face, and still be stopped', async () => {
  for (const username of ['list', 'create', 'password']) {
    await createAdmin(server, token, { username });
    assertDeactivated(await deactivate(token, username));
  }
});

test('the last active administrator stays', async () => {
  const place = await startSignet();
  assertError(await deactivate(await tokenOf(place), 'admin', place), 409, LAST);
  assert.equal((await forwardAuth(place, await tokenOf(place))).status, 200);
});

test('the last super administrator stays, also while other administrators are there', async () => {
  const place = await startSignet();
  const asker = await tokenOf(place);
  await createAdmin(place, asker);
  assertError(await deactivate(asker, 'admin', place), 409, LAST);
});

test('of two super administrators who stop each other at once, one stays', async () => {
  const place = await startSignet();
  const made = await cli(['admin', 'create', 'second', '--email', 'second@fitness-center.local', '--data', place.dir], {
    stdin: 'grey otter 41 lantern\n',
  });
  assert.equal(made.code, 0, made.stderr);
  const one = await tokenOf(place);
  const other = await tokenOf(place, 'second', 'grey otter 41 lantern');
  await Promise.all([deactivate(one, 'second', place), deactivate(other, 'admin', place)]);
  const admitted = [await login(place, 'admin', 'your_password'), await login(place, 'second', 'grey otter 41 lantern')];
  assert.equal(admitted.filter((answer) => answer.status === 200).length, 1);
});

test('an administrator who is not a super administrator cannot stop one', async () => {
  const admin = await createAdmin(server, token);
  const answer = await deactivate(await tokenOf(server, admin.username, admin.password), 'admin');
  assert.ok(answer.status === 403 || answer.status === 409, `answered ${answer.status}`);
  assert.equal((await forwardAuth(server, token)).status, 200);
});

test('without a good token nobody is stopped', async () => {
  const admin = await createAdmin(server, token);
  assertError(await deactivate(undefined, admin.username), 401, 'unauthorized');
  assertError(await deactivate('rubbish', admin.username), 401, 'unauthorized');
  assert.equal((await login(server, admin.username, admin.password)).status, 200);
});

test('without a name it is 400, as the document says', async () => {
  assertError(await call(server, 'DELETE', '/api/v1/admin/', { token }), 400, 'Username is required');
});

test('another method is 405 and tells which ones there are', async () => {
  const answer = await call(server, 'PATCH', '/api/v1/admin/oldadmin', { token, json: {} });
  assertError(answer, 405);
  assert.match(answer.headers.allow, /\bDELETE\b/);
});
