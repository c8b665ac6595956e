// "Gateway forwards user context headers": X-User-Id, which counts only from a trusted proxy with a good service key.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { PASSWORD, register } from '../../lib/directory.js';
import { api, assertData, assertError, assertLogin, logIn, newName, NOBODY, startGateway } from '../../lib/gateway_face.js';
import { psql } from '../../lib/postgres.js';
import { SETTING, settingVariable } from '../../lib/settings.js';
import { storeOf } from '../../lib/signet.js';

const makeKey = async (server, ...permissions) => assertData(await api(server, 'POST', '/service-keys', { json: { name: newName(), permissions } }), 201);

/** Whom a request of the directory face is taken for: "401", or the name. */
async function whoIs(server, headers, token) {
  const { status, json } = await call(server, 'GET', '/users/my-info', { headers, token });
  return status === 200 ? json.result.username : `${status}`;
}

async function newestEvent(server, verb) {
  const columns = "actor, details FROM events WHERE verb = '" + verb + "' ORDER BY sequence DESC LIMIT 1";
  const url = (await storeOf(server.data))[settingVariable(SETTING.storeUrl)];
  const row = url === undefined
    ? execFileSync('sqlite3', [join(server.data, 'signet.db'), '-cmd', '.timeout 5000', `SELECT ${columns}`]).toString()
    : await psql(url, `SELECT ${columns}`);
  const [actor, details] = row.trim().split(/\|(.*)/);
  return { actor, details: details === '' ? undefined : JSON.parse(details) };
}

describe('a gateway that is trusted', () => {
  let server;
  let key;
  before(async () => {
    server = await startGateway({ 'http.trusted_proxies': '127.0.0.1' });
    key = await makeKey(server, 'users:read', 'roles:read');
  });

  const speaking = (user, more = {}) => ({ 'x-service-key': key.key, 'x-user-id': user.id, ...more });

  test('speaks for a user, who may what they may and no more', async () => {
    assert.equal(await whoIs(server, speaking(server.plain)), server.plain.username);
    const roles = (user) => call(server, 'GET', '/id/api/roles', { headers: speaking(user) });
    assertError(await roles(server.plain), 403, 'FORBIDDEN'); // the key may, but it is not the key that asks
    assertData(await roles(server.admin));
    assertData(await call(server, 'GET', '/id/api/roles', { headers: { 'x-service-key': key.key } }));
  });

  test('in one organization, too', async () => {
    const rolesOf = (user) => call(server, 'GET', `/id/api/roles/user/${user.id}`, { headers: speaking(server.gym) });
    assertData(await rolesOf(server.mate));
    assertError(await rolesOf(server.other), 404, 'NOT_FOUND');
  });

  test('from memory where that answers', async () => {
    const check = (of) => call(server, 'GET', `/id/api/roles/check-permission/${of.id}/users:read`, { headers: speaking(server.plain) });
    assert.equal(assertData(await check(server.plain)).allowed, false);
    assertError(await check(server.admin), 403, 'FORBIDDEN');
  });

  test('the audit names the user, and the key beside', async () => {
    const user = await register(server);
    const changed = await call(server, 'PUT', `/users/${user.id}`, { headers: speaking(user), json: { firstName: 'Ann' } });
    assert.equal(changed.status, 200, changed.text);
    assert.deepEqual(await newestEvent(server, 'user.updated'), { actor: user.id, details: { serviceKey: key.id } });
    assert.equal((await call(server, 'PUT', `/users/${user.id}`, { token: user.token, json: { firstName: 'Ada' } })).status, 200);
    assert.deepEqual(await newestEvent(server, 'user.updated'), { actor: user.id, details: undefined });
  });

  test('where the user shows a token themself, that says who they are', async () => {
    assert.equal(await whoIs(server, speaking(server.admin), server.plain.token), server.plain.username);
    assert.equal(await whoIs(server, speaking(server.admin), 'rubbish'), '401');
  });

  test('speaks for nobody who is stopped, gone, or never was', async () => {
    const user = await register(server);
    assert.equal((await call(server, 'DELETE', `/users/${user.id}`, { token: server.root })).status, 200);
    assert.equal(await whoIs(server, speaking(user)), '401');
    assert.equal(await whoIs(server, speaking({ id: NOBODY })), '401');
    const stopped = await call(server, 'POST', '/users/createUser', { token: server.root, json: { username: 'stopped@example.com', password: PASSWORD, status: 0 } });
    assert.equal(await whoIs(server, speaking(stopped.json.result)), '401');
  });

  test('sends an id or nothing', async () => {
    for (const text of ['', 'admin', '0', `${server.plain.id},${server.admin.id}`]) {
      const answer = await call(server, 'GET', '/id/api/sessions', { headers: { 'x-service-key': key.key, 'x-user-id': text } });
      assertError(answer, 400, 'REQUEST_REFUSED');
    }
  });

  test('without its key it is anybody', async () => {
    assert.equal(await whoIs(server, { 'x-user-id': server.admin.id }), '401');
    assert.equal(await whoIs(server, speaking(server.admin, { 'x-service-key': 'signet_rubbish' })), '401');
    const gone = await makeKey(server, 'users:read');
    assert.equal((await api(server, 'DELETE', `/service-keys/${gone.id}`)).status, 200);
    assert.equal(await whoIs(server, speaking(server.admin, { 'x-service-key': gone.key })), '401');
  });

  test('has no say in forward-auth, which tells names', async () => {
    assert.equal((await call(server, 'GET', '/api/v1/auth', { headers: speaking(server.admin) })).status, 401);
  });

  test('sees and ends the sessions of that user', async () => {
    const user = await register(server);
    const { accessToken } = assertLogin(await logIn(server, user));
    const { items } = assertData(await call(server, 'GET', '/id/api/sessions', { headers: speaking(user) }));
    assert.deepEqual(items.map(({ current }) => current), [false, false]);
    const ended = await call(server, 'DELETE', `/id/api/sessions/${items[0].id}`, { headers: speaking(user) });
    assert.equal(ended.status, 200, ended.text);
    assertError(await call(server, 'GET', '/id/api/sessions', { token: accessToken }), 401, 'TOKEN_INVALID');
    assertError(await call(server, 'DELETE', `/id/api/sessions/${items[1].id}`, { headers: speaking(server.plain) }), 404, 'NOT_FOUND');
  });
});

