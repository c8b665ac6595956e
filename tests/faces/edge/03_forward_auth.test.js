// Document 002, section 3: forward auth.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { decodeJwt } from 'jose';

import { answersIn, call, curl, printed, raw } from '../../lib/client.js';
import { assertError, createAdmin, forwardAuth, tokenOf } from '../../lib/edge.js';
import { pause } from '../../lib/place.js';
import { SETTING } from '../../lib/settings.js';
import { startSignet } from '../../lib/signet.js';

const PRINTED_TOKEN = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...';
const EXAMPLE = `curl -X GET http://localhost:8085/api/v1/auth \\
  -H "Authorization: Bearer ${PRINTED_TOKEN}"`;

let server;
let token;
before(async () => {
  server = await startSignet();
  token = await tokenOf(server);
});

function assertLetIn(answer, user = 'admin') {
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['x-user'], user);
  assert.equal(answer.headers['x-auth-service'], 'auth-service');
  assert.equal(answer.text, '');
}

function assertSentAway(answer) {
  assertError(answer, 401, 'unauthorized');
  assert.equal(answer.headers['www-authenticate'], 'Bearer');
  assert.equal(answer.headers['x-user'], undefined);
}

test('the printed example with a token of today is let in', async () => {
  assertLetIn(await printed(server, EXAMPLE, { [PRINTED_TOKEN]: token }));
});

test('the printed example, dots and all, is sent away as printed', async () => {
  assertSentAway(await printed(server, EXAMPLE));
});

test('no token is sent away', async () => {
  assertSentAway(await call(server, 'GET', '/api/v1/auth'));
});

test('an authorization that is not one good bearer token is sent away', async () => {
  const bad = ['', 'Bearer', 'Bearer ', token, `Basic ${token}`, `Bearer ${token} ${token}`, `Bearer "${token}"`,
    `Bearer ${token},`, `Bearer: ${token}`, 'Bearer null', `Token ${token}`, `Bearer ${token.slice(0, -1)}`];
  for (const authorization of bad) {
    assertSentAway(await call(server, 'GET', '/api/v1/auth', { headers: { Authorization: authorization } }));
  }
});

test('the scheme is read without case, as RFC 9110 has it', async () => {
  for (const scheme of ['bearer', 'BEARER']) {
    assertLetIn(await call(server, 'GET', '/api/v1/auth', { headers: { Authorization: `${scheme} ${token}` } }));
  }
});

test('two authorizations are refused, whichever of them is good', async () => {
  for (const pair of [[token, 'rubbish'], ['rubbish', token]]) {
    const lines = pair.map((value) => `Authorization: Bearer ${value}\r\n`).join('');
    const { bytes } = await raw(server.port, `GET /api/v1/auth HTTP/1.1\r\nHost: a\r\n${lines}\r\n`);
    const [answer] = answersIn(bytes);
    assert.ok(answer.status >= 400 && answer.status < 500, `answered ${answer.status}`);
  }
});

test('a token in the query or in a cookie is not looked at', async () => {
  assertSentAway(await call(server, 'GET', `/api/v1/auth?token=${token}&access_token=${token}`));
  assertSentAway(await call(server, 'GET', '/api/v1/auth', { headers: { Cookie: `token=${token}` } }));
});

test('HEAD answers as GET does, without a body', async () => {
  assertLetIn(await curl(['--head', '-H', `Authorization: Bearer ${token}`, `${server.url}/api/v1/auth`]));
  const refused = await call(server, 'HEAD', '/api/v1/auth');
  assert.equal(refused.status, 401);
  assert.equal(refused.text, '');
  assert.equal(refused.headers['www-authenticate'], 'Bearer');
});

