// "My sessions" of the gateway face: document 001 does not have them, the page of the face does.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { register, UUID } from '../../lib/directory.js';
import { assertData, assertDone, assertError, assertIds, assertLogin, logIn, NOBODY, refresh, startGateway } from '../../lib/gateway_face.js';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const DAY = 86_400_000;

describe('my sessions', () => {
  let server;
  before(async () => (server = await startGateway()));

  const ask = (method, path, { accessToken }) => call(server, method, `/id/api/sessions${path}`, { token: accessToken });
  const enter = async (user) => assertLogin(await logIn(server, user));
  const list = async (login, query = '') => assertData(await ask('GET', query, login));

  /** Somebody with nothing but these sessions. */
  async function somebody(logins) {
    const user = await register(server);
    assert.equal((await call(server, 'POST', '/auth/logout', { json: { token: user.token } })).status, 200);
    const entered = [];
    for (let i = 0; i < logins; i++) {
      entered.push(await enter(user));
    }
    return { user, entered };
  }

  test('are listed, the newest first, and that of the token is marked', async () => {
    const { entered: [first, second] } = await somebody(2);
    const { items, total } = await list(first);
    assert.equal(total, 2);
    assert.deepEqual(items.map(({ current }) => current), [false, true]);
    assert.deepEqual((await list(second)).items.map(({ current }) => current), [true, false]);
    for (const session of items) {
      assert.deepEqual(Object.keys(session), ['id', 'current', 'face', 'ipAddress', 'createdAt', 'expiresAt']);
      assert.match(session.id, UUID);
      assert.match(session.createdAt, TIME);
      assert.equal(session.face, 'gateway');
      assert.equal(session.ipAddress, '127.0.0.1');
      assert.equal(Date.parse(session.expiresAt) - Date.parse(session.createdAt), 90 * DAY);
    }
  });

  test('stay the same when they are refreshed', async () => {
    const { entered: [login] } = await somebody(1);
    const before = await list(login);
    const after = assertData(await refresh(server, login.refreshToken));
    assert.deepEqual(await list(after), before);
  });

  test('are all there, by whatever face they were opened, in pieces', async () => {
    const { user, entered: [login] } = await somebody(3);
    const { json } = await call(server, 'POST', '/auth/token', { json: { username: user.username, password: user.password } });
    const { items, total } = await list({ accessToken: json.result.token });
    assert.deepEqual(items.map(({ face, current }) => [face, current]), [['directory', true], ['gateway', false], ['gateway', false], ['gateway', false]]);
    assert.equal(total, 4);
    assert.deepEqual(await list(login, '?limit=2&offset=1'), { items: (await list(login)).items.slice(1, 3), total: 4 });
    assertError(await ask('GET', '?limit=0', login), 400, 'FIELD_VALUE', 'limit');
  });

  test('those of an administrator last half a day', async () => {
    const { items } = await list(await enter(server.admin));
    const { createdAt, expiresAt } = items.find(({ current }) => current);
    assert.equal(Date.parse(expiresAt) - Date.parse(createdAt), DAY / 2);
  });

  test('one is ended by its id, with all its tokens', async () => {
    const { entered: [first, second] } = await somebody(2);
    const { id } = (await list(first)).items.find(({ current }) => !current);
    assertDone(await ask('DELETE', `/${id}`, first));
    assertError(await ask('GET', '', second), 401, 'TOKEN_INVALID');
    assertError(await refresh(server, second.refreshToken), 401, 'TOKEN_INVALID');
    assertError(await ask('DELETE', `/${id}`, first), 404, 'NOT_FOUND');
    assert.equal((await list(first)).total, 1);
  });

  test("one's own, too, which is a logout", async () => {
    const { entered: [login] } = await somebody(1);
    const { items: [{ id }] } = await list(login);
    assertDone(await ask('DELETE', `/${id}`, login));
    assertError(await ask('GET', '', login), 401, 'TOKEN_INVALID');
  });

  test("somebody else's are not there, not for an administrator either", async () => {
    const { entered: [foreign] } = await somebody(1);
    const { items: [{ id }] } = await list(foreign);
    for (const accessToken of [server.plain.token, server.admin.token, server.root]) {
      assertError(await ask('DELETE', `/${id}`, { accessToken }), 404, 'NOT_FOUND');
    }
    assert.equal((await list(foreign)).total, 1);
    assertError(await ask('DELETE', `/${NOBODY}`, foreign), 404, 'NOT_FOUND');
  });

  test('an id that is none is 400, and without a token there are none', async () => {
    await assertIds(server, [['DELETE', '/sessions/user-id-123', 'id']]);
    assertError(await ask('GET', '', {}), 401, 'TOKEN_MISSING');
    assertError(await ask('DELETE', `/${NOBODY}`, {}), 401, 'TOKEN_MISSING');
  });
});
