// Document 003, Users API 7: change one's password.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { assertError, assertResult, assertUser, isValid, logIn, MODES, NOBODY, PASSWORD, register, startDirectory, tokenOf, withRoles } from '../../lib/directory.js';

const EXAMPLE = { oldPassword: 'oldpassword123', newPassword: 'newpassword123' };

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startDirectory(mode)));

    const change = (token, id, json) => call(server, 'PUT', `/users/${id}/change-password`, { token, json });

    test('the printed example answers as printed; all other sessions end', async () => {
      const { id, username, token } = await register(server, { password: EXAMPLE.oldPassword });
      const elsewhere = await tokenOf(server, username, EXAMPLE.oldPassword);
      assert.equal(assertUser(assertResult(await change(token, id, EXAMPLE))).id, id);
      assert.equal(await isValid(server, token), true);
      assert.equal(await isValid(server, elsewhere), false);
      assertError(await logIn(server, username, EXAMPLE.oldPassword), 4012);
      await tokenOf(server, username, EXAMPLE.newPassword);
    });

    test('a wrong old one changes nothing', async () => {
      const { id, username, token } = await register(server);
      assertError(await change(token, id, { ...EXAMPLE, oldPassword: 'not the password' }), 4013, 'current password is incorrect');
      await tokenOf(server, username, PASSWORD);
    });

    test('it asks for a token, open or not', async () => {
      const { id } = await register(server);
      assertError(await change(undefined, id, EXAMPLE), 4010);
      assertError(await change('rubbish', id, EXAMPLE), 4011);
    });

    test('it is one\'s own, whoever one is', async () => {
      const { id, username } = await register(server);
      for (const asker of [(await register(server)).token, (await withRoles(server, 'ADMIN')).token, server.root]) {
        assertError(await change(asker, id, { oldPassword: PASSWORD, newPassword: 'taken over 12' }), 4030);
        assertError(await change(asker, NOBODY, EXAMPLE), 4030);
      }
      await tokenOf(server, username, PASSWORD);
    });

    test('what cannot be is refused and named', async () => {
      const { id, token } = await register(server);
      assertError(await change(token, id, { oldPassword: PASSWORD }), 4002, 'newPassword is required');
      assertError(await change(token, id, { newPassword: PASSWORD }), 4002, 'oldPassword is required');
      assertError(await change(token, id, { oldPassword: PASSWORD, newPassword: 7 }), 4003, 'newPassword has the wrong type');
      assertError(await change(token, id, { oldPassword: PASSWORD, newPassword: 'short' }), 4005);
      assertError(await change(token, id, { oldPassword: PASSWORD, newPassword: 'x'.repeat(257) }), 4006);
      assertError(await change(token, 'user-id-123', EXAMPLE), 4041);
    });

    test('of two at once with the same old one, one wins', async () => {
      const { id, username, token } = await register(server);
      const chosen = ['first choice 12', 'second choice 12'];
      const answers = await Promise.all(chosen.map((newPassword) => change(token, id, { oldPassword: PASSWORD, newPassword })));
      const won = answers.map(({ status }) => status === 200);
      assert.deepEqual(won.filter(Boolean), [true], answers.map(({ text }) => text).join());
      await tokenOf(server, username, chosen[won.indexOf(true)]);
    });
  });
}

// As many as are allowed at all, so that no delay can pass while a slow machine guesses.
test('guesses count like wrong logins', async () => {
  const server = await startDirectory('dev', { settings: { 'login.most_failures': 5 } });
  const { id, username, token } = await register(server);
  const guess = (oldPassword) => call(server, 'PUT', `/users/${id}/change-password`, { token, json: { oldPassword, newPassword: 'mine now 123' } });
  for (let tries = 0; tries < 5; tries++) {
    assertError(await guess('not the password'), 4013);
  }
  assertError(await guess(PASSWORD), 4013);
  assertError(await logIn(server, username), 4012);
});
