// Document 001: the envelope of everything that is answered below /id/api, and below /api for a gateway that takes
// the prefix off.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { assertData, assertError, startGateway } from '../../lib/gateway_face.js';

describe('the envelope', () => {
  let server;
  before(async () => (server = await startGateway()));

  const ask = (method, path, options = {}) => call(server, method, path, { token: server.root, ...options });

  test('carries the id of the request, also the caller\'s own', async () => {
    const answer = await ask('GET', '/id/api/roles', { headers: { 'X-Request-Id': 'caller-1234' } });
    assertData(answer);
    assert.equal(answer.json.requestId, 'caller-1234');
  });

  test('tells the time of the answer', async () => {
    const { timestamp } = (await ask('GET', '/id/api/roles')).json;
    assert.ok(Math.abs(Date.parse(timestamp) - Date.now()) < 60_000, timestamp);
  });

  test('a path is there without /id, too', async () => {
    const paths = ['/roles', '/permissions', `/roles/check-permission/${server.plain.id}/users:read`, `/roles/user/${server.plain.id}`];
    for (const path of paths) {
      assert.deepEqual(assertData(await ask('GET', `/api${path}`)), assertData(await ask('GET', `/id/api${path}`)));
    }
    const made = assertData(await ask('POST', '/api/roles', { json: { name: 'STRIPPED' } }), 201);
    assert.deepEqual(assertData(await ask('GET', `/id/api/roles/${made.id}`)), made);
  });

  test('errors have it, of paths and methods that there are not as well', async () => {
    for (const prefix of ['/id/api', '/api']) {
      for (const path of ['', '/', '/nothing', '/roles/x/y/z', '/users/me/more']) {
        assertError(await ask('GET', `${prefix}${path}`), 404, 'NOT_FOUND');
      }
      const answer = await ask('DELETE', `${prefix}/roles`);
      assertError(answer, 405, 'METHOD_NOT_ALLOWED');
      assert.equal(answer.headers.allow, 'GET, HEAD, POST');
      assertError(await call(server, 'GET', `${prefix}/roles`), 401, 'TOKEN_MISSING');
    }
  });

  test('other faces keep their own', async () => {
    assert.deepEqual(Object.keys((await ask('GET', '/api/v1/nothing')).json), ['error']);
    assert.deepEqual(Object.keys((await ask('GET', '/roles/nothing')).json), ['code', 'message']);
    assert.equal((await ask('GET', '/id/id/api/roles')).status, 404);
  });

  test('bodies that cannot be read', async () => {
    const post = (body, type = 'application/json') =>
      ask('POST', '/id/api/roles', { body, headers: { 'Content-Type': type } });
    assertError(await post('{"name":'), 400, 'BODY_MALFORMED');
    assertError(await post('[]'), 400, 'BODY_MALFORMED');
    assertError(await post('name=X', 'application/x-www-form-urlencoded'), 415, 'REQUEST_REFUSED');
  });
});
