// Every way in which somebody's access ends, against everything that they may still hold: tokens of all faces, refresh tokens, links in letters,
// a gateway that speaks for them, and their password. At one node on SQLite, and at both of two on PostgreSQL, whichever of them was told.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { until } from '../lib/place.js';
import { cli } from '../lib/signet.js';
import { LONG, statement } from './lib/statement.js';
import {
  asRoot, entered, FACES, KEEPER, logIn, LOGINS, magicLink, MINE, newName, newUser, noNodes, PASSWORD, postForm, resetLink, serviceKey, startNodes, startWorld,
  tokenOf,
} from './lib/world.js';

const LIMIT = LONG ? 1_000 : 5_000; // a second is what is promised; a machine that also compiles has more
const CHOSEN = 'eleven purple herons';

const isIn = async (asking) => (await asking).status < 400;

/** Somebody who has logged in everywhere and has letters open: {…person, access, refresh, links}. */
async function somebody(server, given) {
  const person = await newUser(server, given);
  const access = {};
  const refresh = {};
  for (const face of FACES) {
    const answer = await entered(server, face, person.username);
    access[face] = LOGINS[face].token(answer);
    refresh[face] = (answer.json.data ?? answer.json).refreshToken;
  }
  const links = { magic: (await magicLink(server, person.email)).token, reset: await resetLink(server, person.email) };
  return { ...person, access, refresh, links };
}

/** What lets them in for as long as they may: by kind of what they hold, each (node) => whether it did. */
function shows(person, key) {
  const { access } = person;
  return {
    tokens: FACES.flatMap((face) => [
      [`a token of ${face}`, face, (node) => isIn(call(node, 'GET', MINE[face], { token: access[face] }))],
      [`a token of ${face} at the forward-auth`, face, (node) => isIn(call(node, 'GET', '/api/v1/auth', { token: access[face] }))],
      [`a token of ${face}, introspected`, face, async (node) => (await call(node, 'POST', '/auth/introspect', { json: { token: access[face] } })).json.result?.valid],
    ]),
    vouched: [['a gateway that speaks for them', '', (node) => isIn(call(node, 'GET', '/users/my-info', { headers: { 'x-service-key': key, 'x-user-id': person.id } }))]],
  };
}

/** What counts once: tried when they are out. */
function uses(person) {
  return {
    tokens: [
      ...FACES.map((face) => [`a renewal of a token of ${face}`, face, (node) => isIn(call(node, 'POST', '/auth/refresh', { json: { token: person.access[face] } }))]),
      ...FACES.filter((face) => person.refresh[face]).map((face) => [`a refresh token of ${face}`, face,
        (node) => isIn(call(node, 'POST', '/id/api/auth/refresh', { json: { refreshToken: person.refresh[face] } }))]),
    ],
    password: FACES.map((face) => [`the password at ${face}`, '', (node) => isIn(logIn(node, face, person.email))]),
    magic: [['a magic link', '', (node) => isIn(call(node, 'POST', '/id/api/auth/verify-magic-link', { json: { token: person.links.magic } }))]],
    reset: [['a link to a new password', '', (node) => isIn(call(node, 'POST', '/auth/reset-password', { json: { token: person.links.reset, password: CHOSEN } }))]],
  };
}

const done = (answer) => assert.ok(answer.status < 400, answer.text);
const signet = (...args) => async (server, person) => {
  const { code, stderr } = await cli([...args.map((arg) => (arg === 'NAME' ? person.username : arg)), '--data', server.data], { stdin: `${CHOSEN}\n` });
  assert.equal(code, 0, stderr);
};
const asksRoot = (method, path, json) => async (server, person) => done(await call(server, method, path(person), { token: server.root, json }));
const suspended = async (server) => {
  const { id } = await asRoot(server, 'POST', '/organizations', { name: newName('gym') });
  await asRoot(server, 'PATCH', `/organizations/${id}`, { status: 'suspended' });
  return id;
};
const organizationOf = async (server, { id }) => (await asRoot(server, 'GET', `/users/${id}`)).organizationId;

const ALL = { tokens: FACES, vouched: true, password: true, magic: true };
const GONE = { ...ALL, reset: true };
const NEW_PASSWORD = { tokens: FACES, password: true, magic: true, reset: true };
const SESSIONS = { tokens: FACES };

