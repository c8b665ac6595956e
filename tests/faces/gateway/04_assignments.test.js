// Document 001, Roles & Permissions: the roles of users.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { register } from '../../lib/directory.js';
import { api, assertData, assertDone, assertError, assertIds, assertPages, assertRole, GOLD, IRON, makeRole, memberOf, named, NOBODY, startGateway } from '../../lib/gateway_face.js';

describe('the roles of users', () => {
  let server;
  before(async () => (server = await startGateway()));

  const assign = (json, by) => api(server, 'POST', '/roles/assign', { json, by });
  const assignByName = (json, by) => api(server, 'POST', '/roles/assign-by-name', { json, by });
  const removeByName = (userId, json, by) => api(server, 'POST', `/roles/user/${userId}/remove-role`, { json, by });
  const remove = (userId, roleId, query = '', by) => api(server, 'DELETE', `/roles/user/${userId}/role/${roleId}${query}`, { by });
  const rolesOf = async (userId, by) => assertData(await api(server, 'GET', `/roles/user/${userId}`, { by })).items;
  const held = async (userId, by) => (await rolesOf(userId, by)).map(({ name, organizationId }) => [name, organizationId]);

  test('a role is given by its id, everywhere, and taken again', async () => {
    const { id: userId } = await register(server);
    const role = await makeRole(server, ['orgs:read']);
    assert.deepEqual(assertData(await assign({ userId, roleId: role.id })), { userId, roleId: role.id, roleName: role.name });
    assertData(await assign({ userId, roleId: role.id }), 200);
    const [strongest] = await rolesOf(userId);
    assert.deepEqual(assertRole(strongest), role);
    assert.deepEqual(await held(userId), [[role.name, undefined], ['USER', undefined]]);
    assertDone(await remove(userId, role.id));
    assertError(await remove(userId, role.id), 404, 'NOT_FOUND');
    assert.deepEqual(await held(userId), [['USER', undefined]]);
  });

  test('a role is given by its name, in one organization, and taken there alone', async () => {
    const { id: userId } = await register(server);
    const data = assertData(await assignByName({ userId, roleName: 'GYM_ADMIN', organizationId: IRON }));
    assert.deepEqual(Object.keys(data), ['userId', 'roleId', 'roleName', 'organizationId']);
    assertData(await assignByName({ userId, roleName: 'GYM_ADMIN', organizationId: GOLD }));
    const [first] = await rolesOf(userId);
    assertRole(first, ['organizationId']);
    assert.deepEqual((await held(userId)).slice(0, 2), [['GYM_ADMIN', IRON], ['GYM_ADMIN', GOLD]]);
    assertError(await removeByName(userId, { roleName: 'GYM_ADMIN' }), 404, 'NOT_FOUND');
    assertDone(await removeByName(userId, { roleName: 'GYM_ADMIN', organizationId: IRON }));
    assertDone(await remove(userId, data.roleId, `?organizationId=${GOLD}`));
    assert.deepEqual(await held(userId), [['USER', undefined]]);
  });

  test('who administers an organization gives and takes there what they hold, to its users alone', async () => {
    const by = server.gym;
    const { id: userId } = await memberOf(server, IRON);
    assertData(await assignByName({ userId, roleName: 'MEMBER', organizationId: IRON }, by));
    assertData(await assignByName({ userId, roleName: 'GYM_ADMIN', organizationId: IRON }, by));
    assertDone(await removeByName(userId, { roleName: 'GYM_ADMIN', organizationId: IRON }, by));
    assertError(await assignByName({ userId, roleName: 'ADMIN', organizationId: IRON }, by), 403, 'FORBIDDEN');
    assertError(await assignByName({ userId, roleName: 'MEMBER' }, by), 403, 'FORBIDDEN');
    assertError(await assignByName({ userId, roleName: 'MEMBER', organizationId: GOLD }, by), 404, 'NOT_FOUND');
    assertError(await assignByName({ userId, roleName: 'MEMBER', organizationId: NOBODY }, by), 404, 'NOT_FOUND');
    for (const stranger of [server.other.id, server.plain.id, server.admin.id, NOBODY]) {
      assertError(await assignByName({ userId: stranger, roleName: 'MEMBER', organizationId: IRON }, by), 404, 'NOT_FOUND');
      assertError(await removeByName(stranger, { roleName: 'MEMBER', organizationId: IRON }, by), 404, 'NOT_FOUND');
    }
  });

  test('nobody gives or takes what they do not hold', async () => {
    const userId = server.admin.id;
    assertError(await assignByName({ userId, roleName: 'SUPER_ADMIN' }, server.admin), 403, 'FORBIDDEN');
    assertError(await assignByName({ userId, roleName: 'SUPER_ADMIN', organizationId: IRON }, server.admin), 403, 'FORBIDDEN');
    assertError(await assignByName({ userId: server.plain.id, roleName: 'USER' }, server.plain), 403, 'FORBIDDEN');
    const { id } = await register(server);
    assertData(await assignByName({ userId: id, roleName: 'SUPER_ADMIN' }));
    assertError(await removeByName(id, { roleName: 'SUPER_ADMIN' }, server.admin), 403, 'FORBIDDEN');
    assertDone(await removeByName(id, { roleName: 'SUPER_ADMIN' }));
  });

  test('the last active super administrator stays one', async () => {
    const id = JSON.parse(Buffer.from(server.root.split('.')[1], 'base64url')).sub;
    assertError(await removeByName(id, { roleName: 'SUPER_ADMIN' }), 409, 'LAST_ADMIN');
  });

  test('users see their own roles; of others, who reads users, and nothing of other organizations', async () => {
    const mate = await memberOf(server, IRON);
    for (const organizationId of [IRON, GOLD]) {
      assertData(await assignByName({ userId: mate.id, roleName: 'MEMBER', organizationId }));
    }
    const all = [['MEMBER', IRON], ['MEMBER', GOLD], ['USER', undefined]];
    assert.deepEqual(await held(mate.id, mate), all);
    assert.deepEqual(await held(mate.id, server.admin), all);
    assert.deepEqual(await held(mate.id, server.gym), [['MEMBER', IRON], ['USER', undefined]]);
    const see = (id, by) => api(server, 'GET', `/roles/user/${id}`, { by });
    for (const id of [server.other.id, server.admin.id, NOBODY]) {
      assertError(await see(id, server.gym), 404, 'NOT_FOUND');
      assertError(await see(id, server.plain), 403, 'FORBIDDEN');
    }
    await assertPages(server, `/roles/user/${mate.id}`);
  });

  test('what there is not is 404, what is no id is 400', async () => {
    const userId = server.plain.id;
    const { id: roleId } = await named(server, 'roles', 'MEMBER');
    assertError(await assign({ userId, roleId: NOBODY }), 404, 'NOT_FOUND');
    assertError(await assign({ userId: NOBODY, roleId }), 404, 'NOT_FOUND');
    assertError(await assign({ userId, roleId, organizationId: NOBODY }), 404, 'NOT_FOUND');
    assertError(await assignByName({ userId, roleName: 'NOT_THERE' }), 404, 'NOT_FOUND');
    assertError(await removeByName(userId, { roleName: 'NOT_THERE' }), 404, 'NOT_FOUND');
    assertError(await assign({ userId }), 400, 'FIELD_REQUIRED', 'roleId');
    await assertIds(server, [
      ['POST', '/roles/assign', 'userId', { userId: 'x', roleId }], ['POST', '/roles/assign', 'roleId', { userId, roleId: 'MEMBER' }],
      ['POST', '/roles/assign', 'organizationId', { userId, roleId, organizationId: 'iron' }],
      ['GET', '/roles/user/x', 'userId'], ['POST', '/roles/user/x/remove-role', 'userId', { roleName: 'MEMBER' }],
      ['DELETE', `/roles/user/x/role/${roleId}`, 'userId'], ['DELETE', `/roles/user/${userId}/role/MEMBER`, 'roleId'],
    ]);
  });
});
