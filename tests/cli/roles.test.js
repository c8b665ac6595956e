// Roles and permissions by hand, beside a running server.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { call } from '../lib/client.js';
import { createRole, NOBODY, register, startDirectory } from '../lib/directory.js';
import { until } from '../lib/place.js';
import { cli } from '../lib/signet.js';

let server;
before(async () => {
  server = await startDirectory('serve');
});

async function done(args) {
  const result = await cli([...args, '--data', server.dir]);
  assert.equal(result.code, 0, `signet ${args.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

async function refused(args) {
  const result = await cli([...args, '--data', server.dir]);
  assert.equal(result.code, 1, `signet ${args.join(' ')}: ${result.stdout}${result.stderr}`);
  assert.equal(result.stdout, '');
  return result.stderr;
}

/** The rows of a list, in a pipe, by their first cell. */
async function rows(...args) {
  const lines = (await done(args)).trimEnd().split('\n').map((line) => line.split('\t'));
  return new Map(lines.map(([name, ...cells]) => [name, cells]));
}

/** Until the running server answers so: it is told of a change within a second. */
function answersWithinASecond(status, token, method, path) {
  return until(async () => (await call(server, method, path, { token })).status === status,
    { limit: 1_000, step: 20, what: `${status} of ${method} ${path}` });
}

test('a permission is made, listed, allowed by a role, and deleted when none allows it', async () => {
  await done(['permission', 'create', 'orders:read', '--description', 'Read\torders\nall\u001b[31m of them']);
  assert.deepEqual((await rows('permission', 'list')).get('orders:read'), ['own', 'Read orders all [31m of them']);
  assert.deepEqual((await rows('permission', 'list')).get('users:read')[0], 'built-in');
  assert.match(await refused(['permission', 'create', 'orders:read']), /already exists/);
  assert.match(await refused(['permission', 'create', 'a b']), /name/);

  assert.equal(await done(['role', 'create', 'CLERK', '--permissions', 'users:read, orders:read', '--description', 'At the counter']),
    'role CLERK created\n');
  assert.deepEqual((await rows('role', 'list')).get('CLERK'), ['own', 'orders:read,users:read', 'At the counter']);
  assert.equal(await refused(['permission', 'delete', 'orders:read']), 'signet: still in use\n');
  assert.match(await done(['role', 'delete', 'CLERK']), /CLERK is deleted/);
  await done(['permission', 'delete', 'orders:read']);
  assert.equal((await rows('permission', 'list')).has('orders:read'), false);
  assert.equal(await refused(['permission', 'delete', 'orders:read']), 'signet: no such permission: orders:read\n');
});

test('the roles that come with the service are listed and stay', async () => {
  const roles = await rows('role', 'list');
  assert.deepEqual(roles.get('SUPER_ADMIN').slice(0, 2), ['built-in', '*']);
  assert.ok(['ADMIN', 'GYM_ADMIN', 'MEMBER', 'USER'].every((name) => roles.get(name)[0] === 'built-in'));
  assert.equal(await refused(['role', 'delete', 'USER']), 'signet: it comes with the service and stays\n');
  assert.equal(await refused(['permission', 'delete', 'users:read']), 'signet: it comes with the service and stays\n');
});

test('a role that cannot be made is refused in words, and nothing of it is left', async () => {
  assert.equal(await refused(['role', 'create', 'LOST', '--permissions', 'users:read,no:such']), 'signet: no such permission: no:such\n');
  assert.equal((await rows('role', 'list')).has('LOST'), false);
  assert.match(await refused(['role', 'create', 'a/b']), /name/);
  assert.match(await refused(['role', 'create', 'USER']), /already exists/);
  assert.equal(await refused(['role', 'delete', 'LOST']), 'signet: no such role: LOST\n');
});

test('a role that is granted by hand counts at the running server within a second, and so does its end', async () => {
  const user = await register(server);
  await answersWithinASecond(403, user.token, 'GET', '/users');
  await done(['role', 'create', 'READER', '--permissions', 'users:read']);
  assert.equal(await done(['role', 'grant', user.username, 'READER']), `${user.username} holds READER everywhere\n`);
  await answersWithinASecond(200, user.token, 'GET', '/users');
  await done(['role', 'grant', user.id, 'READER']);
  assert.equal(await done(['role', 'revoke', user.id, 'READER']), `${user.id} no longer holds READER everywhere\n`);
  await answersWithinASecond(403, user.token, 'GET', '/users');
  assert.equal(await refused(['role', 'revoke', user.username, 'READER']), `signet: ${user.username} was not granted READER\n`);
});

test('a role that is deleted by hand is taken from those who hold it, at the running server', async () => {
  const user = await register(server);
  await createRole(server, 'PASSING', ['users:read']);
  await done(['role', 'grant', user.username, 'PASSING']);
  await answersWithinASecond(200, user.token, 'GET', '/users');
  await done(['role', 'delete', 'PASSING']);
  await answersWithinASecond(403, user.token, 'GET', '/users');
});

test('a role is granted in one organization alone', async () => {
  const user = await register(server);
  const theirs = ['--organization', 'iron-gym'];
  const nobody = `/users/${NOBODY}`; // 404 for who may write users somewhere
  assert.equal(await refused(['role', 'grant', user.username, 'GYM_ADMIN', ...theirs]), 'signet: no such organization: iron-gym\n');
  await done(['org', 'create', 'Iron Gym']);
  await answersWithinASecond(403, user.token, 'DELETE', nobody);
  assert.equal(await done(['role', 'grant', user.username, 'GYM_ADMIN', ...theirs]), `${user.username} holds GYM_ADMIN in iron-gym\n`);
  await answersWithinASecond(404, user.token, 'DELETE', nobody);
  assert.equal((await call(server, 'GET', '/users', { token: user.token })).status, 403, 'not everywhere');
  assert.match(await done(['user', 'show', user.username]), /GYM_ADMIN \(in iron-gym\)/);
  assert.equal(await refused(['role', 'revoke', user.username, 'GYM_ADMIN']), `signet: ${user.username} was not granted GYM_ADMIN\n`);
  assert.equal(await refused(['role', 'revoke', user.username, 'USER', ...theirs]), `signet: ${user.username} was not granted USER in iron-gym\n`);
  await done(['role', 'revoke', user.username, 'GYM_ADMIN', ...theirs]);
  await answersWithinASecond(403, user.token, 'DELETE', nobody);
});

test('what is not there is named', async () => {
  const user = await register(server);
  for (const verb of ['grant', 'revoke']) {
    assert.equal(await refused(['role', verb, 'nobody', 'USER']), 'signet: no such user: nobody\n');
    assert.equal(await refused(['role', verb, user.username, 'NONE']), 'signet: no such role: NONE\n');
    assert.equal(await refused(['role', verb, user.username, 'USER', '--organization', 'none']), 'signet: no such organization: none\n');
    assert.equal((await cli(['role', verb, user.username, '--data', server.dir])).code, 2);
  }
});
