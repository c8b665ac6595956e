// The directory face as its consumers use it, at a server that is open, as its document has it, and at one
// that asks for tokens.
import assert from 'node:assert/strict';

import { call } from './client.js';
import { dataWithAdmin, DEV_ADMIN, startSignet } from './signet.js';

export const JSON_TYPE = 'application/json; charset=utf-8';
export const PASSWORD = 'password123';
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
export const NOBODY = '01a1feec-ce90-7532-b6a3-ca184ff1da28';
export const USER_ROLE = { name: 'USER', description: 'User role', permissions: [] };
/** Open as printed, and closed as it is served. */
export const MODES = ['dev', 'serve'];

const KEEPER = { username: 'keeper', password: 'seventeen green kites', email: 'keeper@example.com' };

// Nobody is to wait for hashes, the requests of a file all come from one address, and the documents'
// password is a common one.
export const CHEAP = {
  'password.memory': '8192',
  'password.passes': '1',
  'password.refuse_common': 'no',
  'login.network_minute': '0',
  'login.network_hour': '0',
  'login.network_total': '0',
};

/**
 * A server in this mode, with `root`: the token of a super administrator, and `token`: what a request has to
 * show to be one of somebody who administers, which is nothing where the face is open.
 */
export async function startDirectory(mode, options = {}) {
  const settings = { ...CHEAP, ...options.settings };
  const dataDir = options.dataDir ?? (mode === 'serve' ? await dataWithAdmin(KEEPER) : undefined);
  const server = await startSignet({ ...options, mode, settings, dataDir });
  const root = mode === 'serve' ? KEEPER : DEV_ADMIN;
  server.mode = mode;
  server.root = await tokenOf(server, root.username, root.password);
  server.token = mode === 'serve' ? server.root : undefined;
  return server;
}

export function logIn(server, username, password = PASSWORD, options = {}) {
  return call(server, 'POST', '/auth/token', { json: { username, password }, ...options });
}

export async function tokenOf(server, username, password = PASSWORD) {
  const answer = await logIn(server, username, password);
  assert.equal(answer.status, 200, `${username} cannot log in: ${answer.text}`);
  return answer.json.result.token;
}

const post = (path) => (server, token) => call(server, 'POST', path, { json: { token } });
export const introspect = post('/auth/introspect');
export const refresh = post('/auth/refresh');
export const logOut = post('/auth/logout');

export async function isValid(server, token) {
  const { status, json, text } = await introspect(server, token);
  assert.equal(status, 200, text);
  assert.deepEqual(Object.keys(json.result), ['valid']);
  return json.result.valid;
}

let made = 0;

/** A new user who registers themself, logged in: {id, username, password, token}. */
export async function register(server, given = {}) {
  const username = given.username ?? `user${++made}@example.com`;
  const user = { username, password: PASSWORD, ...given };
  const answer = await call(server, 'POST', '/users/createUser', { json: user });
  assert.equal(answer.status, 200, answer.text);
  return { ...user, id: answer.json.result.id, token: await tokenOf(server, username, user.password) };
}

/** A new user with these roles, given by the super administrator, logged in. */
export async function withRoles(server, ...roles) {
  const user = await register(server);
  const answer = await call(server, 'PUT', `/users/${user.id}`, { token: server.root, json: { roles } });
  assert.equal(answer.status, 200, answer.text);
  return { ...user, token: await tokenOf(server, user.username) };
}

export function update(server, token, id, json) {
  return call(server, 'PUT', `/users/${id}`, { token, json });
}

export async function getUser(server, id) {
  return assertResult(await call(server, 'GET', `/users/${id}`, { token: server.root }));
}

export async function createPermission(server, name, description) {
  return assertResult(await call(server, 'POST', '/permissions', { token: server.root, json: { name, description } }));
}

export async function createRole(server, name, permissions = []) {
  return assertResult(await call(server, 'POST', '/roles', { token: server.root, json: { name, permissions } }));
}

/** An answer that is {"result": …} and nothing else: the result. */
export function assertResult(answer) {
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers['content-type'], JSON_TYPE);
  assert.deepEqual(Object.keys(answer.json), ['result']);
  return answer.json.result;
}

