// Document 002, section 2: login.
import assert from 'node:assert/strict';
import { createHmac, createPublicKey } from 'node:crypto';
import { before, test } from 'node:test';

import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';

import { call, printed } from '../../lib/client.js';
import { assertError, assertObject, createAdmin, forwardAuth, login, tokenOf } from '../../lib/edge.js';
import { pause, until } from '../../lib/place.js';
import { DEV_ADMIN, startSignet } from '../../lib/signet.js';

const EXAMPLE = `curl -X POST http://localhost:8085/api/v1/login \\
  -H "Content-Type: application/json" \\
  -d '{
    "username": "admin",
    "password": "your_password"
  }'`;
const REFUSAL = 'invalid username or password';

let server;
before(async () => {
  server = await startSignet();
});

function assertLoggedIn(answer) {
  assertObject(answer, 200, ['token', 'expires_in', 'token_type']);
  assert.match(answer.json.token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
  assert.equal(answer.json.expires_in, 86400);
  assert.equal(answer.json.token_type, 'Bearer');
}

function send(body, headers = { 'Content-Type': 'application/json' }) {
  return call(server, 'POST', '/api/v1/login', { body, headers });
}

test('the printed example answers as printed', async () => {
  assertLoggedIn(await printed(server, EXAMPLE));
});

test('an answer with a token is not kept by caches', async () => {
  const answer = await login(server, DEV_ADMIN.username, DEV_ADMIN.password);
  assert.match(answer.headers['cache-control'], /no-store/);
});

test('the address does as well as the username, and case does not matter', async () => {
  for (const name of ['admin', 'Admin', 'ADMIN', DEV_ADMIN.email, 'Admin@Fitness-Center.LOCAL']) {
    const answer = await login(server, name, DEV_ADMIN.password);
    assertLoggedIn(answer);
    assert.equal((await forwardAuth(server, answer.json.token)).headers['x-user'], 'admin');
  }
});

test('case does matter in a password', async () => {
  assertError(await login(server, 'admin', 'Your_password'), 401, REFUSAL);
});

test('a wrong password and an unknown name are one and the same answer', async () => {
  const wrong = await login(server, 'admin', 'not the password');
  const unknown = await login(server, 'nobody', 'not the password');
  assertError(wrong, 401, REFUSAL);
  assertError(unknown, 401, REFUSAL);
  assert.equal(wrong.text, unknown.text);
  assert.deepEqual(Object.keys(wrong.headers).sort(), Object.keys(unknown.headers).sort());
});

test('a name that could never be one is refused like any wrong one', async () => {
  for (const name of ['a b', 'Jos\u00e9', "' OR 1=1 --", '\u202eadmin']) {
    assertError(await login(server, name, 'not the password'), 401, REFUSAL);
  }
});

test('the token is verified by a client that knows only the published keys', async () => {
  const token = await tokenOf(server);
  const keys = createRemoteJWKSet(new URL(`${server.url}/.well-known/jwks.json`));
  const { payload, protectedHeader } = await jwtVerify(token, keys, { algorithms: ['ES256'], typ: 'at+jwt' });
  assert.equal(protectedHeader.alg, 'ES256');
  assert.equal(protectedHeader.typ, 'at+jwt');
  assert.equal(typeof protectedHeader.kid, 'string');
  assert.equal(payload.exp - payload.iat, 86400);
  assert.ok(Math.abs(payload.iat - Date.now() / 1000) < 60);
  assert.match(payload.sub, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('the published key set holds public keys only', async () => {
  const answer = await call(server, 'GET', '/.well-known/jwks.json');
  assert.equal(answer.status, 200);
  assert.ok(answer.json.keys.length >= 1);
  for (const key of answer.json.keys) {
    assert.deepEqual([key.kty, key.crv, key.alg, key.use, key.d], ['EC', 'P-256', 'ES256', 'sig', undefined]);
  }
  const kids = answer.json.keys.map((key) => key.kid);
  assert.ok(kids.includes(decodeProtectedHeader(await tokenOf(server)).kid));
});

test('a token says nothing of the password', async () => {
  const claims = JSON.stringify(decodeJwt(await tokenOf(server)));
  assert.doesNotMatch(claims, /password|argon2/);
});

test('every login is a session of its own', async () => {
  assert.notEqual(await tokenOf(server), await tokenOf(server));
});

test('a token that was changed, unsigned or signed with the public key is refused', async () => {
  const token = await tokenOf(server);
  const [header, payload, signature] = token.split('.');
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const parsed = decodeProtectedHeader(token);
  const { keys } = (await call(server, 'GET', '/.well-known/jwks.json')).json;
  const pem = createPublicKey({ key: keys[0], format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const hmacHeader = encode({ ...parsed, alg: 'HS256' });
  const hmac = createHmac('sha256', pem).update(`${hmacHeader}.${payload}`).digest('base64url');
  const later = encode({ ...decodeJwt(token), exp: 4102444800 });
  const flipped = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
  const forged = [
    `${header}.${payload}.${flipped}`,
    `${header}.${later}.${signature}`,
    `${encode({ ...parsed, alg: 'none' })}.${payload}.`,
    `${encode({ ...parsed, alg: 'ES256', typ: 'JWT' })}.${payload}.${signature}`,
    `${encode({ ...parsed, kid: '../../etc/passwd' })}.${payload}.${signature}`,
    `${encode({ ...parsed, jwk: keys[0] })}.${payload}.${signature}`,
    `${hmacHeader}.${payload}.${hmac}`,
    `${header}.${payload}`,
    `${header}.${payload}.${signature}.`,
    `${token}=`,
  ];
  for (const bad of forged) {
    assertError(await forwardAuth(server, bad), 401, 'unauthorized');
  }
  assert.equal((await forwardAuth(server, token)).status, 200);
});

test('a token of another installation is refused', async () => {
  const other = await startSignet();
  assertError(await forwardAuth(server, await tokenOf(other)), 401, 'unauthorized');
});

test('members that nobody knows are ignored', async () => {
  const json = { ...DEV_ADMIN, role: 'SUPER_ADMIN', remember: true, __proto__: { a: 1 } };
  assertLoggedIn(await call(server, 'POST', '/api/v1/login', { json }));
});

test('a missing member is 400 and named, and null is missing', async () => {
  assertError(await send('{"username": "admin"}'), 400, /password/);
  assertError(await send('{"password": "your_password"}'), 400, /username/);
  assertError(await send('{"username": "admin", "password": null}'), 400, /password/);
  assertError(await send('{"username": null, "password": "your_password"}'), 400, /username/);
});

test('a member of the wrong type is 400 and named', async () => {
  for (const value of ['1', 'true', '[]', '{}', '["admin"]']) {
    assertError(await send(`{"username": ${value}, "password": "your_password"}`), 400, /username/);
    assertError(await send(`{"username": "admin", "password": ${value}}`), 400, /password/);
  }
});

test('what is not valid JSON, or not an object, is 400', async () => {
  const bodies = [
    '',
    '{',
    'null',
    '[]',
    '"admin"',
    'username=admin&password=your_password',
    "{'username': 'admin', 'password': 'your_password'}",
    '{"username": "admin", "password": "your_password",}',
    '{"username": "admin", "password": "your_password"} trailing',
    '{"username": "admin", "password": "your_password", "password": "other"}',
    '{"username": "admin\\u0000", "password": "your_password"}',
    '{"username": "\\ud800", "password": "your_password"}',
    Buffer.from('{"username": "admin\xff", "password": "your_password"}', 'latin1'),
    `${'['.repeat(2_000)}${']'.repeat(2_000)}`,
    `{"username": "admin", "password": "your_password", "deep": ${'['.repeat(100)}${']'.repeat(100)}}`,
  ];
  for (const body of bodies) {
    assertError(await send(body), 400);
  }
});

test('a body that does not say it is JSON is 415', async () => {
  const body = JSON.stringify(DEV_ADMIN);
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'multipart/form-data']) {
    assertError(await send(body, { 'Content-Type': type }), 415);
  }
  assertError(await send(body, {}), 415);
});

test('JSON may name its charset, and case does not matter in it', async () => {
  for (const type of ['application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"', 'application/json ;charset=UTF-8']) {
    assertLoggedIn(await send(JSON.stringify(DEV_ADMIN), { 'Content-Type': type }));
  }
});

test('a body over the limit is 413', async () => {
  const body = JSON.stringify({ ...DEV_ADMIN, padding: 'x'.repeat(70_000) });
  assertError(await call(server, 'POST', '/api/v1/login', { json: JSON.parse(body) }), 413);
});

test('a header over the limit is 431', async () => {
  const answer = await call(server, 'GET', '/health', { headers: { 'X-Long': 'x'.repeat(20_000) } });
  assertError(answer, 431);
});

test('another method is 405 and tells which ones there are', async () => {
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
    const answer = await call(server, method, '/api/v1/login');
    assertError(answer, 405);
    assert.match(answer.headers.allow, /\bPOST\b/);
  }
});

test('a password may be long and in any script, in either normal form', async () => {
  const token = await tokenOf(server);
  const password = '\u6c34\u6ce2\u306e\u97f3 caf\u00e9 \u{1f3cb}';
  const admin = await createAdmin(server, token, { username: 'yuki', password });
  assert.equal((await login(server, 'yuki', admin.password.normalize('NFD'))).status, 200);
  const long = await createAdmin(server, token, { username: 'wordy', password: '\u00fc'.repeat(256) });
  assert.equal((await login(server, 'wordy', long.password)).status, 200);
  assertError(await login(server, 'wordy', long.password.slice(0, 255)), 401, REFUSAL);
});

test('too many wrong passwords on one account make the right one wait, with the same answer', async () => {
  const place = await startSignet();
  const { username, password } = await createAdmin(place, await tokenOf(place));
  let refused;
  for (let tries = 0; tries < 5; tries++) {
    refused = await login(place, username, 'not the password');
    assertError(refused, 401, REFUSAL);
  }
  await pause(1_100); // the first delay; the next is twice as long, time enough to see it
  assertError(await login(place, username, 'not the password'), 401, REFUSAL);
  const held = await login(place, username, password);
  assertError(held, 401, REFUSAL);
  assert.equal(held.text, refused.text);
  assert.equal((await login(place, 'admin', DEV_ADMIN.password)).status, 200, 'others are not held');
  await until(async () => (await login(place, username, password)).status === 200, {
    limit: 30_000,
    step: 500,
    what: 'the account to be let in again',
  });
});

test('the username and the address of one account share one count', async () => {
  const place = await startSignet({ settings: { 'login.most_failures': 5 } }); // then for good, however slow we are
  const admin = await createAdmin(place, await tokenOf(place));
  for (let tries = 0; tries < 5; tries++) {
    await login(place, tries % 2 ? admin.username : admin.email.toUpperCase(), 'not the password');
  }
  assertError(await login(place, admin.username, admin.password), 401, REFUSAL);
  assertError(await login(place, admin.email, admin.password), 401, REFUSAL);
});

test('too many failures from one network are 429 with Retry-After, whatever it says where it comes from', async () => {
  const place = await startSignet();
  const answers = [];
  for (let tries = 0; tries < 40; tries++) {
    const headers = { 'X-Forwarded-For': `198.51.100.${tries}`, Forwarded: `for=198.51.100.${tries}` };
    answers.push(await login(place, `nobody${tries}`, 'not the password', { headers }));
  }
  const first = answers.findIndex((answer) => answer.status === 429);
  assert.ok(first >= 15 && first <= 35, `429 came at attempt ${first}`);
  assertError(answers[first], 429);
  assert.match(answers[first].headers['retry-after'], /^[1-9]\d*$/);
  assert.ok(answers.slice(0, first).every((answer) => answer.status === 401));
  assert.equal(answers.at(-1).status, 429);
});
