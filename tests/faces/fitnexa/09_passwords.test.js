// Document 000 promises password resets; the routes are POST /auth/forgot-password and /auth/reset-password.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { forwardAuth } from '../../lib/edge.js';
import { assertError, forgot, JSON_TYPE, letterTo, logIn, makeGymAdmin, me, MODES, newAddress, PASSWORD, register, reset, startMailing, tokenOf } from '../../lib/fitnexa.js';
import { pause } from '../../lib/place.js';

const CHOSEN = 'another password for the gym';
const BAD = 'the link is invalid or has expired';

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startMailing(mode)));

    async function asked(email, count) {
      assert.equal((await forgot(server, email)).status, 202);
      return letterTo(server, email, '/reset-password', count);
    }

    test('known and unknown addresses are answered alike', async () => {
      const { email } = await register(server);
      const waiting = await makeGymAdmin(server);
      const answers = [await forgot(server, email), await forgot(server, newAddress()), await forgot(server, waiting.email)];
      for (const answer of answers) {
        assert.equal(answer.status, 202, answer.text);
        assert.equal(answer.headers['content-type'], JSON_TYPE);
        assert.equal(answer.text, answers[0].text);
        assert.deepEqual(Object.keys(answer.headers), Object.keys(answers[0].headers));
      }
      await letterTo(server, email, '/reset-password');
      await pause(300);
      assert.ok(!server.smtp.letters.some(({ envelope }) => envelope.rcptTo[0].address === waiting.email));
    });

    test('the link lets a new password be chosen, once, and ends all sessions', async () => {
      const { email, token: old } = await register(server);
      const other = await tokenOf(server, email);
      const { link, token } = await asked(email.toUpperCase());
      assert.equal(link, `https://id.example.com/reset-password?token=${token}`);
      const answer = await reset(server, token, CHOSEN);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.text, '{"message":"password changed"}');
      for (const ended of [old, other]) {
        assertError(await me(server, ended), 401);
        assert.equal((await forwardAuth(server, ended)).status, 401);
      }
      assertError(await logIn(server, email), 401);
      assert.equal((await logIn(server, email, CHOSEN)).status, 200);
      assertError(await reset(server, token, PASSWORD), 400, BAD);
    });

    test('the letter is in the gym’s name, and so is the one that tells of the change', async () => {
      const { email } = await register(server, { gymId: 'iron' });
      const { parsed, token } = await asked(email);
      assert.match(parsed.text, /iron temple/);
      assert.match(parsed.html, /#7a1f2b/i);
      assert.equal((await reset(server, token, CHOSEN)).status, 200);
      for (let tries = 0; tries < 100 && server.smtp.letters.filter(({ envelope }) => envelope.rcptTo[0].address === email).length < 2; tries++) {
        await pause(50);
      }
      assert.equal(server.smtp.letters.filter(({ envelope }) => envelope.rcptTo[0].address === email).length, 2);
    });

    test('a newer link voids the older', async () => {
      const { email } = await register(server);
      const first = await asked(email);
      const second = await asked(email, 2);
      assertError(await reset(server, first.token, CHOSEN), 400, BAD);
      assert.equal((await reset(server, second.token, CHOSEN)).status, 200);
    });

    test('a password that will not do leaves the link as it is', async () => {
      const { email } = await register(server);
      const { token } = await asked(email);
      assertError(await reset(server, token, 'short'), 400, 'password must have at least 8 characters');
      assertError(await reset(server, token, undefined), 400, 'password is required');
      assert.equal((await reset(server, token, CHOSEN)).status, 200);
    });

    test('of twenty at once one succeeds', async () => {
      const { email } = await register(server);
      const { token } = await asked(email);
      const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => reset(server, token, `${CHOSEN} ${i}`)));
      assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    });

    test('what is missing or wrong is named', async () => {
      assertError(await forgot(server, undefined), 400, 'email is required');
      assertError(await forgot(server, 'no address'), 400, 'email has a value that is not allowed');
      assertError(await reset(server, 'a'.repeat(64), CHOSEN), 400, BAD);
      assertError(await reset(server, undefined, CHOSEN), 400, 'token is required');
    });
  });
}

test('three letters to one address in fifteen minutes, known or not', async () => {
  const server = await startMailing('serve', { settings: { 'links.per_address': '3' } });
  const { email } = await register(server);
  for (const address of [email, newAddress()]) {
    for (let i = 0; i < 3; i++) {
      assert.equal((await forgot(server, address)).status, 202);
    }
    const answer = await forgot(server, address);
    assertError(answer, 429, 'too many attempts');
    assert.match(answer.headers['retry-after'], /^[1-9]\d*$/);
  }
});
