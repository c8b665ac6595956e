// Document 001, Roles & Permissions: permissions, and which role allows them.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { api, assertData, assertDone, assertError, assertIds, assertNew, assertPages, assertPermission, assertRole, makePermission, makeRole, named, newName, NOBODY, startGateway } from '../../lib/gateway_face.js';

describe('permissions', () => {
  let server;
  before(async () => (server = await startGateway()));

  const create = (json) => api(server, 'POST', '/permissions', { json });
  const put = (id, json) => api(server, 'PUT', `/permissions/${id}`, { json });
  const remove = (id) => api(server, 'DELETE', `/permissions/${id}`);
  const assign = (roleId, permissionId, by) => api(server, 'POST', '/permissions/assign', { json: { roleId, permissionId }, by });
  const allowedBy = async (role) => assertData(await api(server, 'GET', `/roles/${role.id}/permissions?limit=100`)).items;

  test('one is made as the document has it, and is there', async () => {
    const permission = assertNew(assertPermission(assertData(await create({ name: 'READ_DATA', description: 'Read data' }), 201)));
    assert.deepEqual(permission, { id: permission.id, name: 'READ_DATA', description: 'Read data' });
    assert.deepEqual(assertData(await api(server, 'GET', `/permissions/${permission.id}`)), permission);
    assert.deepEqual(await named(server, 'permissions', 'READ_DATA'), permission);
    assert.ok(!('description' in assertPermission(await makePermission(server))));
  });

  test('what cannot be is refused, and named; a name that is taken is 409', async () => {
    assertError(await create({}), 400, 'FIELD_REQUIRED', 'name');
    assertError(await create({ name: 'read data' }), 400, 'FIELD_VALUE', 'name');
    assertError(await create({ name: newName(), description: 7 }), 400, 'FIELD_TYPE', 'description');
    assertError(await create({ name: 'users:read' }), 409, 'ALREADY_EXISTS');
    const permission = await makePermission(server);
    assertError(await put(permission.id, { name: 'users:read' }), 409, 'ALREADY_EXISTS');
  });

  test('an update changes what it names, and null clears the description', async () => {
    const { id, name } = await makePermission(server);
    assert.deepEqual(assertData(await put(id, { description: 'new' })), { id, name, description: 'new' });
    const renamed = assertData(await put(id, { name: newName() }));
    assert.equal(renamed.description, 'new');
    assert.deepEqual(assertData(await put(id, { description: null })), { id, name: renamed.name });
  });

  test('while a role allows it, it keeps its name and is not deleted', async () => {
    const permission = await makePermission(server);
    const role = await makeRole(server, [permission.name]);
    assertError(await put(permission.id, { name: newName() }), 409, 'IN_USE');
    assertError(await remove(permission.id), 409, 'IN_USE');
    assertDone(await api(server, 'DELETE', `/roles/${role.id}`));
    assertDone(await remove(permission.id));
    assertError(await remove(permission.id), 404, 'NOT_FOUND');
  });

  test('what comes with the service stays as it is', async () => {
    const { id } = await named(server, 'permissions', 'users:read');
    assertError(await remove(id), 409, 'BUILT_IN');
    assertError(await put(id, { description: 'mine' }), 409, 'BUILT_IN');
  });

  test('every page is exact', async () => {
    await assertPages(server, '/permissions');
    const role = await makeRole(server, ['users:read', 'users:write', 'roles:read', 'orgs:read']);
    await assertPages(server, `/roles/${role.id}/permissions`);
  });

  test('a role is allowed one thing more, and one less', async () => {
    const [first, second] = [await makePermission(server), await makePermission(server)];
    const role = await makeRole(server, [first.name]);
    assert.deepEqual(await allowedBy(role), [first]);
    assert.deepEqual(assertRole(assertData(await assign(role.id, second.id))).permissions, [first.name, second.name].sort());
    assert.equal(assertData(await assign(role.id, second.id)).permissions.length, 2, 'again changes nothing');
    assertDone(await api(server, 'DELETE', `/roles/${role.id}/permissions/${first.id}`));
    assert.deepEqual(await allowedBy(role), [second]);
    assertError(await api(server, 'DELETE', `/roles/${role.id}/permissions/${first.id}`), 404, 'NOT_FOUND');
  });

  test('nobody lets a role allow of the service more than they may, nor less of what is more', async () => {
    const everything = await named(server, 'permissions', '*');
    const role = await makeRole(server, ['users:read']);
    assertError(await assign(role.id, everything.id, server.admin), 403, 'FORBIDDEN');
    const strong = await makeRole(server, ['*']);
    assertError(await api(server, 'DELETE', `/roles/${strong.id}/permissions/${everything.id}`, { by: server.admin }), 403, 'FORBIDDEN');
    assert.deepEqual((await allowedBy(strong)).map(({ name }) => name), ['*']);
  });

  test('roles of the service stay as they are', async () => {
    const role = await named(server, 'roles', 'ADMIN');
    const [one] = await allowedBy(role);
    assertError(await assign(role.id, one.id), 409, 'BUILT_IN');
    assertError(await api(server, 'DELETE', `/roles/${role.id}/permissions/${one.id}`), 409, 'BUILT_IN');
  });

  test('an id that is none is 400, one that nothing has is 404', async () => {
    const role = await makeRole(server);
    await assertIds(server, [
      ['GET', '/permissions/x', 'id'], ['PUT', '/permissions/x', 'id', {}], ['DELETE', '/permissions/x', 'id'],
      ['GET', '/roles/x/permissions', 'id'], ['DELETE', `/roles/${role.id}/permissions/x`, 'permissionId'],
      ['POST', '/permissions/assign', 'roleId', { roleId: 'x', permissionId: NOBODY }],
      ['POST', '/permissions/assign', 'permissionId', { roleId: NOBODY, permissionId: 'x' }],
    ]);
    const permission = await makePermission(server);
    assertError(await assign(NOBODY, permission.id), 404, 'NOT_FOUND');
    assertError(await assign(role.id, NOBODY), 404, 'NOT_FOUND');
    assertError(await api(server, 'GET', `/roles/${NOBODY}/permissions`), 404, 'NOT_FOUND');
  });
});
