// S2. Every place of every route that names somebody's thing, given what is another organization's, by everybody who holds
// something in one organization, however they came: it is what a name is that nobody has, to the byte; their own things
// answer. Who may call which route at all is held in tests/matrix.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { isOpen, operations } from './lib/operations.js';
import { LONG, statement } from './lib/statement.js';
import { asRoot, FACES, GOLD, IRON, KEEPER, MINE, NOBODY, newName, newUser, PASSWORD, serviceKey, startWorld, tokenOf } from './lib/world.js';

/** What is somebody's; all the rest is the installation's, and nobody's who holds something in an organization only. */
const OWNED = ['user', 'address', 'organization', 'session', 'identity'];
const KINDS = {
  users: 'user', organizations: 'organization', sessions: 'session', identities: 'identity', roles: 'role', permissions: 'permission', 'service-keys': 'key',
  userId: 'user', organizationId: 'organization', organization_id: 'organization', gymId: 'organization', roleId: 'role', permissionId: 'permission',
  username: 'admin', role: 'roleName', permission: 'permissionName', permissionName: 'asked', document: 'public', picture: 'public', email: 'address',
};

/** Where a route takes the name of a thing: {where, name, kind}; `kind` is undefined as long as nobody has said what it is of. */
function placesOf({ method, path, query, members }) {
  const segments = path.split('/');
  const found = segments.map((segment, at) => ({ where: 'path', name: segment.slice(1), kind: KINDS[segment === ':id' ? segments[at - 1] : segment.slice(1)], at }));
  const named = (where, names) => names.map((name) => ({ where, name, kind: KINDS[name] }));
  return [
    ...found.filter(({ at }) => segments[at].startsWith(':')),
    ...named('query', query.filter((name) => /(id|_id|email)$/i.test(name))),
    ...named('member', method === 'GET' ? [] : members.map(({ name }) => name).filter((name) => /id$/i.test(name))),
  ];
}

const stranger = () => ({ email: `${newName('theirs')}@example.com` });
/** What else a request says so that it is right in itself. */
const SAID = {
  'directory PUT /users/:userId': () => ({ firstName: 'Ann' }),
  'directory PUT /users/:userId/change-password': () => ({ oldPassword: PASSWORD, newPassword: 'grey otter 41 lantern' }),
  'gateway POST /id/api/users': stranger,
  'gateway PUT /id/api/users/:id': () => ({ lastName: 'Lee' }),
  'gateway PUT /id/api/organizations/:id': () => ({ industry: 'Fitness' }),
  'gateway PATCH /id/api/organizations/:id': () => ({ industry: 'Fitness' }),
  'gateway PATCH /id/api/organizations/:id/branding': () => ({ primary_color: '#123' }),
  'gateway PUT /id/api/roles/:id': () => ({ description: 'changed' }),
  'gateway PUT /id/api/permissions/:id': () => ({ description: 'changed' }),
  'gateway POST /id/api/roles/assign-by-name': () => ({ roleName: 'MEMBER' }),
  'gateway POST /id/api/roles/user/:userId/remove-role': () => ({ roleName: 'MEMBER' }),
  'fitnexa POST /users/create-gym-admin': stranger,
};

/** Things of the installation, which everybody may know of who gives roles, and names of things that there are not. */
const COMMON = { role: '00000000-0000-7000-8000-000000000004', permission: '00000000-0000-7000-8000-000000000100', roleName: 'MEMBER', permissionName: 'users:read', asked: 'users:read', admin: KEEPER.username };
const ABSENT = { admin: 'nobody-there', roleName: 'NOT_THERE', permissionName: 'not:there', asked: 'not:there', address: 'nobody-there@example.com', slug: 'nobody-there' };
/** What those hold who hold it everywhere is held in one's own organization, too, and may be asked there. */
const isHeldHere = ({ path }, whose) => path.includes('check-permission') && whose === 'a super administrator';
const isCommon = ({ may }, { kind }) => !OWNED.includes(kind) && /somewhere|oneself/.test(may);

/** The request of one who names these things: one of each kind. */
function requestOf(operation, places, things) {
  const inPath = places.filter(({ where }) => where === 'path');
  const path = inPath.reduce((at, { name, kind }) => at.replace(`:${name}`, encodeURIComponent(things[kind])), operation.path);
  const pairs = (where) => places.filter((place) => place.where === where && things[place.kind] !== undefined).map(({ name, kind }) => [name, things[kind]]);
  const query = new URLSearchParams(pairs('query')).toString();
  const json = { ...SAID[operation.name]?.(things), ...Object.fromEntries(pairs('member')) };
  return { path: path + (query && `?${query}`), json: operation.type === 'application/json' ? json : undefined };
}

