// A program behind the directory, as Spring's resource server does it: it knows the address of the key set
// and nothing else, verifies tokens by itself, and reads the roles out of them.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { before, test } from 'node:test';

import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

import { call } from '../../lib/client.js';
import { assertResult, createRole, isValid, logOut, refresh, register, startDirectory, update, withRoles } from '../../lib/directory.js';
import { atEnd } from '../../lib/place.js';

let directory;
let shop;

/** Lets in whoever holds the role that the path names: GET /admin wants ADMIN. */
async function startShop(issuer) {
  const keys = createRemoteJWKSet(new URL(`${directory.url}/.well-known/jwks.json`));
  const judge = async (request) => {
    const [, token] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (!token) {
      return 401;
    }
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, algorithms: ['ES256'], typ: 'at+jwt', requiredClaims: ['sub', 'exp', 'roles'] });
      return payload.roles.includes(request.url.slice(1).toUpperCase()) ? 200 : 403;
    } catch (error) {
      assert.ok(error instanceof errors.JOSEError, error);
      return 401;
    }
  };
  const server = createServer(async (request, response) => {
    response.statusCode = await judge(request);
    response.end();
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  atEnd(() => new Promise((closed) => server.close(closed)));
  return { port: server.address().port };
}

before(async () => {
  directory = await startDirectory('serve', { settings: { 'token.issuer': 'https://id.example.com' } });
  shop = await startShop('https://id.example.com');
});

const visit = async (path, token) => (await call(shop, 'GET', path, { token, plain: true })).status;

test('who holds the role comes in, who does not is told so, and strangers are neither', async () => {
  await createRole(directory, 'MANAGER');
  const manager = await withRoles(directory, 'USER', 'MANAGER');
  const plain = await register(directory);
  assert.deepEqual([await visit('/manager', manager.token), await visit('/user', manager.token)], [200, 200]);
  assert.deepEqual([await visit('/manager', plain.token), await visit('/user', plain.token)], [403, 200]);
  assert.equal(await visit('/user'), 401);
});

test('a token that was changed is refused by it', async () => {
  const { token } = await register(directory);
  const [header, payload, signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url'));
  const promoted = Buffer.from(JSON.stringify({ ...claims, roles: ['ADMIN'] })).toString('base64url');
  assert.equal(await visit('/admin', `${header}.${promoted}.${signature}`), 401);
  const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
  assert.equal(await visit('/admin', `${none}.${promoted}.`), 401);
});

test('a token of another installation is refused by it', async () => {
  const other = await startDirectory('dev', { settings: { 'token.issuer': 'https://id.example.com' } });
  const { token } = await withRoles(other, 'ADMIN');
  assert.equal(await visit('/admin', token), 401);
});

test('a new role is in the next token; whoever wants to know of the end of a session asks', async () => {
  const { id, token } = await register(directory);
  assertResult(await update(directory, directory.root, id, { roles: ['ADMIN'] }));
  assert.equal(await visit('/admin', token), 403, 'a token says what was true when it was made');
  const next = assertResult(await refresh(directory, token)).token;
  assert.equal(await visit('/admin', next), 200);
  await logOut(directory, next);
  assert.equal(await visit('/admin', next), 200, 'it does not ask');
  assert.equal(await isValid(directory, next), false);
});

test('tokens without roles, for whoever does not want them there', async () => {
  const bare = await startDirectory('dev', { settings: { 'face.directory.token_roles': 'no' } });
  const { token } = await withRoles(bare, 'ADMIN');
  const keys = createRemoteJWKSet(new URL(`${bare.url}/.well-known/jwks.json`));
  assert.equal((await jwtVerify(token, keys)).payload.roles, undefined);
});

test('HS256 for whoever knows only that', async () => {
  const secret = 'thirty-two bytes of a shared secret';
  const shared = await startDirectory('dev', {
    settings: { 'face.directory.token_algorithm': 'HS256', 'face.directory.token_secret': secret },
  });
  const { token } = await withRoles(shared, 'ADMIN');
  const { payload, protectedHeader } = await jwtVerify(token, Buffer.from(secret), { algorithms: ['HS256'] });
  assert.deepEqual([protectedHeader.alg, payload.roles], ['HS256', ['ADMIN']]);
  assert.equal(await isValid(shared, token), true);
});