test('any method will do, because a gateway may send the original one', async () => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    assertLetIn(await call(server, method, '/api/v1/auth', { token }));
    assertSentAway(await call(server, method, '/api/v1/auth'));
  }
  for (const method of ['PROPFIND', 'REPORT', 'TRACE', 'QUERY', 'MKCALENDAR', 'x-brew', '!']) {
    assertLetIn(await curl(['-X', method, '-H', `Authorization: Bearer ${token}`, `${server.url}/api/v1/auth`]));
    assertSentAway(await curl(['-X', method, `${server.url}/api/v1/auth`]));
    assert.equal((await curl(['-X', method, '-H', `Authorization: Bearer ${token}`, `${server.url}/api/v1/admin/list`])).status, 501);
    assert.equal((await curl(['-X', method, `${server.url}/nowhere`])).status, 501);
  }
});

test('what a gateway adds to tell of the original request changes nothing', async () => {
  const headers = {
    'X-Forwarded-Method': 'DELETE',
    'X-Forwarded-Uri': '/admin/../../etc/passwd?x=%00',
    'X-Forwarded-For': '203.0.113.9, 10.0.0.1',
    'X-Forwarded-Host': 'evil.example',
    'X-Original-URL': '/health',
    'X-User': 'root',
    'X-User-Id': '1',
  };
  assertLetIn(await forwardAuth(server, token, { headers }));
  assertSentAway(await call(server, 'GET', '/api/v1/auth', { headers }));
});

test('X-User is the name as it was typed when it was made', async () => {
  const admin = await createAdmin(server, token, { username: 'Front.Desk-2' });
  assertLetIn(await forwardAuth(server, await tokenOf(server, 'front.desk-2', admin.password)), 'Front.Desk-2');
});

test('an answer is not kept by caches, and tells no other header of who it is', async () => {
  const answer = await forwardAuth(server, token);
  assert.match(answer.headers['cache-control'], /no-store/);
  for (const name of ['x-user-id', 'x-user-email', 'x-user-roles']) {
    assert.equal(answer.headers[name], undefined);
  }
});

test('the identity headers can be switched on, and are then always there', async () => {
  const place = await startSignet({ settings: { [SETTING.identityHeaders]: 'yes' } });
  const theirs = await tokenOf(place);
  const answer = await forwardAuth(place, theirs);
  assertLetIn(answer);
  assert.equal(answer.headers['x-user-id'], decodeJwt(theirs).sub);
  assert.equal(answer.headers['x-user-email'], 'admin@fitness-center.local');
  assert.match(answer.headers['x-user-roles'], /\bSUPER_ADMIN\b/);
  const refused = await forwardAuth(place, 'rubbish');
  assertSentAway(refused);
  assert.equal(refused.headers['x-user-id'], undefined);
});

test('an expired token is sent away', async () => {
  const place = await startSignet({ settings: { [SETTING.edgeTokenLife]: '1s' } });
  const { json } = await call(place, 'POST', '/api/v1/login', {
    json: { username: 'admin', password: 'your_password' },
  });
  assert.equal(json.expires_in, 1);
  const { exp } = decodeJwt(json.token);
  await pause(Math.max(0, exp * 1000 - Date.now()) + 1_100);
  assertSentAway(await forwardAuth(place, json.token));
});

test('a token outlives a restart on the same data', async () => {
  const first = await startSignet();
  const theirs = await tokenOf(first);
  await first.stop();
  const second = await startSignet({ dataDir: first.dir });
  assertLetIn(await forwardAuth(second, theirs));
});

test('many askers on many connections get their own answers', async () => {
  const other = await createAdmin(server, token);
  const theirs = await tokenOf(server, other.username, other.password);
  const asked = Array.from({ length: 300 }, async (_, index) => {
    const kind = index % 3;
    if (kind === 0) {
      assertLetIn(await forwardAuth(server, token));
      return;
    }
    if (kind === 1) {
      assertLetIn(await forwardAuth(server, theirs), other.username);
      return;
    }
    assertSentAway(await forwardAuth(server, 'rubbish'));
  });
  await Promise.all(asked);
});
