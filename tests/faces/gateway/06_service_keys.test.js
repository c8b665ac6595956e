// Service keys, which document 001 names in a line: made, listed, revoked, and shown in x-service-key.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { register } from '../../lib/directory.js';
import { api, assertData, assertDone, assertError, assertIds, assertPages, newName, NOBODY, startGateway } from '../../lib/gateway_face.js';
import { until } from '../../lib/place.js';

describe('service keys', () => {
  let server;
  before(async () => (server = await startGateway()));

  const create = (json, by) => api(server, 'POST', '/service-keys', { json, by });
  const make = async (...permissions) => assertData(await create({ name: newName(), permissions }), 201);
  const list = async () => assertData(await api(server, 'GET', '/service-keys?limit=100')).items;
  const remove = (id) => api(server, 'DELETE', `/service-keys/${id}`);
  const show = (key, method, path, more = {}) => call(server, method, `/id/api${path}`, { ...more, headers: { 'x-service-key': key } });

  test('one is made, told once, and lets in where its permissions do', async () => {
    const made = await make('roles:read', 'roles:read');
    assert.deepEqual(Object.keys(made), ['id', 'name', 'permissions', 'createdAt', 'key']);
    assert.deepEqual(made.permissions, ['roles:read']);
    assert.match(made.key, /^signet_[0-9a-f]{32}\.[0-9a-f]{72}$/);
    const found = (await list()).find(({ id }) => id === made.id);
    assert.deepEqual(found, { id: made.id, name: made.name, permissions: ['roles:read'], createdAt: made.createdAt });
    assertData(await show(made.key, 'GET', '/roles'));
    assertError(await show(made.key, 'POST', '/roles', { json: { name: newName() } }), 403, 'FORBIDDEN');
    assertDone(await remove(made.id));
    assertError(await show(made.key, 'GET', '/roles'), 401, 'TOKEN_INVALID');
    assertError(await remove(made.id), 404, 'NOT_FOUND');
  });

  test('it counts at every face, and is a user at none', async () => {
    const { key } = await make('*');
    const at = async (path) => (await call(server, 'GET', path, { headers: { 'X-Service-Key': key } })).status;
    assert.equal(await at('/users'), 200);
    assert.equal(await at('/api/v1/admin/list'), 200);
    assert.equal(await at('/metrics'), 200);
    assert.equal(await at('/users/my-info'), 401);
    assert.equal(await at('/api/v1/users/me'), 401);
    assert.equal(await at('/api/v1/auth'), 401);
  });

  test('what it ends with counts until then', async () => {
    const soon = new Date(Date.now() + 1_500).toISOString();
    const { key, expiresAt } = assertData(await create({ name: newName(), permissions: ['roles:read'], expiresAt: soon }), 201);
    assert.equal(expiresAt, soon);
    assertData(await show(key, 'GET', '/roles'));
    await until(async () => (await show(key, 'GET', '/roles')).status === 401);
    assertError(await create({ name: newName(), permissions: ['roles:read'], expiresAt: soon }), 400, 'FIELD_VALUE', 'expiresAt');
  });

  test('one that is wrong is never treated as absent, whatever stands beside it', async () => {
    const { key } = await make('roles:read');
    const wrong = key.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    for (const bad of [wrong, key.slice(1), `${key}0`, key.toUpperCase(), 'x', `signet_${'0'.repeat(32)}.${'0'.repeat(72)}`]) {
      assertError(await show(bad, 'GET', '/roles'), 401, 'TOKEN_INVALID');
      assertError(await show(bad, 'GET', '/roles', { token: server.root }), 401, 'TOKEN_INVALID');
      const registration = await call(server, 'POST', '/users/createUser', { json: { username: newName(), password: 'seventeen green kites' }, headers: { 'x-service-key': bad } });
      assert.equal(registration.status, 401, 'where no token is needed, too');
    }
  });

  test('beside a token it has to be good, and adds nothing', async () => {
    const { key } = await make('*');
    const user = await register(server);
    assertError(await show(key, 'GET', '/roles', { token: user.token }), 403, 'FORBIDDEN');
    assertData(await show(key, 'GET', `/roles/user/${user.id}`, { token: user.token }));
    assertError(await show(key, 'GET', '/roles', { token: 'rubbish' }), 401, 'TOKEN_INVALID');
    assertData(await show(key, 'GET', '/roles', { token: server.root }));
  });

  test('nobody makes one that may more than they, a key neither', async () => {
    assertError(await create({ name: newName(), permissions: ['users:read'] }, server.admin), 403, 'FORBIDDEN');
    const maker = await make('service-keys:write', 'users:*');
    const by = (...permissions) => show(maker.key, 'POST', '/service-keys', { json: { name: newName(), permissions } });
    assertData(await by('users:read', 'users:*'), 201);
    assertError(await by('users:read', 'roles:read'), 403, 'FORBIDDEN');
    assertError(await by('*'), 403, 'FORBIDDEN');
  });

  test('what cannot be is refused, and named', async () => {
    assertError(await create({ permissions: ['users:read'] }), 400, 'FIELD_REQUIRED', 'name');
    assertError(await create({ name: newName() }), 400, 'FIELD_REQUIRED', 'permissions');
    assertError(await create({ name: newName(), permissions: [] }), 400, 'FIELD_REQUIRED', 'permissions');
    assertError(await create({ name: 'a/b', permissions: ['users:read'] }), 400, 'FIELD_VALUE', 'name');
    assertError(await create({ name: newName(), permissions: ['no:such'] }), 400, 'PERMISSION_UNKNOWN');
    const { name } = await make('users:read');
    assertError(await create({ name, permissions: ['users:read'] }), 409, 'ALREADY_EXISTS');
    assertError(await remove(NOBODY), 404, 'NOT_FOUND');
    await assertIds(server, [['DELETE', '/service-keys/mine', 'id']]);
  });

  test('the list has pages', async () => {
    for (let i = 0; i < 4; i++) {
      await make('users:read');
    }
    await assertPages(server, '/service-keys');
  });
});
