// Every way to take the last active super administrator away: one at a time, by everybody who could, when others look like one and are none; and
// fifty at once on the last two, at one node and at two. Whether one is left is read from the store, and by logging in.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { sql as execute } from '../lib/gateway_face.js';
import { cli } from '../lib/signet.js';
import { LONG, statement } from './lib/statement.js';
import { query } from './lib/store.js';
import { asRoot, entered, FACES, KEEPER, newName, newUser, noNodes, PASSWORD, serviceKey, startNodes, startWorld, tokenOf } from './lib/world.js';

const MANY = 50;
const ROUNDS = LONG ? 25 : 4;
const SUPER = '00000000-0000-7000-8000-000000000001';
const CHOSEN = 'eleven purple herons';

// Who holds the role everywhere, may come in, and has something to come in with.
const LEFT = `SELECT u.username FROM users u JOIN assignments a ON a.user_id = u.id AND a.organization_id IS NULL JOIN roles r ON r.id = a.role_id
  JOIN credentials c ON c.user_id = u.id LEFT JOIN organizations o ON o.id = u.organization_id
  JOIN role_permissions rp ON rp.role_id = r.id JOIN permissions p ON p.id = rp.permission_id AND p.name = '*'
  WHERE r.name = 'SUPER_ADMIN' AND u.state = 3 AND coalesce(o.state, 1) <> 2 ORDER BY u.username`;

const left = async (server) => (server.sql ? await server.sql(LEFT) : query(server.data, LEFT)).trim().split('\n').filter(Boolean);

const asking = (method, path, json) => ({ id, username, gym, permission }) => (node, headers) => {
  const filled = path.replace('ID', id).replace('NAME', username).replace('GYM', gym).replace('EVERYTHING', permission);
  return call(node, method, filled, { json: json?.({ id, username, gym }), headers });
};
const body = (value) => () => value;

/** By the API: (victim) => (node, headers) => answer. */
const REQUESTS = {
  'deactivated by edge': asking('DELETE', '/api/v1/admin/NAME'),
  'deleted by directory': asking('DELETE', '/users/ID'),
  'deleted by gateway': asking('DELETE', '/id/api/users/ID'),
  'of other roles by directory': asking('PUT', '/users/ID', body({ roles: ['ADMIN'] })),
  'of no role by directory': asking('PUT', '/users/ID', body({ roles: [] })),
  'of another role by gateway': asking('PUT', '/id/api/users/ID', body({ role: 'USER' })),
  'without the role, by its name': asking('POST', '/id/api/roles/user/ID/remove-role', body({ roleName: 'SUPER_ADMIN' })),
  'without the role, by its id': asking('DELETE', `/api/roles/user/ID/role/${SUPER}`),
  'moved to a suspended organization': asking('PUT', '/id/api/users/ID', ({ gym }) => ({ organizationId: gym })),
};

/** What is about the role and the permission, whoever holds it. */
const OF_THE_ROLE = {
  'the role deleted by directory': asking('DELETE', '/roles/SUPER_ADMIN'),
  'the role deleted by gateway': asking('DELETE', `/id/api/roles/${SUPER}`),
  'the role that allows nothing': asking('PUT', `/id/api/roles/${SUPER}`, body({ permissions: [] })),
  'the role renamed': asking('PUT', `/id/api/roles/${SUPER}`, body({ name: 'NOT_SO_SUPER' })),
  'the role without its permission': asking('DELETE', `/id/api/roles/${SUPER}/permissions/EVERYTHING`),
  'the permission deleted by directory': asking('DELETE', '/permissions/*'),
  'the permission deleted by gateway': asking('DELETE', '/id/api/permissions/EVERYTHING'),
  'the permission renamed': asking('PUT', '/id/api/permissions/EVERYTHING', body({ name: 'nothing' })),
};

