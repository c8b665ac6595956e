// Everybody who holds a part of the rights tries, by every route that gives something, to give each thing to somebody, to themself, to a
// role, to a key, or to get it by taking over somebody who has it. What has been given is not believed of the answers but read from the store.
// The decision itself is held in src/domain/policy_test.c.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { call } from '../lib/client.js';
import { startSignet } from '../lib/signet.js';
import { LONG, statement } from './lib/statement.js';
import { asRoot, GOLD, IRON, newName, newUser, PASSWORD, serviceKey, startWorld, tokenOf, worldSettings } from './lib/world.js';

const CUSTOM = 'READ_DATA';
const CHOSEN = 'eleven purple herons';
const WANTED = ['*', 'users:write', CUSTOM];
const MORE = ['users:*', 'roles:assign', 'roles:write', 'orgs:write', 'admins:*', 'permissions:write', 'service-keys:*', 'metrics:read'];

const sql = (server, text) => execFileSync('sqlite3', [join(server.data, 'signet.db'), '-cmd', '.timeout 5000', text]).toString().trim().split('\n').filter(Boolean);

// Who holds what where; what service keys allow; and what roles allow, held or not, which is to be theirs to say of the service's own permissions.
const GRANTS = `
  SELECT 'user ' || a.user_id || '|' || p.name || '|' || coalesce(a.organization_id, '') FROM assignments a
    JOIN role_permissions rp ON rp.role_id = a.role_id JOIN permissions p ON p.id = rp.permission_id
  UNION SELECT 'key ' || k.key_id || '|' || p.name || '|' FROM service_key_permissions k JOIN permissions p ON p.id = k.permission_id
  UNION SELECT 'role ' || rp.role_id || '|' || p.name || '|' FROM role_permissions rp JOIN permissions p ON p.id = rp.permission_id WHERE p.built_in`;

const grantsIn = (server) => new Set(sql(server, GRANTS));
const allows = (held, name) => held === '*' || held === name || (held.endsWith(':*') && name.startsWith(held.slice(0, -1)));

/** Whether an actor holds a permission in an organization, or, without one, everywhere. */
function holds(actor, name, place) {
  return actor.held.some(([held, where]) => allows(held, name) && (where === '' || where === place));
}

const speaking = (actor) => (actor.key ? { headers: { 'x-service-key': actor.key } } : { token: actor.token });

async function makeRole(server, permissions) {
  return asRoot(server, 'POST', '/roles', { name: newName('ROLE_'), permissions });
}

/** Somebody with a role of these permissions, everywhere or in an organization. */
async function holder(server, permissions, organizationId) {
  const user = await newUser(server);
  const role = await makeRole(server, permissions);
  if (organizationId) {
    await asRoot(server, 'PUT', `/users/${user.id}`, { organizationId });
  }
  await asRoot(server, 'POST', '/roles/assign', { userId: user.id, roleId: role.id, organizationId });
  return { ...user, role, held: permissions.map((name) => [name, organizationId ?? '']) };
}

const PARTS = [
  ['users:write'], ['roles:assign'], ['roles:write'], ['permissions:write'], ['admins:write'], ['orgs:write'], ['service-keys:write'], ['sessions:write'],
  ['users:*', 'roles:assign'], ['roles:*'], ['roles:*', 'permissions:*'], ['users:*', 'roles:*', 'permissions:*', 'orgs:*'], ['users:*', 'roles:*', 'permissions:*', 'admins:*', 'sessions:*'],
  ['service-keys:*', 'roles:*'], ['users:*', 'orgs:*', 'roles:assign', CUSTOM], ['admins:*', 'users:*'],
];
const IN_IRON = [['users:*', 'orgs:read', 'orgs:write', 'roles:assign'], ['users:*', 'roles:*'], ['roles:assign']];

async function actorOf(server, ...what) {
  const user = await holder(server, ...what);
  return { ...user, token: await tokenOf(server, 'gateway', user.username) };
}

