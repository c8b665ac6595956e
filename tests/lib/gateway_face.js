// The gateway face as its consumers use it: a server with two gyms, and those who act there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { call } from './client.js';
import { CHEAP, register, startDirectory, UUID, withRoles } from './directory.js';
import { psql } from './postgres.js';
import { dataWithAdmin, storeOf } from './signet.js';
import { SETTING, settingVariable } from './settings.js';

export const NOBODY = '01a1feec-ce90-7532-b6a3-ca184ff1da28';
export const IRON = '01a1feec-0000-7000-8000-000000000001';
export const GOLD = '01a1feec-0000-7000-8000-000000000002';
export const BUILT_IN = ['ADMIN', 'GYM_ADMIN', 'MEMBER', 'SUPER_ADMIN', 'USER'];
const KEEPER = { username: 'keeper', password: 'seventeen green kites', email: 'keeper@example.com' };
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** By hand, in whichever store it is, where ids are to be known beforehand; {now} is when. */
export async function sql(data, text) {
  const url = (await storeOf(data))[settingVariable(SETTING.storeUrl)];
  if (url !== undefined) {
    await psql(url, text.replaceAll('{now}', 'now()'));
    return;
  }
  execFileSync('sqlite3', [join(data, 'signet.db'), '-cmd', '.timeout 5000', text.replaceAll('{now}', `${Date.now()}`)]);
}

/** A server that asks for tokens, with two gyms: `gym` administers iron and `mate` belongs to it, `other` to gold;
 * `admin` and `plain` are of none. */
export async function startGateway(settings = {}) {
  const dataDir = await dataWithAdmin(KEEPER);
  await sql(dataDir, ['iron', 'gold'].map((name) => `INSERT INTO organizations (id, name, slug, state, created_at, updated_at)
    VALUES ('${name === 'iron' ? IRON : GOLD}', '${name}', '${name}', 1, {now}, {now});`).join('\n'));
  const server = await startDirectory('serve', { dataDir, settings: { ...CHEAP, ...settings } });
  server.data = dataDir;
  server.admin = await withRoles(server, 'ADMIN');
  server.plain = await register(server);
  server.mate = await memberOf(server, IRON);
  server.other = await memberOf(server, GOLD);
  server.gym = await memberOf(server, IRON);
  assertData(await api(server, 'POST', '/roles/assign-by-name', { json: { userId: server.gym.id, roleName: 'GYM_ADMIN', organizationId: IRON } }));
  return server;
}

/** A new user who belongs to an organization. */
export async function memberOf(server, organization) {
  const user = await register(server);
  await sql(server.data, `UPDATE users SET organization_id = '${organization}' WHERE id = '${user.id}'`);
  return user;
}

/** A request of this face; by a super administrator if nobody else is named. */
export function api(server, method, path, { json, by } = {}) {
  return call(server, method, `/id/api${path}`, { json, token: by === undefined ? server.root : by?.token });
}

export const logIn = (server, { username, password }) => call(server, 'POST', '/id/api/auth/login', { json: { email: username, password } });
export const refresh = (server, refreshToken) => call(server, 'POST', '/id/api/auth/refresh', { json: { refreshToken } });

/** The data of login: both tokens, and who it is. */
export function assertLogin(answer) {
  const data = assertData(answer);
  assert.deepEqual(Object.keys(data), ['accessToken', 'refreshToken', 'user']);
  assert.match(data.refreshToken, /^refresh_[0-9a-f]{104}$/);
  const named = ['firstName', 'lastName'].filter((name) => name in data.user);
  assert.deepEqual(Object.keys(data.user), ['id', 'email', ...named, 'role', 'status']);
  return data;
}

function assertEnvelope(answer, success, members) {
  assert.deepEqual(Object.keys(answer.json), ['success', 'timestamp', 'requestId', ...members]);
  assert.equal(answer.json.success, success);
  assert.match(answer.json.timestamp, TIME);
  assert.equal(answer.json.requestId, answer.headers['x-request-id']);
  assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8');
}

/** An answer that is the envelope and `data`: the data. */
export function assertData(answer, status = 200) {
  assert.equal(answer.status, status, answer.text);
  assertEnvelope(answer, true, ['data']);
  return answer.json.data;
}

/** `{ success: true }`: the envelope alone. */
export function assertDone(answer) {
  assert.equal(answer.status, 200, answer.text);
  assertEnvelope(answer, true, []);
}