/** Somebody with all that they can have: things of theirs by their kinds, and the token of that session. */
async function belongings(server, { id: user, email: address, username }, organization) {
  const token = await tokenOf(server, 'gateway', username);
  const { sid: session } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
  const linked = await call(server, 'POST', '/id/api/users/me/identities', { token, json: { provider: 'google', id_token: await server.google.mint() } });
  assert.equal(linked.status, 201, linked.text);
  return { user, address, organization, session, identity: linked.json.data.id, token };
}

/** Whoever holds something in iron alone. */
async function actors(server) {
  const all = (await asRoot(server, 'GET', '/permissions?limit=100')).items.map(({ name }) => name);
  const role = (permissions) => asRoot(server, 'POST', '/roles', { name: newName('ROLE_'), permissions });
  const roles = {
    'a gym administrator': 'GYM_ADMIN', 'a member': 'MEMBER', 'an ADMIN there': 'ADMIN', 'a SUPER_ADMIN there': 'SUPER_ADMIN',
    'one who holds each permission there': (await role(all.filter((name) => !name.endsWith('*')))).name, 'one who holds everything there': (await role(['*'])).name,
  };
  return Promise.all(Object.entries(roles).map(async ([what, roleName]) => {
    const person = await newUser(server, { organizationId: IRON });
    const holds = (organizationId) => asRoot(server, 'POST', '/roles/assign-by-name', { userId: person.id, roleName, organizationId });
    await holds(IRON);
    return { what, holds, ...person };
  }));
}

/** How somebody comes: with a token of each face, and by a gateway that speaks for them. */
async function waysOf(server, { id, username }, key) {
  const tokens = await Promise.all(FACES.map(async (face) => [face, { Authorization: `Bearer ${await tokenOf(server, face, username)}` }]));
  return [...tokens, ['a gateway', { 'x-service-key': key, 'x-user-id': id }]];
}

/** What is others', by kind: {what: name}, and beside it what is no one's of the same form. */
async function theirThings(server) {
  const { id: third } = await asRoot(server, 'POST', '/organizations', { name: newName('gym') });
  const gold = (given) => newUser(server, { organizationId: GOLD, ...given });
  const people = {
    'a member of another': await gold(), "another's administrator": await gold({ role: 'GYM_ADMIN' }), 'one of none': await newUser(server), 'a super administrator': await newUser(server, { role: 'SUPER_ADMIN' }),
    'a member of a suspended one': await newUser(server, { organizationId: third }), 'one who was stopped': await gold(),
  };
  const owned = await Promise.all(Object.entries(people).map(async ([what, person]) => [what, await belongings(server, person, GOLD)]));
  const mate = await belongings(server, await newUser(server, { organizationId: IRON }), IRON);
  await asRoot(server, 'PUT', `/organizations/${third}`, { status: 'suspended' });
  const stopped = await call(server, 'DELETE', `/users/${people['one who was stopped'].id}`, { token: server.root });
  assert.equal(stopped.status, 200, stopped.text);
  const of = (kind, list = owned) => Object.fromEntries(list.map(([what, things]) => [what, things[kind]]));
  const things = {
    user: of('user', owned.slice(0, 5)), address: of('address', owned.slice(0, 5)), session: { ...of('session'), 'a gym mate': mate.session }, identity: { ...of('identity', owned.slice(0, 5)), 'a gym mate': mate.identity },
    organization: { another: GOLD, 'a suspended one': third, 'another by its slug': 'gold' },
  };
  return { things, living: owned.slice(0, 4).map(([, one]) => one), mate };
}

const told = ({ status, text, headers }, id) => ({
  status, type: headers['content-type'], text: text.replace(/"(timestamp|requestId)":"[^"]*"/g, '').replaceAll(id, 'it'),
});

/** All that can be seen of others, which nobody here may have changed. */
async function seen(server, { things, living, mate }) {
  const rows = [...Object.values(things.user).flatMap((id) => [`/users/${id}`, `/roles/user/${id}`]), `/organizations/${GOLD}`, `/organizations/${things.organization['a suspended one']}`];
  const lists = await Promise.all([...living, mate].map(({ token }) => call(server, 'GET', '/id/api/users/me/identities', { token })));
  return [...await Promise.all(rows.map((path) => asRoot(server, 'GET', path))), ...lists.map(({ status, json }) => [status, json?.data?.items.map(({ id }) => id)])];
}

