// Document 003, Users API 2: get all users.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { assertError, assertPage, assertPages, assertUser, MODES, register, startDirectory, withRoles } from '../../lib/directory.js';

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startDirectory(mode)));

    test('the printed request answers as printed', async () => {
      const { id, username } = await register(server);
      const answer = await call(server, 'GET', '/users?page=1&limit=12', { token: server.token });
      const page = assertPage(answer);
      assert.deepEqual([page.total, page.page, page.size, page.totalPages], [2, 1, 12, 1]);
      page.result.forEach(assertUser);
      assert.deepEqual([page.result[1].id, page.result[1].username], [id, username]);
      assert.equal(page.result[0].roles[0].name, 'SUPER_ADMIN');
      assert.doesNotMatch(answer.text, /argon2|"password"|\$/);
    });

    test('every page is exact, at every edge', async () => {
      for (let i = 0; i < 23; i++) {
        await register(server);
      }
      await assertPages(server, '/users', 25, 'id');
    });

    test('users come with all their roles, and those with their permissions', async () => {
      const { id } = await withRoles(server, 'ADMIN', 'MEMBER');
      const { result } = assertPage(await call(server, 'GET', '/users?limit=100', { token: server.token }));
      const found = result.find((user) => user.id === id);
      assert.deepEqual(found.roles.map((role) => role.name), ['ADMIN', 'MEMBER']);
      assert.deepEqual(found.roles[0].permissions.map((permission) => permission.name),
        ['admins:*', 'permissions:*', 'roles:*', 'sessions:*', 'users:*']);
    });

    test('one who is deleted is gone, and nobody else', async () => {
      const { id } = await register(server);
      const before = assertPage(await call(server, 'GET', '/users?limit=100', { token: server.token }));
      await call(server, 'DELETE', `/users/${id}`, { token: server.root });
      const after = assertPage(await call(server, 'GET', '/users?limit=100', { token: server.token }));
      assert.equal(after.total, before.total - 1);
      assert.deepEqual(after.result.map((user) => user.id).sort(),
        before.result.map((user) => user.id).filter((one) => one !== id).sort());
    });

    test('a user may not read them all, and a token that is not good is refused', async () => {
      const { token } = await register(server);
      assertError(await call(server, 'GET', '/users', { token }), 4030);
      assertError(await call(server, 'GET', '/users', { token: 'rubbish' }), 4011);
    });

    test('who administers may', async () => {
      const { token } = await withRoles(server, 'ADMIN');
      assertPage(await call(server, 'GET', '/users', { token }));
    });

    test('another method is 405 and tells which ones there are', async () => {
      const answer = await call(server, 'POST', '/users', { token: server.token, json: {} });
      assertError(answer, 4050);
      assert.match(answer.headers.allow, /\bGET\b/);
    });
  });
}
