// Document 003, Authentication: what asks for a token, in `dev` and in `serve`, and what an open face lets
// nobody do all the same.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { assertError, assertResult, CHEAP, MODES, NOBODY, register, startDirectory, tokenOf, update } from '../../lib/directory.js';
import { tempDir, until } from '../../lib/place.js';
import { cli } from '../../lib/signet.js';

// "Auth: Not required", as the document prints it.
const NOT_REQUIRED = [
  ['GET', '/users'], ['GET', `/users/${NOBODY}`], ['PUT', `/users/${NOBODY}`], ['DELETE', `/users/${NOBODY}`],
  ['POST', '/roles'], ['GET', '/roles'], ['DELETE', '/roles/NONE'],
  ['POST', '/permissions'], ['GET', '/permissions'], ['DELETE', '/permissions/NONE'],
];
const PUBLIC = ['/auth/token', '/auth/introspect', '/auth/refresh', '/auth/logout', '/users/createUser'];

function ask(server, [method, path], options = {}) {
  return call(server, method, path, { ...(method === 'POST' || method === 'PUT' ? { json: {} } : {}), ...options });
}

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startDirectory(mode)));

    test('what the document marks "Not required" asks for a token in serve, and for none in dev', async () => {
      for (const route of NOT_REQUIRED) {
        const { status, text } = await ask(server, route);
        assert.equal(status === 401, mode === 'serve', `${route.join(' ')}: ${text}`);
      }
    });

    test('a token that is shown counts, also a bad one, open or not', async () => {
      const { token } = await register(server);
      for (const route of NOT_REQUIRED) {
        assertError(await ask(server, route, { token: 'rubbish' }), 4011);
        assertError(await ask(server, route, { headers: { Authorization: 'Basic YWRtaW46eW91cl9wYXNzd29yZA==' } }), 4011);
        assertError(await ask(server, route, { token }), 4030);
      }
    });

    test('who wants a token needs none', async () => {
      for (const path of PUBLIC) {
        assertError(await call(server, 'POST', path, { json: { token: 7, username: 7 } }), 4003);
      }
    });

    test('no other face is open', async () => {
      for (const [method, path] of [['GET', '/api/v1/auth'], ['GET', '/api/v1/admin/list'], ['POST', '/api/v1/admin/create']]) {
        assert.equal((await ask(server, [method, path])).status, 401);
      }
    });
  });
}

describe('an open face', () => {
  let server;
  before(async () => (server = await startDirectory('dev')));

  test('lets nobody grant or touch what ADMIN does not hold', async () => {
    const root = assertResult(await call(server, 'GET', '/users')).result[0];
    const { id } = await register(server);
    assertError(await update(server, undefined, id, { roles: ['SUPER_ADMIN'] }), 4030);
    assertError(await update(server, undefined, id, { roles: ['GYM_ADMIN'] }), 4030);
    assertError(await update(server, undefined, root.id, { password: 'taken over 12' }), 4030);
    assertError(await call(server, 'DELETE', `/users/${root.id}`), 4030);
    assert.equal((await update(server, undefined, id, { roles: ['ADMIN'] })).status, 200);
  });

  test('asks for a token under a name that a stranger can make', async () => {
    const ask = (host, method, path, more) => call(server, method, path, { headers: { Host: host }, ...more });
    for (const host of ['127.0.0.1', '[::1]:8085', `localhost:${server.port}`, 'LOCALHOST', 'ids.localhost:8085']) {
      assertResult(await ask(host, 'GET', '/users'));
    }
    for (const host of ['evil.example', `evil.example:${server.port}`, 'localhost.evil.example', '127.0.0.1.evil.example', 'notlocalhost', '127.1']) {
      assertError(await ask(host, 'GET', '/users'), 4010);
      assertError(await ask(host, 'POST', '/roles', { json: { name: 'EVIL' } }), 4010);
      assertError(await ask(host, 'DELETE', '/roles/EVIL'), 4010);
      assertResult(await ask(host, 'GET', '/users', { token: server.root }));
    }
    const told = () => server.logs().split('\n').filter((line) => line.includes('evil.example:') && line.includes('ERR_TOKEN_MISSING'));
    await until(() => told().length > 0, { what: 'its line' });
    assert.match(JSON.parse(told()[0]).detail, /http\.public_url.*"evil\.example:\d+"/);
  });

  test('and each refusal is in the log', async () => {
    const { id } = await register(server);
    assertError(await update(server, undefined, id, { roles: ['SUPER_ADMIN'] }), 4030);
    const refused = () => server.logs().split('\n').filter((line) => line.includes(id) && line.includes('ERR_FORBIDDEN'));
    await until(() => refused().length === 1, { what: 'its line' });
    assert.equal(JSON.parse(refused()[0]).status, 403);
  });
});

describe('opening it', () => {
  const open = ['--set', 'face.directory.open=yes'];
  const start = (...args) => cli(['serve', '--data', `${tempDir()}/data`, ...args], { limit: 5_000 });

  test('serve does not listen on what is neither loopback nor private', async () => {
    for (const address of ['0.0.0.0:18099', '[::]:18099', '192.88.100.1:18099', '127.0.0.1:0 8.8.8.8:18099']) {
      const { code, stderr } = await start(...open, '--set', `http.listen=${address}`);
      assert.equal(code, 1, address);
      assert.match(stderr, /face\.directory\.open is for a closed network/);
    }
  });

  test('on loopback it is as in dev', async () => {
    const server = await startDirectory('serve', { settings: { ...CHEAP, 'face.directory.open': 'yes' } });
    assertResult(await call(server, 'GET', '/users'));
    assertError(await call(server, 'GET', '/users/my-info'), 4010);
    const { token, username } = await register(server);
    assertError(await call(server, 'GET', '/users', { token }), 4030);
    assert.equal(typeof (await tokenOf(server, username)), 'string');
  });

  test('in a network that has a name for it, http.public_url says which', async () => {
    const server = await startDirectory('serve', { settings: { ...CHEAP, 'face.directory.open': 'yes', 'http.public_url': 'http://ids:8080' } });
    const ask = (host) => call(server, 'GET', '/users', { headers: { Host: host } });
    for (const host of ['ids:8080', 'IDS', 'ids:1']) {
      assertResult(await ask(host));
    }
    for (const host of ['evil.example:8080', 'ids.evil.example', 'xids:8080', 'ids.']) {
      assertError(await ask(host), 4010);
    }
  });

  test('switched off, it has no paths', async () => {
    const server = await startDirectory('dev');
    const { stdout } = await cli(['routes', '--set', 'face.directory.enabled=no']);
    assert.doesNotMatch(stdout, /directory/);
    assert.match((await cli(['routes'])).stdout, /directory/);
    await server.stop();
  });
});
