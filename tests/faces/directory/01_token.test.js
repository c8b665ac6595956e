// Document 003, Authentication API 1: login.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { decodeJwt } from 'jose';

import { call } from '../../lib/client.js';
import { assertError, assertResult, isValid, logIn, MODES, PASSWORD, register, startDirectory, update, UUID, withRoles } from '../../lib/directory.js';
import { forwardAuth, login as edgeLogin } from '../../lib/edge.js';

const EXAMPLE = { username: 'user@example.com', password: 'password123' };
const REFUSAL = 'invalid username or password';

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startDirectory(mode)));

    function assertLoggedIn(answer) {
      const result = assertResult(answer);
      assert.deepEqual(Object.keys(result), ['token', 'authenticated', 'userId', 'username', 'firstName', 'lastName', 'roles']);
      assert.match(result.token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
      assert.match(result.userId, UUID);
      assert.equal(result.authenticated, true);
      return result;
    }

    test('the printed example answers as printed', async () => {
      const { id } = await register(server, { ...EXAMPLE, firstName: 'John', lastName: 'Doe' });
      await update(server, server.root, id, { roles: ['USER', 'ADMIN'] });
      const { token, ...rest } = assertLoggedIn(await call(server, 'POST', '/auth/token', { json: EXAMPLE }));
      assert.deepEqual(rest, {
        authenticated: true,
        userId: id,
        username: 'user@example.com',
        firstName: 'John',
        lastName: 'Doe',
        roles: ['ADMIN', 'USER'],
      });
      assert.equal(await isValid(server, token), true);
    });

    test('names that were not given are null', async () => {
      const { username } = await register(server);
      const { firstName, lastName, roles } = assertLoggedIn(await logIn(server, username));
      assert.deepEqual([firstName, lastName, roles], [null, null, ['USER']]);
    });

    test('a token lives for an hour and names its user and their roles', async () => {
      const { token, id } = await withRoles(server, 'ADMIN');
      const claims = decodeJwt(token);
      assert.equal(claims.exp - claims.iat, 3600);
      assert.equal(claims.sub, id);
      assert.deepEqual(claims.roles, ['ADMIN']);
    });

    test('the address does as well as the username, in any case', async () => {
      await register(server, { username: 'Johnny', email: 'johnny@example.org' });
      for (const name of ['Johnny', 'JOHNNY', 'johnny@example.org', 'Johnny@Example.ORG']) {
        assert.equal(assertLoggedIn(await logIn(server, name)).username, 'Johnny');
      }
    });

    test('who was made here logs in there, and a token of here is one there', async () => {
      const { username, token } = await register(server);
      assert.equal((await edgeLogin(server, username, PASSWORD)).status, 200);
      assert.equal((await forwardAuth(server, token)).headers['x-user'], username);
    });

    test('a wrong password and an unknown name are one and the same answer', async () => {
      const { username } = await register(server);
      const wrong = await logIn(server, username, 'not the password');
      const unknown = await logIn(server, 'nobody@example.com', 'not the password');
      assertError(wrong, 4012, REFUSAL);
      assert.equal(wrong.text, unknown.text);
      assert.deepEqual(Object.keys(wrong.headers).sort(), Object.keys(unknown.headers).sort());
    });

    test('only the right password is told that the account is not active', async () => {
      const { id, username } = await register(server);
      const stopped = { username: `off-${username}`, password: PASSWORD, status: 0 };
      assertResult(await call(server, 'POST', '/users/createUser', { token: server.root, json: stopped }));
      assertError(await logIn(server, stopped.username, 'not the password'), 4012, REFUSAL);
      assertError(await logIn(server, stopped.username), 4031, 'the account is not active');
      assert.match(id, UUID);
    });

    test('what is missing, wrong or no JSON is named', async () => {
      const send = (body, type = 'application/json') => call(server, 'POST', '/auth/token', { body, headers: { 'Content-Type': type } });
      assertError(await send('{"username": "admin"}'), 4002, 'password is required');
      assertError(await send('{"password": "x"}'), 4002, 'username is required');
      assertError(await send('{"username": "", "password": "x"}'), 4002, 'username is required');
      assertError(await send('{"username": 1, "password": "x"}'), 4003, 'username has the wrong type');
      assertError(await send('{'), 4001, 'request body is not valid JSON');
      assertError(await send('[]'), 4001);
      assertError(await send('{}', 'text/plain'), 4150);
      assertError(await send(`{"x": "${'x'.repeat(70_000)}"}`), 4130);
    });

    test('an answer with a token is not kept by caches', async () => {
      const { username } = await register(server);
      assert.match((await logIn(server, username)).headers['cache-control'], /no-store/);
    });

    test('another method is 405 and tells which ones there are', async () => {
      const answer = await call(server, 'GET', '/auth/token');
      assertError(answer, 4050);
      assert.equal(answer.headers.allow, 'POST');
    });

    test('a path that no route has is 404 in the shape of this face', async () => {
      for (const path of ['/auth', '/auth/no-such', '/users/a/b', '/roles/', '/permissions/a/b', '/roles/a/b']) {
        const { status, json } = await call(server, 'GET', path);
        assert.deepEqual([status, Object.keys(json)], [path === '/roles/' ? 405 : 404, ['code', 'message']], path);
      }
    });
  });
}
