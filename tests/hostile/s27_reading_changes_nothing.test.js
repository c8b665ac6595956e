// S27. Programs look at links before people do: mail scanners, previews, browsers that fetch ahead. So nothing
// may come of GET and HEAD, whatever live token they bring and wherever they bring it.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { goodRequest, activationToken, magicToken, newUser, resetToken, sendable, stage, verificationToken } from './lib/stage.js';
import { isOpen, operations } from './lib/operations.js';
import { statement } from './lib/statement.js';
import { assertUnchanged, dump, quiet } from './lib/dump.js';
import { ask } from './lib/wire.js';

const PASSWORD = 'blue heron 52 window';
// Document 004 has this GET verify directly; a HEAD of it looks only.
const USES_UP = 'corporate GET /api/v1/auth/verify-email';

/** A token of each kind that counts, and how it is used: {kind: {token, use}}. */
async function liveTokens(place) {
  const user = await newUser(place);
  const post = (path, json) => call(place.server, 'POST', path, { json });
  return {
    access: { token: user.token, use: (token) => call(place.server, 'GET', '/users/me', { token }) },
    refresh: { token: user.refreshToken, use: (refreshToken) => post('/id/api/auth/refresh', { refreshToken }) },
    activation: { token: await activationToken(place), use: (token) => post('/users/activate', { token, password: PASSWORD }) },
    reset: { token: await resetToken(place), use: (token) => post('/auth/reset-password', { token, password: PASSWORD }) },
    magic: { token: await magicToken(place), use: (token) => post('/id/api/auth/verify-magic-link', { token }) },
    verification: { token: await verificationToken(place), use: (token) => call(place.server, 'GET', `/api/v1/auth/verify-email?token=${token}`) },
    provider: { token: await place.provider.mint(), use: (id_token) => post('/id/api/auth/google', { id_token }) },
    service: { token: place.actors.service.key, use: (key) => call(place.server, 'GET', '/users', { headers: { 'x-service-key': key } }) },
  };
}

const NAMES = ['token', 'access_token', 'refresh_token', 'refreshToken', 'code', 'state', 'id_token', 'email'];
const FORM = 'application/x-www-form-urlencoded';
const withQuery = (path, token) => `${path.split('?')[0]}?${NAMES.map((name) => `${name}=${encodeURIComponent(token)}`).join('&')}`;
const json = (token) => JSON.stringify(Object.fromEntries([...NAMES, 'password', 'new_password'].map((name) => [name, name.includes('password') ? PASSWORD : token])));

/** Everywhere that a token could be looked for. */
const PLACES = {
  query: (request, token) => ({ ...request, path: withQuery(request.path, token) }),
  cookie: (request, token) => ({ ...request, headers: { Cookie: ['__Host-magic', '__Host-federation', '__Host-device', 'token', 'session'].map((name) => `${name}=${token}`).join('; ') } }),
  bearer: (request, token) => ({ ...request, token }),
  key: (request, token) => ({ ...request, headers: { 'x-service-key': token } }),
  'JSON body': (request, token) => ({ ...request, body: json(token), headers: { 'Content-Type': 'application/json' } }),
  form: (request, token) => ({ ...request, body: `token=${token}&password=${encodeURIComponent(PASSWORD)}`, headers: { 'Content-Type': FORM } }),
  'other method': (request, token) => ({ ...request, path: `${withQuery(request.path, token)}&_method=POST`, headers: { 'X-HTTP-Method-Override': 'POST', 'X-HTTP-Method': 'DELETE', 'X-Method-Override': 'PUT' } }),
};

const reads = operations().filter(({ method }) => method === 'GET' || method === 'ANY');

/** Every route, not only those that read: somebody may have thought that any method would do. */
const everyPath = [...new Set(operations().map(({ path }) => path))];

statement('S27', async (tries) => {
  const place = await stage();
  const live = await liveTokens(place);
  let before = await quiet(place.server);
  const changesNothing = async (check) => {
    await check();
    const after = dump(place.server);
    const was = before;
    before = after;
    assertUnchanged(was, after);
  };

  for (const operation of reads) {
    for (const method of ['GET', 'HEAD']) {
      if (method === 'GET' && operation.name === USES_UP) {
        continue;
      }
      const request = await goodRequest(place, operation);
      before = await quiet(place.server);
      await tries(`${method} of ${operation.name}, when all is right`, () => changesNothing(async () => {
        const { status, text } = await ask(place.server, sendable({ ...request, method }));
        assert.ok(status < 400, `${status}: ${text}`);
      }));
    }
  }
  for (const path of everyPath) {
    const filled = path.replace(/:\w+/g, place.actors.plain.id);
    await tries(`GET and HEAD of ${path} with every token everywhere`, () => changesNothing(async () => {
      for (const [kind, { token }] of Object.entries(live)) {
        for (const [where, put] of Object.entries(PLACES)) {
          for (const method of kind === 'verification' && path === '/api/v1/auth/verify-email' ? ['HEAD'] : ['GET', 'HEAD']) {
            const { status } = await ask(place.server, put({ method, path: filled }, token));
            assert.ok(status < 500, `${kind} as ${where}: ${status}`);
          }
        }
      }
    }));
  }
  for (const [kind, { token, use }] of Object.entries(live)) {
    await tries(`the ${kind} token still counts`, async () => {
      const { status, text } = await use(token);
      assert.ok(status < 300, `${status}: ${text}`);
    });
  }
  await tries('a route that anyone may call, and one for some, were among them', () => {
    assert.ok(reads.some(isOpen) && reads.some((operation) => !isOpen(operation)));
  });
});