async function everybody(server) {
  const people = {};
  for (const part of PARTS) {
    people[`who holds ${part}`] = await actorOf(server, part);
  }
  for (const part of IN_IRON) {
    people[`who holds ${part} in iron`] = await actorOf(server, part, IRON);
  }
  for (const part of [['users:*'], ['roles:*', 'permissions:*'], ['service-keys:*'], ['users:*', 'orgs:*', 'roles:assign']]) {
    const { key } = await serviceKey(server, ...part);
    people[`a key that allows ${part}`] = { key, held: part.map((name) => [name, '']) };
  }
  const plain = await newUser(server);
  people['who holds nothing'] = { ...plain, held: [], token: await tokenOf(server, 'gateway', plain.username) };
  return people;
}

/** What one who has something is: there to be taken over. */
async function owners(server, wanted) {
  const found = {};
  for (const name of wanted) {
    found[name] = { everywhere: await holder(server, [name]), inIron: await holder(server, [name], IRON), inGold: await holder(server, [name], GOLD) };
  }
  return found;
}

const post = (path, json) => ['POST', path, json];
const put = (path, json) => ['PUT', path, json];

/** The requests that give `wanted`, which `role` allows and `permission` is: [what, method, path, json]. */
function attempts({ wanted, role, permission, actor, others }) {
  const self = actor.id ? { themself: { id: actor.id, role: actor.role } } : {};
  const people = { ...self, ...others };
  const list = [
    ['a new user of directory', ...post('/users/createUser', { username: newName('made'), password: PASSWORD, roles: [role.name] })],
    ['a new user of gateway', ...post('/id/api/users', { email: `${newName('made')}@example.com`, password: PASSWORD, role: role.name })],
    ['a new user in iron', ...post('/id/api/users', { email: `${newName('made')}@example.com`, role: role.name, organizationId: IRON })],
    ['a new role of directory', ...post('/roles', { name: newName('MADE_'), permissions: [wanted] })],
    ['a new role of gateway', ...post('/id/api/roles', { name: newName('MADE_'), permissions: ['users:read', wanted] })],
    ['a new key', ...post('/id/api/service-keys', { name: newName('made'), permissions: [wanted] })],
    ['a new administrator', ...post('/api/v1/admin/create', { username: newName('made'), password: PASSWORD, email: `${newName('made')}@example.com` })],
    ['the administrator of a gym', ...post('/users/create-gym-admin', { email: `${newName('made')}@example.com`, gymId: 'iron' })],
    ['the administrator of a new gym', ...post('/users/create-gym-admin', { email: `${newName('made')}@example.com`, gymId: newName('gym') })],
  ];
  for (const [whom, { id, role: theirs }] of Object.entries(people)) {
    list.push(
      [`${whom}, by assigning`, ...post('/id/api/roles/assign', { userId: id, roleId: role.id })],
      [`${whom}, by assigning in iron`, ...post('/id/api/roles/assign', { userId: id, roleId: role.id, organizationId: IRON })],
      [`${whom}, by assigning in gold`, ...post('/api/roles/assign', { userId: id, roleId: role.id, organizationId: GOLD })],
      [`${whom}, by a role's name`, ...post('/id/api/roles/assign-by-name', { userId: id, roleName: role.name })],
      [`${whom}, by a role's name in iron`, ...post('/id/api/roles/assign-by-name', { userId: id, roleName: role.name, organizationId: IRON })],
      [`${whom}, by directory`, ...put(`/users/${id}`, { roles: ['USER', role.name] })],
      [`${whom}, by gateway`, ...put(`/id/api/users/${id}`, { role: role.name })],
      [`${whom}, by gateway and into iron`, ...put(`/id/api/users/${id}`, { role: role.name, organizationId: IRON })],
    );
    if (theirs) {
      list.push(
        [`the role of ${whom}`, ...put(`/id/api/roles/${theirs.id}`, { permissions: [...theirs.permissions, wanted] })],
        [`the role of ${whom}, alone`, ...put(`/api/roles/${theirs.id}`, { permissions: [wanted] })],
        [`the role of ${whom}, by one thing`, ...post('/id/api/permissions/assign', { roleId: theirs.id, permissionId: permission.id })],
      );
    }
  }
  return list;
}

/** Those that come to have what somebody else has. */
function takeovers(victim) {
  const email = `${newName('mine')}@example.com`;
  return [
    ['a new password by directory', ...put(`/users/${victim.id}`, { password: CHOSEN })],
    ['a new password by gateway', ...put(`/id/api/users/${victim.id}`, { password: CHOSEN })],
    ['a new address', ...put(`/id/api/users/${victim.id}`, { email })],
    ['a new password by its owner\'s route', ...put(`/users/${victim.id}/change-password`, { oldPassword: PASSWORD, newPassword: CHOSEN })],
    ['a new password by edge', ...put('/api/v1/admin/password', { username: victim.username, current_password: CHOSEN, new_password: CHOSEN })],
  ];
}

