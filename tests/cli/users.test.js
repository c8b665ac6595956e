// Users by hand, beside a running server.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { call } from '../lib/client.js';
import { isValid, logIn, startDirectory, tokenOf } from '../lib/directory.js';
import { run, until } from '../lib/place.js';
import { binary, cli, storeOf } from '../lib/signet.js';

const PASSWORD = 'seventeen green kites';
const OTHER = 'eleven yellow boats';
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}';

let server;
before(async () => {
  server = await startDirectory('serve');
});

async function done(args, options) {
  const result = await cli([...args, '--data', server.dir], options);
  assert.equal(result.code, 0, `signet ${args.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

async function refused(args, options) {
  const result = await cli([...args, '--data', server.dir], options);
  assert.equal(result.code, 1, `signet ${args.join(' ')}: ${result.stdout}${result.stderr}`);
  assert.equal(result.stdout, '');
  return result.stderr;
}

function create(name, ...more) {
  return done(['user', 'create', name, ...more], { stdin: `${PASSWORD}\n` });
}

/** The rows of a list, in a pipe. */
async function list(...args) {
  return (await done(['user', 'list', ...args])).split('\n').filter(Boolean).map((line) => line.split('\t'));
}

/** The running server is told of a change within a second. */
function refusedWithinASecond(token) {
  return until(async () => !(await isValid(server, token)), { limit: 1_000, step: 20, what: 'the refusal' });
}

test('a user made by hand can log in at the running server at once, and is no administrator', async () => {
  const said = await create('paul', '--email', 'paul@example.org');
  assert.equal(said, 'user paul created\n');
  assert.equal((await logIn(server, 'paul', PASSWORD)).status, 200);
  assert.equal((await logIn(server, 'paul@example.org', PASSWORD)).status, 200);
  const [row] = await list('--begins', 'paul');
  assert.match(row[0], new RegExp(`^${UUID}$`));
  assert.deepEqual(row.slice(1, 5), ['paul', 'paul@example.org', 'USER', 'active']);
});

test('a user may be known by an address alone, and be made with any roles', async () => {
  await create('vera@example.org', '--role', 'MEMBER, USER');
  assert.equal((await logIn(server, 'vera@example.org', PASSWORD)).status, 200);
  assert.equal((await list('--begins', 'vera'))[0][3], 'MEMBER, USER');
  assert.equal(await refused(['user', 'create', 'eve', '--role', 'MEMBER,OGRE'], { stdin: `${PASSWORD}\n` }),
    'signet: no such role: OGRE\n');
  assert.deepEqual(await list('--begins', 'eve'), [], 'nobody is half made');
});

test('what the API refuses to make is refused by hand as well, in words', async () => {
  await create('taken', '--email', 'taken@example.org');
  const made = (name, email, stdin = `${PASSWORD}\n`) =>
    refused(['user', 'create', name, ...(email ? ['--email', email] : [])], { stdin });
  assert.match(await made('TAKEN'), /username already exists/);
  assert.match(await made('free', 'Taken@example.org'), /email already exists/);
  assert.match(await made('free@example.org', 'another@example.org'), /username: an address as username has to be the account's own/);
  assert.match(await made('a b'), /username/);
  assert.match(await made('free', 'nobody'), /email/);
  assert.match(await made('free', undefined, 'short\n'), /password/);
  assert.match(await made('free', undefined, ''), /no password/);
});

test('a new password is set by hand and ends every session', async () => {
  await create('rita');
  const token = await tokenOf(server, 'rita', PASSWORD);
  await done(['user', 'password', 'rita'], { stdin: `${OTHER}\n` });
  await refusedWithinASecond(token);
  assert.equal((await logIn(server, 'rita', PASSWORD)).status, 401);
  assert.equal((await logIn(server, 'rita', OTHER)).status, 200);
  assert.equal(await refused(['user', 'password', 'nobody'], { stdin: `${OTHER}\n` }), 'signet: no such user: nobody\n');
  assert.match(await refused(['user', 'password', 'rita'], { stdin: 'rita2024\n' }), /the account's own name/);
});

test('a new password lets in who waited for an activation', async () => {
  for (const [command, role] of [['user', 'USER'], ['admin', 'ADMIN']]) {
    const email = `waiting-${command}@example.org`;
    const made = await call(server, 'POST', '/id/api/users', { token: server.root, json: { email, role } });
    assert.equal(made.json.data.status, 'pending', made.text);
    await done([command, 'password', email], { stdin: `${OTHER}\n` });
    await until(async () => (await logIn(server, email, OTHER)).status === 200);
  }
});

test('a user who is disabled is refused within a second, and let in again when enabled', async () => {
  await create('otto', '--email', 'otto@example.org');
  const token = await tokenOf(server, 'otto', PASSWORD);
  await done(['user', 'disable', 'OTTO@example.org']);
  await refusedWithinASecond(token);
  assert.notEqual((await logIn(server, 'otto', PASSWORD)).status, 200);
  assert.equal((await list('--begins', 'otto'))[0][4], 'inactive');
  await done(['user', 'enable', 'otto']);
  assert.equal((await logIn(server, 'otto', PASSWORD)).status, 200);
  assert.equal(await isValid(server, token), false, 'what was ended stays ended');
});

test('a user who is deleted is refused within a second, is gone, and leaves the name to others', async () => {
  await create('gone', '--email', 'gone@example.org');
  const token = await tokenOf(server, 'gone', PASSWORD);
  const [[id]] = await list('--begins', 'gone');
  const before_ = (await list()).length;
  assert.match(await done(['user', 'delete', id]), /is deleted/);
  await refusedWithinASecond(token);
  assert.equal((await logIn(server, 'gone', PASSWORD)).status, 401);
  assert.equal((await list()).length, before_ - 1);
  assert.equal(await refused(['user', 'delete', 'gone']), 'signet: no such user: gone\n');
  await create('gone', '--email', 'gone@example.org');
  assert.equal(await isValid(server, token), false, 'another of that name is another');
});

test('the last active administrator stays, however it is tried', async () => {
  for (const args of [['user', 'delete', 'keeper'], ['user', 'disable', 'keeper'], ['role', 'revoke', 'keeper', 'SUPER_ADMIN']]) {
    assert.equal(await refused(args), 'signet: the last active administrator must stay\n');
  }
  assert.equal(await isValid(server, server.root), true);
});

test('the list comes in pages, and whoever does not get all of it is told', async () => {
  for (const name of ['zoe1', 'zoe2', 'zoe3']) {
    await create(name);
  }
  const all = await list();
  const seen = [];
  for (let page = 1; seen.length < all.length; page++) {
    const { code, stdout, stderr } = await cli(['user', 'list', '--limit', '2', '--page', `${page}`, '--data', server.dir]);
    const rows = stdout.split('\n').filter(Boolean).map((line) => line.split('\t'));
    assert.equal(code, 0);
    assert.ok(rows.length === 2 || seen.length + rows.length === all.length);
    assert.ok(stderr.startsWith(`signet: ${seen.length + 1} to ${seen.length + rows.length} of ${all.length} users`), stderr);
    seen.push(...rows);
    assert.equal(stderr.includes(`; --page ${page + 1} tells of the next`), seen.length < all.length);
  }
  assert.deepEqual(seen, all);
  const whole = await cli(['user', 'list', '--data', server.dir]);
  assert.equal(whole.stderr, '', 'who has all rows is told nothing');
  const beyond = await cli(['user', 'list', '--page', '9', '--data', server.dir]);
  assert.deepEqual([beyond.code, beyond.stdout], [0, '']);
  assert.equal(beyond.stderr, `signet: nobody on this page of ${all.length} users\n`);
  const found = await list('--begins', 'ZOE');
  assert.deepEqual(found.map((row) => row[1]), ['zoe1', 'zoe2', 'zoe3']);
  for (const wrong of [['--limit', '0'], ['--limit', '10001'], ['--limit', 'ten'], ['--page', '0'], ['--page', '-1']]) {
    const { code, stderr } = await cli(['user', 'list', ...wrong, '--data', server.dir]);
    assert.equal(code, 2);
    assert.match(stderr, /is a number/);
  }
});

test('on a terminal the list has heads and ends with how many there are', async () => {
  const seen = async (...args) => {
    const line = [binary, 'user', 'list', ...args, '--data', server.dir].map((word) => `'${word}'`).join(' ');
    const env = { ...process.env, ...(await storeOf(server.dir)) };
    const process_ = run('script', ['-qec', line, '/dev/null'], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    assert.equal((await process_.ended).code, 0);
    return process_.logs();
  };
  const count = (await list()).length;
  const whole = await seen();
  assert.match(whole, /^ID +USERNAME +ADDRESS +ROLES +STATE +CREATED +LAST LOGIN\r?\n/);
  assert.match(whole, new RegExp(`\\n${count} users\\r?\\n$`));
  assert.match(await seen('--limit', '1'), new RegExp(`\\n1 to 1 of ${count} users; --page 2 tells of the next\\r?\\n$`));
  assert.match(await seen('--begins', 'keeper'), /\n1 user\r?\n$/);
});
