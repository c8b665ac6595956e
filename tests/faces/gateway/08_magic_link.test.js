// Document 001, Auth: magic links, and the digits beside them.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { logIn as corporateLogIn, me, newAddress, register as corporateRegister, startCorporate } from '../../lib/corporate.js';
import { register } from '../../lib/directory.js';
import { assertDone, assertError, assertLogin } from '../../lib/gateway_face.js';
import { pause, until } from '../../lib/place.js';
import { cli } from '../../lib/signet.js';
import { parse } from '../../lib/smtp.js';

const ASK = '/id/api/auth/magic-link';
const VERIFY = '/id/api/auth/verify-magic-link';
const ask = (server, email, options = {}) => call(server, 'POST', ASK, { json: { email }, ...options });
const verify = (server, json) => call(server, 'POST', VERIFY, { json });
const logIn = (server, email, password) => call(server, 'POST', '/id/api/auth/login', { json: { email, password } });

/** The `count`th letter to an address: {link, token, code, parsed}. */
async function letterTo(server, address, count = 1) {
  const to = () => server.smtp.letters.filter(({ envelope }) => envelope.rcptTo[0].address.toLowerCase() === address.toLowerCase());
  await until(() => to().length >= count, { what: `letter ${count} to ${address}` });
  const parsed = await parse(to()[count - 1]);
  const [link, token] = parsed.text.match(/https:\/\/id\.example\.com\/magic-link\?token=(\S+)/);
  return { parsed, link, token, code: parsed.text.match(/: (\d{8})$/m)[1] };
}

async function sent(server, email, count = 1) {
  assertDone(await ask(server, email));
  return letterTo(server, email, count);
}

