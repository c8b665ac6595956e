// Document 000 promises registration; the route is POST /auth/register.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { tokenOf as directoryToken } from '../../lib/directory.js';
import { apply, assertError, assertUser, IRON, JSON_TYPE, logIn, me, MODES, newAddress, NOBODY, PASSWORD, register, startFitnexa } from '../../lib/fitnexa.js';

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startFitnexa(mode)));

    test('a new member is logged in at once', async () => {
      const email = newAddress();
      const answer = await apply(server, { email, password: PASSWORD, firstName: 'Ann', lastName: 'Lee', gymId: 'iron' });
      assert.equal(answer.status, 201, answer.text);
      assert.equal(answer.headers['content-type'], JSON_TYPE);
      const { user, token } = answer.json;
      assertUser(user);
      assert.deepEqual([user.email, user.role, user.status, user.gymId, user.firstName, user.lastName], [email, 'MEMBER', 'ACTIVE', 'iron', 'Ann', 'Lee']);
      assert.deepEqual((await me(server, token)).json, user);
      assert.equal((await logIn(server, email.toUpperCase())).status, 200);
      assert.ok(await directoryToken(server, email, PASSWORD));
    });

    test('the role is MEMBER, whatever is asked for', async () => {
      for (const asked of [{ role: 'SUPER_ADMIN' }, { role: 'GYM_ADMIN', gymId: 'iron' }, { roles: ['ADMIN'] }, { status: 'INACTIVE', isAdmin: true }]) {
        const { user, token } = await register(server, asked);
        assert.deepEqual([user.role, user.status], ['MEMBER', 'ACTIVE']);
        assert.equal((await call(server, 'GET', '/users', { token })).status, 403);
      }
    });

    test('an address has one account, however it is written', async () => {
      const { email } = await register(server);
      assertError(await apply(server, { email, password: PASSWORD }), 409, 'email already exists');
      assertError(await apply(server, { email: email.toUpperCase(), password: PASSWORD }), 409, 'email already exists');
    });

    test('the gym is named in any case, as at a login', async () => {
      const { email, user } = await register(server, { gymId: 'IRON' });
      assert.equal(user.gymId, 'iron');
      assert.equal((await logIn(server, email, PASSWORD, { domain: 'Iron' })).status, 200);
    });

    test('a gym that is not there makes nobody', async () => {
      for (const gymId of ['nowhere', NOBODY]) {
        const email = newAddress();
        assertError(await apply(server, { email, password: PASSWORD, gymId }), 404, 'not found');
        assertError(await logIn(server, email), 401);
      }
    });

    test('what is missing or wrong is named', async () => {
      const email = newAddress();
      assertError(await apply(server, { password: PASSWORD }), 400, 'email is required');
      assertError(await apply(server, { email }), 400, 'password is required');
      assertError(await apply(server, { email: 'no address', password: PASSWORD }), 400, 'email has a value that is not allowed');
      assertError(await apply(server, { email, password: 'short' }), 400, 'password must have at least 8 characters');
      assertError(await apply(server, { email, password: 'x'.repeat(257) }), 400, 'password must have at most 256 characters');
      assertError(await apply(server, { email, password: PASSWORD, firstName: 'x'.repeat(201) }), 400, 'firstName has a value that is not allowed');
    });
  });
}

test('a gym that is suspended lets nobody in, and takes nobody', async () => {
  const server = await startFitnexa('serve');
  const member = await register(server, { gymId: 'iron' });
  const patch = (status) => call(server, 'PATCH', `/id/api/organizations/${IRON}`, { token: server.root, json: { status } });
  const suspended = await patch('suspended');
  assert.equal(suspended.status, 200, suspended.text);
  assertError(await me(server, member.token), 401);
  assertError(await logIn(server, member.email), 403, 'the account is not active');
  const email = newAddress();
  assertError(await apply(server, { email, password: PASSWORD, gymId: 'iron' }), 403, 'the account is not active');
  assert.equal((await patch('active')).status, 200);
  assert.equal((await logIn(server, member.email)).status, 200);
  assertError(await logIn(server, email), 401); // nothing of them was kept
});

test('where logins wait for verified addresses there is no token yet', async () => {
  const server = await startFitnexa('serve', { settings: { 'login.require_verified': 'yes' } });
  const email = newAddress();
  const answer = await apply(server, { email, password: PASSWORD });
  assert.equal(answer.status, 201, answer.text);
  assert.deepEqual(Object.keys(answer.json), ['user']);
  assert.equal(answer.json.user.status, 'INACTIVE');
  assertError(await logIn(server, email), 403, 'the account is not active');
});

test('common passwords are refused by signet serve', async () => {
  const server = await startFitnexa('serve', { settings: { 'password.refuse_common': 'yes' } });
  assertError(await apply(server, { email: newAddress(), password: 'password123' }), 400, 'password is too easy to guess');
});

test('one network registers ten in an hour', async () => {
  const server = await startFitnexa('serve', { settings: { 'register.network_hour': '10' } });
  for (let i = 0; i < 10; i++) {
    await register(server);
  }
  const answer = await apply(server, { email: newAddress(), password: PASSWORD });
  assertError(answer, 429, 'too many attempts');
  assert.match(answer.headers['retry-after'], /^[1-9]\d*$/);
});
