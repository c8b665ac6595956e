// S8. Tokens that are signed by anything but our keys with our algorithm, or say in their header where a key for
// them is to be had, at every place where a token is taken. In C: crypto/jose_test.c, fuzz/jwt.c.
import assert from 'node:assert/strict';
import { createHmac, createPublicKey } from 'node:crypto';
import http from 'node:http';

import * as jose from 'jose';

import { call } from '../lib/client.js';
import { atEnd, freePort } from '../lib/place.js';
import { isOpen, operations } from './lib/operations.js';
import { goodRequest, newUser, sendable, stage } from './lib/stage.js';
import { LONG, statement } from './lib/statement.js';
import { ask } from './lib/wire.js';

const SHARES = 6;
const SECRET = 'a secret that is thirty-two bytes long, and more';
const encode = (value) => Buffer.from(typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value)).toString('base64url');
const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
const headerOf = (token) => JSON.parse(Buffer.from(token.split('.')[0], 'base64url'));
const now = () => Math.floor(Date.now() / 1000);

function hmac(header, payload, secret, hash = 'sha256') {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`;
}

/** Whoever fetches a key from here is found out. */
async function startBait() {
  const asked = [];
  const bait = {};
  const server = http.createServer((request, response) => {
    asked.push(request.url);
    response.end(JSON.stringify(bait.keys));
  });
  server.on('connection', () => asked.push('a connection'));
  const port = await freePort();
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  atEnd(() => new Promise((resolve) => server.close(resolve)));
  return Object.assign(bait, { url: `http://127.0.0.1:${port}`, asked });
}

const pairs = new Map();
function pairFor(alg) {
  const kind = alg.replace(/^[RP]S\d+/, 'RS256');
  pairs.has(kind) || pairs.set(kind, jose.generateKeyPair(kind, { extractable: true }));
  return pairs.get(kind);
}

/** A key pair of somebody else for an algorithm, and a token by it that says what a good one says. */
async function bySomebody(alg, good, header = {}) {
  const { publicKey, privateKey: own } = await pairFor(alg);
  const privateKey = await jose.importJWK(await jose.exportJWK(own), alg);
  const token = await new jose.CompactSign(Buffer.from(JSON.stringify(claimsOf(good)))).setProtectedHeader({ ...headerOf(good), alg, ...header }).sign(privateKey);
  return { token, jwk: { ...(await jose.exportJWK(publicKey)), alg, kid: headerOf(good).kid, use: 'sig' } };
}

const ALGORITHMS = ['ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'EdDSA'];

/** Headers that lead to a key of somebody else's, or nowhere. */
function leadingHeaders(jwk, bait) {
  const kids = ['', '../../../../dev/null', '/dev/null', 'file:///etc/passwd', bait.url, "' OR '1'='1", "x' UNION SELECT 'a", '%00', 'k'.repeat(4_000), '*', '\u0000', 'null', '0'];
  return {
    jwk: { jwk }, 'jwk and no kid': { jwk, kid: undefined }, jku: { jku: `${bait.url}/jwks.json` }, 'jku beside ours': { jku: `${bait.url}/.well-known/jwks.json#`, kid: 'other' }, x5u: { x5u: `${bait.url}/x5u.pem` },
    x5c: { x5c: [Buffer.from('no certificate').toString('base64')] }, x5t: { x5t: 'AAAA' }, 'all of them': { jwk, jku: bait.url, x5u: bait.url, x5c: ['AAAA'], kid: bait.url }, url: { url: bait.url }, iss: { iss: bait.url },
    ...Object.fromEntries(kids.map((kid) => [`kid ${JSON.stringify(kid.slice(0, 30))}`, { kid }])), 'no kid': { kid: undefined }, 'a kid that is a number': { kid: 7 }, 'a kid that is an object': { kid: { $ne: '' } }, 'a kid that is a list': { kid: [headerOf.kid] },
  };
}

/** What somebody knows of our key: everything that is published of it, in each form in which it could be taken for a secret. */
function secretsOf(published) {
  const key = createPublicKey({ key: published, format: 'jwk' });
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(published.x, 'base64url'), Buffer.from(published.y, 'base64url')]);
  const pem = key.export({ type: 'spki', format: 'pem' });
  return { 'the PEM': pem, 'the PEM without its end': pem.trimEnd(), 'the DER': key.export({ type: 'spki', format: 'der' }), 'the point': point, 'x': published.x, 'x as bytes': Buffer.from(published.x, 'base64url'), 'the JWK': JSON.stringify(published), 'the kid': published.kid, nothing: '', 'a zero': '\0' };
}

