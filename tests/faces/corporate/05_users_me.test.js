// Document 004, Get My Profile.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { assertError, getVerified, me, MEMBERS, MODES, PATH, register, startCorporate, tokenOf } from '../../lib/corporate.js';
import { cli, DEV_ADMIN } from '../../lib/signet.js';
import { tokenOf as edgeToken } from '../../lib/edge.js';

const CAUSE = 'Full authentication is required to access this resource';

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startCorporate(mode)));

    test('the printed profile is as printed', async () => {
      const { userId, email } = await register(server, { email: 'sammed@email.com', phone: '9090909090' });
      await getVerified(server, email);
      const answer = await me(server, await tokenOf(server, email));
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(Object.keys(answer.json), MEMBERS);
      assert.deepEqual(answer.json, {
        userId, fullName: 'Sammed Jain', email: 'sammed@email.com', phone: '9090909090', status: 'ACTIVE', corporateVerified: true,
      });
    });

    test('a text that is no token is the printed error', async () => {
      const answer = await me(server, 'rubbish');
      assertError(answer, 401, PATH.me, CAUSE);
      assert.deepEqual(answer.json.details, { JWTException: 'JWT strings must contain exactly 2 period characters. Found: 0', cause: CAUSE });
    });

    test('no token is 401 too, and has no JWTException', async () => {
      const answer = await call(server, 'GET', PATH.me);
      assertError(answer, 401, PATH.me, CAUSE);
      assert.deepEqual(Object.keys(answer.json.details), ['cause']);
    });

    test('a token that was changed, or whose session has ended, is refused', async () => {
      const { email } = await register(server);
      const token = await tokenOf(server, email);
      const [head, body, signature] = token.split('.');
      assertError(await me(server, `${head}.${body}.${signature.slice(0, -4)}AAAA`), 401, PATH.me, CAUSE);
      assert.equal((await me(server, token)).status, 200);
      assert.equal((await call(server, 'POST', '/auth/logout', { json: { token } })).status, 200);
      assertError(await me(server, token), 401, PATH.me, CAUSE);
    });
  });
}

test('who came by another face has what is known of them', async () => {
  const server = await startCorporate('dev');
  const answer = await me(server, await edgeToken(server));
  assert.deepEqual({ ...answer.json, userId: '' }, { userId: '', fullName: null, email: DEV_ADMIN.email, phone: null, status: 'ACTIVE', corporateVerified: false });
  const { code } = await cli(['admin', 'create', 'other', '--data', server.dir, '--email', 'other@example.com', '--role', 'ADMIN'], { stdin: 'seventeen green kites\n' });
  assert.equal(code, 0);
  assert.equal((await me(server, await tokenOf(server, 'other@example.com', 'seventeen green kites'))).json.status, 'ACTIVE');
});
