// Document 003, Permissions API: create, list, delete.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { assertError, assertNothing, assertPage, assertPages, assertResult, createPermission, createRole, MODES, register, startDirectory, withRoles } from '../../lib/directory.js';

const EXAMPLE = { name: 'READ_DATA', description: 'Permission to read data' };

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startDirectory(mode)));

    const create = (json, token = server.token) => call(server, 'POST', '/permissions', { token, json });
    const remove = (name, token = server.token) => call(server, 'DELETE', `/permissions/${encodeURIComponent(name)}`, { token });
    const list = async () => assertPage(await call(server, 'GET', '/permissions?limit=100', { token: server.token })).result;

    test('the printed examples answer as printed', async () => {
      const answer = await create(EXAMPLE);
      assert.equal(answer.text, JSON.stringify({ result: EXAMPLE }));
      assertResult(answer);
      assert.deepEqual((await list()).find(({ name }) => name === 'READ_DATA'), EXAMPLE);
      assertNothing(await remove('READ_DATA'));
      assert.ok(!(await list()).some(({ name }) => name === 'READ_DATA'));
    });

    test('a name is enough', async () => {
      assert.deepEqual(assertResult(await create({ name: 'bare:one' })), { name: 'bare:one', description: null });
      assertNothing(await remove('bare:one'));
    });

    test('a name that is taken is 409, also one of the service\'s own', async () => {
      await createPermission(server, 'TAKEN');
      for (const name of ['TAKEN', '*', 'users:*', 'users:read']) {
        assertError(await create({ name }), 4090, 'already exists');
      }
    });

    test('what cannot be is refused and named', async () => {
      for (const name of [' ', 'a b', 'a/b', 'a*', '*:read', '**', 'x'.repeat(102), 'L\u00c4SEN']) {
        assertError(await create({ name }), 4004, 'name has a value that is not allowed');
      }
      assertError(await create({}), 4002, 'name is required');
      assertError(await create({ name: ['X'] }), 4003, 'name has the wrong type');
      assertError(await create({ name: 'X', description: 7 }), 4003, 'description has the wrong type');
      assertError(await create({ name: 'X', description: 'x'.repeat(501) }), 4004, 'description has a value that is not allowed');
    });

    test('every page is exact, at every edge', async () => {
      const { length } = await list();
      for (let i = length; i < 30; i++) {
        await createPermission(server, `PAGE_${i}`);
      }
      await assertPages(server, '/permissions', 30, 'name');
    });

    test('one that a role allows is in use, until the role is gone', async () => {
      await createPermission(server, 'IN_USE');
      await createRole(server, 'USES_IT', ['IN_USE']);
      assertError(await remove('IN_USE'), 4094, 'still in use');
      assertNothing(await call(server, 'DELETE', '/roles/USES_IT', { token: server.root }));
      assertNothing(await remove('IN_USE'));
      assertError(await remove('IN_USE'), 4041, 'not found');
    });

    test('a role made while its permission is deleted has it, or is not made', async () => {
      await createPermission(server, 'FLEETING');
      const [made, gone] = await Promise.all([
        call(server, 'POST', '/roles', { token: server.root, json: { name: 'HOLDS_IT', permissions: ['FLEETING'] } }),
        remove('FLEETING', server.root),
      ]);
      assert.deepEqual([made.status, gone.status].sort(), made.status === 200 ? [200, 409] : [200, 400]);
      assert.equal((await list()).some(({ name }) => name === 'FLEETING'), made.status === 200);
    });

    test('what comes with the service stays', async () => {
      for (const name of ['*', 'users:*', 'users:read', 'metrics:read']) {
        assertError(await remove(name, server.root), 4095, 'it comes with the service and stays');
      }
    });

    test('one that sounds like the service\'s own allows nothing of it', async () => {
      const admin = await withRoles(server, 'ADMIN');
      for (const name of ['Users:Read', 'users:read:all', 'metrics:READ']) {
        await createPermission(server, name);
      }
      await createRole(server, 'SOUNDS_GOOD', ['Users:Read', 'users:read:all', 'metrics:READ']);
      const { token } = await withRoles(server, 'SOUNDS_GOOD');
      assertError(await call(server, 'GET', '/users', { token }), 4030);
      assert.equal((await call(server, 'GET', '/permissions', { token: admin.token })).status, 200);
    });

    test('a star that covers the service\'s own is its own to give', async () => {
      const admin = await withRoles(server, 'ADMIN');
      const answer = await create({ name: 'metrics:*' }, admin.token);
      assert.ok([200, 409].includes(answer.status), answer.text);
      assertError(await call(server, 'POST', '/roles', { token: admin.token, json: { name: 'SLY', permissions: ['metrics:*'] } }), 4030);
    });

    test('a user makes and deletes none, and a token that is not good is refused', async () => {
      const { token } = await register(server);
      assertError(await create({ name: 'MINE' }, token), 4030);
      assertError(await remove('TAKEN', token), 4030);
      assertError(await call(server, 'GET', '/permissions', { token }), 4030);
      assertError(await create({ name: 'MINE' }, 'rubbish'), 4011);
    });
  });
}