/** [what, token] that no key of ours has signed. */
async function forgeries(good, published, bait) {
  const [head, claims] = [headerOf(good), claimsOf(good)];
  const [first, payload, signature] = good.split('.');
  const list = [];
  const add = (what, token) => list.push([what, token]);
  for (const alg of ['none', 'None', 'NONE', 'nOnE', '', 'null', 'ES256 ', 'es256', 'HS256', null, 7, ['ES256']]) {
    add(`${JSON.stringify(alg)} and no signature`, `${encode({ ...head, alg })}.${payload}.`);
    add(`${JSON.stringify(alg)} and ours`, `${encode({ ...head, alg })}.${payload}.${signature}`);
  }
  for (const [what, secret] of Object.entries(secretsOf(published))) {
    add(`HS256 by ${what}`, hmac({ ...head, alg: 'HS256' }, claims, secret));
  }
  add('HS512 by the PEM', hmac({ ...head, alg: 'HS512' }, claims, secretsOf(published)['the PEM'], 'sha512'));
  for (const alg of ALGORITHMS) {
    const { token, jwk } = await bySomebody(alg, good);
    add(`${alg} by a key of somebody's`, token);
    add(`${alg} by somebody's, said to be ES256`, `${encode({ ...headerOf(token), alg: 'ES256' })}.${payload}.${token.split('.')[2]}`);
    add(`${alg} by the key in its header`, (await bySomebody(alg, good, { jwk })).token);
  }
  const { jwk } = await bySomebody('ES256', good);
  bait.keys = { keys: [jwk] };
  for (const [what, header] of Object.entries(leadingHeaders(jwk, bait))) {
    add(`ES256 by somebody's, with ${what}`, (await bySomebody('ES256', good, header)).token);
    add(`our signature under a header with ${what}`, `${encode({ ...head, ...header })}.${payload}.${signature}`);
  }
  for (const [what, other] of Object.entries({ zeros: Buffer.alloc(64), 'r and s of n': Buffer.alloc(64, 0xff), nothing: Buffer.alloc(0), 'half of it': Buffer.from(signature, 'base64url').subarray(0, 32), 'one byte more': Buffer.concat([Buffer.from(signature, 'base64url'), Buffer.alloc(1)]), 'DER': Buffer.from('3006020101020101', 'hex') })) {
    add(`a signature of ${what}`, `${first}.${payload}.${encode(other)}`);
  }
  for (const changed of [{ sub: '01a1feec-ce90-7532-b6a3-ca184ff1da28' }, { exp: claims.exp + 86_400 }, { role: 'SUPER_ADMIN' }]) {
    add(`other claims under our signature: ${Object.keys(changed)}`, `${first}.${encode({ ...claims, ...changed })}.${signature}`);
  }
  add('a token in a token', `${first}.${encode(good)}.${signature}`);
  add('more parts', `${good}.${payload}`);
  add('an encrypted one', `${encode({ alg: 'dir', enc: 'A256GCM' })}..${encode('iv')}.${encode('x')}.${encode('tag')}`);
  add('the general form', encode(JSON.stringify({ payload, signatures: [{ protected: first, signature }] })));
  add('padding', `${first}=.${payload}=.${signature}=`);
  add('other letters of base64', good.replaceAll('-', '+').replaceAll('_', '/') + (/[-_]/.test(good) ? '' : '+'));
  add('a header with alg twice', `${encode('{"alg":"none","typ":"at+jwt","alg":"ES256"}')}.${payload}.${signature}`);
  return list;
}

