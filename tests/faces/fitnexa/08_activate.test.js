// Document 000, Admin Routes: POST /users/activate.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { activate, assertError, assertUser, logIn, makeGymAdmin, me, MODES, PASSWORD, startFitnexa, TIME, tokenOf } from '../../lib/fitnexa.js';

const OTHER = 'another password for the gym';
const BAD = 'the link is invalid or has expired';

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startFitnexa(mode)));

    test('the token and a password make the account active, once', async () => {
      const { email, activationToken: token } = await makeGymAdmin(server);
      const answer = await activate(server, { token, password: PASSWORD });
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(Object.keys(answer.json), ['user']);
      const { status, activatedAt, role } = assertUser(answer.json.user);
      assert.deepEqual([status, role], ['ACTIVE', 'GYM_ADMIN']);
      assert.match(activatedAt, TIME);
      assert.deepEqual((await me(server, await tokenOf(server, email))).json, answer.json.user);
      assertError(await activate(server, { token, password: OTHER }), 400, BAD);
      assertError(await logIn(server, email, OTHER), 401);
    });

    test('a password is required where none was given, and may be chosen anew', async () => {
      const without = await makeGymAdmin(server);
      assertError(await activate(server, { token: without.activationToken }), 400, 'password is required');
      assertError(await activate(server, { token: without.activationToken, password: 'short' }), 400, 'password must have at least 8 characters');
      assert.equal((await activate(server, { token: without.activationToken, password: PASSWORD })).status, 200);
      const withOne = await makeGymAdmin(server, { password: PASSWORD });
      assert.equal((await activate(server, { token: withOne.activationToken })).status, 200);
      assert.equal((await logIn(server, withOne.email)).status, 200);
      const anew = await makeGymAdmin(server, { password: PASSWORD });
      assert.equal((await activate(server, { token: anew.activationToken, password: OTHER })).status, 200);
      assert.equal((await logIn(server, anew.email, OTHER)).status, 200);
    });

    test('who waits is found by their status', async () => {
      const { user } = await makeGymAdmin(server);
      const answer = await call(server, 'GET', '/users/all?status=PENDING_ACTIVATION', { token: server.root });
      assert.ok(answer.json.users.some(({ id }) => id === user.id));
    });

    test('what is no token is 400, and nothing of it is in the answer', async () => {
      for (const token of ['a'.repeat(64), 'a'.repeat(63), 'A'.repeat(64), 'x'.repeat(4000), server.root]) {
        const answer = await activate(server, { token, password: PASSWORD });
        assertError(answer, 400, BAD);
        assert.ok(!answer.text.includes(token));
      }
      assertError(await activate(server, { password: PASSWORD }), 400, 'token is required');
      assertError(await activate(server, { token: 7 }), 400, 'token has the wrong type');
    });

    test('of fifty at once one succeeds', async () => {
      const { email, activationToken: token } = await makeGymAdmin(server);
      const passwords = Array.from({ length: 50 }, (_, i) => `${PASSWORD} ${i}`);
      const answers = await Promise.all(passwords.map((password) => activate(server, { token, password })));
      const winners = answers.flatMap(({ status }, i) => (status === 200 ? [i] : []));
      assert.equal(winners.length, 1, answers.map(({ status }) => status).join(' '));
      assert.ok(answers.every(({ status }) => [200, 400, 503].includes(status)));
      assert.equal((await logIn(server, email, passwords[winners[0]])).status, 200);
    });
  });
}

test('whoever tries tokens of twenty kinds in a minute waits', async () => {
  const server = await startFitnexa('serve', { settings: { 'links.network_minute': '20' } });
  for (let i = 0; i < 20; i++) {
    assertError(await activate(server, { token: `${i}`.padStart(64, '0'), password: PASSWORD }), 400, BAD);
  }
  assertError(await activate(server, { token: 'a'.repeat(64), password: PASSWORD }), 429, 'too many attempts');
});
