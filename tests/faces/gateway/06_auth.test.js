// Document 001, Auth: login, refresh, logout.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { decodeJwt } from 'jose';

import { call } from '../../lib/client.js';
import { PASSWORD, register, update } from '../../lib/directory.js';
import { api, assertData, assertDone, assertError, assertLogin, logIn, NOBODY, refresh, startGateway } from '../../lib/gateway_face.js';
import { until } from '../../lib/place.js';

test('no access token lives longer than the session that it is of', async () => {
  const server = await startGateway({
    'face.gateway.token_life': '48h', 'face.fitnexa.token_life': '48h', 'refresh.life': '2h', 'refresh.administrators': '60',
  });
  const lifeOf = (token) => decodeJwt(token).exp - decodeJwt(token).iat;
  for (const [user, life] of [[server.plain, 7200], [server.admin, 60]]) {
    assert.equal(lifeOf(assertLogin(await logIn(server, user)).accessToken), life);
    const { json } = await call(server, 'POST', '/auth/login', { json: { email: user.username, password: user.password } });
    assert.equal(lifeOf(json.token), life);
    assert.ok(lifeOf(assertData(await refresh(server, json.refreshToken)).accessToken) <= life);
  }
});

describe('login, refresh, logout', () => {
  let server;
  before(async () => (server = await startGateway()));

  const me = (token) => call(server, 'GET', '/id/api/sessions', { token });
  const logOut = (token, json) => call(server, 'POST', '/id/api/auth/logout', { token, json });
  const enter = async (user) => assertLogin(await logIn(server, user));
  const turn = async (token) => assertData(await refresh(server, token));

  test('a login answers both tokens and who it is', async () => {
    const { accessToken, user } = await enter(server.plain);
    assert.deepEqual(user, { id: server.plain.id, email: server.plain.username, role: 'USER', status: 'active' });
    assertData(await me(accessToken));
  });

  test('what is known of somebody is told, and how strong they are', async () => {
    const known = await register(server, { firstName: 'Ann', lastName: 'Lee' });
    assert.deepEqual((await enter(known)).user, {
      id: known.id, email: known.username, firstName: 'Ann', lastName: 'Lee', role: 'USER', status: 'active',
    });
    assert.equal((await enter(server.admin)).user.role, 'ADMIN');
    assert.equal((await enter(server.gym)).user.role, 'GYM_ADMIN');
  });

  test('the token of a login counts at every face', async () => {
    const { accessToken } = await enter(server.admin);
    assert.equal((await call(server, 'GET', '/api/v1/auth', { token: accessToken })).status, 200);
    assert.equal((await call(server, 'GET', '/users/my-info', { token: accessToken })).status, 200);
  });

  test('the address is found however it is written, and so is a username', async () => {
    await enter({ ...server.plain, username: server.plain.username.toUpperCase() });
    await enter({ username: 'keeper', password: 'seventeen green kites' });
  });

  test('who is not there and a wrong password are told alike', async () => {
    const wrong = await logIn(server, { ...server.mate, password: 'not the password' });
    const nobody = await logIn(server, { username: 'nobody@example.com', password: PASSWORD });
    assertError(wrong, 401, 'CREDENTIALS_INVALID');
    assertError(nobody, 401, 'CREDENTIALS_INVALID');
    assert.deepEqual(wrong.json.error, nobody.json.error);
    assert.equal(wrong.headers['set-cookie'], undefined);
  });

  test('who is stopped is told so after the right password alone, and no refresh token counts', async () => {
    const user = await register(server);
    const { refreshToken, accessToken } = await enter(user);
    const { status, text } = await call(server, 'POST', '/users/createUser', {
      token: server.root, json: { username: `${user.username}.org`, password: PASSWORD, status: 0 },
    });
    assert.equal(status, 200, text);
    const stopped = { username: `${user.username}.org`, password: PASSWORD };
    assertError(await logIn(server, stopped), 403, 'ACCOUNT_NOT_ACTIVE');
    assertError(await logIn(server, { ...stopped, password: 'not the password' }), 401, 'CREDENTIALS_INVALID');
    assert.equal((await call(server, 'DELETE', `/users/${user.id}`, { token: server.root })).status, 200);
    assertError(await refresh(server, refreshToken), 401, 'TOKEN_INVALID');
    assertError(await me(accessToken), 401, 'TOKEN_INVALID');
  });

  test('a device that was let in is known again by its cookie', async () => {
    const answer = await logIn(server, server.plain);
    assert.match(answer.headers['set-cookie'][0], /^__Host-device=[0-9a-f]{96}; Path=\/; Secure; HttpOnly; SameSite=Strict/);
  });

  test('what is missing or wrong in a body is named', async () => {
    const send = (path, json) => call(server, 'POST', `/id/api/auth/${path}`, { json });
    assertError(await send('login', { email: 'ann@example.com' }), 400, 'FIELD_REQUIRED', 'password');
    assertError(await send('login', { password: 'x' }), 400, 'FIELD_REQUIRED', 'email');
    assertError(await send('login', { email: 7, password: 'x' }), 400, 'FIELD_TYPE', 'email');
    assertError(await send('refresh', {}), 400, 'FIELD_REQUIRED', 'refreshToken');
    assertError(await send('refresh', { refresh_token: 'x' }), 400, 'FIELD_REQUIRED', 'refreshToken');
    assertError(await send('refresh', { refreshToken: 7 }), 400, 'FIELD_TYPE', 'refreshToken');
    assertError(await call(server, 'POST', '/id/api/auth/refresh'), 415, 'REQUEST_REFUSED');
  });

  test('a refresh token gives a new pair, and no more than that', async () => {
    const first = await enter(server.plain);
    const second = await turn(first.refreshToken);
    assert.deepEqual(Object.keys(second), ['accessToken', 'refreshToken']);
    assert.notEqual(second.refreshToken, first.refreshToken);
    assertData(await me(second.accessToken));
    assertData(await me(first.accessToken)); // it lasts as long as it would have
    await turn(second.refreshToken);
  });

  test('a lost answer is given again, the same', async () => {
    const first = await enter(server.plain);
    const second = await turn(first.refreshToken);
    assert.equal((await turn(first.refreshToken)).refreshToken, second.refreshToken);
    await turn(second.refreshToken);
  });

  test('fifty at once are one refresh', async () => {
    const { refreshToken } = await enter(server.plain);
    const answers = await Promise.all(Array.from({ length: 50 }, () => turn(refreshToken)));
    assert.equal(new Set(answers.map((answer) => answer.refreshToken)).size, 1);
    await turn(answers[0].refreshToken);
  });

  test('a token that was used ends the session when it is shown again', async () => {
    const first = await enter(server.plain);
    const other = await enter(server.plain);
    const second = await turn(first.refreshToken);
    const third = await turn(second.refreshToken);
    assertError(await refresh(server, first.refreshToken), 401, 'TOKEN_INVALID');
    for (const token of [first.refreshToken, second.refreshToken, third.refreshToken]) {
      assertError(await refresh(server, token), 401, 'TOKEN_INVALID');
    }
    for (const { accessToken } of [first, second, third]) {
      assertError(await me(accessToken), 401, 'TOKEN_INVALID');
    }
    await turn(other.refreshToken); // another login of the same user
  });

  test('what is no refresh token is refused and ends nothing', async () => {
    const { accessToken, refreshToken } = await enter(server.plain);
    const last = refreshToken.at(-1) === '0' ? '1' : '0';
    for (const token of ['rubbish', accessToken, refreshToken.slice(0, -1), refreshToken.slice(0, -1) + last, `${refreshToken} `, 'refresh_']) {
      assertError(await refresh(server, token), 401, 'TOKEN_INVALID');
    }
    assertError(await me(refreshToken), 401, 'TOKEN_INVALID'); // nor is it an access token
    assertError(await logOut(refreshToken), 401, 'TOKEN_INVALID');
    assertData(await me(accessToken));
    await turn(refreshToken);
  });

  test('a new password ends all other sessions, refresh tokens too', async () => {
    const user = await register(server);
    const { refreshToken } = await enter(user);
    const chosen = 'another long enough password';
    assert.equal((await update(server, server.root, user.id, { password: chosen })).status, 200);
    assertError(await refresh(server, refreshToken), 401, 'TOKEN_INVALID');
    await enter({ ...user, password: chosen });
  });

  test('a logout ends the session of its token, with and without a body', async () => {
    for (const body of [undefined, {}, { refresh_token: null }, { refresh_token: 'rubbish' }]) {
      const { accessToken, refreshToken } = await enter(server.plain);
      assertDone(await logOut(accessToken, body));
      assertError(await me(accessToken), 401, 'TOKEN_INVALID');
      assertError(await refresh(server, refreshToken), 401, 'TOKEN_INVALID');
      assertError(await logOut(accessToken, body), 401, 'TOKEN_INVALID');
    }
  });

  test('with the refresh token of another login of theirs it ends that one as well', async () => {
    const one = await enter(server.plain);
    const other = await enter(server.plain);
    assertDone(await logOut(one.accessToken, { refresh_token: other.refreshToken }));
    assertError(await me(one.accessToken), 401, 'TOKEN_INVALID');
    assertError(await me(other.accessToken), 401, 'TOKEN_INVALID');
    assertError(await refresh(server, other.refreshToken), 401, 'TOKEN_INVALID');
  });

  test("with somebody else's it ends one's own alone", async () => {
    const own = await enter(server.plain);
    const foreign = await enter(server.mate);
    assertDone(await logOut(own.accessToken, { refresh_token: foreign.refreshToken }));
    assertError(await me(own.accessToken), 401, 'TOKEN_INVALID');
    assertData(await me(foreign.accessToken));
    await turn(foreign.refreshToken);
  });

  test('without a token nobody logs out', async () => {
    assertError(await call(server, 'POST', '/id/api/auth/logout', { json: {} }), 401, 'TOKEN_MISSING');
  });

  test('a login whose access token was renewed at the other API has gone on there', async () => {
    const { accessToken, refreshToken } = await enter(server.plain);
    const renewed = await call(server, 'POST', '/auth/refresh', { json: { token: accessToken } });
    assert.equal(renewed.status, 200, renewed.text);
    assertError(await refresh(server, refreshToken), 401, 'TOKEN_INVALID');
    await until(async () => (await me(renewed.json.result.token)).status === 401);
  });

  test('an id that a token might have is nothing', async () => {
    const token = `refresh_${NOBODY.replaceAll('-', '')}${'0'.repeat(72)}`;
    assertError(await refresh(server, token), 401, 'TOKEN_INVALID');
    assertData(await api(server, 'GET', '/sessions'));
  });
});