/** What would leave them without a password, or another account in their place. */
const OF_THE_ACCOUNT = {
  'made anew by directory': asking('POST', '/users/createUser', ({ username }) => ({ username, password: CHOSEN, status: 0 })),
  'made anew by the administrators': asking('POST', '/api/v1/admin/create', ({ username }) => ({ username, password: CHOSEN, email: `${username}@example.com` })),
  'made the administrator of a gym': asking('POST', '/users/create-gym-admin', ({ username }) => ({ email: `${username}@example.com`, gymId: 'iron' })),
  'made anew without a password': asking('POST', '/id/api/users', ({ username }) => ({ email: `${username}@example.com` })),
  'given no password by directory': asking('PUT', '/users/ID', body({ password: '' })),
  'given no password by gateway': asking('PUT', '/id/api/users/ID', body({ password: '' })),
};

const COMMANDS = {
  'disabled as an administrator': ['admin', 'disable', 'NAME'],
  'disabled as a user': ['user', 'disable', 'NAME'],
  'deleted by hand': ['user', 'delete', 'NAME'],
  'without the role, by hand': ['role', 'revoke', 'NAME', 'SUPER_ADMIN'],
  'the role deleted by hand': ['role', 'delete', 'SUPER_ADMIN'],
  'the permission deleted by hand': ['permission', 'delete', '*'],
};

/** A super administrator: {id, username, token}. */
async function superAdmin(server) {
  const person = await newUser(server);
  await asRoot(server, 'POST', '/roles/assign', { userId: person.id, roleId: SUPER });
  return { ...person, token: await tokenOf(server, 'gateway', person.username) };
}

async function suspended(server) {
  const { id } = await asRoot(server, 'POST', '/organizations', { name: newName('gym') });
  await asRoot(server, 'PATCH', `/organizations/${id}`, { status: 'suspended' });
  return id;
}

/** Those who hold the role and cannot come in: none of them is the one who has to be left. */
async function lookalikes(server) {
  const stopped = await superAdmin(server);
  await asRoot(server, 'GET', `/users/${stopped.id}`);
  assert.equal((await call(server, 'DELETE', `/api/v1/admin/${stopped.username}`, { token: server.root })).status, 200);
  await asRoot(server, 'POST', '/users', { email: `${newName('waits')}@example.com`, role: 'SUPER_ADMIN' });
  const kept = await superAdmin(server);
  await asRoot(server, 'PUT', `/users/${kept.id}`, { organizationId: await suspended(server) });
  const there = await newUser(server);
  await asRoot(server, 'POST', '/roles/assign', { userId: there.id, roleId: SUPER, organizationId: (await asRoot(server, 'POST', '/organizations', { name: newName('gym') })).id });
  const bare = await superAdmin(server);
  await execute(server.data, `DELETE FROM credentials WHERE user_id = '${bare.id}'`);
}

async function aboutKeeper(server) {
  const { json } = await call(server, 'GET', '/users/my-info', { token: server.root });
  const { items } = await asRoot(server, 'GET', '/permissions?limit=100');
  return { id: json.result.id, username: KEEPER.username, gym: await suspended(server), permission: items.find(({ name }) => name === '*').id };
}

async function triesLast(tries, server) {
  const keeper = await aboutKeeper(server);
  await lookalikes(server);
  const { key } = await serviceKey(server, '*');
  const actors = { themself: { Authorization: `Bearer ${server.root}` }, 'a key that allows everything': { 'x-service-key': key } };
  const stays = async () => {
    assert.deepEqual(await left(server), [KEEPER.username]);
    assert.equal((await call(server, 'GET', '/id/api/users/me', { token: server.root })).status, 200);
  };
  for (const [who, headers] of Object.entries(actors)) {
    for (const [what, ask] of Object.entries({ ...REQUESTS, ...OF_THE_ROLE, ...OF_THE_ACCOUNT })) {
      await tries(`${what}, by ${who}`, async () => {
        const { status, text } = await ask(keeper)(server, headers);
        assert.ok(status >= 400 && status < 500, `${status} ${text}`);
        await stays();
      });
    }
  }
  for (const [what, command] of Object.entries(COMMANDS)) {
    await tries(`${what}`, async () => {
      const { code, stdout } = await cli([...command.map((word) => (word === 'NAME' ? KEEPER.username : word)), '--data', server.data]);
      assert.equal(code, 1, stdout);
      await stays();
    });
  }
  await tries('of an organization that is suspended', async () => {
    const { id } = await asRoot(server, 'POST', '/organizations', { name: newName('gym') });
    await asRoot(server, 'PUT', `/users/${keeper.id}`, { organizationId: id });
    for (const ask of [
      () => call(server, 'PATCH', `/id/api/organizations/${id}`, { json: { status: 'suspended' }, token: server.root }),
      () => call(server, 'PUT', `/api/organizations/${id}`, { json: { status: 'suspended' }, token: server.root }),
    ]) {
      const { status } = await ask();
      assert.equal(status, 409);
      await stays();
    }
    assert.equal((await cli(['org', 'suspend', id, '--data', server.data])).code, 1);
    await stays();
    assert.equal((await call(server, 'DELETE', `/id/api/organizations/${id}?force=true`, { token: server.root })).status, 200);
    await stays();
  });
  await tries('and lets them in', async () => {
    for (const face of FACES) {
      await entered(server, face, KEEPER.username);
    }
  });
}

