// Document 003, Authentication API 3: refresh a token.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { decodeJwt } from 'jose';

import { call } from '../../lib/client.js';
import { assertError, assertNothing, assertResult, isValid, logOut, MODES, PASSWORD, refresh, register, startDirectory, tokenOf, update } from '../../lib/directory.js';
import { pause, until } from '../../lib/place.js';

const REFUSAL = 'invalid or expired token';

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startDirectory(mode)));

    test('the printed example answers as printed, with a token of the same user', async () => {
      const user = await register(server, { firstName: 'John', lastName: 'Doe' });
      const { token, ...rest } = assertResult(await refresh(server, user.token));
      assert.deepEqual(rest, {
        authenticated: true, userId: user.id, username: user.username, firstName: 'John', lastName: 'Doe', roles: ['USER'],
      });
      assert.deepEqual(Object.keys(rest), ['authenticated', 'userId', 'username', 'firstName', 'lastName', 'roles']);
      assert.equal(decodeJwt(token).sub, user.id);
      assert.notEqual(token, user.token);
      assert.equal(await isValid(server, token), true);
    });

    test('the old one dies', async () => {
      const { token } = await register(server);
      assertResult(await refresh(server, token));
      assert.equal(await isValid(server, token), false);
      assertError(await call(server, 'GET', '/users/my-info', { token }), 4011, REFUSAL);
    });

    test('whoever uses one twice ends all that came of it, and nothing else', async () => {
      const { token, username } = await register(server);
      const elsewhere = await tokenOf(server, username);
      const second = assertResult(await refresh(server, token)).token;
      const third = assertResult(await refresh(server, second)).token;
      assert.equal(await isValid(server, third), true);
      assertError(await refresh(server, token), 4011, REFUSAL);
      await until(async () => !(await isValid(server, third)), { what: 'the family to end' });
      assertError(await refresh(server, third), 4011, REFUSAL);
      assert.equal(await isValid(server, elsewhere), true, 'another login is no part of it');
    });

    test('whoever logs out by one that was used up ends all that came of it, and nothing else', async () => {
      const { token, username } = await register(server);
      const elsewhere = await tokenOf(server, username);
      const second = assertResult(await refresh(server, token)).token;
      assertNothing(await logOut(server, token));
      await until(async () => !(await isValid(server, second)), { what: 'the family to end' });
      assertError(await refresh(server, second), 4011, REFUSAL);
      assert.equal(await isValid(server, elsewhere), true, 'another login is no part of it');
    });

    test('of many at once one is answered at most, and then all are out', async () => {
      const { token } = await register(server);
      const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(server, token)));
      const won = answers.filter((answer) => answer.status === 200);
      assert.equal(won.length, 1);
      for (const lost of answers.filter((answer) => answer.status !== 200)) {
        assertError(lost, 4011, REFUSAL);
      }
      const heir = won[0].json.result.token;
      await until(async () => !(await isValid(server, heir)), { what: 'the family to end' });
    });

    test('the new one has the roles of now', async () => {
      const { id, token } = await register(server);
      assertResult(await update(server, server.root, id, { roles: ['ADMIN'] }));
      const { token: next, roles } = assertResult(await refresh(server, token));
      assert.deepEqual([roles, decodeJwt(next).roles], [['ADMIN'], ['ADMIN']]);
    });

    test('after a logout, another password, or the end of the account it is refused', async () => {
      const one = await register(server);
      await logOut(server, one.token);
      assertError(await refresh(server, one.token), 4011, REFUSAL);
      const two = await register(server);
      await update(server, server.root, two.id, { password: `${PASSWORD} anew` });
      assertError(await refresh(server, two.token), 4011, REFUSAL);
      const three = await register(server);
      await call(server, 'DELETE', `/users/${three.id}`, { token: server.root });
      assertError(await refresh(server, three.token), 4011, REFUSAL);
    });

    test('what is no token is refused', async () => {
      for (const text of ['', 'rubbish', 'a.b.c', 'x'.repeat(60_000)]) {
        assertError(await refresh(server, text), 4011, REFUSAL);
      }
      assertError(await refresh(server, undefined), 4002, 'token is required');
      assertError(await refresh(server, 7), 4003, 'token has the wrong type');
    });
  });
}

test('one that has expired is refreshed within the window, and not after it', async () => {
  const server = await startDirectory('dev', { settings: { 'face.directory.token_life': '1s', 'session.renewal': '4s' } });
  const { username } = await register(server);
  const [early, late] = [await tokenOf(server, username), await tokenOf(server, username)];
  await pause(2_100);
  assert.equal(await isValid(server, early), false);
  assert.match(assertResult(await refresh(server, early)).token, /\./);
  await pause(4_000);
  assertError(await refresh(server, late), 4011, REFUSAL);
});

test('the window is a day unless settings say otherwise', async () => {
  const server = await startDirectory('dev', { settings: { 'face.directory.token_life': '1s' } });
  const { token } = await register(server);
  await pause(2_100);
  assert.equal(assertResult(await refresh(server, token)).authenticated, true);
});

test('an account that is stopped is refused', async () => {
  const server = await startDirectory('dev');
  const admin = { username: 'helper', password: 'grey otter 41 lantern', email: 'helper@example.com' };
  assert.equal((await call(server, 'POST', '/api/v1/admin/create', { token: server.root, json: admin })).status, 201);
  const token = await tokenOf(server, admin.username, admin.password);
  assert.equal((await call(server, 'DELETE', '/api/v1/admin/helper', { token: server.root })).status, 200);
  assertError(await refresh(server, token), 4011, REFUSAL);
});

test('a session is not made longer by it', async () => {
  const server = await startDirectory('dev', { settings: { 'session.life': '60s' } });
  const { token } = await register(server);
  const first = decodeJwt(token);
  await pause(1_100);
  const next = decodeJwt(assertResult(await refresh(server, token)).token);
  assert.ok(next.exp <= first.iat + 61, `${next.exp - first.iat} s`);
});
