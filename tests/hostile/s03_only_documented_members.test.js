// Each route is asked twice, for the same thing: once as its document has it, once with every other name that means something to any
// face beside, in the body, the query, the headers and the parts of a form. What is stored has to be the same both times.
// That a member is read by its table alone is held in src/wire/json_read_test.c.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { form as picture, png } from '../lib/pictures.js';
import { cast } from '../matrix/cast.js';
import { nameOf, requestOf, table } from '../matrix/requests.js';
import { documented, others } from './lib/members.js';
import { LONG, statement } from './lib/statement.js';
import { changes, rowsOf, settled } from './lib/store.js';
import { magicLink, newUser, resetLink, startWorld, unverified, verificationLink, waiting } from './lib/world.js';

const ASKS = /send-verification-email|forgot-password|magic-link$/;
const NAMES = /(?:k|P_|Q_|R_)*(?:target|waits|user|new|name)\d+/g;
const CHOSEN = 'eleven purple herons';
const OF_QUERY = 60; // a request line has 8 KiB
const OTHER_TYPES = [{ $ne: null }, ['*'], true, 1, '1', 1.5, -1, '', {}];

// What proxies and frameworks are known to take for the method, the path, or the person.
const HEADERS = {
  'X-HTTP-Method-Override': 'DELETE', 'X-HTTP-Method': 'DELETE', 'X-Method-Override': 'PUT', 'X-Original-URL': '/users', 'X-Rewrite-URL': '/users',
  'X-Original-Method': 'DELETE', 'X-User': 'root', 'X-User-Role': 'SUPER_ADMIN', 'X-User-Roles': 'SUPER_ADMIN', 'X-Role': 'SUPER_ADMIN', 'X-Organization-Id': 'gold',
  'X-Tenant-Id': 'gold', 'X-Admin': 'true', 'X-Forwarded-User': 'root', 'X-Remote-User': 'root', 'Remote-User': 'root', 'X-Forwarded-For': '10.9.8.7',
  Forwarded: 'for=10.9.8.7', 'X-Real-IP': '10.9.8.7', 'X-User-Id': '01a1feec-ce90-7532-b6a3-ca184ff1da28', 'X-Status': 'active', 'X-Created-At': '2001-02-03T04:05:06Z',
};

const asText = (value) => (typeof value === 'object' ? JSON.stringify(value) : `${value}`);
const NAMED = Object.fromEntries(others([]).filter(([name]) => /^[a-z]+$/i.test(name)).slice(0, 80).map(([name, value]) => [`X-${name}`, asText(value)]));

const ofOtherTypes = (names) => others(names).map(([name], at) => [name, OTHER_TYPES[at % OTHER_TYPES.length]]);
const withQuery = (path, pairs) => `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams(pairs.map(([name, value]) => [name, asText(value)]))}`;