/** How it ends: {end(server, person), what is over, and what they were}. */
const ENDINGS = {
  'disabled at the command line': { over: ALL, end: signet('user', 'disable', 'NAME') },
  'an administrator who is disabled at the command line': { over: ALL, given: { role: 'ADMIN' }, end: signet('admin', 'disable', 'NAME') },
  'deactivated by edge': { over: ALL, given: { role: 'ADMIN' }, end: asksRoot('DELETE', ({ username }) => `/api/v1/admin/${username}`) },
  'deleted by directory': { over: GONE, end: asksRoot('DELETE', ({ id }) => `/users/${id}`) },
  'deleted by gateway': { over: GONE, end: asksRoot('DELETE', ({ id }) => `/id/api/users/${id}`) },
  'deleted at the command line': { over: GONE, end: signet('user', 'delete', 'NAME') },
  'of an organization that is suspended': {
    over: ALL, gym: true, end: async (server, person) => asRoot(server, 'PATCH', `/organizations/${await organizationOf(server, person)}`, { status: 'suspended' }),
  },
  'of an organization that is suspended at the command line': {
    over: ALL, gym: true, end: async (server, person) => signet('org', 'suspend', await organizationOf(server, person))(server, person),
  },
  'moved to an organization that is suspended': {
    over: ALL, end: async (server, { id }) => asRoot(server, 'PUT', `/users/${id}`, { organizationId: await suspended(server) }),
  },
  'a new password by directory': { over: NEW_PASSWORD, end: asksRoot('PUT', ({ id }) => `/users/${id}`, { password: CHOSEN }) },
  'a new password by gateway': { over: NEW_PASSWORD, end: asksRoot('PUT', ({ id }) => `/id/api/users/${id}`, { password: CHOSEN }) },
  'a new password at the command line': { over: NEW_PASSWORD, end: signet('user', 'password', 'NAME') },
  'a new password by themself': {
    over: { ...NEW_PASSWORD, tokens: FACES.filter((face) => face !== 'directory') }, keeps: ['directory'],
    end: async (server, { id, access }) => done(await call(server, 'PUT', `/users/${id}/change-password`, {
      token: access.directory, json: { oldPassword: PASSWORD, newPassword: CHOSEN },
    })),
  },
  'a new password by themself, as an administrator': {
    over: { ...NEW_PASSWORD, tokens: FACES.filter((face) => face !== 'edge') }, keeps: ['edge'], given: { role: 'ADMIN' },
    end: async (server, { username, access }) => done(await call(server, 'PUT', '/api/v1/admin/password', {
      token: access.edge, json: { username, current_password: PASSWORD, new_password: CHOSEN },
    })),
  },
  'a new password by a link': {
    over: NEW_PASSWORD, end: async (server, { links }) => done(await call(server, 'POST', '/auth/reset-password', { json: { token: links.reset, password: CHOSEN } })),
  },
  'a new password by the page of a link': {
    over: NEW_PASSWORD, end: async (server, { links }) => done(await postForm(server, '/reset-password', { token: links.reset, password: CHOSEN })),
  },
  'all sessions ended at the command line': { over: SESSIONS, end: signet('session', 'end', '--all', 'NAME') },
  ...Object.fromEntries(FACES.map((face) => [`logged out with the token of ${face}, by fitnexa`, {
    over: { tokens: [face] }, keeps: FACES.filter((one) => one !== face),
    end: async (server, { access }) => done(await call(server, 'POST', '/auth/logout', { token: access[face] })),
  }])),
  'logged out by gateway': {
    over: { tokens: ['fitnexa'] }, keeps: ['edge', 'gateway'],
    end: async (server, { access }) => done(await call(server, 'POST', '/id/api/auth/logout', { token: access.fitnexa })),
  },
  'logged out by directory': {
    over: { tokens: ['corporate'] }, keeps: ['directory', 'gateway'],
    end: async (server, { access }) => done(await call(server, 'POST', '/auth/logout', { json: { token: access.corporate } })),
  },
  'a session ended from another one': {
    over: { tokens: ['edge'] }, keeps: ['gateway'],
    end: async (server, { access }) => {
      const { sid } = JSON.parse(Buffer.from(access.edge.split('.')[1], 'base64url'));
      done(await call(server, 'DELETE', `/id/api/sessions/${sid}`, { token: access.gateway }));
    },
  },
};

const about = (all, over) => Object.entries(all).flatMap(([kind, list]) => (over[kind]
  ? list.filter(([, face]) => over[kind] === true || over[kind].includes(face)) : []));

async function triesEnding(tries, server, nodes, [name, { over, keeps = [], given = {}, gym = false, end }], key) {
  const organizationId = gym ? (await asRoot(server, 'POST', '/organizations', { name: newName('gym') })).id : undefined;
  const person = await somebody(server, { ...given, ...(gym ? { organizationId } : {}) });
  const all = shows(person, key);
  for (const [what, , show] of Object.values(all).flat()) {
    for (const node of nodes) {
      await until(() => show(node), { limit: LIMIT, step: 5, what: `${what} to count before "${name}"` });
    }
  }
  await end(server, person);
  const told = Date.now();
  for (const [what, , show] of about(all, over)) {
    await tries(`${what} of one who is ${name}`, async () => {
      for (const node of nodes) {
        await until(async () => !await show(node), { limit: Math.max(1, told + LIMIT - Date.now()), step: 5, what: 'the refusal' });
      }
    });
  }
  for (const [at, [what, , use]] of about(uses(person), over).entries()) {
    await tries(`${what} of one who is ${name}`, async () => assert.ok(!await use(nodes[at % nodes.length])));
  }
  for (const [what, face, show] of all.tokens.filter(([, one]) => keeps.includes(one))) {
    await tries(`${what} is another session than the one that is ${name}`, async () => assert.ok(await show(nodes.at(-1)), face));
  }
  for (const [what, , show] of about(all, over)) {
    await tries(`${what} of one who is ${name}, for good`, async () => {
      for (const node of nodes) {
        assert.ok(!await show(node));
      }
    });
  }
}