export function assertUser(user) {
  assert.deepEqual(Object.keys(user), ['id', 'username', 'firstName', 'lastName', 'dob', 'roles']);
  assert.match(user.id, UUID);
  for (const role of user.roles) {
    assert.deepEqual(Object.keys(role), ['name', 'description', 'permissions']);
    for (const permission of role.permissions) {
      assert.deepEqual(Object.keys(permission), ['name', 'description']);
    }
  }
  return user;
}

/** A page of a list, in the document's two envelopes: {result, total, page, size, totalPages}. */
export function assertPage(answer) {
  const page = assertResult(answer);
  assert.deepEqual(Object.keys(page), ['result', 'total', 'page', 'size', 'totalPages']);
  assert.equal(page.totalPages, Math.ceil(page.total / page.size));
  return page;
}

/** {} and nothing else. */
export function assertNothing(answer) {
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers['content-type'], JSON_TYPE);
  assert.equal(answer.text, '{}');
}

/** An error as this face writes it: a code of the documented list, whose status it has, and a text. */
export function assertError(answer, code, message) {
  assert.equal(answer.json?.code, code, `${code} expected, got ${answer.status}: ${answer.text}`);
  assert.equal(answer.status, Math.trunc(code / 10));
  assert.equal(answer.headers['content-type'], JSON_TYPE);
  assert.deepEqual(Object.keys(answer.json), ['code', 'message']);
  assert.equal(answer.headers['www-authenticate'], answer.status === 401 ? 'Bearer' : undefined);
  if (message instanceof RegExp) {
    assert.match(answer.json.message, message);
  } else if (message !== undefined) {
    assert.equal(answer.json.message, message);
  }
}

/** What every list does with `page` and `limit`; `count` things are there, `name` tells them apart. */
export async function assertPages(server, path, count, name) {
  const list = (query) => call(server, 'GET', `${path}${query}`, { token: server.token });
  const all = assertPage(await list('?limit=100'));
  assert.equal(all.total, count);
  assert.equal(all.result.length, count);
  assert.equal(new Set(all.result.map((one) => one[name])).size, count);

  const usual = assertPage(await list(''));
  assert.deepEqual([usual.page, usual.size, usual.result.length], [1, 12, Math.min(12, count)]);

  for (const limit of [1, 5, count - 1, count, count + 1]) {
    const seen = [];
    const { totalPages } = assertPage(await list(`?limit=${limit}`));
    for (let page = 1; page <= totalPages; page++) {
      const found = assertPage(await list(`?page=${page}&limit=${limit}`));
      assert.deepEqual([found.page, found.size], [page, limit]);
      assert.equal(found.result.length, page < totalPages ? limit : count - (totalPages - 1) * limit);
      seen.push(...found.result);
    }
    assert.deepEqual(seen, all.result, `by ${limit} nothing is lost and nothing comes twice`);
  }

  for (const page of [Math.ceil(count / 5) + 1, 1_000_000, Number.MAX_SAFE_INTEGER]) {
    const beyond = assertPage(await list(`?page=${page}&limit=5`));
    assert.deepEqual([beyond.result, beyond.total, beyond.page], [[], count, page]);
  }
  for (const name of ['page', 'limit']) {
    assertError(await list(`?${name}=`), 4003, `${name} has the wrong type`);
  }
  for (const page of ['0', '-1', '9007199254740992', '9223372036854775807']) {
    assertError(await list(`?page=${page}`), 4004, 'page has a value that is not allowed');
  }
  for (const limit of ['0', '-1', '101', '9223372036854775807']) {
    assertError(await list(`?limit=${limit}`), 4004, 'limit has a value that is not allowed');
  }
  for (const value of ['one', '1.5', '1e1', '0x1', '%201', '9223372036854775808']) {
    assertError(await list(`?page=${value}`), 4003, 'page has the wrong type');
    assertError(await list(`?limit=${value}`), 4003, 'limit has the wrong type');
  }
  assertError(await list('?page=1&page=2'), 4004, 'page has a value that is not allowed');
  assert.deepEqual(assertPage(await list('?sort=name&offset=7&page=1')), usual, 'other parameters are ignored');
}
