// Document 004, Login.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { decodeJwt } from 'jose';

import { call } from '../../lib/client.js';
import { assertError, JSON_TYPE, logIn, me, MODES, PATH, register, startMailless } from '../../lib/corporate.js';
import { forwardAuth } from '../../lib/edge.js';

const EXAMPLE = { email: 'sammed@email.com', password: 'password' };

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => {
      server = await startMailless(mode);
      await register(server, EXAMPLE);
    });

    test('the printed example answers as printed', async () => {
      const answer = await call(server, 'POST', PATH.login, { json: EXAMPLE });
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.headers['content-type'], JSON_TYPE);
      assert.deepEqual(Object.keys(answer.json), ['token']);
      assert.match(answer.json.token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
      assert.match(answer.headers['cache-control'], /no-store/);
    });

    test('a token lives for fifteen minutes and is one everywhere', async () => {
      const { token } = (await logIn(server, EXAMPLE.email)).json;
      const { iat, exp, face } = decodeJwt(token);
      assert.deepEqual([exp - iat, face], [900, 'corporate']);
      assert.equal((await me(server, token)).status, 200);
      assert.equal((await forwardAuth(server, token)).headers['x-user'], EXAMPLE.email);
    });

    test('the address counts in any case', async () => {
      assert.equal((await logIn(server, 'SAMMED@Email.com')).status, 200);
    });

    test('a wrong password, an unknown address and what is none are one answer', async () => {
      const wrong = await logIn(server, EXAMPLE.email, 'not the password');
      assertError(wrong, 400, PATH.login, 'Invalid credentials');
      for (const email of ['nobody@email.com', 'no address', 'a@b@c']) {
        const other = await logIn(server, email, 'not the password');
        assert.deepEqual({ ...other.json, timestamp: '' }, { ...wrong.json, timestamp: '' });
        assert.deepEqual(Object.keys(other.headers).sort(), Object.keys(wrong.headers).sort());
      }
    });

    test('what is missing is named', async () => {
      assertError(await call(server, 'POST', PATH.login, { json: { email: 'a@b.example' } }), 400, PATH.login, 'password is required');
      assertError(await call(server, 'POST', PATH.login, { json: { password: 'x' } }), 400, PATH.login, 'email is required');
    });
  });
}

test('who has not been verified is let in unless the settings ask for more', async () => {
  const server = await startMailless('serve', { settings: { 'login.require_verified': 'yes' } });
  const { email } = await register(server);
  assertError(await logIn(server, email), 400, PATH.login, 'The account is not active');
  assertError(await logIn(server, email, 'not the password'), 400, PATH.login, 'Invalid credentials');
});