describe('anyone else', () => {
  let server;
  let key;
  before(async () => {
    server = await startGateway({ 'http.trusted_proxies': '192.0.2.0/24' });
    ({ key } = await makeKey(server, 'roles:read'));
  });

  const forged = [
    ['', {}],
    [' and where it says it comes from', { 'x-forwarded-for': '192.0.2.1' }],
    [' in the words of another proxy', { forwarded: 'for=192.0.2.1', 'x-real-ip': '192.0.2.1' }],
    [' in capitals', { 'X-USER-ID': undefined }],
  ];
  for (const [how, headers] of forged) {
    test(`is not whom it names${how}`, async () => {
      const sent = { 'x-user-id': server.admin.id, ...headers };
      if ('X-USER-ID' in sent) {
        delete sent['x-user-id'];
        sent['X-USER-ID'] = server.admin.id;
      }
      assert.equal(await whoIs(server, sent), '401');
      assert.equal(await whoIs(server, { ...sent, 'x-service-key': key }), '401');
      assert.equal(await whoIs(server, sent, server.plain.token), server.plain.username);
      assertError(await call(server, 'GET', '/id/api/permissions', { headers: { ...sent, 'x-service-key': key } }), 403, 'FORBIDDEN');
      assertData(await call(server, 'GET', '/id/api/roles', { headers: { ...sent, 'x-service-key': key } })); // as the key may
    });
  }

  test('may send there what it likes: nobody looks at it', async () => {
    assertData(await call(server, 'GET', '/id/api/roles', { headers: { 'x-user-id': 'rubbish', 'x-service-key': key } }));
    assertData(await call(server, 'GET', '/id/api/sessions', { headers: { 'x-user-id': 'rubbish' }, token: server.plain.token }));
  });
});
