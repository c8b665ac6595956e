// Who may do what: every route with every actor, as tests/matrix/matrix.tsv has it. The list of routes
// is the server's own.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';

import { call } from '../lib/client.js';
import { form, png } from '../lib/pictures.js';
import { cli } from '../lib/signet.js';
import { cast } from './cast.js';
import { GATEWAY_REQUESTS } from './gateway.js';

const ACTORS = ['nobody', 'garbage', 'ended', 'expired', 'plain', 'gym', 'admin', 'super', 'stopped', 'service'];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

function readTable(name) {
  const lines = readFileSync(new URL(name, import.meta.url), 'utf8').split('\n');
  const [heads, ...rows] = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split('\t'));
  return rows.map((cells) => {
    assert.equal(cells.length, heads.length, `a row of ${name} has ${cells.length} cells: ${cells.join(' ')}`);
    return Object.fromEntries(heads.map((head, column) => [head, cells[column]]));
  });
}

const table = readTable('matrix.tsv');
const nameOf = ({ face, method, path }) => `${face} ${method} ${path}`;
const PASSWORD = 'grey otter 41 lantern';

// What is sent, by route and object: a request that is right in itself, so that nothing but the actor
// decides. `at` is where it acts: {place, actor}.
const REQUESTS = {
  ...GATEWAY_REQUESTS,
  'dev GET /dev/mail/:id': {
    '-': () => ({}),
    'a letter': ({ place }) => ({ path: `/dev/mail/${place.letter}` }),
    none: () => ({ path: '/dev/mail/00000000-0000-7000-8000-000000000000' }),
  },
  'edge POST /api/v1/login': {
    '-': ({ place }) => ({ json: { username: place.root.username, password: place.root.password } }),
  },
  'edge POST /api/v1/admin/create': {
    '-': ({ place }) => {
      const username = place.newName();
      return { json: { username, password: PASSWORD, email: `${username}@example.com` }, makes: username };
    },
  },
  'edge PUT /api/v1/admin/password': {
    own: ({ actor }) => changePassword(actor),
    "an admin's": async ({ place }) => changePassword(await place.makeAdmin('ADMIN')),
    "a super admin's": async ({ place }) => changePassword(await place.makeAdmin('SUPER_ADMIN')),
    "a user's": ({ place }) => changePassword(place.bystander),
    "nobody's": () => changePassword({ username: 'nobody-there', password: PASSWORD }),
  },
  'edge DELETE /api/v1/admin/:username': {
    'an admin': async ({ place }) => stop((await place.makeAdmin('ADMIN')).username),
    'a super admin': async ({ place }) => stop((await place.makeAdmin('SUPER_ADMIN')).username),
    'a user': ({ place }) => stop(place.bystander.username),
    nobody: () => stop('nobody-there'),
    'no name': () => stop(''),
  },
  'self GET /openapi/:document': {
    "a face's": () => ({ path: '/openapi/edge.json' }),
    "nobody's": () => ({ path: '/openapi/nobody.json' }),
  },
  'directory POST /auth/token': {
    '-': ({ place }) => ({ json: { username: place.root.username, password: place.root.password } }),
  },
  'directory POST /auth/introspect': { '-': () => ({ json: { token: 'rubbish' } }) },
  'directory POST /auth/refresh': {
    '-': async ({ place }) => {
      const { json } = await call(place.server, 'POST', '/auth/token', { json: { username: place.root.username, password: place.root.password } });
      return { json: { token: json.result.token } };
    },
  },
  'directory POST /auth/logout': { '-': () => ({ json: { token: 'rubbish' } }) },
  'directory POST /users/createUser': {
    'a user': ({ place }) => newUser(place, ['USER']),
    'an admin': ({ place }) => newUser(place, ['ADMIN']),
    'a super admin': ({ place }) => newUser(place, ['SUPER_ADMIN']),
  },
  'directory GET /users/:userId': ofSomebody(() => ({})),
  'directory PUT /users/:userId': {
    ...ofSomebody(() => ({ json: { firstName: 'Ann' } })),
    'own roles': ({ actor }) => ({ path: `/users/${actor.id ?? NOBODY}`, json: { roles: [actor.role ?? 'ADMIN'] } }),
    "a user's, to ADMIN": async ({ place }) => giving(await place.makeUser(), 'ADMIN'),
    "a user's, to SUPER_ADMIN": async ({ place }) => giving(await place.makeUser(), 'SUPER_ADMIN'),
    "a gym mate's, to USER": async ({ place }) => giving(await place.makeUser({ organization: 'iron' }), 'USER'),
  },
  'directory DELETE /users/:userId': ofSomebody(() => ({}), { removes: true }),
  'directory PUT /users/:userId/change-password': {
    own: ({ actor }) => {
      const chosen = `${PASSWORD} ${++changes}`;
      return {
        path: `/users/${actor.id ?? NOBODY}/change-password`,
        json: { oldPassword: actor.password ?? 'none', newPassword: chosen },
        done: () => (actor.password = chosen),
      };
    },
    "a user's": async ({ place }) => ({
      path: `/users/${(await place.makeUser()).id}/change-password`,
      json: { oldPassword: 'seventeen green kites', newPassword: PASSWORD },
    }),
  },
  'directory POST /roles': {
    'of no permission': ({ place }) => newRole(place, []),
    'of users:read': ({ place }) => newRole(place, ['users:read']),
    'of everything': ({ place }) => newRole(place, ['*']),
  },
  'directory DELETE /roles/:role': {
    'of no permission': async ({ place }) => oldRole(place, []),
    'of everything': async ({ place }) => oldRole(place, ['*']),
    'of the service': () => ({ path: '/roles/MEMBER' }),
    'not there': () => ({ path: '/roles/NOT_THERE' }),
  },
  'directory POST /permissions': {
    '-': ({ place }) => ({ json: { name: `P_${place.newName()}` } }),
  },
  'directory DELETE /permissions/:permission': {
    free: async ({ place }) => ({ path: `/permissions/${(await place.ask('POST', '/permissions', { name: `P_${place.newName()}` })).name}` }),
    'in use': async ({ place }) => {
      const { name } = await place.ask('POST', '/permissions', { name: `P_${place.newName()}` });
      await place.ask('POST', '/roles', { name: `R_${name}`, permissions: [name] });
      return { path: `/permissions/${name}` };
    },
    'of the service': () => ({ path: '/permissions/users:read' }),
    'not there': () => ({ path: '/permissions/NOT_THERE' }),
  },
  'corporate POST /api/v1/auth/register': {
    '-': ({ place }) => {
      const email = `${place.newName()}@example.com`;
      return { json: { fullName: 'Ann Lee', email, password: PASSWORD }, creates: email };
    },
  },
  'corporate POST /api/v1/auth/login': {
    '-': ({ place }) => ({ json: { email: place.root.username, password: place.root.password } }),
  },
  'corporate POST /api/v1/auth/send-verification-email': {
    "somebody's": () => ({ json: { email: 'root@example.com' } }),
    "nobody's": () => ({ json: { email: 'nobody-there@example.com' } }),
  },
  'corporate GET /api/v1/auth/verify-email': {
    'no link': () => ({ path: '/api/v1/auth/verify-email?token=jxMb-I30UjcIZeJ261fT1AxLPVa9QZjeE2uuht5Vv4Y' }),
  },
  'fitnexa POST /auth/login': {
    '-': ({ place }) => ({ json: { email: place.root.username, password: place.root.password } }),
  },
  'fitnexa POST /auth/logout': { '-': ({ place, actor }) => ({ json: {}, done: () => place.logIn(actor) }) },
  'fitnexa PUT /users/profile': { '-': () => ({ json: { bio: 'Squats.' } }) },
  'fitnexa POST /users/profile/upload': { '-': () => ({ body: form(png(8, 8)), type: 'multipart/form-data; boundary=picture' }) },
  'self GET /avatars/:picture': { "nobody's": () => ({ path: `/avatars/${'0'.repeat(32)}.webp` }) },
  'fitnexa POST /auth/register': {
    '-': ({ place }) => {
      const email = `${place.newName()}@example.com`;
      return { json: { email, password: PASSWORD }, creates: email };
    },
  },
  'fitnexa POST /users/create-gym-admin': {
    '-': ({ place }) => {
      const email = `${place.newName()}@example.com`;
      return { json: { email, gymId: 'iron' }, creates: email };
    },
  },
  'fitnexa POST /users/activate': { 'no link': () => ({ json: { token: 'a'.repeat(64), password: PASSWORD } }) },
  'fitnexa POST /auth/forgot-password': {
    "somebody's": () => ({ json: { email: 'root@example.com' } }),
    "nobody's": () => ({ json: { email: 'nobody-there@example.com' } }),
  },
  'pages GET /magic-link': { 'no link': () => ({ path: `/magic-link?token=${'a'.repeat(64)}` }) },
  'pages POST /magic-link': { 'no link': () => ({ form: `token=${'a'.repeat(64)}` }) },
  'pages GET /activate': { 'no link': () => ({ path: `/activate?token=${'a'.repeat(64)}` }) },
  'pages POST /activate': { 'no link': () => ({ form: `token=${'a'.repeat(64)}&password=grey+otter+41` }) },
  'pages GET /reset-password': { 'no link': () => ({ path: `/reset-password?token=${'a'.repeat(64)}` }) },
  'pages POST /reset-password': { 'no link': () => ({ form: `token=${'a'.repeat(64)}&password=grey+otter+41` }) },
  'fitnexa POST /auth/reset-password': { 'no link': () => ({ json: { token: 'a'.repeat(64), password: PASSWORD } }) },
};

