// Document 001, Organizations.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { forwardAuth } from '../../lib/edge.js';
import { tokenOf } from '../../lib/directory.js';
import {
  api, assertData, assertDone, assertError, assertIds, assertNew, assertOrganization, GOLD, IRON, makeOrganization, memberOf, newName,
  NOBODY, startGateway,
} from '../../lib/gateway_face.js';

describe('organizations', () => {
  let server;
  before(async () => (server = await startGateway()));

  const create = (json, by) => api(server, 'POST', '/organizations', { json, by });
  const get = (id, by) => api(server, 'GET', `/organizations/${id}`, { by });
  const put = (id, json, by) => api(server, 'PUT', `/organizations/${id}`, { json, by });
  const patch = (id, json, by) => api(server, 'PATCH', `/organizations/${id}`, { json, by });
  const brand = (id, json, by) => api(server, 'PATCH', `/organizations/${id}/branding`, { json, by });
  const setUp = (id, by) => api(server, 'POST', `/organizations/${id}/complete-setup`, { by });
  const remove = (id, { by, query = '' } = {}) => api(server, 'DELETE', `/organizations/${id}${query}`, { by });

  test('one is made as the document has it, and is there', async () => {
    const json = { name: 'Iron Temple', domain: 'Iron-Temple.example', industry: 'Fitness', size: '11-50' };
    const made = assertNew(assertOrganization(assertData(await create(json), 201)));
    assert.deepEqual(made, {
      id: made.id, ...json, domain: 'iron-temple.example', status: 'active', slug: 'iron-temple',
      createdAt: made.createdAt, updatedAt: made.createdAt,
    });
    assert.deepEqual(assertData(await get(made.id)), made);
    const plain = assertOrganization(assertData(await create({ name: 'Iron Temple' }), 201));
    assert.equal(plain.slug, 'iron-temple-2');
    assert.ok(!('domain' in plain || 'industry' in plain || 'size' in plain || 'logoUrl' in plain));
  });

  test('what cannot be is refused, and named', async () => {
    const wrong = [
      [{}, 'FIELD_REQUIRED', 'name'],
      [{ name: null }, 'FIELD_REQUIRED', 'name'],
      [{ name: '' }, 'FIELD_REQUIRED', 'name'],
      [{ name: 7 }, 'FIELD_TYPE', 'name'],
      [{ name: ' \t' }, 'FIELD_VALUE', 'name'],
      [{ name: 'a\nb' }, 'FIELD_VALUE', 'name'],
      [{ name: 'a'.repeat(201) }, 'FIELD_VALUE', 'name'],
      [{ name: 'A', domain: 'no domain' }, 'FIELD_VALUE', 'domain'],
      [{ name: 'A', domain: 'a@example.com' }, 'FIELD_VALUE', 'domain'],
      [{ name: 'A', industry: 'x'.repeat(101) }, 'FIELD_VALUE', 'industry'],
      [{ name: 'A', size: 'x\u0000' }, undefined, undefined],
      [{ name: 'A', size: 12 }, 'FIELD_TYPE', 'size'],
    ];
    for (const [json, code, field] of wrong) {
      const answer = await create(json);
      code ? assertError(answer, 400, code, field) : assert.equal(answer.status, 400);
    }
  });

  test('a domain is of one organization, however it is written', async () => {
    const { id } = assertData(await create({ name: 'M', domain: 'münchen.example' }), 201);
    assertError(await create({ name: 'N', domain: 'MÜNCHEN.example' }), 409, 'ALREADY_EXISTS');
    assertError(await create({ name: 'N', domain: 'xn--mnchen-3ya.example' }), 409, 'ALREADY_EXISTS');
    const other = await makeOrganization(server);
    assertError(await put(other.id, { domain: 'münchen.example' }), 409, 'ALREADY_EXISTS');
    assertData(await put(id, { domain: null }));
    assert.equal(assertData(await put(other.id, { domain: 'münchen.example' })).domain, 'xn--mnchen-3ya.example');
  });

  for (const [method, change] of [['PUT', put], ['PATCH', patch]]) {
    test(`${method} changes what it names, and null clears what can be without`, async () => {
      const json = { name: newName(), industry: 'Fitness', size: '1-10' };
      const made = assertData(await create(json), 201);
      const changed = assertOrganization(assertData(await change(made.id, { industry: 'Sport', logoUrl: 'https://example.com/l.png' })));
      assert.deepEqual(changed, { ...made, industry: 'Sport', logoUrl: 'https://example.com/l.png', updatedAt: changed.updatedAt });
      const cleared = assertData(await change(made.id, { name: null, industry: null, size: null, logoUrl: null, status: null, id: NOBODY }));
      assert.deepEqual(cleared, {
        id: made.id, name: made.name, slug: made.slug, status: 'active', createdAt: made.createdAt, updatedAt: cleared.updatedAt,
      });
      assert.deepEqual(assertData(await change(made.id, {})), cleared);
      assert.deepEqual(assertData(await get(made.id)), cleared);
      assertError(await change(made.id, { status: 'disabled' }), 400, 'FIELD_VALUE', 'status');
      assertError(await change(made.id, { logoUrl: 'http://example.com/l.png' }), 400, 'FIELD_VALUE', 'logoUrl');
      assertError(await change(made.id, { name: '  ' }), 400, 'FIELD_VALUE', 'name');
    });
  }

  test('branding: colours and a logo, each as it has to be', async () => {
    const { id } = await makeOrganization(server);
    const looks = { logo_url: 'https://cdn.example.com/logo.svg?v=2', primary_color: '#0aF', secondary_color: '#00aaff' };
    const branded = assertOrganization(assertData(await brand(id, looks)));
    assert.equal(branded.logoUrl, looks.logo_url);
    assert.equal(branded.primaryColor, '#0aF');
    assert.equal(branded.secondaryColor, '#00aaff');
    const cleared = assertData(await brand(id, { primary_color: null }));
    assert.ok(!('primaryColor' in cleared));
    assert.equal(cleared.secondaryColor, '#00aaff');
    for (const colour of ['red', '#12', '#12345', '#1234567', '#ggg', 'rgb(0,0,0)', '#fff;']) {
      assertError(await brand(id, { primary_color: colour }), 400, 'FIELD_VALUE', 'primary_color');
      assertError(await brand(id, { secondary_color: colour }), 400, 'FIELD_VALUE', 'secondary_color');
    }
    for (const url of ['http://example.com/l.png', 'javascript:alert(1)', 'data:image/png;base64,AAAA', 'https://', '/logo.png',
      'https://example.com/"><script>', 'https://u:p@example.com/']) {
      assertError(await brand(id, { logo_url: url }), 400, 'FIELD_VALUE', 'logo_url');
    }
  });

  test('setup is completed once', async () => {
    const { id } = await makeOrganization(server);
    assertDone(await setUp(id));
    const first = assertOrganization(assertData(await get(id)));
    assert.ok(first.setupCompletedAt);
    assertDone(await setUp(id));
    assert.deepEqual(assertData(await get(id)), first);
  });

  test('one with members is deleted only by force, and they stay', async () => {
    const { id } = await makeOrganization(server);
    const member = await memberOf(server, id);
    for (const query of ['', '?force=false']) {
      assertError(await remove(id, { query }), 409, 'IN_USE');
    }
    for (const query of ['?force=1', '?force=']) {
      assertError(await remove(id, { query }), 400, 'FIELD_TYPE', 'force');
    }
    assertData(await api(server, 'POST', '/roles/assign-by-name', { json: { userId: member.id, roleName: 'GYM_ADMIN', organizationId: id } }));
    assertDone(await remove(id, { query: '?force=true' }));
    assertError(await get(id), 404, 'NOT_FOUND');
    assertError(await remove(id), 404, 'NOT_FOUND');
    const { items } = assertData(await api(server, 'GET', `/roles/user/${member.id}`));
    assert.deepEqual(items.map(({ name }) => name), ['USER'], 'the role that was held there is gone');
    assert.equal((await forwardAuth(server, member.token)).status, 200);
    const empty = await makeOrganization(server);
    assertDone(await remove(empty.id));
  });

  test('one in which somebody holds more is not deleted by its administrator', async () => {
    const assign = (userId, roleName, organizationId) =>
      api(server, 'POST', '/roles/assign-by-name', { json: { userId, roleName, organizationId } });
    const { id } = await makeOrganization(server);
    const [by, member, outsider] = [await memberOf(server, id), await memberOf(server, id), await memberOf(server, GOLD)];
    assertData(await assign(by.id, 'GYM_ADMIN', id));
    assertData(await api(server, 'POST', '/permissions', { json: { name: 'audit:read' } }), 201);
    assertData(await api(server, 'POST', '/roles', { json: { name: 'AUDITOR', permissions: ['audit:read'] } }), 201);
    for (const [user, where] of [[member, undefined], [member, id], [outsider, id]]) {
      const query = where === undefined ? '' : `?organizationId=${where}`;
      const { roleId } = assertData(await assign(user.id, 'AUDITOR', where));
      assertError(await remove(id, { by, query: '?force=true' }), 403, 'FORBIDDEN');
      assert.equal(assertData(await get(id, by)).id, id);
      assertDone(await api(server, 'DELETE', `/roles/user/${user.id}/role/${roleId}${query}`));
    }
    assertData(await assign(outsider.id, 'AUDITOR', GOLD)); // of no member, and held elsewhere
    assertDone(await remove(id, { by, query: '?force=true' }));
  });

  test('members of a suspended one cannot come in, and come in again when it is active', async () => {
    const { id } = await makeOrganization(server);
    const member = await memberOf(server, id);
    const outsider = await memberOf(server, GOLD);
    assert.equal((await forwardAuth(server, member.token)).status, 200);
    assert.equal(assertData(await patch(id, { status: 'suspended' })).status, 'suspended');
    assert.equal((await forwardAuth(server, member.token)).status, 401);
    assert.equal((await forwardAuth(server, outsider.token)).status, 200);
    assertError(await api(server, 'GET', `/roles/user/${member.id}`, { by: member }), 401, 'TOKEN_INVALID');
    await assert.rejects(tokenOf(server, member.username), /cannot log in/);
    assert.equal(assertData(await get(id)).status, 'suspended');
    assertData(await patch(id, { status: 'active' }));
    assert.equal((await forwardAuth(server, member.token)).status, 200);
    assert.ok(await tokenOf(server, member.username));
  });

  test('who administers one sees and changes it, and no other', async () => {
    const by = server.gym;
    assert.equal(assertData(await get(IRON, by)).slug, 'iron');
    assert.equal(assertData(await put(IRON, { industry: 'Fitness' }, by)).industry, 'Fitness');
    assertData(await brand(IRON, { primary_color: '#123' }, by));
    assertDone(await setUp(IRON, by));
    for (const id of [GOLD, NOBODY]) {
      assertError(await get(id, by), 404, 'NOT_FOUND');
      assertError(await put(id, { name: 'Mine' }, by), 404, 'NOT_FOUND');
      assertError(await patch(id, { name: 'Mine' }, by), 404, 'NOT_FOUND');
      assertError(await brand(id, { primary_color: '#123' }, by), 404, 'NOT_FOUND');
      assertError(await setUp(id, by), 404, 'NOT_FOUND');
      assertError(await remove(id, { by, query: '?force=true' }), 404, 'NOT_FOUND');
    }
    assertError(await create({ name: 'Another' }, by), 403, 'FORBIDDEN');
    assertError(await patch(IRON, { status: 'suspended' }, by), 403, 'FORBIDDEN');
    assert.equal(assertData(await get(GOLD)).name, 'gold');
  });

  test('another domain is for who writes all of them', async () => {
    const by = server.gym;
    const domain = 'iron-gym.example';
    for (const change of [put, patch]) {
      assertError(await change(IRON, { domain: 'gmail.com' }, by), 403, 'FORBIDDEN');
      assertData(await change(IRON, { domain: null }, by));
    }
    assertData(await put(IRON, { domain }));
    assert.equal(assertData(await put(IRON, { domain: domain.toUpperCase(), size: '1-10' }, by)).size, '1-10');
    for (const other of [null, '', 'gmail.com']) {
      assertError(await put(IRON, { domain: other }, by), 403, 'FORBIDDEN');
    }
    assert.equal(assertData(await get(IRON)).domain, domain);
    assertData(await put(IRON, { domain: null }));
  });

  test('without the permission nothing is said', async () => {
    for (const by of [server.plain, server.mate, server.admin]) {
      assertError(await get(IRON, by), 403, 'FORBIDDEN');
      assertError(await put(IRON, { name: 'Mine' }, by), 403, 'FORBIDDEN');
    }
    assertError(await get(IRON, null), 401, 'TOKEN_MISSING');
    assertError(await create({ name: 'A' }, null), 401, 'TOKEN_MISSING');
  });

  test('an id that is none is 400, one of nobody 404', async () => {
    await assertIds(server, [
      ['GET', '/organizations/iron', 'id'],
      ['PUT', '/organizations/iron', 'id', {}],
      ['PATCH', '/organizations/iron', 'id', {}],
      ['DELETE', '/organizations/iron', 'id'],
      ['PATCH', '/organizations/iron/branding', 'id', {}],
      ['POST', '/organizations/iron/complete-setup', 'id'],
    ]);
    assertError(await get(NOBODY), 404, 'NOT_FOUND');
    assertError(await put(NOBODY, {}), 404, 'NOT_FOUND');
    assertError(await brand(NOBODY, {}), 404, 'NOT_FOUND');
    assertError(await setUp(NOBODY), 404, 'NOT_FOUND');
    assertError(await remove(NOBODY), 404, 'NOT_FOUND');
  });

  test('of many who make one of a name at once each has a slug of its own', async () => {
    const made = await Promise.all(Array.from({ length: 12 }, () => create({ name: 'Golden Crown' })));
    const slugs = new Set(made.map((answer) => assertData(answer, 201).slug));
    assert.equal(slugs.size, 12);
    assert.ok(slugs.has('golden-crown'));
  });
});
