// Document 001, Roles & Permissions: roles.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { api, assertData, assertDone, assertError, assertIds, assertNew, assertPages, assertRole, BUILT_IN, makePermission, makeRole, named, newName, NOBODY, startGateway } from '../../lib/gateway_face.js';

describe('roles', () => {
  let server;
  before(async () => (server = await startGateway()));

  const create = (json, by) => api(server, 'POST', '/roles', { json, by });
  const get = async (id) => assertRole(assertData(await api(server, 'GET', `/roles/${id}`)));
  const put = (id, json, by) => api(server, 'PUT', `/roles/${id}`, { json, by });
  const remove = (id, by) => api(server, 'DELETE', `/roles/${id}`, { by });

  test('one is made as the document has it, and is there', async () => {
    const permission = await makePermission(server);
    const role = assertNew(assertRole(assertData(await create({ name: 'MANAGER', permissions: [permission.name, 'users:read'] }), 201)));
    assert.equal(role.name, 'MANAGER');
    assert.ok(!('description' in role));
    assert.deepEqual(role.permissions, [permission.name, 'users:read'].sort());
    assert.equal(role.createdAt, role.updatedAt);
    assert.deepEqual(await get(role.id), role);
    assert.deepEqual(await named(server, 'roles', 'MANAGER'), role);
  });

  test('a description and no permission will do', async () => {
    const role = assertData(await create({ name: newName(), description: 'for show' }), 201);
    assert.equal(assertRole(role).description, 'for show');
    assert.deepEqual(role.permissions, []);
  });

  test('what cannot be is refused, and named', async () => {
    assertError(await create({}), 400, 'FIELD_REQUIRED', 'name');
    assertError(await create({ name: 7 }), 400, 'FIELD_TYPE', 'name');
    assertError(await create({ name: 'a/b' }), 400, 'FIELD_VALUE', 'name');
    assertError(await create({ name: newName(), permissions: 'users:read' }), 400, 'FIELD_TYPE', 'permissions');
    const answer = await create({ name: 'HALF', permissions: ['users:read', 'NOT_THERE'] });
    assertError(answer, 400, 'PERMISSION_UNKNOWN');
    assert.equal(answer.json.error.message, 'no such permission: NOT_THERE');
    assert.equal(await named(server, 'roles', 'HALF'), undefined);
  });

  test('a name that is taken is 409', async () => {
    const { name } = await makeRole(server);
    assertError(await create({ name }), 409, 'ALREADY_EXISTS');
    assertError(await create({ name: 'ADMIN' }), 409, 'ALREADY_EXISTS');
    const other = await makeRole(server);
    assertError(await put(other.id, { name }), 409, 'ALREADY_EXISTS');
  });

  test('an update changes what it names, and null clears the description', async () => {
    const role = assertData(await create({ name: newName(), description: 'first', permissions: ['users:read'] }), 201);
    const renamed = assertRole(assertData(await put(role.id, { name: newName() })));
    assert.deepEqual({ ...renamed, name: role.name, updatedAt: role.updatedAt }, role);
    assert.notEqual(renamed.name, role.name);
    assert.deepEqual(assertData(await put(role.id, { permissions: [] })).permissions, []);
    assert.deepEqual(assertData(await put(role.id, { permissions: ['users:*', 'users:*'] })).permissions, ['users:*']);
    assert.equal(assertData(await put(role.id, { name: null, permissions: null })).name, renamed.name);
    assert.ok(!('description' in assertData(await put(role.id, { description: null }))));
    assert.deepEqual((await get(role.id)).permissions, ['users:*']);
  });

  test('what a role allows from here on holds for all who hold it, at once', async () => {
    const role = await makeRole(server);
    const userId = server.plain.id;
    const check = async () => assertData(await api(server, 'GET', `/roles/check-permission/${userId}/orgs:read`)).allowed;
    assertData(await api(server, 'POST', '/roles/assign', { json: { userId, roleId: role.id } }));
    assert.equal(await check(), false);
    assertData(await put(role.id, { permissions: ['orgs:read'] }));
    assert.equal(await check(), true);
    assertDone(await remove(role.id));
    assert.equal(await check(), false);
    assertError(await remove(role.id), 404, 'NOT_FOUND');
  });

  test('what comes with the service stays as it is', async () => {
    for (const name of BUILT_IN) {
      const { id } = await named(server, 'roles', name);
      assertError(await remove(id), 409, 'BUILT_IN');
      assertError(await put(id, { permissions: [] }), 409, 'BUILT_IN');
    }
  });

  test('nobody makes a role that allows of the service more than they may', async () => {
    const role = await makeRole(server);
    for (const permission of ['*', 'metrics:read', 'orgs:write']) {
      assertError(await create({ name: newName(), permissions: [permission] }, server.admin), 403, 'FORBIDDEN');
      assertError(await put(role.id, { permissions: [permission] }, server.admin), 403, 'FORBIDDEN');
    }
    assert.deepEqual((await get(role.id)).permissions, []);
  });

  test('every page is exact, and sorted by name', async () => {
    for (let i = 0; i < 22; i++) {
      await makeRole(server, ['users:read']);
    }
    await assertPages(server, '/roles');
    const { items } = assertData(await api(server, 'GET', '/roles?limit=100'));
    assert.deepEqual(items.map(({ name }) => name), items.map(({ name }) => name).sort());
    items.forEach((role) => assertRole(role));
  });

  test('an id that is none is 400, one that nothing has is 404', async () => {
    await assertIds(server, [['GET', '/roles/MANAGER', 'id'], ['PUT', '/roles/7', 'id', {}], ['DELETE', '/roles/MANAGER', 'id']]);
    assertError(await api(server, 'GET', `/roles/${NOBODY}`), 404, 'NOT_FOUND');
    assertError(await put(NOBODY, {}), 404, 'NOT_FOUND');
    assertError(await remove(NOBODY), 404, 'NOT_FOUND');
  });
});
