// Document 000, User Routes: PUT /profile.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { assertError, assertUserAnswer, me, MODES, register, startFitnexa } from '../../lib/fitnexa.js';

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startFitnexa(mode)));
    const put = (token, json) => call(server, 'PUT', '/users/profile', { token, json });

    test('what is given changes, what is absent stays, null and an empty text clear', async () => {
      const { token } = await register(server, { firstName: 'Ann', lastName: 'Lee' });
      const changed = assertUserAnswer(await put(token, { phone: '+49 30 1234', bio: 'Squats.\nAnd rows.' }));
      assert.deepEqual([changed.firstName, changed.lastName, changed.phone, changed.bio], ['Ann', 'Lee', '+49 30 1234', 'Squats.\nAnd rows.']);
      assert.ok(changed.updatedAt >= changed.createdAt);
      const cleared = assertUserAnswer(await put(token, { lastName: null, phone: '', firstName: 'Anna' }));
      assert.deepEqual([cleared.firstName, cleared.bio], ['Anna', 'Squats.\nAnd rows.']);
      assert.ok(!('lastName' in cleared) && !('phone' in cleared));
      assert.deepEqual((await me(server, token)).json, cleared);
    });

    test('nothing else can be changed by it', async () => {
      const { token, user } = await register(server, { gymId: 'iron' });
      const { updatedAt, ...rest } = assertUserAnswer(await put(token, {
        id: '01a1feec-ce90-7532-b6a3-ca184ff1da28', email: 'other@example.com', role: 'SUPER_ADMIN', roles: ['SUPER_ADMIN'], status: 'INACTIVE', gymId: 'gold',
        organizationId: 'gold', activatedAt: '2020-01-01T00:00:00.000Z', avatar: 'javascript:alert(1)', password: 'another password', verified: true, createdAt: '2020-01-01T00:00:00.000Z',
      }));
      const { updatedAt: before_, ...same } = user;
      assert.deepEqual(rest, same);
      assert.ok(updatedAt >= before_);
    });

    test('what is wrong is named', async () => {
      const { token } = await register(server);
      assertError(await put(token, { firstName: 7 }), 400, 'firstName has the wrong type');
      assertError(await put(token, { firstName: 'x'.repeat(201) }), 400, 'firstName has a value that is not allowed');
      assertError(await put(token, { phone: '1'.repeat(41) }), 400, 'phone has a value that is not allowed');
      assertError(await put(token, { bio: 'é'.repeat(2001) }), 400, 'bio has a value that is not allowed');
      assertUserAnswer(await put(token, { bio: 'é'.repeat(2000) }));
      assertError(await put(undefined, {}), 401, 'authentication required');
    });
  });
}
