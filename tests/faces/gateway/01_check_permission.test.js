// Document 001, Roles & Permissions: GET /id/api/roles/check-permission/:userId/:permissionName.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { api, assertData, assertDone, assertError, GOLD, IRON, makePermission, makeRole, memberOf, NOBODY, startGateway } from '../../lib/gateway_face.js';

describe('check-permission', () => {
  let server;
  before(async () => (server = await startGateway()));

  const check = (userId, permission, { by, query = '' } = {}) =>
    api(server, 'GET', `/roles/check-permission/${userId}/${encodeURIComponent(permission)}${query}`, { by });
  const allowed = async (userId, permission, options) => {
    const data = assertData(await check(userId, permission, options));
    assert.deepEqual(data, { userId, permission, allowed: data.allowed });
    return data.allowed;
  };
  const inIron = `?organizationId=${IRON}`;
  const inGold = `?organizationId=${GOLD}`;

  test('whoever holds it is allowed it, and nobody else', async () => {
    assert.equal(await allowed(server.admin.id, 'users:read'), true);
    assert.equal(await allowed(server.admin.id, 'metrics:read'), false);
    assert.equal(await allowed(server.plain.id, 'users:read'), false);
  });

  test('a permission of somebody else is one like any other, from the moment it is given', async () => {
    const permission = await makePermission(server);
    const role = await makeRole(server, [permission.name]);
    const { id } = await memberOf(server, IRON);
    assert.equal(await allowed(id, permission.name), false);
    assertData(await api(server, 'POST', '/roles/assign', { json: { userId: id, roleId: role.id } }));
    assert.equal(await allowed(id, permission.name), true);
    assert.equal(await allowed(id, permission.name, { query: inGold }), true, 'everywhere is there, too');
    assertDone(await api(server, 'DELETE', `/roles/${role.id}/permissions/${permission.id}`));
    assert.equal(await allowed(id, permission.name), false);
  });

  test('what is held in one organization counts there alone', async () => {
    assert.equal(await allowed(server.gym.id, 'users:write', { query: inIron }), true);
    assert.equal(await allowed(server.gym.id, 'users:write', { query: inGold }), false);
    assert.equal(await allowed(server.gym.id, 'users:write'), false);
  });

  test('users ask about themselves', async () => {
    for (const by of [server.plain, server.mate, server.other]) {
      assert.equal(await allowed(by.id, 'users:read', { by }), false);
      assert.equal(await allowed(by.id, 'users:read', { by, query: inIron }), false);
    }
    assert.equal(await allowed(server.gym.id, 'users:read', { by: server.gym, query: inIron }), true);
  });

  test('who may not read users learns of nobody else whether they are there', async () => {
    for (const id of [server.admin.id, server.mate.id, NOBODY]) {
      for (const query of ['', inIron, inGold]) {
        assertError(await check(id, 'users:read', { by: server.plain, query }), 403, 'FORBIDDEN');
      }
    }
  });

  test('who administers an organization asks about it, and about no other', async () => {
    const by = server.gym;
    assert.equal(await allowed(server.mate.id, 'users:read', { by, query: inIron }), false);
    for (const id of [server.mate.id, server.other.id, NOBODY]) {
      assertError(await check(id, 'users:read', { by }), 404, 'NOT_FOUND');
      assertError(await check(id, 'users:read', { by, query: inGold }), 404, 'NOT_FOUND');
    }
    assert.equal(await allowed(server.other.id, 'users:read', { by, query: inIron }), false);
    assert.equal(await allowed(NOBODY, 'users:read', { by, query: inIron }), false, 'the same for whom there is not');
  });

  test('whom there is not is allowed nothing', async () => {
    assert.equal(await allowed(NOBODY, 'users:read'), false);
  });

  test('who is stopped is allowed nothing', async () => {
    const { id } = await memberOf(server, IRON);
    assertData(await api(server, 'POST', '/roles/assign-by-name', { json: { userId: id, roleName: 'ADMIN' } }));
    assert.equal(await allowed(id, 'users:read'), true);
    assert.equal((await call(server, 'DELETE', `/users/${id}`, { token: server.root })).status, 200);
    assert.equal(await allowed(id, 'users:read'), false);
  });

  test('without a good token nothing is said', async () => {
    assertError(await check(server.plain.id, 'users:read', { by: null }), 401, 'TOKEN_MISSING');
    assertError(await check(server.plain.id, 'users:read', { by: { token: 'rubbish' } }), 401, 'TOKEN_INVALID');
  });

  test('what cannot be is 400, and named', async () => {
    assertError(await check('me', 'users:read'), 400, 'FIELD_VALUE', 'userId');
    assertError(await check(server.plain.id, 'users read'), 400, 'FIELD_VALUE', 'permissionName');
    assertError(await check(server.plain.id, 'users:read', { query: '?organizationId=iron' }), 400, 'FIELD_VALUE', 'organizationId');
  });
});