/** All there is to ask for: what is wanted, a role of it, and the permission itself. */
async function aims(server, wanted) {
  const { items } = await asRoot(server, 'GET', '/permissions?limit=100');
  return Promise.all(wanted.map(async (name) => ({ wanted: name, role: await makeRole(server, [name]), permission: items.find((one) => one.name === name) })));
}

async function triesActor(tries, server, name, actor, { targets, victims }) {
  let before = grantsIn(server);
  const beyond = (after) => [...after].filter((line) => !before.has(line)).filter((line) => {
    const [, given, place] = line.split('|');
    return !holds(actor, given, place);
  });
  const assertNothingBeyond = () => {
    const after = grantsIn(server);
    assert.deepEqual(beyond(after), []);
    before = after;
  };
  for (const target of targets) {
    const others = Object.fromEntries(await Promise.all(Object.entries({ somebody: undefined, 'one of iron': IRON })
      .map(async ([whom, organization]) => [whom, await holder(server, ['sessions:read'], organization)])));
    before = grantsIn(server);
    for (const [what, method, path, json] of attempts({ ...target, actor, others })) {
      await tries(`${target.wanted} to ${what} by ${name}`, async () => {
        const { status } = await call(server, method, path, { json, ...speaking(actor) });
        assert.notEqual(status, 500);
        if (status < 400) {
          assertNothingBeyond();
        }
      });
    }
    await tries(`${target.wanted} by ${name}, by what was refused`, assertNothingBeyond);
    for (const [where, victim] of Object.entries(victims[target.wanted])) {
      for (const [what, method, path, json] of takeovers(victim)) {
        await tries(`${what} for one who has ${target.wanted} (${where}), by ${name}`, async () => {
          const { status } = await call(server, method, path, { json, ...speaking(actor) });
          const place = { inIron: IRON, inGold: GOLD }[where] ?? '';
          assert.ok(status >= 400 || holds(actor, target.wanted, place), `${status}`);
        });
      }
    }
  }
}

/** Who holds everything can: so the requests are right in themselves. */
async function triesRoot(tries, server, targets) {
  const actor = { token: server.root, held: [['*', '']] };
  const others = { somebody: await holder(server, ['sessions:read']) };
  for (const [what, method, path, json] of attempts({ ...targets[1], actor, others })) {
    await tries(`by a super administrator: ${what}`, async () => {
      const { status, text } = await call(server, method, path, { json, ...speaking(actor) });
      assert.ok(status < 300, `${status} ${text}`);
    });
  }
}

statement('S4', async (tries) => {
  const server = await startWorld({ mail: false });
  await asRoot(server, 'POST', '/permissions', { name: CUSTOM });
  const targets = await aims(server, LONG ? [...WANTED, ...MORE] : WANTED);
  await triesRoot(tries, server, targets);
  const victims = await owners(server, targets.map(({ wanted }) => wanted));
  for (const [name, actor] of Object.entries(await everybody(server))) {
    await triesActor(tries, server, name, actor, { targets, victims });
  }
  await server.stop();
});

statement('S4', async (tries) => {
  const server = await startSignet({ mode: 'dev', settings: worldSettings({}) });
  server.data = server.dir;
  server.root = await tokenOf(server, 'gateway', 'admin', 'your_password');
  await asRoot(server, 'POST', '/permissions', { name: CUSTOM });
  await Promise.all([IRON, GOLD].map(async (id, at) => sql(server, `INSERT INTO organizations (id, name, slug, state, created_at, updated_at)
    VALUES ('${id}', 'gym${at}', '${['iron', 'gold'][at]}', 1, 0, 0)`)));
  const targets = await aims(server, WANTED);
  const victims = await owners(server, WANTED);
  const held = ['users:*', 'roles:*', 'permissions:*', 'admins:*', 'sessions:*'].map((name) => [name, '']); // what ADMIN holds
  await triesActor(tries, server, 'anybody where the directory is open', { held }, { targets, victims });
  await server.stop();
}, 'where the directory is open');