const NOBODY = '01a1feec-ce90-7532-b6a3-ca184ff1da28';

/** The users that a route may be about; `removes`: they have to be there still when it was refused. */
function ofSomebody(request, { removes = false } = {}) {
  const about = (make) => async ({ place }) => {
    const { id } = await make(place);
    return { ...request(), path: `/users/${id}`, ...(removes ? { removes: id } : {}) };
  };
  return {
    own: ({ actor }) => ({ ...request(), path: `/users/${actor.id ?? NOBODY}` }),
    "a user's": about((place) => place.makeUser()),
    "a gym mate's": about((place) => place.makeUser({ organization: 'iron' })),
    "another gym's": about((place) => place.makeUser({ organization: 'gold' })),
    "a super admin's": about((place) => place.makeUser({ role: 'SUPER_ADMIN' })),
    "nobody's": () => ({ ...request(), path: `/users/${NOBODY}` }),
    'no id': () => ({ ...request(), path: '/users/user-id-123' }),
  };
}

function newUser(place, roles) {
  const username = place.newName();
  return { json: { username, password: PASSWORD, roles }, creates: username };
}

function giving({ id }, role) {
  return { path: `/users/${id}`, json: { roles: [role] } };
}

function newRole(place, permissions) {
  return { json: { name: `R_${place.newName()}`, permissions } };
}

