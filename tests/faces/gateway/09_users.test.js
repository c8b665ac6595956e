// Document 001, Users.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { forwardAuth } from '../../lib/edge.js';
import { PASSWORD, tokenOf } from '../../lib/directory.js';
import {
  api, assertData, assertDone, assertError, assertIds, assertNew, assertPages, assertUser, GOLD, IRON, makeOrganization, newName, NOBODY,
  startGateway,
} from '../../lib/gateway_face.js';

const OTHER_PASSWORD = 'seventeen green kites';

describe('users', () => {
  let server;
  before(async () => (server = await startGateway()));

  const address = () => `${newName().toLowerCase()}@example.com`;
  const create = (json, by) => api(server, 'POST', '/users', { json, by });
  const made = async (json = {}) => assertData(await create({ email: address(), password: PASSWORD, ...json }), 201);
  const get = (id, by) => api(server, 'GET', `/users/${id}`, { by });
  const put = (id, json, by) => api(server, 'PUT', `/users/${id}`, { json, by });
  const remove = (id, by) => api(server, 'DELETE', `/users/${id}`, { by });
  const list = async (query, by) => assertData(await api(server, 'GET', `/users${query}`, { by }));
  const emails = ({ items }) => items.map(({ email }) => email).sort();
  const loggedIn = async (user) => ({ ...user, token: await tokenOf(server, user.email) });

  describe('one', () => {
    test('is made as the document has it, and is there', async () => {
      const json = { email: 'Anna.Lee@Example.com', password: PASSWORD, firstName: 'Anna', lastName: 'Lee', role: 'USER', organizationId: IRON };
      const user = assertNew(assertUser(assertData(await create(json), 201)));
      assert.deepEqual(user, {
        id: user.id, email: json.email, firstName: 'Anna', lastName: 'Lee', role: 'USER', status: 'active',
        createdAt: user.createdAt, updatedAt: user.createdAt, organizationId: IRON,
      });
      assert.deepEqual(assertData(await get(user.id)), user);
      const { token } = await loggedIn(user);
      assert.deepEqual(assertData(await api(server, 'GET', '/users/me', { by: { token } })), user);
    });

    test('has the usual role and state where none are named', async () => {
      const plain = assertUser(await made());
      assert.deepEqual([plain.role, plain.status, 'organizationId' in plain], ['USER', 'active', false]);
      const member = assertUser(await made({ organizationId: IRON }));
      assert.deepEqual([member.role, member.organizationId], ['MEMBER', IRON]);
      const pending = assertUser(await made({ password: undefined }));
      assert.equal(pending.status, 'pending');
      const nulls = assertUser(await made({ firstName: null, lastName: null, role: null, organizationId: null }));
      assert.deepEqual(Object.keys(nulls), Object.keys(plain));
    });

    test('that cannot be is refused, and named', async () => {
      const wrong = [
        [{}, 'FIELD_REQUIRED', 'email'],
        [{ email: null }, 'FIELD_REQUIRED', 'email'],
        [{ email: 7 }, 'FIELD_TYPE', 'email'],
        [{ email: 'anna' }, 'FIELD_VALUE', 'email'],
        [{ email: address(), password: 'short' }, 'PASSWORD_REFUSED', undefined],
        [{ email: address(), password: 'x'.repeat(257) }, 'PASSWORD_REFUSED', undefined],
        [{ email: address(), firstName: 7 }, 'FIELD_TYPE', 'firstName'],
        [{ email: address(), firstName: 'x'.repeat(201) }, 'FIELD_VALUE', 'firstName'],
        [{ email: address(), role: 'NO_SUCH_ROLE' }, 'ROLE_UNKNOWN', undefined],
        [{ email: address(), organizationId: 'iron' }, 'FIELD_VALUE', 'organizationId'],
      ];
      for (const [json, code, field] of wrong) {
        assertError(await create(json), 400, code, field);
      }
      assertError(await create({ email: address(), organizationId: NOBODY }), 404, 'NOT_FOUND');
      const { email } = await made();
      assertError(await create({ email: email.toUpperCase() }), 409, 'ALREADY_EXISTS');
    });

    test('an id that is none is 400, one of nobody 404', async () => {
      await assertIds(server, [['GET', '/users/anna', 'id'], ['PUT', '/users/anna', 'id', {}], ['DELETE', '/users/anna', 'id']]);
      assertError(await get(NOBODY), 404, 'NOT_FOUND');
      assertError(await put(NOBODY, {}), 404, 'NOT_FOUND');
      assertError(await remove(NOBODY), 404, 'NOT_FOUND');
    });

    test('is deleted, and then is nowhere', async () => {
      const user = await loggedIn(await made());
      assertDone(await remove(user.id));
      assertError(await get(user.id), 404, 'NOT_FOUND');
      assert.equal((await forwardAuth(server, user.token)).status, 401);
      assertError(await remove(user.id), 404, 'NOT_FOUND');
    });
  });

  describe('an update', () => {
    test('changes what it names, and null clears what can be without', async () => {
      const user = await made({ firstName: 'Anna', lastName: 'Lee', organizationId: IRON });
      const renamed = assertUser(assertData(await put(user.id, { firstName: 'Ann' })));
      assert.deepEqual(renamed, { ...user, firstName: 'Ann', updatedAt: renamed.updatedAt });
      const cleared = assertUser(assertData(await put(user.id, { email: null, password: null, firstName: null, role: null, organizationId: null })));
      assert.ok(!('firstName' in cleared || 'organizationId' in cleared));
      assert.deepEqual([cleared.email, cleared.lastName], [user.email, 'Lee']);
      assert.deepEqual(assertData(await put(user.id, {})), cleared);
    });

    test('of the address: another, but nobody else\'s', async () => {
      const user = await made();
      const email = address();
      assert.equal(assertData(await put(user.id, { email })).email, email);
      await assert.rejects(tokenOf(server, user.email), /cannot log in/);
      assert.ok(await tokenOf(server, email));
      const other = await made();
      assertError(await put(user.id, { email: other.email }), 409, 'ALREADY_EXISTS');
      assertError(await put(user.id, { email: 'nobody' }), 400, 'FIELD_VALUE', 'email');
    });

    test('of the password ends sessions, and lets in who waited', async () => {
      const user = await loggedIn(await made());
      assertData(await put(user.id, { password: OTHER_PASSWORD }));
      assert.equal((await forwardAuth(server, user.token)).status, 401);
      assert.ok(await tokenOf(server, user.email, OTHER_PASSWORD));
      assertError(await put(user.id, { password: 'short' }), 400, 'PASSWORD_REFUSED');
      const pending = await made({ password: undefined });
      assert.equal(assertData(await put(pending.id, { password: PASSWORD })).status, 'active');
      assert.ok(await tokenOf(server, pending.email));
    });

    test('of the role replaces it', async () => {
      const user = await made({ organizationId: IRON });
      const held = async () => assertData(await api(server, 'GET', `/roles/user/${user.id}`)).items.map(({ name, organizationId }) => [name, organizationId]);
      for (const [role, where] of [['GYM_ADMIN', IRON], ['ADMIN', undefined], ['USER', undefined], ['MEMBER', IRON]]) {
        assert.equal(assertUser(assertData(await put(user.id, { role }))).role, role);
        assert.deepEqual(await held(), [[role, where]]);
      }
      assertError(await put(user.id, { role: 'NO_SUCH_ROLE' }), 400, 'ROLE_UNKNOWN');
      assert.deepEqual(await held(), [['MEMBER', IRON]]);
    });

    test('of the organization takes along nothing that was held there', async () => {
      const user = await made({ organizationId: IRON, role: 'GYM_ADMIN' });
      const moved = assertData(await put(user.id, { organizationId: GOLD }));
      assert.deepEqual([moved.organizationId, moved.role], [GOLD, 'MEMBER']);
      assertError(await put(user.id, { organizationId: NOBODY }), 404, 'NOT_FOUND');
      assertError(await put(user.id, { organizationId: 'gold' }), 400, 'FIELD_VALUE', 'organizationId');
    });

    test('keeps the last super administrator', async () => {
      const { id } = assertData(await api(server, 'GET', '/users/me'));
      assertError(await put(id, { role: 'USER' }), 409, 'LAST_ADMIN');
      assertError(await remove(id), 409, 'LAST_ADMIN');
      assert.equal(assertData(await put(id, { firstName: 'Root' })).role, 'SUPER_ADMIN');
    });
  });

  describe('a list', () => {
    test('has every page, exactly', async () => {
      const { total } = await list('');
      for (let more = total; more < 24; more++) {
        await made({ password: undefined });
      }
      await assertPages(server, '/users');
      (await list('?limit=100')).items.forEach(assertUser);
    });

    test('is narrowed down by organization, status and address, and its total with it', async () => {
      const { id } = await makeOrganization(server);
      const active = [await made({ organizationId: id }), await made({ organizationId: id })].map(({ email }) => email).sort();
      const { email: waiting } = await made({ organizationId: id, password: undefined });
      const of = `?organization_id=${id}`;
      assert.deepEqual(emails(await list(of)), [...active, waiting].sort());
      assert.deepEqual(emails(await list(`${of}&status=active`)), active);
      for (const status of ['inactive', 'pending']) {
        assert.deepEqual(emails(await list(`${of}&status=${status}`)), [waiting]);
      }
      for (const status of ['suspended', 'disabled']) {
        assert.deepEqual(await list(`${of}&status=${status}`), { items: [], total: 0 });
      }
      assert.deepEqual(emails(await list(`?email=${waiting.toUpperCase()}`)), [waiting]);
      assert.deepEqual(emails(await list(`${of}&email=${waiting}&status=pending`)), [waiting]);
      assert.deepEqual(await list(`${of}&email=${waiting}&status=active`), { items: [], total: 0 });
      assert.deepEqual(await list(`?email=${waiting}&organization_id=${GOLD}`), { items: [], total: 0 });
      assert.deepEqual(await list(`?email=${waiting}&offset=1`), { items: [], total: 1 });
      assert.deepEqual(await list('?email=nobody-there@example.com'), { items: [], total: 0 });
      assert.deepEqual(await list(`?organization_id=${NOBODY}`), { items: [], total: 0 });
      await assertPages(server, '/users', `organization_id=${id}`);
    });

    test('by status is that of everybody, one status after the other', async () => {
      const all = (await list('?limit=100')).items;
      for (const status of ['active', 'pending', 'disabled']) {
        const { items, total } = await list(`?limit=100&status=${status}`);
        assert.deepEqual(items.map(({ id }) => id).sort(), all.filter((user) => user.status === status).map(({ id }) => id).sort());
        assert.equal(total, items.length);
      }
      await assertPages(server, '/users', 'status=active');
      await assertPages(server, '/users', 'status=inactive');
    });

    test('of what cannot be is 400, and named', async () => {
      for (const [query, code, field] of [
        ['organization_id=iron', 'FIELD_VALUE', 'organization_id'],
        ['status=gone', 'FIELD_VALUE', 'status'],
        ['status=Active', 'FIELD_VALUE', 'status'],
        ['email=nobody', 'FIELD_VALUE', 'email'],
      ]) {
        assertError(await api(server, 'GET', `/users?${query}`), 400, code, field);
      }
    });
  });

  describe('across organizations', () => {
    test('who administers one sees its users, and no others', async () => {
      const by = server.gym;
      const { items, total } = await list('?limit=100', by);
      assert.ok(total > 1 && items.every(({ organizationId }) => organizationId === IRON));
      assert.deepEqual(await list(`?limit=100&organization_id=${IRON}`, by), { items, total });
      assert.equal(assertData(await get(server.mate.id, by)).id, server.mate.id);
      for (const id of [server.other.id, server.plain.id, NOBODY]) {
        assertError(await get(id, by), 404, 'NOT_FOUND');
        assertError(await put(id, { firstName: 'Mine' }, by), 404, 'NOT_FOUND');
        assertError(await remove(id, by), 404, 'NOT_FOUND');
      }
      for (const id of [GOLD, NOBODY]) {
        assertError(await api(server, 'GET', `/users?organization_id=${id}`, { by }), 404, 'NOT_FOUND');
      }
      const { email } = assertData(await get(server.other.id));
      assert.deepEqual(await list(`?email=${email}`, by), { items: [], total: 0 });
    });

    test('and makes and changes them, and gives no more than they hold there', async () => {
      const by = server.gym;
      const json = () => ({ email: address(), password: PASSWORD, organizationId: IRON });
      const mine = assertData(await create(json(), by), 201);
      assert.equal(assertData(await create({ ...json(), role: 'GYM_ADMIN' }, by), 201).role, 'GYM_ADMIN');
      assertError(await create({ ...json(), role: 'ADMIN' }, by), 403, 'FORBIDDEN');
      assertError(await create({ ...json(), organizationId: GOLD }, by), 404, 'NOT_FOUND');
      assertError(await create({ ...json(), organizationId: undefined }, by), 403, 'FORBIDDEN');
      assert.equal(assertData(await put(mine.id, { firstName: 'Ann', role: 'GYM_ADMIN' }, by)).role, 'GYM_ADMIN');
      assertError(await put(mine.id, { role: 'SUPER_ADMIN' }, by), 403, 'FORBIDDEN');
      assertError(await put(mine.id, { organizationId: GOLD }, by), 404, 'NOT_FOUND');
      assertError(await put(mine.id, { organizationId: null }, by), 403, 'FORBIDDEN');
      assertDone(await remove(mine.id, by));
      const strong = await made({ organizationId: IRON, role: 'ADMIN' });
      assertError(await put(strong.id, { firstName: 'Ann' }, by), 403, 'FORBIDDEN');
      assertError(await remove(strong.id, by), 403, 'FORBIDDEN');
    });

    test('who may nothing sees and changes themself alone', async () => {
      const user = await loggedIn(await made({ organizationId: IRON }));
      assert.equal(assertData(await get(user.id, user)).id, user.id);
      assert.equal(assertData(await put(user.id, { firstName: 'Ann' }, user)).firstName, 'Ann');
      for (const json of [{ email: address() }, { role: 'USER' }, { organizationId: null }, { role: 'GYM_ADMIN' }]) {
        assertError(await put(user.id, json, user), 403, 'FORBIDDEN');
      }
      assertData(await put(user.id, { password: OTHER_PASSWORD }, user));
      assert.equal((await forwardAuth(server, user.token)).status, 200, 'their own session stays');
      for (const id of [server.mate.id, NOBODY]) {
        assertError(await get(id, user), 403, 'FORBIDDEN');
        assertError(await put(id, { firstName: 'Mine' }, user), 403, 'FORBIDDEN');
      }
      assertError(await remove(user.id, user), 403, 'FORBIDDEN');
      assertError(await api(server, 'GET', '/users', { by: user }), 403, 'FORBIDDEN');
      assertError(await create({ email: address() }, user), 403, 'FORBIDDEN');
      assertError(await api(server, 'GET', '/users/me', { by: null }), 401, 'TOKEN_MISSING');
    });
  });
});