/** An error as this face writes it; where a member is at fault, `details` name it. */
export function assertError(answer, status, code, field) {
  assert.equal(answer.status, status, answer.text);
  assertEnvelope(answer, false, ['error']);
  const { error } = answer.json;
  assert.equal(error.code, code);
  assert.ok(error.message.length > 0);
  assert.deepEqual(error.details, field === undefined ? undefined : { field });
  assert.equal(answer.headers['www-authenticate'], status === 401 ? 'Bearer' : undefined);
}

export function assertRole(role, more = []) {
  const wanted = ['id', 'name', ...('description' in role ? ['description'] : []), 'permissions', 'createdAt', 'updatedAt', ...more];
  assert.deepEqual(Object.keys(role), wanted);
  assert.match(role.createdAt, TIME);
  assert.match(role.updatedAt, TIME);
  return role;
}

export function assertPermission(permission) {
  assert.deepEqual(Object.keys(permission), ['id', 'name', ...('description' in permission ? ['description'] : [])]);
  return permission;
}

/** Members in the document's order; the organization, which it does not name, behind them. */
export function assertUser(user) {
  const all = ['id', 'email', 'firstName', 'lastName', 'phone', 'avatarUrl', 'role', 'status', 'createdAt', 'updatedAt', 'organizationId'];
  const always = ['id', 'email', 'role', 'status', 'createdAt', 'updatedAt'];
  assert.deepEqual(Object.keys(user), all.filter((name) => always.includes(name) || name in user));
  assert.ok(['pending', 'active', 'disabled'].includes(user.status));
  assert.match(user.createdAt, TIME);
  assert.match(user.updatedAt, TIME);
  return user;
}

/** Members in the document's order, then those that it does not name. */
export function assertOrganization(organization) {
  const all = ['id', 'name', 'domain', 'industry', 'size', 'logoUrl', 'status', 'slug', 'primaryColor', 'secondaryColor', 'setupCompletedAt',
    'createdAt', 'updatedAt'];
  const always = ['id', 'name', 'status', 'slug', 'createdAt', 'updatedAt'];
  assert.deepEqual(Object.keys(organization), all.filter((name) => always.includes(name) || name in organization));
  for (const name of ['createdAt', 'updatedAt', 'setupCompletedAt'].filter((time) => time in organization)) {
    assert.match(organization[name], TIME);
  }
  return organization;
}

export function assertNew(thing) {
  assert.match(thing.id, UUID);
  return thing;
}

let made = 0;
export const newName = () => `NAME_${++made}`;

export async function makeOrganization(server) {
  return assertData(await api(server, 'POST', '/organizations', { json: { name: newName() } }), 201);
}

export async function makeRole(server, permissions = []) {
  return assertData(await api(server, 'POST', '/roles', { json: { name: newName(), permissions } }), 201);
}

export async function makePermission(server) {
  return assertData(await api(server, 'POST', '/permissions', { json: { name: newName() } }), 201);
}

/** All of a list, by its name. */
export async function named(server, kind, name) {
  const { items } = assertData(await api(server, 'GET', `/${kind}?limit=100`));
  return items.find((one) => one.name === name);
}

/** What every list does with `limit` and `offset`. */
export async function assertPages(server, path, filter = '') {
  const list = (query) => api(server, 'GET', `${path}?${[query, filter].filter(Boolean).join('&')}`);
  const all = assertData(await list('limit=100'));
  assert.deepEqual(Object.keys(all), ['items', 'total']);
  assert.equal(all.total, all.items.length);
  const usual = assertData(await list(''));
  assert.deepEqual(usual, { items: all.items.slice(0, 20), total: all.total });
  for (const limit of [1, 3, all.total, Math.min(100, all.total + 1)]) {
    for (const offset of [0, 1, all.total - 1, all.total, all.total + 1, Number.MAX_SAFE_INTEGER]) {
      const { items, total } = assertData(await list(`limit=${limit}&offset=${offset}`));
      assert.deepEqual(items, all.items.slice(offset, offset + limit));
      assert.equal(total, all.total);
    }
  }
  for (const limit of ['0', '-1', '101', '9223372036854775807']) {
    assertError(await list(`limit=${limit}`), 400, 'FIELD_VALUE', 'limit');
  }
  for (const offset of ['-1', '9007199254740992', '9223372036854775807']) {
    assertError(await list(`offset=${offset}`), 400, 'FIELD_VALUE', 'offset');
  }
  assertError(await list('limit=ten'), 400, 'FIELD_TYPE', 'limit');
  assertError(await list('offset=1.5'), 400, 'FIELD_TYPE', 'offset');
}

/** Each of these, about an id that is no UUID: 400, whoever asks. */
export async function assertIds(server, requests) {
  for (const [method, path, field, json] of requests) {
    assertError(await api(server, method, path, { json }), 400, 'FIELD_VALUE', field);
  }
}