/** Every place where a token is taken: [where, refuses(token)]. */
async function places(place) {
  const list = [];
  for (const operation of operations().filter((one) => !isOpen(one))) {
    const request = sendable(await goodRequest(place, operation));
    list.push([operation.name, async (token) => {
      const { status, text } = await ask(place.server, { ...request, token });
      assert.equal(status, 401, text);
    }]);
  }
  const post = async (path, json) => ask(place.server, { method: 'POST', path, json });
  list.push(['introspection', async (token) => assert.deepEqual((await post('/auth/introspect', { token })).json, { result: { valid: false } })]);
  list.push(['renewal', async (token) => assert.equal((await post('/auth/refresh', { token })).status, 401)]);
  list.push(['logout', async (token) => assert.equal((await post('/auth/logout', { token })).text, '{}')]);
  list.push(['a service key', async (token) => assert.equal((await ask(place.server, { path: '/users', headers: { 'x-service-key': token } })).status, 401)]);
  for (const name of ['google', 'microsoft']) {
    list.push([`what ${name} says`, async (token) => assert.equal((await post(`/id/api/auth/${name}`, { id_token: token })).status, 401)]);
  }
  return list;
}

statement('S8', async (tries) => {
  const place = await stage();
  const bait = await startBait();
  const good = (await newUser(place)).token;
  const { keys } = (await call(place.server, 'GET', '/.well-known/jwks.json')).json;
  const published = keys.find(({ kid }) => kid === headerOf(good).kid);
  const [ours, all] = [await forgeries(good, published, bait), await places(place)];
  for (const [at, [where, refuses]] of all.entries()) {
    // One place decides for all of them: in the short form each has its share of the forgeries.
    for (const [what, token] of LONG ? ours : ours.filter((_, which) => which % SHARES === at % SHARES)) {
      await tries(`${where}: ${what}`, () => (/[^!-~]/.test(token) ? undefined : refuses(token)));
    }
  }
  await tries('what is forged was made of a token that counts, and still does', async () => {
    assert.equal((await call(place.server, 'GET', '/users/me', { token: good })).status, 200);
    assert.ok(published && all.length > 40);
  });

  const theirs = await place.provider.mint();
  const jwk = createPublicKey({ key: place.provider.key, format: 'jwk' }).export({ format: 'jwk' });
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const told = (token) => ask(place.server, { method: 'POST', path: '/id/api/auth/google', json: { id_token: token } });
  const refusedAsTheirs = async (token) => assert.equal((await told(token)).status, 401);
  for (const [what, header] of Object.entries(leadingHeaders(bait.keys.keys[0], bait))) {
    for (const alg of ['RS256', 'ES256']) {
      await tries(`what google says by ${alg}: ${what}`, async () => refusedAsTheirs((await bySomebody(alg, theirs, header)).token));
    }
  }
  for (const [what, secret] of [['the PEM', key.export({ type: 'spki', format: 'pem' })], ['the DER', key.export({ type: 'spki', format: 'der' })], ['n', jwk.n], ['the id of the client', claimsOf(theirs).aud]]) {
    await tries(`what google says by HS256 and ${what}`, () => refusedAsTheirs(hmac({ ...headerOf(theirs), alg: 'HS256' }, claimsOf(theirs), secret)));
  }
  await tries('what google really says counts', async () => assert.equal((await told(theirs)).status, 200));
  await tries('nobody has asked for a key that a token named', () => assert.deepEqual(bait.asked, []));
});

