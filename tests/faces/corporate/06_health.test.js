// Document 004, Health; and the errors of paths that no route has.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { assertError, assertTooMany, MODES, newAddress, PASSWORD, PATH, startMailless } from '../../lib/corporate.js';

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startMailless(mode)));

    test('the printed answer, whoever asks', async () => {
      for (const token of [undefined, 'rubbish']) {
        const answer = await call(server, 'GET', PATH.health, { token });
        assert.equal(answer.status, 200);
        assert.equal(answer.text, '{"status":"UP"}');
      }
    });

    test('a path that no route has is 404 in the shape of this face', async () => {
      for (const path of ['/api/v1/auth/no-such', '/api/v1/users', '/api/v1/users/you', '/actuator', '/actuator/env']) {
        assertError(await call(server, 'GET', path), 404, path, 'Not found');
      }
    });

    test('/api/v1/auth itself is the forward-auth of the face edge', async () => {
      assert.deepEqual((await call(server, 'GET', '/api/v1/auth')).json, { error: 'unauthorized' });
    });

    test('another method is 405 and tells which ones there are', async () => {
      for (const [path, method, allow] of [[PATH.login, 'GET', 'POST'], [PATH.verify, 'POST', 'GET, HEAD'], [PATH.me, 'PUT', 'GET, HEAD']]) {
        const answer = await call(server, method, path);
        assertError(answer, 405, path);
        assert.equal(answer.headers.allow, allow);
      }
    });
  });
}

test('a face that is off has none of its paths', async () => {
  const server = await startMailless('serve', { settings: { 'face.corporate.enabled': 'no' } });
  const answer = await call(server, 'GET', PATH.health, { plain: true });
  assert.equal(answer.status, 404);
  assert.deepEqual(Object.keys(answer.json), ['error']);
});

test('ten registrations an hour from one network', async () => {
  const server = await startMailless('serve', { settings: { 'register.network_hour': '10' } });
  const register = () => call(server, 'POST', PATH.register, { json: { fullName: 'A B', email: newAddress(), password: PASSWORD } });
  for (let i = 0; i < 10; i++) {
    assert.equal((await register()).status, 201);
  }
  const wait = assertTooMany(await register(), PATH.register);
  assert.ok(wait > 300 && wait <= 360, `${wait} s`);
});
