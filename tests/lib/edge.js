// The edge face as its consumers use it: log in, ask, look at the answer's shape.
import assert from 'node:assert/strict';

import { call } from './client.js';
import { DEV_ADMIN } from './signet.js';

export const JSON_TYPE = 'application/json; charset=utf-8';
export const SECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

export function login(server, username, password, options = {}) {
  return call(server, 'POST', '/api/v1/login', { json: { username, password }, ...options });
}

export async function tokenOf(server, username = DEV_ADMIN.username, password = DEV_ADMIN.password) {
  const answer = await login(server, username, password);
  assert.equal(answer.status, 200, `${username} cannot log in: ${answer.text}`);
  return answer.json.token;
}

export function forwardAuth(server, token, options = {}) {
  return call(server, 'GET', '/api/v1/auth', { token, ...options });
}

let made = 0;

/** A new administrator, made through the API: {username, password, email}. */
export async function createAdmin(server, token, given = {}) {
  const username = given.username ?? `trainer${++made}`;
  const admin = { username, password: 'grey otter 41 lantern', email: `${username}@fitness-center.local`, ...given };
  const answer = await call(server, 'POST', '/api/v1/admin/create', { token, json: admin });
  assert.equal(answer.status, 201, answer.text);
  return admin;
}

export async function listAdmins(server, token) {
  const answer = await call(server, 'GET', '/api/v1/admin/list', { token });
  assert.equal(answer.status, 200, answer.text);
  return answer.json.admins;
}

/** An error as this face writes it: one member, in JSON, of this status and, if given, with this text. */
export function assertError(answer, status, text) {
  assert.equal(answer.status, status, `${status} expected, got ${answer.status}: ${answer.text}`);
  assert.equal(answer.headers['content-type'], JSON_TYPE);
  assert.deepEqual(Object.keys(answer.json), ['error']);
  assert.equal(typeof answer.json.error, 'string');
  if (text instanceof RegExp) {
    assert.match(answer.json.error, text);
  } else if (text !== undefined) {
    assert.equal(answer.json.error, text);
  }
}

/** An object in JSON with exactly these members, in this order. */
export function assertObject(answer, status, members) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers['content-type'], JSON_TYPE);
  assert.deepEqual(Object.keys(answer.json), members);
}
