// What is sent to each route for the matrix of who may, and for whoever else wants a request to every route that is right in itself.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { call } from '../lib/client.js';
import { form, png } from '../lib/pictures.js';
import { GATEWAY_REQUESTS } from './gateway.js';

/** The rows of a table beside this file: an object each, by its heads. */
export function readTable(name) {
  const lines = readFileSync(new URL(name, import.meta.url), 'utf8').split('\n');
  const [heads, ...rows] = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split('\t'));
  return rows.map((cells) => {
    assert.equal(cells.length, heads.length, `a row of ${name} has ${cells.length} cells: ${cells.join(' ')}`);
    return Object.fromEntries(heads.map((head, column) => [head, cells[column]]));
  });
}

export const table = readTable('matrix.tsv');
export const nameOf = ({ face, method, path }) => `${face} ${method} ${path}`;
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

/** What is sent for a row; `at` is where it acts. */
export async function requestOf(row, at) {
  const ofRoute = REQUESTS[nameOf(row)] ?? { '-': () => ({}) };
  assert.ok(ofRoute[row.object], `${nameOf(row)}: what is sent for "${row.object}"?`);
  return ofRoute[row.object](at);
}
