// Document 003, Authentication API 2: introspect a token.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { assertError, introspect, isValid, logOut, MODES, register, startDirectory, tokenOf } from '../../lib/directory.js';
import { tokenOf as edgeTokenOf } from '../../lib/edge.js';
import { pause } from '../../lib/place.js';

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startDirectory(mode)));

    test('the printed example answers as printed', async () => {
      const { token } = await register(server);
      assert.equal((await introspect(server, token)).text, '{"result":{"valid":true}}');
    });

    test('a token of another face is valid too', async () => {
      const { username, password } = await register(server);
      assert.equal(await isValid(server, await edgeTokenOf(server, username, password)), true);
    });

    test('whatever text is no token is 200, and not valid', async () => {
      const { token } = await register(server);
      const [header, payload, signature] = token.split('.');
      const texts = ['', ' ', 'rubbish', '.', '..', 'a.b.c', `${header}.${payload}.`, `${header}.${payload}`, `${token}=`,
        `${header}.${payload}.${signature.split('').reverse().join('')}`, ` ${token}`, `Bearer ${token}`,
        'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...', '\u{1f511}', 'x'.repeat(60_000), `${token}.${'x'.repeat(30_000)}`];
      for (const text of texts) {
        assert.equal(await isValid(server, text), false, text.slice(0, 60));
      }
    });

    test('what is no text is no token', async () => {
      const send = (body) => call(server, 'POST', '/auth/introspect', { body, headers: { 'Content-Type': 'application/json' } });
      assertError(await send('{}'), 4002, 'token is required');
      assertError(await send('{"token": null}'), 4002, 'token is required');
      for (const value of ['1', 'true', '[]', '{}', '["a.b.c"]']) {
        assertError(await send(`{"token": ${value}}`), 4003, 'token has the wrong type');
      }
    });

    test('a token is not valid from the moment when its session ends or its user goes', async () => {
      const one = await register(server);
      await logOut(server, one.token);
      assert.equal(await isValid(server, one.token), false);
      const other = await register(server);
      await call(server, 'DELETE', `/users/${other.id}`, { token: server.root });
      assert.equal(await isValid(server, other.token), false);
    });

    test('a bearer token beside it makes no difference', async () => {
      const { token } = await register(server);
      const answer = await call(server, 'POST', '/auth/introspect', { token: 'rubbish', json: { token } });
      assert.equal(answer.json.result.valid, true);
    });

    test('the log does not say that anything failed', async () => {
      const before = server.logs().length;
      await introspect(server, 'rubbish');
      await pause(50);
      assert.doesNotMatch(server.logs().slice(before), /"error"|"detail"/);
    });
  });
}

test('a token that has expired is not valid', async () => {
  const server = await startDirectory('dev', { settings: { 'face.directory.token_life': '1s' } });
  const { username } = await register(server);
  const token = await tokenOf(server, username);
  await pause(2_100);
  assert.equal(await isValid(server, token), false);
});
