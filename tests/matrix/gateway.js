// What is sent to the gateway face, by route and object, for the matrix of who may.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { ORGANIZATIONS } from './cast.js';

const NOBODY = '01a1feec-ce90-7532-b6a3-ca184ff1da28';
const { iron, gold } = ORGANIZATIONS;

/** What a super administrator is given for a request of this face: its data. */
async function ask(place, method, path, json) {
  const answer = await call(place.server, method, `/id/api${path}`, { token: place.actors.super.token, json });
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.text}`);
  return answer.json.data;
}

const makeRole = (place, permissions) => ask(place, 'POST', '/roles', { name: `R_${place.newName()}`, permissions });
const makePermission = (place) => ask(place, 'POST', '/permissions', { name: `P_${place.newName()}` });

async function usedPermission(place) {
  const permission = await makePermission(place);
  await makeRole(place, [permission.name]);
  return permission;
}

async function idOf(place, kind, name) {
  for (let offset = 0; ; offset += 100) {
    const { items } = await ask(place, 'GET', `/${kind}?limit=100&offset=${offset}`);
    assert.ok(items.length > 0, `there is no ${name} among the ${kind}`);
    const found = items.find((one) => one.name === name);
    if (found) {
      return found.id;
    }
  }
}

/** A role, by what it is; the request about it is made of its id. */
function aRole(request) {
  const of = (make) => async ({ place }) => request((await make(place)));
  return {
    'of no permission': of(async (place) => (await makeRole(place, [])).id),
    'of everything': of(async (place) => (await makeRole(place, ['*'])).id),
    'of the service': of((place) => idOf(place, 'roles', 'MEMBER')),
    'not there': () => request(NOBODY),
    'no id': () => request('MEMBER'),
  };
}

function aPermission(request) {
  return {
    free: async ({ place }) => request((await makePermission(place)).id, place),
    'in use': async ({ place }) => request((await usedPermission(place)).id, place),
    'of the service': async ({ place }) => request(await idOf(place, 'permissions', 'metrics:read'), place),
    'not there': ({ place }) => request(NOBODY, place),
  };
}

const rolePath = (id) => ({ path: `/id/api/roles/${id}` });
const permissionPath = (id) => ({ path: `/id/api/permissions/${id}` });

async function allowance(place, role, name) {
  return { json: { roleId: role, permissionId: await idOf(place, 'permissions', name) } };
}

async function disallowance(place, held, name) {
  const { id } = await makeRole(place, held);
  return { path: `/id/api/roles/${id}/permissions/${await idOf(place, 'permissions', name)}` };
}

const aUser = (place) => place.makeUser();
const gymMate = (place) => place.makeUser({ organization: 'iron' });
const otherGym = (place) => place.makeUser({ organization: 'gold' });
const superAdmin = (place) => place.makeUser({ role: 'SUPER_ADMIN' });
const nobody = () => ({ id: NOBODY });

function ofUser(path) {
  const about = (make) => async ({ place }) => ({ path: path((await make(place)).id) });
  return {
    own: ({ actor }) => ({ path: path(actor.id ?? NOBODY) }),
    "a user's": about(aUser),
    "a gym mate's": about(gymMate),
    "another gym's": about(otherGym),
    "a super admin's": about(superAdmin),
    "nobody's": about(nobody),
    'no id': () => ({ path: path('user-id-123') }),
  };
}

/** Assignments, by whom, of what, where; `body` says how the role is named. */
function assigning(body) {
  const giving = (make, roleName, organizationId) => async ({ place, actor }) => ({
    json: { userId: (await make(place, actor)).id, ...(await body(place, roleName)), organizationId },
  });
  return {
    'own ADMIN': giving((place, actor) => ({ id: actor.id ?? NOBODY }), 'ADMIN'),
    "a user's ADMIN": giving(aUser, 'ADMIN'),
    "a user's SUPER_ADMIN": giving(aUser, 'SUPER_ADMIN'),
    "a gym mate's MEMBER": giving(gymMate, 'MEMBER'),
    "a gym mate's MEMBER there": giving(gymMate, 'MEMBER', iron),
    "a gym mate's GYM_ADMIN there": giving(gymMate, 'GYM_ADMIN', iron),
    "a gym mate's ADMIN there": giving(gymMate, 'ADMIN', iron),
    "a gym mate's MEMBER in the other gym": giving(gymMate, 'MEMBER', gold),
    "another gym's MEMBER in iron": giving(otherGym, 'MEMBER', iron),
    "nobody's MEMBER": giving(nobody, 'MEMBER'),
  };
}

/** Removals of what was given before; `request` is made of the user, the role and where. */
function removing(request) {
  const taking = (make, roleName, organizationId) => async ({ place }) => {
    const user = await make(place);
    if (organizationId !== undefined) {
      await ask(place, 'POST', '/roles/assign-by-name', { userId: user.id, roleName, organizationId });
    }
    return request(place, user.id, roleName, organizationId);
  };
  return {
    "a user's USER": taking(aUser, 'USER'),
    "a super admin's SUPER_ADMIN": taking(superAdmin, 'SUPER_ADMIN'),
    "a gym mate's USER": taking(gymMate, 'USER'),
    "a gym mate's MEMBER there": taking(gymMate, 'MEMBER', iron),
    "another gym's MEMBER there": taking(otherGym, 'MEMBER', gold),
    "nobody's MEMBER": taking(nobody, 'MEMBER'),
  };
}

/** An organization that is made for this request, which is the actor's own if they administer it. */
function anOrganization(request) {
  const about = ({ own = false, members = false } = {}) => async ({ place }) => {
    const { id } = await ask(place, 'POST', '/organizations', { name: place.newName() });
    if (own) {
      await ask(place, 'POST', '/roles/assign-by-name', { userId: place.actors.gym.id, roleName: 'GYM_ADMIN', organizationId: id });
    }
    if (members) {
      place.move(await place.makeUser(), id);
    }
    return request(id);
  };
  return {
    "the gym's": about({ own: true }),
    "another's": about(),
    "the gym's, with members": about({ own: true, members: true }),
    'not there': () => request(NOBODY),
    'no id': () => request('iron'),
  };
}

/** The users that a route of this face may be about. */
const personPath = (id) => ({ path: `/id/api/users/${id}` });
const about = (request = () => ({})) => Object.fromEntries(
  Object.entries(ofUser((id) => id)).map(([object, make]) => [object, async (at) => {
    const { path: id } = await make(at);
    return { ...personPath(id), ...request() };
  }]));

function newPerson(more) {
  return ({ place }) => ({ json: { email: `${place.newName()}@example.com`, ...more } });
}

const organizationPath = (id, rest = '') => ({ path: `/id/api/organizations/${id}${rest}` });

function organizationChange(id) {
  return { ...organizationPath(id), json: { industry: 'Fitness' } };
}

const check = (query) => (id) => `/id/api/roles/check-permission/${id}/users:read${query}`;

const newKey = (place, permissions) => ({ name: `k${place.newName()}`, permissions });

const enter = ({ place: { server } }, { username, password }) =>
  call(server, 'POST', '/id/api/auth/login', { json: { email: username, password } });

/** Another session of somebody's than that of their token; none of those who have no token that counts. */
async function otherSession(at, actor) {
  if (actor.id === undefined) {
    return NOBODY;
  }
  const { json } = await enter(at, actor);
  const list = await call(at.place.server, 'GET', '/id/api/sessions', { token: json.data.accessToken });
  return list.json.data.items.find(({ current }) => current).id;
}

const session = (id) => ({ path: `/id/api/sessions/${id}` });

export const GATEWAY_REQUESTS = {
  'gateway POST /id/api/service-keys': {
    'of users:read': ({ place }) => ({ json: newKey(place, ['users:read']) }),
    'of everything': ({ place }) => ({ json: newKey(place, ['*']) }),
  },
  'gateway DELETE /id/api/service-keys/:id': {
    one: async ({ place }) => ({ path: `/id/api/service-keys/${(await ask(place, 'POST', '/service-keys', newKey(place, ['users:read']))).id}` }),
    'not there': () => ({ path: `/id/api/service-keys/${NOBODY}` }),
    'no id': () => ({ path: '/id/api/service-keys/mine' }),
  },
  'gateway POST /id/api/auth/login': {
    '-': ({ place: { root } }) => ({ json: { email: root.username, password: root.password } }),
  },
  'gateway POST /id/api/auth/refresh': {
    '-': async (at) => ({ json: { refreshToken: (await enter(at, at.place.root)).json.data.refreshToken } }),
  },
  ...Object.fromEntries(['google', 'microsoft', 'linkedin'].flatMap((name) => [
    [`gateway GET /id/api/auth/${name}/authorize`, { '-': () => ({ path: `/id/api/auth/${name}/authorize?redirect_uri=https://app.example/` }) }],
    [`gateway POST /id/api/auth/${name}`, { '-': () => ({ json: { id_token: 'a.b.c', code: 'x', redirect_uri: 'https://app.example/' } }) }],
  ])),
  'gateway POST /id/api/users/me/identities': { '-': () => ({ json: { provider: 'google', id_token: 'a.b.c' } }) },
  'gateway DELETE /id/api/users/me/identities/:id': { "nobody's": () => ({ path: `/id/api/users/me/identities/${NOBODY}` }) },
  'gateway POST /id/api/auth/magic-link': {
    "somebody's": () => ({ json: { email: 'root@example.com' } }),
    "nobody's": () => ({ json: { email: 'nobody-there@example.com' } }),
  },
  'gateway POST /id/api/auth/verify-magic-link': { 'no link': () => ({ json: { token: 'a'.repeat(64) } }) },
  'gateway POST /id/api/auth/logout': {
    '-': (at) => ({
      done: async () => { // it has ended the session of the actor, who is needed again
        at.actor.token = (await enter(at, at.actor)).json.data.accessToken;
        at.actor.authorization = `Bearer ${at.actor.token}`;
      },
    }),
  },
  'gateway DELETE /id/api/sessions/:id': {
    own: async (at) => session(await otherSession(at, at.actor)),
    "somebody else's": async (at) => session(await otherSession(at, { ...at.place.root, id: 'theirs' })),
    'no id': () => session('session-id-123'),
  },
  'gateway GET /id/api/users': {
    '-': () => ({}),
    "iron's": () => ({ path: `/id/api/users?organization_id=${iron}` }),
    "gold's": () => ({ path: `/id/api/users?organization_id=${gold}` }),
  },
  'gateway GET /id/api/users/:id': about(),
  'gateway POST /id/api/users': {
    'of none': newPerson({}),
    "iron's": newPerson({ organizationId: iron }),
    "iron's GYM_ADMIN": newPerson({ organizationId: iron, role: 'GYM_ADMIN' }),
    "iron's ADMIN": newPerson({ organizationId: iron, role: 'ADMIN' }),
    "iron's SUPER_ADMIN": newPerson({ organizationId: iron, role: 'SUPER_ADMIN' }),
    "gold's": newPerson({ organizationId: gold }),
  },
  'gateway PUT /id/api/users/:id': {
    ...about(() => ({ json: { firstName: 'Ann' } })),
    'own role': ({ actor }) => ({ ...personPath(actor.id ?? NOBODY), json: { role: actor.role ?? 'ADMIN' } }),
    "a gym mate's, to GYM_ADMIN": async ({ place }) => ({ ...personPath((await gymMate(place)).id), json: { role: 'GYM_ADMIN' } }),
    "a gym mate's, to gold": async ({ place }) => ({ ...personPath((await gymMate(place)).id), json: { organizationId: gold } }),
    "a user's, to SUPER_ADMIN": async ({ place }) => ({ ...personPath((await aUser(place)).id), json: { role: 'SUPER_ADMIN' } }),
  },
  'gateway DELETE /id/api/users/:id': Object.fromEntries(Object.entries(about()).filter(([object]) => object !== 'own')),
  'gateway POST /id/api/organizations': { '-': ({ place }) => ({ json: { name: place.newName() } }) },
  'gateway GET /id/api/organizations/:id': anOrganization((id) => organizationPath(id)),
  'gateway PUT /id/api/organizations/:id': {
    ...anOrganization(organizationChange),
    "the gym's, suspended": anOrganization((id) => ({ ...organizationPath(id), json: { status: 'suspended' } }))["the gym's"],
  },
  'gateway PATCH /id/api/organizations/:id': anOrganization(organizationChange),
  'gateway DELETE /id/api/organizations/:id': {
    ...anOrganization((id) => organizationPath(id)),
    "the gym's, by force": anOrganization((id) => organizationPath(id, '?force=true'))["the gym's, with members"],
  },
  'gateway PATCH /id/api/organizations/:id/branding': anOrganization((id) => ({
    ...organizationPath(id, '/branding'),
    json: { primary_color: '#123' },
  })),
  'gateway POST /id/api/organizations/:id/complete-setup': anOrganization((id) => organizationPath(id, '/complete-setup')),
  'gateway GET /id/api/roles/:id': aRole(rolePath),
  'gateway POST /id/api/roles': {
    'of no permission': ({ place }) => ({ json: { name: `R_${place.newName()}`, permissions: [] } }),
    'of users:read': ({ place }) => ({ json: { name: `R_${place.newName()}`, permissions: ['users:read'] } }),
    'of everything': ({ place }) => ({ json: { name: `R_${place.newName()}`, permissions: ['*'] } }),
  },
  'gateway PUT /id/api/roles/:id': {
    ...aRole((id) => ({ ...rolePath(id), json: { description: 'changed' } })),
    'to everything': async ({ place }) => ({ ...rolePath((await makeRole(place, [])).id), json: { permissions: ['*'] } }),
  },
  'gateway DELETE /id/api/roles/:id': aRole(rolePath),
  'gateway GET /id/api/permissions/:id': aPermission(permissionPath),
  'gateway POST /id/api/permissions': { '-': ({ place }) => ({ json: { name: `P_${place.newName()}` } }) },
  'gateway PUT /id/api/permissions/:id': aPermission((id, place) => ({ ...permissionPath(id), json: { name: `Q_${place.newName()}` } })),
  'gateway DELETE /id/api/permissions/:id': aPermission(permissionPath),
  'gateway GET /id/api/roles/:roleId/permissions': aRole((id) => ({ path: `/id/api/roles/${id}/permissions` })),
  'gateway POST /id/api/permissions/assign': {
    'users:read': async ({ place }) => allowance(place, (await makeRole(place, [])).id, 'users:read'),
    everything: async ({ place }) => allowance(place, (await makeRole(place, [])).id, '*'),
    'to one of the service': async ({ place }) => allowance(place, await idOf(place, 'roles', 'MEMBER'), 'users:read'),
  },
  'gateway DELETE /id/api/roles/:roleId/permissions/:permissionId': {
    'users:read': ({ place }) => disallowance(place, ['users:read'], 'users:read'),
    everything: ({ place }) => disallowance(place, ['*'], '*'),
    'not allowed': ({ place }) => disallowance(place, [], 'users:read'),
  },
  'gateway GET /id/api/roles/user/:userId': ofUser((id) => `/id/api/roles/user/${id}`),
  'gateway POST /id/api/roles/assign': assigning(async (place, name) => ({ roleId: await idOf(place, 'roles', name) })),
  'gateway POST /id/api/roles/assign-by-name': assigning((place, roleName) => ({ roleName })),
  'gateway POST /id/api/roles/user/:userId/remove-role': removing((place, user, roleName, organizationId) => ({
    path: `/id/api/roles/user/${user}/remove-role`,
    json: { roleName, organizationId },
  })),
  'gateway DELETE /id/api/roles/user/:userId/role/:roleId': removing(async (place, user, name, organizationId) => ({
    path: `/id/api/roles/user/${user}/role/${await idOf(place, 'roles', name)}${organizationId ? `?organizationId=${organizationId}` : ''}`,
  })),
  'gateway GET /id/api/roles/check-permission/:userId/:permissionName': {
    ...ofUser(check('')),
    'own there': ofUser(check(`?organizationId=${iron}`)).own,
    "a gym mate's there": ofUser(check(`?organizationId=${iron}`))["a gym mate's"],
    "another gym's there": ofUser(check(`?organizationId=${gold}`))["another gym's"],
  },
};
