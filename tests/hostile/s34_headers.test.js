// S34. What protects a browser and keeps secrets out of caches, on every route and with every error status that
// it can be made to give.
import assert from 'node:assert/strict';

import { isOpen, operations } from './lib/operations.js';
import { goodRequest, sendable, stage } from './lib/stage.js';
import { statement } from './lib/statement.js';
import { ask } from './lib/wire.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const API_POLICY = "default-src 'none'; frame-ancestors 'none'";
const PAGE = { 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin' };
const COOKIE = /^__Host-[a-z]+=[\w.-]*; Path=\/; Secure; HttpOnly; SameSite=(Lax|Strict)(; Max-Age=\d+)?$/;
// Public, and the same for everybody: others may keep them.
const CACHEABLE = ['self GET /.well-known/jwks.json', 'self GET /openapi/:document', 'self GET /avatars/:picture'];

const directives = (policy) => Object.fromEntries(policy.split(';').map((one) => one.trim().split(' ')).map(([name, ...sources]) => [name, sources.join(' ')]));
const nonces = new Set();
const all = operations();
const patched = new Set(all.filter(({ method }) => method === 'PATCH').map(({ path }) => path));

function assertPage(answer) {
  assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8');
  for (const [name, value] of Object.entries(PAGE)) {
    assert.equal(answer.headers[name], value, name);
  }
  assert.match(answer.headers['permissions-policy'], /camera=\(\), microphone=\(\), geolocation=\(\)/);
  const { 'style-src': style, 'form-action': form, ...rest } = directives(answer.headers['content-security-policy']);
  assert.deepEqual(rest, { 'default-src': "'none'", 'frame-ancestors': "'none'", 'base-uri': "'none'", 'require-trusted-types-for': "'script'" });
  assert.match(form, /^'self'( https:\/\/app\.example)?$/);
  const [, nonce] = /^'nonce-([\w+/=-]{22,})'$/.exec(style);
  assert.ok(!nonces.has(nonce), 'a nonce twice');
  nonces.add(nonce);
  assert.ok(answer.text === '' || answer.text.includes(`<style nonce="${nonce}">`));
  assert.doesNotMatch(answer.text, /<script|\son\w+=|javascript:|<iframe|<object|<link|<img|\sstyle=/i);
}

/** What every answer has; `may` is the route that gave it, if one did. */
function assertProtected(answer, operation) {
  const { headers } = answer;
  const lines = answer.head.split('\r\n').slice(1).filter(Boolean).map((line) => line.split(':')[0].toLowerCase());
  assert.deepEqual(lines.filter((name, at) => name !== 'set-cookie' && lines.indexOf(name) !== at), [], 'a header twice');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.ok(headers['content-security-policy'], 'no policy');
  for (const name of ['server', 'x-powered-by', 'via', 'etag', 'x-runtime']) {
    assert.ok(headers[name] === undefined || CACHEABLE.includes(operation?.name), name);
  }
  for (const line of answer.head.split('\r\n').filter((one) => /^set-cookie:/i.test(one))) {
    assert.match(line.slice('set-cookie: '.length), COOKIE);
  }
  const kept = CACHEABLE.includes(operation?.name) && answer.status === 200;
  assert.equal(/no-store/.test(headers['cache-control'] ?? ''), !kept, headers['cache-control']);
  assert.equal(headers['www-authenticate'], answer.status === 401 ? 'Bearer' : undefined);
  assert.ok(![429, 503].includes(answer.status) || Number(headers['retry-after']) > 0);
  assert.ok(answer.status !== 405 || headers.allow);
  if (operation?.face === 'pages' && answer.status !== 303) {
    assertPage(answer);
    return;
  }
  if (!kept) {
    assert.equal(headers['content-security-policy'], API_POLICY);
  }
  if (answer.text !== '' && operation && !kept && operation.face !== 'self') {
    assert.equal(headers['content-type'], JSON_TYPE);
    assert.doesNotThrow(() => JSON.parse(answer.text));
  }
  assert.doesNotMatch(headers['content-type'] ?? '', /html|xml|svg|javascript/);
}

/** Requests that each end otherwise: [what, status, request]. */
function spoilt(operation, good, place) {
  const path = good.path.split('?')[0];
  const json = operation.type === 'application/json';
  const list = [
    ['no such method', 405, { ...good, method: 'PATCH' }], ['an unknown method', operation.method === 'ANY' ? 200 : [400, 501], { ...good, method: 'BREW' }], ['headers too large', 431, { ...good, headers: { ...good.headers, 'X-A': 'a'.repeat(20_000) } }],
    ['a line too long', 414, { ...good, path: `${path}?x=${'a'.repeat(10_000)}` }], ['an unknown expectation', 417, { ...good, headers: { ...good.headers, Expect: 'a miracle' } }], ['a path that is odd', 400, { ...good, path: `${path}/..` }],
    ['another Host', 400, { ...good, headers: { ...good.headers, Host: 'a b' } }], ['too large a body', 413, { ...good, headers: { ...good.headers, 'Content-Length': '99999999' }, json: undefined, body: '' }], ['no such path', 404, { ...good, path: `${path}/there/is/no/such/path` }],
  ];
  if (operation.method === 'ANY' || patched.has(operation.path)) {
    list.shift();
  }
  if (!isOpen(operation)) {
    list.push(['no token', 401, { ...good, token: undefined }], ['a bad token', 401, { ...good, token: 'rubbish' }], ['a token twice', [400, 401], { ...good, headers: { ...good.headers, Authorization: 'Bearer a' } }], ['a bad key', 401, { ...good, token: undefined, headers: { 'x-service-key': 'rubbish' } }]);
  }
  if (!isOpen(operation) && !['signed-in'].includes(operation.may) && !operation.may.startsWith('oneself')) {
    list.push(['no right', [403, 404], { ...good, token: place.actors.plain.token }]);
  }
  if (json) {
    const either = good.path === '/auth/logout' ? [401] : []; // without a token in its body it is another face's
    list.push(['no JSON', [400, ...either], { ...good, json: undefined, body: '{', headers: { 'Content-Type': 'application/json' } }], ['another type', [415, ...either], { ...good, json: undefined, body: '{}', headers: { 'Content-Type': 'text/html' } }]);
  }
  return list;
}

statement('S34', async (tries) => {
  const place = await stage();
  const seen = new Set();
  const look = async (operation, request) => {
    const answer = await ask(place.server, sendable(request));
    assertProtected(answer, operation);
    seen.add(answer.status);
    return answer;
  };
  for (const operation of all) {
    for (const method of operation.method === 'GET' ? ['GET', 'HEAD'] : [undefined]) {
      await tries(`${operation.name}: ${method ?? ''} when all is right`, async () => {
        const good = await goodRequest(place, operation);
        const { status, text } = await look(operation, { ...good, method: method ?? good.method });
        assert.ok(status < 400, text);
      });
    }
    const good = await goodRequest(place, operation);
    for (const [what, status, request] of spoilt(operation, good, place)) {
      await tries(`${operation.name}: ${what}`, async () => {
        const answer = await look(operation, request);
        assert.ok([status].flat().includes(answer.status), `${answer.status}: ${answer.text}`);
      });
    }
  }
  await tries('a path of nobody', async () => assert.equal((await look(undefined, { path: '/nobody', method: 'GET' })).status, 404));
  await tries('statuses of all kinds were among them', () => {
    for (const status of [200, 201, 202, 302, 303, 400, 401, 403, 404, 405, 413, 414, 415, 417, 431]) {
      assert.ok(seen.has(status), `${status}`);
    }
  });
});

statement('S34', async (tries) => {
  const place = await stage({ settings: { 'login.network_minute': '1', 'links.network_minute': '1', 'links.network_hour': '1', 'register.network_hour': '1' } });
  // createUser looks at no password, and what a provider signs is not guessed: nothing of it is a failed login.
  const counting = all.filter((one) => isOpen(one) && one.rate !== 'any' && one.lane !== 'away' && one.name !== 'directory POST /users/createUser');
  for (const [network, operation] of counting.entries()) {
    await tries(`${operation.name}: too many`, async () => {
      let answer;
      for (let at = 0; at < 3; at++) {
        const path = operation.method === 'GET' ? `${operation.path}?token=${'a'.repeat(64)}` : operation.path;
        const body = operation.face === 'pages' ? { body: `token=${'a'.repeat(64)}&password=grey+otter+41`, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } } : { json: tooMany(operation) };
        answer = await ask(place.server, { method: operation.method, path, ...(operation.method === 'GET' ? {} : body) }, { from: `127.0.1.${network + 1}` });
        assertProtected(answer, operation);
      }
      assert.equal(answer.status, operation.face === 'corporate' ? 409 : 429, answer.text);
      assert.ok(Number(answer.headers['retry-after']) > 0);
    });
  }
}, 'too many');

let made = 0;
/** Fields that are right, by name. */
function tooMany({ members }) {
  const of = { email: () => `many${++made}@example.com`, username: () => 'root', password: () => 'wrong enough', fullName: () => 'Ann Lee', token: () => 'a'.repeat(64), id_token: () => 'a.b.c', code: () => 'x', redirect_uri: () => 'https://app.example/back' };
  return Object.fromEntries(members.filter(({ name, required }) => required || name === 'token').map(({ name }) => [name, of[name]?.() ?? 'x']));
}
