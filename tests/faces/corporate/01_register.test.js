// Document 004, Register.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { assertError, JSON_TYPE, logIn, me, MEMBERS, MODES, newAddress, PASSWORD, PATH, register, startMailless, tokenOf, UUID } from '../../lib/corporate.js';
import { login as edgeLogin } from '../../lib/edge.js';

const EXAMPLE = { fullName: 'Sammed Jain', email: 'sammed@samsung.com', password: 'password' };

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startMailless(mode)));
    const post = (json) => call(server, 'POST', PATH.register, { json });

    test('the printed example answers as printed', async () => {
      const answer = await post(EXAMPLE);
      assert.equal(answer.status, 201, answer.text);
      assert.equal(answer.headers['content-type'], JSON_TYPE);
      assert.deepEqual(Object.keys(answer.json), MEMBERS);
      assert.match(answer.json.userId, UUID);
      assert.deepEqual({ ...answer.json, userId: '' }, {
        userId: '', fullName: 'Sammed Jain', email: 'sammed@samsung.com', phone: null, status: 'PENDING_VERIFICATION', corporateVerified: false,
      });
    });

    test('an address in use is the printed error, however it is written', async () => {
      const { email } = await register(server);
      for (const again of [email, email.toUpperCase()]) {
        assertError(await post({ ...EXAMPLE, email: again }), 400, PATH.register, 'Email is already in use');
      }
    });

    test('a phone is kept and shown', async () => {
      const { email, phone } = await register(server, { phone: '9090909090' });
      assert.equal(phone, '9090909090');
      assert.equal((await me(server, await tokenOf(server, email))).json.phone, '9090909090');
    });

    test('the name is cut at its first space and put together again', async () => {
      for (const [given, shown] of [['Sammed Jain', 'Sammed Jain'], ['Ann', 'Ann'], ['  Ann   Maria  Lee ', 'Ann Maria  Lee'], ['Žižkov 東京 x', 'Žižkov 東京 x']]) {
        const { email, fullName } = await register(server, { fullName: given });
        assert.equal(fullName, shown);
        const answer = await call(server, 'POST', '/auth/token', { json: { username: email, password: PASSWORD } });
        const { firstName, lastName } = answer.json.result;
        assert.deepEqual([firstName, lastName ?? ''], [shown.split(' ')[0], shown.split(' ').slice(1).join(' ')]);
      }
    });

    test('whoever registers has the role USER and no other, whatever they say', async () => {
      const email = newAddress();
      const given = { ...EXAMPLE, email, role: 'ADMIN', roles: ['ADMIN'], status: 'ACTIVE', corporateVerified: true, userId: EXAMPLE.email };
      const { json } = await post(given);
      assert.deepEqual([json.status, json.corporateVerified], ['PENDING_VERIFICATION', false]);
      const { result } = (await call(server, 'POST', '/auth/token', { json: { username: email, password: PASSWORD } })).json;
      assert.deepEqual(result.roles, ['USER']);
    });

    test('who was made here logs in here and there', async () => {
      const { email } = await register(server);
      assert.equal((await logIn(server, email)).status, 200);
      assert.equal((await edgeLogin(server, email, PASSWORD)).status, 200);
    });

    test('what is missing, wrong or no JSON is named', async () => {
      const cases = [
        [{ ...EXAMPLE, fullName: undefined }, 'fullName is required'],
        [{ ...EXAMPLE, fullName: '   ' }, 'fullName is required'],
        [{ ...EXAMPLE, fullName: 'x'.repeat(201) }, 'fullName has a value that is not allowed'],
        [{ ...EXAMPLE, email: null }, 'email is required'],
        [{ ...EXAMPLE, email: 'sammed' }, 'email has a value that is not allowed'],
        [{ ...EXAMPLE, email: 'a@b.example\r\nBcc: c@d.example' }, 'email has a value that is not allowed'],
        [{ ...EXAMPLE, password: undefined }, 'password is required'],
        [{ ...EXAMPLE, password: 1 }, 'password has the wrong type'],
        [{ ...EXAMPLE, email: newAddress(), password: 'short' }, 'Password must have at least 8 characters'],
        [{ ...EXAMPLE, email: newAddress(), password: 'x'.repeat(257) }, 'Password must have at most 256 characters'],
      ];
      for (const [json, cause] of cases) {
        assertError(await post(json), 400, PATH.register, cause);
      }
      const sent = (body, type = 'application/json') => call(server, 'POST', PATH.register, { body, headers: { 'Content-Type': type } });
      assertError(await sent('{'), 400, PATH.register, 'Request body is not valid JSON');
      assertError(await sent('{}', 'text/plain'), 415, PATH.register);
      assertError(await sent(`{"x":"${'x'.repeat(70_000)}"}`), 413, PATH.register);
    });
  });
}

test('a password that is common is refused where it counts', async () => {
  const server = await startMailless('serve', { settings: { 'password.refuse_common': 'yes' } });
  assertError(await call(server, 'POST', PATH.register, { json: EXAMPLE }), 400, PATH.register, 'Password is too easy to guess');
});
