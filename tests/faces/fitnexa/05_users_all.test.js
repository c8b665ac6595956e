// Document 000, Admin Routes: GET /users/all.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { assertError, assertUser, gymAdmin, IRON, MODES, register, startFitnexa } from '../../lib/fitnexa.js';
import { withRoles } from '../../lib/directory.js';

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    const people = {};
    before(async () => {
      server = await startFitnexa(mode);
      people.ann = await register(server, { firstName: 'Ann', lastName: 'Lee', gymId: 'iron' });
      people.bob = await register(server, { firstName: 'Bob', gymId: 'gold' });
      people.cid = await gymAdmin(server);
      people.dan = await register(server, { email: 'Dan.Lee@Example.org' });
    });
    const list = (query = '', token = server.root) => call(server, 'GET', `/users/all${query}`, { token });
    async function found(query) {
      const answer = await list(query);
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(Object.keys(answer.json), ['users', 'total', 'page', 'limit']);
      answer.json.users.forEach(assertUser);
      return answer.json;
    }
    const emails = async (query) => (await found(query)).users.map(({ email }) => email);

    test('everyone, in the order in which they came, twenty to a page', async () => {
      const { users, total, page, limit } = await found('');
      assert.deepEqual([total, page, limit], [5, 1, 20]);
      assert.deepEqual(users.map(({ email }) => email), ['keeper@example.com', ...Object.values(people).map(({ email }) => email)]);
      assert.deepEqual(users.map(({ role }) => role), ['SUPER_ADMIN', 'MEMBER', 'MEMBER', 'GYM_ADMIN', 'MEMBER']);
    });

    test('pages are pieces of the whole', async () => {
      const all = await emails('?limit=100');
      for (const [limit, page] of [[1, 1], [2, 1], [2, 2], [2, 3], [3, 2], [5, 1], [5, 2]]) {
        assert.deepEqual(await emails(`?limit=${limit}&page=${page}`), all.slice((page - 1) * limit, page * limit));
        assert.deepEqual(await emails(`?limit=${limit}&page=${page}&status=ACTIVE`), all.slice((page - 1) * limit, page * limit));
      }
      assert.deepEqual(await emails('?page=9007199254740991&limit=100'), []);
    });

    test('search, role, gymId and status narrow it down, alone and together', async () => {
      const { ann, bob, cid, dan } = people;
      assert.deepEqual(await emails('?search=lee'), [ann.email, dan.email]);
      assert.deepEqual(await emails('?search=EXAMPLE.ORG'), [dan.email]);
      assert.deepEqual(await emails('?search=nobody%25'), []);
      assert.deepEqual(await emails('?role=GYM_ADMIN'), [cid.email]);
      assert.deepEqual(await emails('?role=SUPER_ADMIN'), ['keeper@example.com']);
      assert.deepEqual(await emails('?role=MEMBER'), [ann.email, bob.email, dan.email]);
      assert.deepEqual(await emails('?gymId=iron'), [ann.email, cid.email]);
      assert.deepEqual(await emails('?gymId=Iron'), [ann.email, cid.email]);
      assert.deepEqual(await emails(`?gymId=${IRON}`), [ann.email, cid.email]);
      assert.deepEqual(await emails('?gymId=nowhere'), []);
      assert.deepEqual(await emails('?status=PENDING_ACTIVATION'), []);
      assert.deepEqual(await emails('?gymId=iron&role=MEMBER&search=ann&status=ACTIVE'), [ann.email]);
      assert.equal((await found('?gymId=iron&limit=1')).total, 2);
    });

    test('those who may not come in are INACTIVE', async () => {
      const stopped = await withRoles(server, 'ADMIN');
      await call(server, 'DELETE', `/api/v1/admin/${stopped.username}`, { token: server.root });
      const { users } = await found('?status=INACTIVE');
      assert.deepEqual(users.map(({ id, status }) => [id, status]), [[stopped.id, 'INACTIVE']]);
    });

    test('it is for super administrators alone', async () => {
      assertError(await call(server, 'GET', '/users/all'), 401, 'authentication required');
      for (const { token } of [people.ann, people.cid, await withRoles(server, 'ADMIN')]) {
        assertError(await list('', token), 403, 'forbidden');
      }
    });

    test('what is wrong is named', async () => {
      for (const [query, name] of [['page=0', 'page'], ['page=-1', 'page'], ['page=9007199254740992', 'page'], ['limit=0', 'limit'], ['limit=101', 'limit'], ['role=USER', 'role'], ['role=member', 'role'], ['status=PENDING', 'status']]) {
        assertError(await list(`?${query}`), 400, `${name} has a value that is not allowed`);
      }
      assertError(await list('?page=one'), 400, 'page has the wrong type');
    });
  });
}
