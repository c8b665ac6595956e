// Document 000, Auth Routes: POST /login.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { createRemoteJWKSet, jwtVerify } from 'jose';

import { call } from '../../lib/client.js';
import { assertError, assertUser, claimsOf, GOLD, gymAdmin, IRON, JSON_TYPE, logIn, MODES, PASSWORD, register, startFitnexa } from '../../lib/fitnexa.js';
import { DEV_ADMIN, startSignet } from '../../lib/signet.js';

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    let member;
    before(async () => {
      server = await startFitnexa(mode);
      member = await register(server, { gymId: 'iron' });
    });

    test('an address and the password are a token and the user', async () => {
      const answer = await logIn(server, member.email);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.headers['content-type'], JSON_TYPE);
      const { user, token } = answer.json;
      assert.deepEqual(Object.keys(answer.json), ['token', 'refreshToken', 'user']);
      assert.equal(assertUser(user).email, member.email);
      assert.deepEqual([user.role, user.status, user.gymId], ['MEMBER', 'ACTIVE', 'iron']);
      assert.equal((await call(server, 'GET', '/auth/me', { token })).status, 200);
    });

    test('the token says who it is, in claims of the document, and can be checked by anyone', async () => {
      const { json } = await logIn(server, member.email);
      const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', server.url));
      const { payload, protectedHeader } = await jwtVerify(json.token, keys);
      assert.equal(protectedHeader.alg, 'ES256');
      assert.equal(payload.exp - payload.iat, 900);
      assert.deepEqual(
        [payload.userId, payload.sub, payload.email, payload.role, payload.gymId],
        [json.user.id, json.user.id, member.email, 'MEMBER', 'iron'],
      );
    });

    test('who is of no gym has none in the claims', async () => {
      const { token } = await register(server);
      assert.deepEqual([claimsOf(token).role, claimsOf(token).gymId], ['MEMBER', undefined]);
    });

    test('the gym may be named by its slug, its id or its domain, in the body and in the header', async () => {
      for (const gym of ['iron', 'IRON', IRON, 'iron.example']) {
        assert.equal((await logIn(server, member.email, PASSWORD, { domain: gym })).status, 200, gym);
        assert.equal((await logIn(server, member.email, PASSWORD, { headers: { 'X-Gym-Id': gym } })).status, 200, gym);
      }
    });

    test('another gym is 403 after the right password, and 401 after a wrong one', async () => {
      for (const options of ['gold', GOLD, 'gold.example', 'nowhere'].flatMap((gym) => [{ domain: gym }, { headers: { 'X-Gym-Id': gym } }])) {
        assertError(await logIn(server, member.email, PASSWORD, options), 403, 'the account belongs to another gym');
        assertError(await logIn(server, member.email, 'not the password', options), 401, 'invalid email or password');
        assertError(await logIn(server, 'nobody@example.com', PASSWORD, options), 401, 'invalid email or password');
      }
    });

    test('of two gyms that are named both count', async () => {
      const both = (domain, header) => logIn(server, member.email, PASSWORD, { domain, headers: { 'X-Gym-Id': header } });
      assertError(await both('iron', 'gold'), 403);
      assertError(await both('gold', 'iron'), 403);
      assert.equal((await both('iron', IRON)).status, 200);
      assert.equal((await both('', '')).status, 200); // names nothing
    });

    test('who is of no gym is of none that is named', async () => {
      const { email } = await register(server);
      assertError(await logIn(server, email, PASSWORD, { domain: 'iron' }), 403);
    });

    test('a gym administrator is held to their gym, a super administrator is of every one', async () => {
      const admin = await gymAdmin(server);
      assert.equal((await logIn(server, admin.email, PASSWORD, { domain: 'iron' })).json.user.role, 'GYM_ADMIN');
      assertError(await logIn(server, admin.email, PASSWORD, { domain: 'gold' }), 403);
      const root = await logIn(server, 'keeper@example.com', 'seventeen green kites', { domain: 'gold' });
      assert.equal(root.status, 200, root.text);
      assert.equal(root.json.user.role, 'SUPER_ADMIN');
    });

    test('a wrong password, an unknown address and an unknown gym are told apart by nothing', async () => {
      const wrong = [await logIn(server, member.email, 'wrong password'), await logIn(server, 'nobody@example.com'), await logIn(server, 'no address'), await logIn(server, member.email, 'wrong password', { domain: 'nowhere' })];
      for (const answer of wrong) {
        assertError(answer, 401, 'invalid email or password');
        assert.equal(answer.text, wrong[0].text);
      }
    });

    test('what is missing or wrong is named', async () => {
      const post = (json) => call(server, 'POST', '/auth/login', { json });
      assertError(await post({ password: PASSWORD }), 400, 'email is required');
      assertError(await post({ email: member.email }), 400, 'password is required');
      assertError(await post({ email: 7, password: PASSWORD }), 400, 'email has the wrong type');
      assertError(await post({ email: member.email, password: PASSWORD, domain: 7 }), 400, 'domain has the wrong type');
      assertError(await call(server, 'GET', '/auth/login'), 405, 'method not allowed');
      assertError(await call(server, 'POST', '/auth/login', { body: 'email=a', headers: { 'Content-Type': 'text/plain' } }), 415);
    });
  });
}

test('the account of signet dev logs in here as well', async () => {
  const server = await startSignet();
  const answer = await logIn(server, DEV_ADMIN.email, DEV_ADMIN.password);
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json.user.role, 'SUPER_ADMIN');
});

test('the claims can be left out, and signed for those who know a shared secret alone', async () => {
  const secret = 'a shared secret of thirty-two bytes and more';
  const server = await startFitnexa('serve', { settings: { 'face.fitnexa.token_member': 'no', 'face.fitnexa.token_algorithm': 'HS256', 'face.fitnexa.token_secret': secret } });
  const { token } = await register(server, { gymId: 'iron' });
  const { payload } = await jwtVerify(token, new TextEncoder().encode(secret));
  assert.deepEqual([payload.userId, payload.role, payload.gymId], [undefined, undefined, undefined]);
});
