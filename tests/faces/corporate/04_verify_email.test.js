// Document 004, Verify Email.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { assertError, assertTooMany, getVerified, letterTo, me, MODES, newAddress, PATH, register, send, startCorporate, tokenOf, verify } from '../../lib/corporate.js';

const PRINTED = 'jxMb-I30UjcIZeJ261fT1AxLPVa9QZjeE2uuht5Vv4Y';

async function shown(server, email) {
  const { status, corporateVerified } = (await me(server, await tokenOf(server, email))).json;
  return [status, corporateVerified];
}

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startCorporate(mode)));

    async function asked(email) {
      assert.equal((await send(server, email)).status, 200);
      return (await letterTo(server, email)).token;
    }

    test('the link verifies as printed, once', async () => {
      const { email } = await register(server);
      const token = await asked(email);
      const answer = await verify(server, token);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.text, '{"status":"success","message":"Email verified successfully"}');
      assertError(await verify(server, token), 400, PATH.verify, 'Invalid or expired token');
      assert.deepEqual(await shown(server, email), ['ACTIVE', true]);
    });

    test('HEAD, as programs that look ahead at links send it, uses nothing up', async () => {
      const { email } = await register(server);
      const token = await asked(email);
      assert.equal((await call(server, 'HEAD', `${PATH.verify}?token=${token}`)).status, 200);
      assert.deepEqual(await shown(server, email), ['PENDING_VERIFICATION', false]);
      assert.equal((await verify(server, token)).status, 200);
      assert.equal((await call(server, 'HEAD', `${PATH.verify}?token=${token}`)).status, 400);
    });

    test('a newer link voids the older', async () => {
      const { email } = await register(server);
      const first = await asked(email);
      await send(server, email);
      const { token } = await letterTo(server, email, 2);
      assertError(await verify(server, first), 400, PATH.verify, 'Invalid or expired token');
      assert.equal((await verify(server, token)).status, 200);
    });

    test('of many who follow it at once, one verifies', async () => {
      const { email } = await register(server);
      const token = await asked(email);
      const answers = await Promise.all(Array.from({ length: 20 }, () => verify(server, token)));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(19).fill(400)]);
    });

    test('a domain where anybody has mail makes nobody corporate', async () => {
      for (const [domain, corporate] of [['gmail.com', false], ['GMX.de', false], ['email.com', true], ['samsung.com', true]]) {
        const { email } = await register(server, { email: newAddress(domain) });
        await getVerified(server, email);
        assert.deepEqual(await shown(server, email), ['ACTIVE', corporate], domain);
      }
    });

    test('what is no link is 400, and nothing of it is in the answer', async () => {
      for (const token of [PRINTED, 'a'.repeat(64), 'a'.repeat(63), '%00', 'x'.repeat(4000)]) {
        const answer = await verify(server, token);
        assertError(answer, 400, PATH.verify);
        assert.ok(!answer.text.includes(token));
      }
      assertError(await call(server, 'GET', PATH.verify), 400, PATH.verify, 'token is required');
      assertError(await verify(server, ''), 400, PATH.verify, 'token is required');
      assertError(await call(server, 'GET', `${PATH.verify}?token=a&token=b`), 400, PATH.verify, 'token has a value that is not allowed');
    });
  });
}

test('whoever tries links of twenty kinds in a minute waits', async () => {
  const server = await startCorporate('serve', { settings: { 'links.network_minute': '20' } });
  for (let i = 0; i < 20; i++) {
    assertError(await verify(server, `${PRINTED}${i}`), 400, PATH.verify);
  }
  assertTooMany(await verify(server, PRINTED), PATH.verify);
});
