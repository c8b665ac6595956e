// Document 000, Auth Routes: GET /me; User Routes: GET /users/me.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { assertError, assertUserAnswer, gymAdmin, MODES, register, startFitnexa } from '../../lib/fitnexa.js';
import { register as directoryUser } from '../../lib/directory.js';

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startFitnexa(mode)));

    for (const path of ['/auth/me', '/users/me']) {
      const ask = (token) => call(server, 'GET', path, { token });

      test(`${path} is the model of the document`, async () => {
        const member = await register(server, { firstName: 'Ann', lastName: 'Lee', gymId: 'iron' });
        const { id, createdAt, updatedAt, ...rest } = assertUserAnswer(await ask(member.token));
        assert.equal(id, member.user.id);
        assert.deepEqual(rest, {
          email: member.email, role: 'MEMBER', status: 'ACTIVE', gymId: 'iron', activatedAt: null, avatar: null, firstName: 'Ann', lastName: 'Lee',
        });
        assert.equal(createdAt, updatedAt);
      });

      test(`${path} shows the strongest of the three roles`, async () => {
        assert.equal(assertUserAnswer(await ask((await gymAdmin(server)).token)).role, 'GYM_ADMIN');
        assert.equal(assertUserAnswer(await ask(server.root)).role, 'SUPER_ADMIN');
      });

      test(`${path} takes a token of any face, and none else`, async () => {
        const { token, id } = await directoryUser(server);
        assert.equal(assertUserAnswer(await ask(token)).id, id);
        assertError(await ask(undefined), 401, 'authentication required');
        assertError(await ask('rubbish'), 401, 'invalid or expired token');
      });
    }

    test('the words below /users are no ids of the directory', async () => {
      for (const [method, path, allowed] of [['DELETE', '/users/me', 'GET, HEAD'], ['PUT', '/users/all', 'GET, HEAD'], ['GET', '/users/profile', 'PUT'], ['GET', '/users/activate', 'POST'], ['DELETE', '/users/create-gym-admin', 'POST'], ['PUT', '/users/createUser', 'POST']]) {
        const answer = await call(server, method, path, { token: server.root, json: {}, plain: true });
        assert.equal(answer.status, 405, `${method} ${path}: ${answer.text}`);
        assert.equal(answer.headers.allow, allowed);
      }
    });
  });
}
