// Document 003, Roles API: create, list, delete.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { assertError, assertNothing, assertPage, assertPages, assertResult, createPermission, createRole, getUser, MODES, register, startDirectory, update, withRoles } from '../../lib/directory.js';

const BUILT_IN = ['ADMIN', 'GYM_ADMIN', 'MEMBER', 'SUPER_ADMIN', 'USER'];
const EXAMPLE = { name: 'MANAGER', description: 'Manager role', permissions: ['READ_DATA', 'WRITE_DATA'] };

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startDirectory(mode)));

    const create = (json, token = server.token) => call(server, 'POST', '/roles', { token, json });
    const remove = (name, token = server.token) => call(server, 'DELETE', `/roles/${encodeURIComponent(name)}`, { token });
    const list = async () => assertPage(await call(server, 'GET', '/roles?limit=100', { token: server.token })).result;

    test('the printed example answers as printed', async () => {
      await createPermission(server, 'READ_DATA', 'Read data permission');
      await createPermission(server, 'WRITE_DATA', 'Write data permission');
      const role = assertResult(await create(EXAMPLE));
      assert.equal(JSON.stringify(role), JSON.stringify({
        name: 'MANAGER',
        description: 'Manager role',
        permissions: [
          { name: 'READ_DATA', description: 'Read data permission' },
          { name: 'WRITE_DATA', description: 'Write data permission' },
        ],
      }));
      assert.deepEqual((await list()).find(({ name }) => name === 'MANAGER'), role);
    });

    test('a name is enough', async () => {
      assert.deepEqual(assertResult(await create({ name: 'BARE' })), { name: 'BARE', description: null, permissions: [] });
    });

    test('a permission that there is not is named, and no role is made', async () => {
      await createPermission(server, 'THERE');
      assertError(await create({ name: 'HALF', permissions: ['THERE', 'NOT_THERE'] }), 4009, 'no such permission: NOT_THERE');
      assertError(await create({ name: 'HALF', permissions: ['there'] }), 4009, 'no such permission: there');
      assertError(await create({ name: 'HALF', permissions: [''] }), 4009);
      assert.ok(!(await list()).some(({ name }) => name === 'HALF'));
    });

    test('one that is named twice is there once', async () => {
      await createPermission(server, 'TWICE');
      assert.equal(assertResult(await create({ name: 'TWICE', permissions: ['TWICE', 'TWICE'] })).permissions.length, 1);
    });

    test('a name that is taken is 409', async () => {
      await create({ name: 'TAKEN' });
      assertError(await create({ name: 'TAKEN' }), 4090, 'already exists');
      for (const name of BUILT_IN) {
        assertError(await create({ name }), 4090);
      }
    });

    test('what cannot be is refused and named', async () => {
      for (const name of [' ', 'a/b', '<b>', 'x'.repeat(101), ' X', 'R\u00d6LE', 'a\nb']) {
        assertError(await create({ name }), 4004, 'name has a value that is not allowed');
      }
      assertError(await create({}), 4002, 'name is required');
      assertError(await create({ name: '' }), 4002, 'name is required');
      assertError(await create({ name: 7 }), 4003, 'name has the wrong type');
      assertError(await create({ name: 'X', permissions: 'READ_DATA' }), 4003, 'permissions has the wrong type');
      assertError(await create({ name: 'X', permissions: [{ name: 'READ_DATA' }] }), 4003, 'permissions has the wrong type');
      assertError(await create({ name: 'X', description: 'x'.repeat(501) }), 4004, 'description has a value that is not allowed');
      assertError(await create({ name: 'X', permissions: Array.from({ length: 101 }, () => 'READ_DATA') }), 4004, /^permissions /);
    });

    test('members that the document does not have change nothing', async () => {
      const json = { name: 'PLAIN', rank: 1_000, builtIn: true, built_in: true, id: 1 };
      assert.deepEqual(assertResult(await create(json)), { name: 'PLAIN', description: null, permissions: [] });
      assertNothing(await remove('PLAIN'));
    });

    test('nobody makes a role that allows of the service more than they may', async () => {
      const admin = await withRoles(server, 'ADMIN');
      for (const permission of ['*', 'metrics:read', 'orgs:write']) {
        assertError(await create({ name: 'BOLD', permissions: [permission] }, admin.token), 4030);
        if (mode === 'dev') {
          assertError(await create({ name: 'BOLD', permissions: [permission] }), 4030);
        }
      }
      assertResult(await create({ name: 'MODEST', permissions: ['users:read'] }, admin.token));
    });

    test('every page is exact, at every edge', async () => {
      const { length } = await list();
      for (let i = length; i < 25; i++) {
        await createRole(server, `PAGE_${i}`);
      }
      await assertPages(server, '/roles', 25, 'name');
      const all = (await list()).map(({ name }) => name);
      assert.deepEqual(all, [...all].sort());
    });

    test('a role that is deleted is taken from whoever holds it, at once', async () => {
      await createRole(server, 'SHORT LIVED', ['users:read']);
      const holder = await withRoles(server, 'USER', 'SHORT LIVED');
      assert.equal((await call(server, 'GET', '/users', { token: holder.token })).status, 200);
      assertNothing(await remove('SHORT LIVED'));
      assertError(await call(server, 'GET', '/users', { token: holder.token }), 4030);
      assert.deepEqual((await getUser(server, holder.id)).roles.map(({ name }) => name), ['USER']);
      assertError(await remove('SHORT LIVED'), 4041, 'not found');
    });

    test('a role of the same name is another one, which nobody holds', async () => {
      await createRole(server, 'PHOENIX', ['users:read']);
      const holder = await withRoles(server, 'PHOENIX');
      assertNothing(await remove('PHOENIX'));
      await createRole(server, 'PHOENIX', ['users:read']);
      assert.deepEqual((await getUser(server, holder.id)).roles, []);
      assertError(await call(server, 'GET', '/users', { token: holder.token }), 4030);
    });

    test('what comes with the service stays', async () => {
      for (const name of BUILT_IN) {
        assertError(await remove(name, server.root), 4095, 'it comes with the service and stays');
      }
      assert.deepEqual((await list()).map(({ name }) => name).filter((name) => BUILT_IN.includes(name)), BUILT_IN);
    });

    test('nobody deletes a role that allows of the service more than they may', async () => {
      await createRole(server, 'WATCHMAN', ['metrics:read']);
      const admin = await withRoles(server, 'ADMIN');
      assertError(await remove('WATCHMAN', admin.token), 4030);
      assertNothing(await remove('WATCHMAN', server.root));
    });

    test('a user makes and deletes none, and a token that is not good is refused', async () => {
      const { token } = await register(server);
      assertError(await create({ name: 'MINE' }, token), 4030);
      assertError(await remove('MANAGER', token), 4030);
      assertError(await call(server, 'GET', '/roles', { token }), 4030);
      assertError(await create({ name: 'MINE' }, 'rubbish'), 4011);
    });

    test('a role given and deleted at once leaves nobody with what there is not', async () => {
      await createRole(server, 'RACE', ['users:read']);
      const users = [await register(server), await register(server), await register(server)];
      await Promise.all([remove('RACE', server.root), ...users.map(({ id }) => update(server, server.root, id, { roles: ['RACE'] }))]);
      for (const { id, token } of users) {
        assert.ok(!(await getUser(server, id)).roles.some(({ name }) => name === 'RACE'));
        assertError(await call(server, 'GET', '/users', { token }), 4030);
      }
    });
  });
}