/** Two are left, and all that there is goes against both of them at once. */
async function triesTwo(tries, server, nodes) {
  const { gym, permission, id: keeper } = await aboutKeeper(server);
  for (let round = 0; round < ROUNDS; round++) {
    await tries(`fifty at once on the last two, round ${round}`, async () => {
      const two = [await superAdmin(server), await superAdmin(server)];
      await execute(server.data, `UPDATE users SET state = 4 WHERE id = '${keeper}'`); // by hand: their token still counts, but they are none of those who are left
      const headers = [server.root, ...two.map(({ token }) => token)].map((token) => ({ Authorization: `Bearer ${token}` }));
      const ways = Object.values(REQUESTS);
      const before = await left(server);
      assert.deepEqual(before.sort(), two.map(({ username }) => username).sort());
      const answers = await Promise.all(Array.from({ length: MANY }, (_, i) =>
        ways[(i + round) % ways.length]({ ...two[i % 2], gym, permission })(nodes[Math.floor(i / 2) % nodes.length], headers[Math.floor(i / 4) % 3])));
      assert.ok((await left(server)).length >= 1, `nobody is left: ${answers.map(({ status }) => status).join(' ')}`);
      const [one] = await left(server);
      await execute(server.data, `UPDATE users SET state = 3 WHERE id = '${keeper}'`);
      await entered(nodes.at(-1), 'edge', one, PASSWORD);
      await Promise.all(two.map(({ id }) => call(server, 'DELETE', `/users/${id}`, { token: server.root }))); // for the next round
      assert.deepEqual(await left(server), [KEEPER.username]);
    });
  }
}

/** Each way against each other way, of which each takes one of the two. */
async function triesPairs(tries, server, nodes) {
  const { gym, permission, id: keeper } = await aboutKeeper(server);
  const ways = Object.entries(REQUESTS);
  for (let first = 0; first < ways.length; first++) {
    for (let second = first; second < ways.length; second += LONG ? 1 : 4) {
      await tries(`${ways[first][0]}, while the other one is ${ways[second][0]}`, async () => {
        const [one, other] = [await superAdmin(server), await superAdmin(server)];
        await execute(server.data, `UPDATE users SET state = 4 WHERE id = '${keeper}'`);
        const headers = { Authorization: `Bearer ${server.root}` };
        const answers = await Promise.all([
          ways[first][1]({ ...one, gym, permission })(nodes[0], headers), ways[second][1]({ ...other, gym, permission })(nodes.at(-1), headers),
        ]);
        const many = (await left(server)).length;
        await execute(server.data, `UPDATE users SET state = 3 WHERE id = '${keeper}'`);
        await Promise.all([one, other].map(({ id }) => call(server, 'DELETE', `/users/${id}`, { token: server.root })));
        assert.equal(many, 1, answers.map(({ status }) => status).join(' '));
      });
    }
  }
}

statement('S5', async (tries) => {
  const server = await startWorld({ mail: false });
  await triesTwo(tries, server, [server]);
  await triesPairs(tries, server, [server]);
  await triesLast(tries, server);
  await server.stop();
}, 'one node');

if (!noNodes) {
  statement('S5', async (tries) => {
    const server = await startNodes({ mail: false });
    await triesTwo(tries, server, [server, server.other]);
    await triesPairs(tries, server, [server, server.other]);
    await server.other.stop();
    await triesLast(tries, server);
    await server.stop();
  }, 'two nodes');
}
