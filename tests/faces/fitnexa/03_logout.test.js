// Document 000, Auth Routes: POST /logout, which document 003 has too.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { assertError as assertDirectoryError, assertNothing, isValid, startDirectory } from '../../lib/directory.js';
import { forwardAuth } from '../../lib/edge.js';
import { assertError, logOut, me, MODES, register, startFitnexa, tokenOf } from '../../lib/fitnexa.js';

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startFitnexa(mode)));

    test('the session of the token is over everywhere, and no other', async () => {
      const { token, email } = await register(server);
      const other = await tokenOf(server, email);
      const answer = await logOut(server, token);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.text, '{"message":"logged out"}');
      assertError(await me(server, token), 401);
      assert.equal((await forwardAuth(server, token)).status, 401);
      assert.equal((await me(server, other)).status, 200);
      assertError(await logOut(server, token), 401);
    });

    test('whatever the body is, without a `token` it is this face that answers', async () => {
      const bodies = [{ json: {} }, { json: { token: null } }, { json: { tokens: 'x' } }, { body: '{"token"', headers: { 'Content-Type': 'application/json' } }, { body: 'token=x', headers: { 'Content-Type': 'text/plain' } }];
      for (const body of bodies) {
        const { token } = await register(server);
        assert.equal((await logOut(server, token, body)).text, '{"message":"logged out"}');
        assertError(await me(server, token), 401);
        assertError(await logOut(server, undefined, body), 401, 'authentication required');
      }
    });

    test('a body with a `token` is the directory’s, and the bearer token is left alone', async () => {
      const { token, email } = await register(server);
      const named = await tokenOf(server, email);
      assertNothing(await logOut(server, token, { json: { token: named } }));
      assertError(await me(server, named), 401);
      assert.equal((await me(server, token)).status, 200);
      assert.equal(await isValid(server, token), true);
      const wrong = await logOut(server, token, { json: { token: 7 } });
      assert.deepEqual([wrong.status, wrong.json.code], [400, 4003]);
    });
  });
}

test('where the directory is not served, every body is this face’s', async () => {
  const server = await startFitnexa('serve', { settings: { 'face.directory.enabled': 'no' } });
  const { token } = await register(server);
  assert.equal((await logOut(server, token, { json: { token: 'rubbish' } })).text, '{"message":"logged out"}');
  assertError(await call(server, 'POST', '/auth/nowhere'), 404, 'not found');
});

test('where this face is not served, every body is the directory’s', async () => {
  const server = await startDirectory('serve', { settings: { 'face.fitnexa.enabled': 'no' } });
  assertDirectoryError(await logOut(server, server.root, { json: {} }), 4002, 'token is required');
});