/** What is held in an organization ends when they are taken out of it: {end(server, person, role)}. */
const REMOVALS = {
  'taken out of it': (server, { id }) => asRoot(server, 'PUT', `/users/${id}`, { organizationId: null }),
  'moved to another': async (server, { id }) => {
    const other = await asRoot(server, 'POST', '/organizations', { name: newName('gym') });
    return asRoot(server, 'PUT', `/users/${id}`, { organizationId: other.id });
  },
  'without the role': (server, { id, gym, role }) => asRoot(server, 'POST', `/roles/user/${id}/remove-role`, { roleName: role.name, organizationId: gym }),
  'of a role that is deleted': (server, { role }) => asRoot(server, 'DELETE', `/roles/${role.id}`),
  'of a role that allows it no more': (server, { role }) => asRoot(server, 'PUT', `/roles/${role.id}`, { permissions: [] }),
  'of an organization that is deleted': (server, { gym }) => asRoot(server, 'DELETE', `/organizations/${gym}?force=true`),
};

async function triesRemoval(tries, server, nodes, [name, end], key) {
  const { id: gym } = await asRoot(server, 'POST', '/organizations', { name: newName('gym') });
  const role = await asRoot(server, 'POST', '/roles', { name: newName('ROLE_'), permissions: ['users:read', 'users:write'] });
  const person = await newUser(server, { organizationId: gym });
  await asRoot(server, 'POST', '/roles/assign', { userId: person.id, roleId: role.id, organizationId: gym });
  const tokens = await Promise.all(FACES.map((face) => tokenOf(server, face, person.username)));
  const all = [
    ...tokens.map((token, at) => [`a token of ${FACES[at]} reads members`, (node) => isIn(call(node, 'GET', `/id/api/users?organization_id=${gym}`, { token }))]),
    ['check-permission', async (node) => (await call(node, 'GET', `/id/api/roles/check-permission/${person.id}/users:write?organizationId=${gym}`, { token: server.root })).json.data.allowed],
    ['a gateway that speaks for them', (node) => isIn(call(node, 'GET', `/id/api/users?organization_id=${gym}`, { headers: { 'x-service-key': key, 'x-user-id': person.id } }))],
  ];
  for (const [what, show] of all) {
    for (const node of nodes) {
      await until(() => show(node), { limit: LIMIT, step: 5, what: `${what} to count before "${name}"` });
    }
  }
  await end(server, { ...person, gym, role });
  const told = Date.now();
  for (const [what, show] of all) {
    await tries(`${what} for one who is ${name}`, async () => {
      for (const node of nodes) {
        await until(async () => !await show(node), { limit: Math.max(1, told + LIMIT - Date.now()), step: 5, what: 'the refusal' });
      }
    });
  }
  await tries(`who is ${name} is let in there no more`, async () => {
    const stays = ['without the role', 'of a role that is deleted', 'of a role that allows it no more'].includes(name);
    assert.equal((await call(nodes.at(-1), 'POST', '/auth/login', { json: { email: person.email, password: PASSWORD, domain: gym } })).status, stays ? 200 : 403);
  });
}

async function triesKeys(tries, server, nodes) {
  for (const how of ['by gateway', 'at the command line']) {
    const { id, key, name } = await serviceKey(server, 'users:read');
    const show = (node) => isIn(call(node, 'GET', '/users', { headers: { 'x-service-key': key } }));
    await until(async () => (await Promise.all(nodes.map(show))).every(Boolean), { limit: LIMIT });
    await (how === 'by gateway' ? asRoot(server, 'DELETE', `/service-keys/${id}`) : signet('service-key', 'revoke', name)(server));
    await tries(`a service key that is revoked ${how}`, async () => {
      await until(async () => !(await Promise.all(nodes.map(show))).some(Boolean), { limit: LIMIT, step: 5, what: 'the refusal' });
    });
  }
}

async function triesAll(tries, server, nodes) {
  const { key } = await serviceKey(server, '*');
  for (const ending of Object.entries(ENDINGS)) {
    await triesEnding(tries, server, nodes, ending, key);
  }
  for (const removal of Object.entries(REMOVALS)) {
    await triesRemoval(tries, server, nodes, removal, key);
  }
  await triesKeys(tries, server, nodes);
  await tries('everybody else is let in still', async () => entered(nodes.at(-1), 'gateway', KEEPER.username));
}

const settings = { 'http.trusted_proxies': '127.0.0.1' };

statement('S13', async (tries) => {
  const server = await startWorld({ settings });
  await triesAll(tries, server, [server]);
  await server.stop();
}, 'one node');

if (!noNodes) {
  statement('S13', async (tries) => {
    const server = await startNodes({ settings });
    await triesAll(tries, server, [server, server.other]);
    await server.other.stop();
    await server.stop();
  }, 'two nodes');
}