/** What is the asker's to name in such a request, made for it: in iron, and where one would be gone afterwards a gym of their own. */
async function ownThings(server, actor, { name, path }) {
  const own = { ...COMMON, ...await belongings(server, actor, IRON) };
  own.user = (await newUser(server, { organizationId: IRON })).id;
  if (name === 'gateway DELETE /id/api/organizations/:id') {
    own.organization = (await asRoot(server, 'POST', '/organizations', { name: newName('gym') })).id;
    await actor.holds(own.organization);
  }
  return path.includes('/role/:roleId') || path.includes('remove-role') ? { ...own, user: await memberOf(server, own.user) } : own;
}

async function memberOf(server, userId) {
  await asRoot(server, 'POST', '/roles/assign-by-name', { userId, roleName: 'MEMBER', organizationId: IRON });
  return userId;
}

statement('S2', async (tries) => {
  const server = await startWorld({ providers: true, settings: { 'http.trusted_proxies': '127.0.0.1' } });
  const { key } = await serviceKey(server, '*');
  const common = Object.fromEntries(Object.entries({ ...COMMON, key: (await serviceKey(server, 'users:read')).id }).map(([kind, id]) => [kind, { 'the installation': id }]));
  const theirs = await theirThings(server);
  const before = await seen(server, theirs);
  const closed = operations().filter((operation) => !isOpen(operation)).map((operation) => ({ operation, places: placesOf(operation) }));
  const answering = new Set();
  let turn = 0;

  await tries('it is known of every name whose it is', () => {
    assert.deepEqual(closed.flatMap(({ operation, places }) => places.filter(({ kind }) => !kind).map(({ name }) => `${operation.name}: ${name}`)), []);
  });
  for (const actor of await actors(server)) {
    const ways = await waysOf(server, actor, key);
    for (const { operation, places } of closed) {
      const own = places.length ? await ownThings(server, actor, operation) : {};
      const ask = (things, headers) => {
        const { path, json } = requestOf(operation, places, things);
        return call(server, operation.method, path, { headers, json });
      };
      const asked = [];
      for (const place of places.filter((one) => !isCommon(operation, one))) {
        for (const [whose, id] of Object.entries({ ...theirs.things, ...common }[place.kind]).filter(([one]) => !isHeldHere(operation, one))) {
          for (const [way, headers] of LONG ? ways : [ways[turn++ % ways.length]]) {
            const name = `${operation.name}, ${place.name} of ${whose}, by ${actor.what} by way of ${way}`;
            await tries(name, async () => {
              const none = id === 'gold' ? ABSENT.slug : ABSENT[place.kind] ?? NOBODY;
              const [found, missing] = [await ask({ ...own, [place.kind]: id }, headers), await ask({ ...own, [place.kind]: none }, headers)];
              assert.deepEqual(told(found, id), told(missing, none));
              asked.push([name, place, id, found]);
            });
          }
        }
      }
      if (asked.length) {
        const { status } = await ask(own, ways[turn % ways.length][1]);
        answering.add(status < 300 ? operation.name : undefined);
        for (const [name, { kind }, id, found] of asked.filter(() => status < 300)) {
          const isOpenly = kind === 'address' || (kind === 'user' && operation.path.includes('check-permission'));
          const wanted = id === 'gold' ? 400 : isOpenly ? 200 : 404;
          await tries(`${name}, where their own are ${status}`, () => assert.equal(found.status, wanted, found.text));
        }
      }
    }
  }
  await tries('a name of their own is one wherever somebody in an organization may call', () => {
    const theirOwn = closed.filter(({ operation: { may }, places }) => places.some(({ kind }) => OWNED.includes(kind)) && /somewhere|oneself or/.test(may));
    assert.deepEqual(theirOwn.filter(({ operation }) => !answering.has(operation.name)).map(({ operation }) => operation.name), []);
  });
  await tries('nothing of theirs has changed', async () => assert.deepEqual(await seen(server, theirs), before));
  await tries('and their sessions count', async () => {
    for (const { token } of [...theirs.living, theirs.mate]) {
      assert.equal((await call(server, 'GET', MINE.gateway, { token })).status, 200);
    }
  });
  await server.stop();
});
