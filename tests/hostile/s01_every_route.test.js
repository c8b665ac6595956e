// Every route of the program's own list has a row in the table, and nothing else opens it: no other spelling of its path, no other method, and no
// token anywhere but in the one place where it counts. That the table is right, cell by cell, is tests/matrix; what the list of routes is made of,
// src/web/router_test.c.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { call } from '../lib/client.js';
import { routes } from '../lib/contract.js';
import { nameOf, table } from '../matrix/requests.js';
import { statement } from './lib/statement.js';
import { filled, newUser, serviceKey, startWorld, tokenOf } from './lib/world.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'MKCOL', 'LINK', 'PURGE', 'COPY', 'LOCK', 'SEARCH', 'M-SEARCH'];
const PUBLIC = ['anyone', 'anyone or signed-in'];
const served = routes().filter(({ face }) => face !== 'dev');
const isOpen = ({ may }) => PUBLIC.includes(may);
const guarded = served.filter((route) => !isOpen(route));
const methodOf = ({ method }) => (method === 'ANY' ? 'GET' : method);

const ask = (server, method, path, headers = {}) => call(server, method, path, { headers, plain: true });
const bearer = (token) => ({ Authorization: `Bearer ${token}` });

/** Other spellings of a path; and those under which the same route may well be found. */
function spellings(path) {
  const [first, ...rest] = path.slice(1).split('/');
  const upper = path.replace(/[a-z]/, (letter) => letter.toUpperCase());
  const escaped = path.replace(/[a-z](?=[^/]*$)/, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
  return [
    `${path}/`, `${path}//`, `/${path}`, upper, path.toUpperCase(), escaped, escaped.toUpperCase(), `${path}.json`, `${path};x=1`, `${path}%20`, `${path}%00`, `${path}%2f`, `${path}?`, `${path}?x`,
    `/.${path}`, `/x/..${path}`, `/${first}/./${rest.join('/')}`, `/${first}//${rest.join('/')}`, `/${first}/%2e/${rest.join('/')}`, `/${first}%2f${rest.join('%2f')}`, `${path}/../${rest.at(-1) ?? first}`,
    `/id${path}`, `/api${path}`, `/id/api${path}`, `/id/id${path}`, path.replace(/^\/id/, ''), path.replace(/^\/id\/api/, ''), `/health/..${path}`, `/livez/..${path}`, `/public${path}`, `${path}/livez`,
    `http://127.0.0.1${path}`, `/${encodeURIComponent(path.slice(1))}`, path.replaceAll('/', '\\'),
  ];
}

/** Who a route of this method and path is open to, as the list has it: the route that a plain path leads to. */
function opened(method, path) {
  const plain = path.split('?')[0].replace(/^http:\/\/[^/]+/, '');
  const fits = (route) => new RegExp(`^${route.path.replace(/^\/id\/api/, '(?:/id)?/api').replaceAll(/:\w+/g, '[^/]+')}$`).test(decodeURIComponent(plain));
  const method_ = method === 'HEAD' ? ['GET', 'HEAD'] : [method];
  return served.filter(isOpen).some((route) => [...method_, 'ANY'].includes(route.method) && fits(route));
}

/** Where a token is not looked for: {name: {headers, query}}. */
function elsewhere(token, key) {
  const inHeader = (name, value = token) => [`the header ${name}: ${value.slice(0, 12)}…`, { headers: { [name]: value } }];
  return Object.fromEntries([
    ...['access_token', 'token', 'jwt', 'auth', 'authorization', 'Authorization', 'api_key', 'bearer'].map((name) => [`the query ${name}`, { query: `${name}=${token}` }]),
    ['the query x-service-key', { query: `x-service-key=${key}` }],
    ...['token', 'access_token', 'Authorization', 'session', 'sid', '__Host-session', '__Host-device', '__Host-sid', 'jwt', 'x-service-key'].map((name) => [`the cookie ${name}`, { headers: { Cookie: `${name}=${name === 'x-service-key' ? key : token}` } }]),
    ...['X-Authorization', 'X-Access-Token', 'X-Auth-Token', 'Proxy-Authorization', 'X-Forwarded-Authorization', 'Token', 'X-Api-Key', 'Sec-WebSocket-Protocol'].map((name) => inHeader(name, `Bearer ${token}`)),
    inHeader('Authorization'), inHeader('Authorization', `Basic ${Buffer.from(`x:${token}`).toString('base64')}`), inHeader('Authorization', `Token ${token}`), inHeader('Authorization', `Bearer${token}`),
    inHeader('Authorization', `Bearer: ${token}`), inHeader('Authorization', `Bearer "${token}"`), inHeader('Authorization', `Bearer ${token}, Bearer ${token}`), inHeader('Authorization', `Bearer ${token} ${token}`),
    inHeader('Authorization', `DPoP ${token}`), inHeader('Authorization', `Bearer ${key}`), inHeader('x-service-key', token), inHeader('X-User-Id', '01a1feec-ce90-7532-b6a3-ca184ff1da28'),
    ['two headers, both good', { headers: { Authorization: [`Bearer ${token}`, `Bearer ${token}`] } }],
    ['two headers, the first one good', { headers: { Authorization: [`Bearer ${token}`, 'Bearer rubbish'] } }],
    ['two headers, the second one good', { headers: { Authorization: ['Bearer rubbish', `Bearer ${token}`] } }],
    ['two headers, the first one empty', { headers: { Authorization: ['', `Bearer ${token}`] } }],
    ['two headers, the second one empty', { headers: { Authorization: [`Bearer ${token}`, ''] } }],
    ['two keys, both good', { headers: { 'x-service-key': [key, key] } }],
    ['two keys, the first one empty', { headers: { 'x-service-key': ['', key] } }],
    ['a good token and a bad key', { headers: { ...bearer(token), 'x-service-key': `${key}0` } }],
    ['a bad token and a good key', { headers: { ...bearer('rubbish'), 'x-service-key': key } }],
  ]);
}

async function triesSpellings(tries, server) {
  for (const route of guarded) {
    const path = filled(route.path);
    const method = methodOf(route);
    for (const spelt of spellings(path)) {
      await tries(`${method} ${spelt} for ${route.path}, by nobody`, async () => {
        const { status } = await ask(server, method, spelt);
        assert.ok(status >= 400 || opened(method, spelt), `${status}`);
        assert.ok(status < 500 || status === 501, `${status}`);
      });
    }
  }
}

async function triesMethods(tries, server, token) {
  for (const path of new Set(served.map((route) => filled(route.path)))) {
    const here = served.filter((route) => filled(route.path) === path);
    for (const method of METHODS) {
      const listed = here.some((route) => [method, 'ANY'].includes(route.method) || (method === 'HEAD' && route.method === 'GET'));
      await tries(`${method} ${path} by nobody`, async () => {
        const { status } = await ask(server, method, path);
        assert.ok(status >= 400 || opened(method, path), `${status}`);
      });
      if (!listed) {
        await tries(`${method} ${path}, which is no route, by a super administrator`, async () => {
          const { status } = await ask(server, method, path, bearer(token));
          assert.ok([404, 405, 501].includes(status) || served.some((route) => route.method === method && filled(route.path) !== path && opened(method, path))
            || /^\/users\//.test(path), `${status}`); // what is an id there is none here
        });
      }
    }
  }
}

statement('S1', async (tries) => {
  const rows = new Set(table.map(nameOf));
  const lines = readFileSync(new URL('../matrix/public.tsv', import.meta.url), 'utf8').split('\n');
  const why = new Set(lines.filter((line) => line && !line.startsWith('#')).map((line) => line.split('\t').slice(0, 3).join(' ')));
  for (const route of routes()) {
    await tries(`${nameOf(route)} is in the table`, () => assert.ok(rows.has(nameOf(route))));
    await tries(`${nameOf(route)} says who may, or why anybody may`, () => assert.equal(isOpen(route), why.has(nameOf(route))));
  }
});

statement('S1', async (tries) => {
  const server = await startWorld({ mail: false });
  const person = await newUser(server, { role: 'SUPER_ADMIN' });
  const token = await tokenOf(server, 'gateway', person.username);
  const { key } = await serviceKey(server, '*');
  await triesSpellings(tries, server);
  await triesMethods(tries, server, server.root);
  for (const route of guarded) {
    const [method, path] = [methodOf(route), filled(route.path)];
    for (const [where, { headers, query }] of Object.entries(elsewhere(token, key))) {
      await tries(`${method} ${path} with a token in ${where}`, async () => {
        const { status } = await ask(server, method, query ? `${path}?${query}` : path, headers);
        assert.ok(status === 401 || (where.startsWith('two ') && status === 400), `${status}`);
      });
    }
    for (const scheme of ['bearer', 'BEARER', 'bEaReR']) {
      await tries(`${method} ${path} by the scheme ${scheme}`, async () => {
        if (!/logout/.test(path)) {
          assert.notEqual((await ask(server, method, path, { Authorization: `${scheme} ${token}` })).status, 401);
        }
      });
    }
  }
  await server.stop();
}, 'from elsewhere');