// With a shared secret that we know, everything else about a token can be made odd.
statement('S8', async (tries) => {
  const place = await stage({ settings: { 'face.edge.token_algorithm': 'HS256', 'face.edge.token_secret': SECRET } });
  const bait = await startBait();
  const { token: good } = (await call(place.server, 'POST', '/api/v1/login', { json: { username: 'root', password: place.root.password } })).json;
  const [head, claims] = [headerOf(good), claimsOf(good)];
  const forwardAuth = async (token) => (await ask(place.server, { path: '/api/v1/auth', token })).status;
  const takes = async (header, payload) => assert.equal(await forwardAuth(hmac(header, payload, SECRET)), 200);
  const refuses = async (header, payload, secret = SECRET) => {
    const token = hmac(header, payload, secret);
    assert.equal(await forwardAuth(token), 401);
    assert.deepEqual((await ask(place.server, { method: 'POST', path: '/auth/introspect', json: { token } })).json, { result: { valid: false } });
  };
  await tries('a token that is made here is as good as one made there', async () => {
    assert.equal(head.alg, 'HS256');
    await takes(head, claims);
    await takes({ ...head }, { ...claims, more: 'x' });
  });
  const without = (object, name) => Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
  const heads = {
    crit: { ...head, crit: ['exp'] }, 'an empty crit': { ...head, crit: [] }, 'b64 that is not': { ...head, b64: false, crit: ['b64'] }, 'another type': { ...head, typ: 'JWT' }, 'no type': without(head, 'typ'), 'type of an id_token': { ...head, typ: 'id+jwt' },
    'no algorithm': without(head, 'alg'), ES256: { ...head, alg: 'ES256' }, HS512: { ...head, alg: 'HS512' }, none: { ...head, alg: 'none' }, 'an algorithm in small letters': { ...head, alg: 'hs256' }, 'a header that is a list': [head], 'a header that is a text': '"x"', 'half a header': JSON.stringify(head).slice(0, -1),
    'an algorithm twice': JSON.stringify(head).replace('{', '{"alg":"HS256",'), 'an algorithm twice, once escaped': JSON.stringify(head).replace('{', '{"\\u0061lg":"none",'), 'bytes that are no UTF-8': Buffer.concat([Buffer.from('{"x":"'), Buffer.from([0xff]), Buffer.from(`",${JSON.stringify(head).slice(1)}`)]), 'a NUL behind it': `${JSON.stringify(head)}\0`,
  };
  for (const [what, header] of Object.entries(heads)) {
    await tries(`a header with ${what}`, () => refuses(header, claims));
  }
  const odd = ['', 'x', '1e3', null, true, [], {}, -1, 1.5e300, `${claims.exp}`];
  const payloads = {
    ...Object.fromEntries(['exp', 'iat', 'sub', 'sid', 'iss'].flatMap((name) => [[`no ${name}`, without(claims, name)], ...odd.filter((value) => !(name === 'iat' && value === -1)).map((value) => [`${name} ${JSON.stringify(value)}`, { ...claims, [name]: value }])])),
    expired: { ...claims, exp: now() - 120, iat: now() - 600 }, 'issued tomorrow': { ...claims, iat: now() + 86_400 }, 'another issuer': { ...claims, iss: 'signet2' }, 'an issuer with a slash': { ...claims, iss: `${claims.iss}/` }, 'a list of issuers': { ...claims, iss: [claims.iss] },
    'good from tomorrow': { ...claims, nbf: now() + 86_400 }, 'good from a text on': { ...claims, nbf: '0' }, 'a user who is nobody': { ...claims, sub: '00000000-0000-0000-0000-000000000000' },
    'exp twice': JSON.stringify(claims).replace('{', '{"exp":9999999999,'), 'sub twice, once escaped': JSON.stringify(claims).replace('{', '{"\\u0073ub":"x",'), 'a payload that is a list': [claims], 'a payload that is a text': '"x"', 'half a payload': JSON.stringify(claims).slice(0, -1), 'a payload behind a payload': JSON.stringify(claims) + JSON.stringify(claims), 'no payload': '',
  };
  for (const [what, payload] of Object.entries(payloads)) {
    await tries(`claims with ${what}`, () => refuses(head, payload));
  }
  for (const [what, secret] of Object.entries({ 'the secret and a line end': `${SECRET}\n`, 'the secret without its end': SECRET.slice(0, -1), 'the secret in base64': Buffer.from(SECRET).toString('base64'), nothing: '', 'the secret in capitals': SECRET.toUpperCase(), secret: 'secret' })) {
    await tries(`signed by ${what}`, () => refuses(head, claims, secret));
  }
  for (const [what, header] of Object.entries(leadingHeaders({ kty: 'oct', k: encode('x'.repeat(32)) }, bait))) {
    await tries(`signed by a secret of somebody's, with ${what}`, () => refuses({ ...head, ...header }, claims, 'x'.repeat(32)));
  }
  await tries('a token of a face that signs by its own key is no HS256', async () => {
    const { token } = await newUser(place);
    await refuses({ ...headerOf(token), alg: 'HS256' }, claimsOf(token), 'x'.repeat(32));
  });
  await tries('nobody has asked for a key that a token named', () => assert.deepEqual(bait.asked, []));
}, 'a shared secret');