async function oldRole(place, permissions) {
  return { path: `/roles/${(await place.ask('POST', '/roles', newRole(place, permissions).json)).name}` };
}

function changePassword(account) {
  const chosen = `${PASSWORD} ${++changes}`;
  return {
    json: { username: account.username ?? 'none', current_password: account.password ?? 'none', new_password: chosen },
    done: () => (account.password = chosen),
  };
}
let changes = 0;

function stop(username) {
  return { path: `/api/v1/admin/${username}`, stops: username };
}

async function requestOf(row, at) {
  const ofRoute = REQUESTS[nameOf(row)] ?? { '-': () => ({}) };
  assert.ok(ofRoute[row.object], `${nameOf(row)}: what is sent for "${row.object}"?`);
  return ofRoute[row.object](at);
}

/** One cell: the actor asks, and gets the status of the table. */
async function assertCell(place, mode, row, actorName, method) {
  const actor = place.actors[actorName];
  const request = await requestOf(row, { place, actor });
  const answer = await call(place.server, method, request.path ?? row.path, {
    headers: {
      ...(actor.authorization ? { Authorization: actor.authorization } : {}),
      ...(request.type ? { 'Content-Type': request.type } : {}),
      ...(actor.key ? { 'x-service-key': actor.key } : {}),
      ...(request.form ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}),
    },
    json: request.json,
    body: request.body ?? request.form,
  });
  const what = `${method} ${row.path} (${row.object}) by ${actorName}`;
  const [closed, open = closed] = row[actorName].split('/');
  assert.equal(answer.status, Number(mode === 'dev' ? open : closed), `${what}: ${answer.text}`);
  if (answer.status < 300) {
    await request.done?.();
    return;
  }
  // What is refused has no effect.
  place.mustBeActive.push(...[request.stops].filter(Boolean));
  place.mustNotBe.push(...[request.makes].filter(Boolean));
  place.mustBeThere.push(...[request.removes].filter(Boolean));
  place.mustNotBeThere.push(...[request.creates].filter(Boolean));
}

