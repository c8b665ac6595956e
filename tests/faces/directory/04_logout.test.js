// Document 003, Authentication API 4: logout.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { assertError, assertNothing, isValid, logOut, MODES, refresh, register, startDirectory, tokenOf } from '../../lib/directory.js';
import { forwardAuth } from '../../lib/edge.js';
import { pause } from '../../lib/place.js';

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startDirectory(mode)));

    test('the printed example answers as printed, and the session is over everywhere', async () => {
      const { token } = await register(server);
      assertNothing(await logOut(server, token));
      assert.equal(await isValid(server, token), false);
      assert.equal((await forwardAuth(server, token)).status, 401);
    });

    test('other sessions of the user go on', async () => {
      const { token, username } = await register(server);
      const other = await tokenOf(server, username);
      assertNothing(await logOut(server, token));
      assert.equal(await isValid(server, other), true);
    });

    test('any text is answered alike', async () => {
      const { token } = await register(server);
      assertNothing(await logOut(server, token));
      for (const text of [token, '', 'rubbish', 'a.b.c', 'x'.repeat(60_000), `${token}x`]) {
        assertNothing(await logOut(server, text));
      }
    });

    test('a token that was changed ends nothing', async () => {
      const { token } = await register(server);
      const [header, payload] = token.split('.');
      assertNothing(await logOut(server, `${header}.${payload}.${'A'.repeat(86)}`));
      assert.equal(await isValid(server, token), true);
    });

    test('what is no text is named', async () => {
      assertError(await logOut(server, 7), 4003, 'token has the wrong type');
    });
  });
}

test('one that has expired, and could still be refreshed, ends its session all the same', async () => {
  const server = await startDirectory('dev', { settings: { 'face.directory.token_life': '1s' } });
  const { token } = await register(server);
  await pause(2_100);
  assertNothing(await logOut(server, token));
  assertError(await refresh(server, token), 4011);
});