for (const mode of ['serve', 'dev']) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startCorporate(mode)));

    test('the link of the letter logs in, once, and the address is verified', async () => {
      const { email, userId } = await corporateRegister(server);
      const { token, link, parsed } = await sent(server, email);
      assert.match(token, /^[0-9a-f]{64}$/);
      assert.ok(parsed.html.includes(link), 'the link is in both parts');
      const { accessToken, user } = assertLogin(await verify(server, { token }));
      assert.deepEqual(user, { id: userId, email, firstName: 'Sammed', lastName: 'Jain', role: 'USER', status: 'active' });
      assert.equal((await me(server, accessToken)).json.status, 'ACTIVE');
      assertError(await verify(server, { token }), 400, 'LINK_INVALID');
    });

    test('the tokens of that login are like any other', async () => {
      const { email } = await corporateRegister(server);
      const { refreshToken } = assertLogin(await verify(server, { token: (await sent(server, email)).token }));
      const answer = await call(server, 'POST', '/id/api/auth/refresh', { json: { refreshToken } });
      assert.equal(answer.status, 200, answer.text);
    });

    test('so do the digits of the letter, with the address', async () => {
      const { email } = await corporateRegister(server);
      const { code, token } = await sent(server, email);
      assertLogin(await verify(server, { email: email.toUpperCase(), code }));
      assertError(await verify(server, { email, code }), 400, 'LINK_INVALID');
      assertError(await verify(server, { token }), 400, 'LINK_INVALID');
    });

    test('five wrong codes, and only the link still counts', async () => {
      const { email } = await corporateRegister(server);
      const { code, token } = await sent(server, email);
      const wrong = code === '00000000' ? '00000001' : '00000000';
      for (let i = 0; i < 5; i++) {
        assertError(await verify(server, { email, code: wrong }), 400, 'LINK_INVALID');
      }
      assertError(await verify(server, { email, code }), 400, 'LINK_INVALID');
      assertLogin(await verify(server, { token }));
    });

    test('an unknown address gets the same answer and no letter', async () => {
      const { email } = await corporateRegister(server);
      const unknown = newAddress();
      const answers = [await ask(server, email), await ask(server, unknown)];
      answers.forEach(assertDone);
      assert.deepEqual(...answers.map(({ headers }) => Object.keys(headers).sort()));
      await letterTo(server, email);
      await pause(300);
      assert.deepEqual(server.smtp.letters.filter(({ envelope }) => envelope.rcptTo[0].address === unknown), []);
      assertError(await verify(server, { email: unknown, code: '12345678' }), 400, 'LINK_INVALID');
    });

    test('a newer link voids the older', async () => {
      const { email } = await corporateRegister(server);
      const first = await sent(server, email);
      const second = await sent(server, email, 2);
      assertError(await verify(server, { token: first.token }), 400, 'LINK_INVALID');
      assertLogin(await verify(server, { token: second.token }));
    });

    test('of many who show it at once, one comes in', async () => {
      const { email } = await corporateRegister(server);
      const { token } = await sent(server, email);
      const answers = await Promise.all(Array.from({ length: 20 }, () => verify(server, { token })));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(19).fill(400)]);
    });

    test('looking at the link, as programs do that look ahead, uses nothing up', async () => {
      const { email } = await corporateRegister(server);
      const { token, link } = await sent(server, email);
      const path = link.replace('https://id.example.com', '');
      for (const method of ['GET', 'HEAD']) {
        await call(server, method, path);
        assertError(await call(server, 'GET', `${VERIFY}?token=${token}`), 405, 'METHOD_NOT_ALLOWED');
      }
      assertLogin(await verify(server, { token }));
    });

    test('who was registered by an address that was never verified may have been anybody', async () => {
      const { email, password } = await corporateRegister(server);
      const early = (await corporateLogIn(server, email)).json.token;
      assertLogin(await verify(server, { token: (await sent(server, email)).token }));
      assert.equal((await me(server, early)).status, 401);
      assertError(await logIn(server, email, password), 401, 'CREDENTIALS_INVALID');
    });

    test('an account that somebody made for its owner keeps its password', async () => {
      const [name, password] = [`keeps.${mode}@example.com`, 'eleven purple herons'];
      const made = await cli(['user', 'create', name, '--data', server.dir], { stdin: `${password}\n` });
      assert.equal(made.code, 0, made.stderr);
      assertLogin(await verify(server, { token: (await sent(server, name)).token }));
      assertLogin(await logIn(server, name, password));
    });

    test('what is missing or wrong is named', async () => {
      assertError(await ask(server, undefined), 400, 'FIELD_REQUIRED', 'email');
      assertError(await ask(server, 'no address'), 400, 'FIELD_VALUE', 'email');
      assertError(await verify(server, {}), 400, 'FIELD_REQUIRED', 'token');
      assertError(await verify(server, { code: '12345678' }), 400, 'FIELD_REQUIRED', 'email');
      assertError(await verify(server, { token: 7 }), 400, 'FIELD_TYPE', 'token');
      for (const token of ['a'.repeat(64), 'short', 'x'.repeat(4000)]) {
        const answer = await verify(server, { token });
        assertError(answer, 400, 'LINK_INVALID');
        assert.ok(!answer.text.includes(token));
      }
    });

    test('a Host that was made up is in no link', async () => {
      const { email } = await corporateRegister(server);
      await ask(server, email, { headers: { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example' } });
      assert.ok(!(await letterTo(server, email)).parsed.text.includes('evil'));
    });
  });
}

test('too many for one address is 429, and says when to come back', async () => {
  const server = await startCorporate('serve', { settings: { 'links.per_address': '2' } });
  const { email } = await corporateRegister(server);
  for (const address of [email, newAddress()]) {
    assertDone(await ask(server, address));
    assertDone(await ask(server, address));
    const refused = await ask(server, address);
    assertError(refused, 429, 'TOO_MANY_REQUESTS');
    assert.ok(Number(refused.headers['retry-after']) > 0);
  }
});

test('whoever tries many links or codes in a minute waits', async () => {
  const server = await startCorporate('serve', { settings: { 'links.network_minute': '5' } });
  for (let i = 0; i < 5; i++) {
    assertError(await verify(server, { email: newAddress(), code: '12345678' }), 400, 'LINK_INVALID');
  }
  assertError(await verify(server, { token: 'a'.repeat(64) }), 429, 'TOO_MANY_REQUESTS');
});