function methodsOf(row) {
  if (row.method === 'ANY') {
    return METHODS;
  }
  return row.method === 'GET' ? ['GET', 'HEAD'] : [row.method];
}

test('every route has a row, and every row a route', async () => {
  const { code, stdout, stderr } = await cli(['routes']);
  assert.equal(code, 0, stderr);
  const routes = stdout.trimEnd().split('\n').map((line) => line.split('\t').slice(0, 3).join(' '));
  const rows = new Set(table.map(nameOf));
  assert.deepEqual(routes.filter((route) => !rows.has(route)), [], 'routes without a row');
  assert.deepEqual([...rows].filter((row) => !routes.includes(row)), [], 'rows without a route');
});

for (const mode of ['serve', 'dev']) {
  describe(`signet ${mode}`, () => {
    let place;
    before(async () => (place = await cast(mode)));

    const rows = table.filter((row) => row.mode === mode || row.mode === 'both');
    for (const row of rows) {
      test(`${row.method} ${row.path}${row.object === '-' ? '' : `, ${row.object}`}`, async () => {
        for (const actor of ACTORS) {
          for (const method of methodsOf(row)) {
            await assertCell(place, mode, row, actor, method);
          }
        }
      });
    }

    test('every route has a row in this mode', () => {
      const here = new Set(rows.map(nameOf));
      assert.deepEqual(table.map(nameOf).filter((name) => !here.has(name)), []);
    });

    test('what was refused has had no effect', async () => {
      const { json } = await call(place.server, 'GET', '/api/v1/admin/list', {
        headers: { Authorization: place.actors.super.authorization },
      });
      const active = new Map(json.admins.map((admin) => [admin.username, admin.is_active]));
      const spared = place.mustBeActive.filter((name) => active.has(name)); // the others never were admins
      assert.ok(spared.length > 0 && place.mustNotBe.length > 0);
      for (const username of spared) {
        assert.equal(active.get(username), true, `${username} was stopped`);
      }
      assert.deepEqual(place.mustNotBe.filter((name) => active.has(name)), []);
    });

    test('nor have users come or gone by it', async () => {
      const users = [];
      for (let page = 1, pages = 1; page <= pages; page++) {
        const found = await place.ask('GET', `/users?limit=100&page=${page}`);
        users.push(...found.result);
        pages = found.totalPages;
      }
      const [ids, names] = [new Set(users.map(({ id }) => id)), new Set(users.map(({ username }) => username))];
      assert.ok(place.mustBeThere.length > 0 && place.mustNotBeThere.length > 0);
      assert.deepEqual(place.mustBeThere.filter((id) => !ids.has(id)), []);
      assert.deepEqual(place.mustNotBeThere.filter((name) => names.has(name)), []);
    });
  });
}