/** JSON with these members in front; by text, as an object of ours cannot have a member __proto__. */
function withMembers(json, pairs) {
  const own = Object.entries(json ?? {}).filter(([, value]) => value !== undefined);
  return `{${[...pairs, ...own].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
}

/** The ways to say more than was asked for: each changes a request {path, json, form, body, headers}. */
function waysOf(route) {
  const { body, query } = documented(route);
  body.push(...(route.path === '/auth/logout' ? ['token'] : [])); // two documents have this path
  const inBody = (pairs) => (request) => {
    if (request.form !== undefined) {
      return { ...request, form: `${request.form}&${new URLSearchParams(pairs.map(([name, value]) => [name, asText(value)]))}` };
    }
    return request.body ? request : { ...request, text: withMembers(request.json, pairs) };
  };
  const inQuery = (pairs) => (request) => ({ ...request, path: withQuery(request.path, pairs) });
  const unasked = others(query.concat(body.includes('token') ? ['token'] : []));
  const inHeaders = (headers) => (request) => ({ ...request, headers: { ...headers, ...request.headers } });
  const ways = {
    'in the body': inBody(others(body)),
    'in the body, of other types': inBody(ofOtherTypes(body)),
    'in the query': inQuery(unasked.slice(0, OF_QUERY)),
    'in the query, too': inQuery(unasked.slice(OF_QUERY, 2 * OF_QUERY)),
    'in the query what is for the body': inQuery(body.filter((name) => !query.includes(name)).map((name) => [name, 'hostile'])),
    'in the headers': inHeaders(HEADERS),
    'in headers of its names': inHeaders(NAMED),
  };
  return LONG ? ways : { 'wherever there is room': (request) => ['in the body', 'in the query', 'in the headers'].reduce((at, way) => ways[way](at), request) };
}

function ask(server, method, actor, request) {
  const types = { form: 'application/x-www-form-urlencoded', text: 'application/json' };
  const kind = ['form', 'text'].find((one) => request[one] !== undefined);
  const headers = {
    ...(kind ? { 'Content-Type': types[kind] } : {}), ...(request.type ? { 'Content-Type': request.type } : {}),
    ...(actor?.authorization ? { Authorization: actor.authorization } : {}), ...request.headers,
  };
  return call(server, method, request.path, { headers, json: kind ? undefined : request.json, body: request.text ?? request.form ?? request.body });
}

/** What a request does: {status, changes}. `make` prepares one that is right in itself. */
async function does({ data, server }, method, actor, make, way) {
  const request = way(await make());
  const before = rowsOf(data);
  const { status, text } = await ask(server, method, actor, request);
  if (ASKS.test(request.path.split('?')[0])) {
    await settled(data);
  }
  const after = rowsOf(data);
  if (status < 400) {
    await request.done?.();
  }
  return { status, text, changed: changes(before, after, NAMES) };
}

async function triesRoute(tries, place, what, route, actor, make) {
  const method = route.method === 'ANY' ? 'POST' : route.method;
  await does(place, method, actor, make, (request) => request); // the first one of a kind may change more
  const control = await does(place, method, actor, make, (request) => request);
  assert.ok(control.status < 400, `${what}: ${control.status} ${control.text}`);
  for (const [how, way] of Object.entries(waysOf(route))) {
    await tries(`${what}: ${how}`, async () => {
      const hostile = await does(place, method, actor, make, way);
      assert.equal(hostile.status, control.status, hostile.text);
      assert.deepEqual(hostile.changed, control.changed);
    });
  }
}

statement('S3', async (tries) => {
  const place = await cast('serve');
  place.data = place.server.dir;
  const rows = table.filter((row) => row.mode !== 'dev' && row.face !== 'self');
  for (const row of rows) {
    for (const name of ['super', 'plain'].filter((one) => row[one] < 300)) {
      const actor = place.actors[name];
      const make = async () => ({ path: row.path, ...(await requestOf(row, { place, actor })) });
      await triesRoute(tries, place, `${nameOf(row)} (${row.object}) by ${name}`, row, actor, make);
    }
  }
  await tries('nothing that was said besides is anywhere', () => assert.deepEqual([...rowsOf(place.data)].filter((line) => /hostile/i.test(line)), []));
  await place.server.stop();
});

/** The routes that need a link first, which the matrix has no cell for. */
const BY_LINK = {
  'fitnexa POST /users/activate': async (server) => ({ json: { token: (await waiting(server)).token, password: CHOSEN } }),
  'fitnexa POST /auth/reset-password': async (server) => ({ json: { token: await resetLink(server, (await newUser(server)).email), password: CHOSEN } }),
  'gateway POST /id/api/auth/verify-magic-link': async (server) => ({ json: { token: (await magicLink(server, (await newUser(server)).email)).token } }),
  'corporate GET /api/v1/auth/verify-email': async (server) => ({
    path: `/api/v1/auth/verify-email?token=${await verificationLink(server, (await unverified(server)).email)}`,
  }),
  'pages POST /activate': async (server) => ({ form: `token=${(await waiting(server)).token}&password=${CHOSEN}` }),
  'pages POST /reset-password': async (server) => ({ form: `token=${await resetLink(server, (await newUser(server)).email)}&password=${CHOSEN}` }),
  'pages POST /magic-link': async (server) => {
    const { token, cookie } = await magicLink(server, (await newUser(server)).email);
    return { form: `token=${token}`, headers: { Cookie: cookie } };
  },
};

statement('S3', async (tries) => {
  const server = await startWorld();
  const place = { server, data: server.data };
  for (const [name, make] of Object.entries(BY_LINK)) {
    const [face, method, path] = name.split(' ');
    await triesRoute(tries, place, name, { face, method, path }, undefined, async () => ({ path, ...(await make(server)) }));
  }
  await server.stop();
}, 'with links');

statement('S3', async (tries) => {
  const place = await cast('serve');
  const actor = place.actors.plain;
  const part = ([name, value]) => Buffer.from(`--picture\r\nContent-Disposition: form-data; name="${name.replace(/["\s]/g, '_')}"\r\n\r\n${asText(value)}\r\n`);
  const pairs = others(['file']);
  const make = (more, options) => async () => ({
    path: '/users/profile/upload', type: 'multipart/form-data; boundary=picture', body: Buffer.concat([...more.map(part), picture(png(8, 8), options)]),
  });
  const route = { face: 'fitnexa', method: 'POST', path: '/users/profile/upload' };
  const at = { server: place.server, data: place.server.dir };
  await does(at, 'POST', actor, make([]), (one) => one); // from the second on, one takes the place of another
  const control = await does(at, 'POST', actor, make([]), (one) => one);
  assert.equal(control.status, 200, control.text);
  for (let first = 0; first < pairs.length; first += 15) {
    await tries(`parts from ${pairs[first][0]} on`, async () => {
      const { status, text, changed } = await does(at, route.method, actor, make(pairs.slice(first, first + 15)), (one) => one);
      assert.equal(status, 200, text);
      assert.deepEqual(changed, control.changed);
    });
  }
  for (const filename of ['../../signet.db', '/etc/passwd', 'a.webp\\r\\nX: y', 'hostile'.repeat(100), '', '%00.png']) {
    await tries(`the file name ${filename.slice(0, 20)}`, async () => {
      const { status, changed } = await does(at, 'POST', actor, make([], { filename }), (one) => one);
      assert.ok(status === 200 ? changed.join('\n') === control.changed.join('\n') : status === 400 && changed.length === 0, `${status}\n${changed.join('\n')}`);
    });
  }
  await place.server.stop();
}, 'in the parts of a form');
