// What an operator does by hand, beside a running server.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';

import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';

import { call } from '../lib/client.js';
import { createAdmin, forwardAuth, listAdmins, login, tokenOf } from '../lib/edge.js';
import { pause, run, until } from '../lib/place.js';
import { binary, cli, dataWithAdmin, startSignet } from '../lib/signet.js';

const KEEPER = { username: 'keeper', password: 'grey otter 41 lantern', email: 'keeper@fitness-center.local' };

let server;
let token;
before(async () => {
  server = await startSignet({ mode: 'serve', dataDir: await dataWithAdmin(KEEPER) });
  token = await tokenOf(server, KEEPER.username, KEEPER.password);
});

async function done(args, options) {
  const result = await cli([...args, '--data', server.dir], options);
  assert.equal(result.code, 0, `signet ${args.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

async function refused(args, options) {
  const result = await cli([...args, '--data', server.dir], options);
  assert.equal(result.code, 1, `signet ${args.join(' ')}: ${result.stdout}${result.stderr}`);
  assert.notEqual(result.stderr, '');
  return result.stderr;
}

/** The running server is told of a change within a second. */
function withinASecond(probe, what) {
  return until(probe, { limit: 1_000, step: 20, what });
}

test('the data folder and what is in it are for their owner alone', () => {
  for (const name of ['.', 'signet.db', 'master.key']) {
    assert.equal(statSync(join(server.dir, name)).mode & 0o077, 0, name);
  }
});

test('an administrator made by hand can log in at the running server at once', async () => {
  await done(['admin', 'create', 'night', '--email', 'night@fitness-center.local'], { stdin: 'seventeen green kites\n' });
  assert.equal((await login(server, 'night', 'seventeen green kites')).status, 200);
  assert.ok((await listAdmins(server, token)).some((admin) => admin.username === 'night'));
});

test('the password is taken as it stands on the line, blanks and all, and never shown', async () => {
  const password = '  seventeen green kites ';
  const said = await done(['admin', 'create', 'blank', '--email', 'blank@fitness-center.local'], { stdin: `${password}\n` });
  assert.ok(!said.includes('kites'));
  assert.equal((await login(server, 'blank', password)).status, 200);
  assert.equal((await login(server, 'blank', password.trim())).status, 401);
});

test('what the API refuses to make is refused by hand as well, in words', async () => {
  const create = (name, email, stdin) => refused(['admin', 'create', name, '--email', email], { stdin });
  assert.match(await create('keeper', 'free@fitness-center.local', 'seventeen green kites\n'), /username already exists/);
  assert.match(await create('free', 'KEEPER@fitness-center.local', 'seventeen green kites\n'), /email already exists/);
  assert.match(await create('free', 'free@fitness-center.local', 'short\n'), /password/i);
  assert.match(await create('free', 'free@fitness-center.local', ''), /password/i);
  assert.match(await create('free', 'free@fitness-center.local', 'free@fitness-center.local\n'), /password/i);
  assert.match(await create('free', 'free@fitness-center.local', 'Trustno1!\n'), /the password is a common one, or close to one/);
  assert.match(await create('a b', 'free@fitness-center.local', 'seventeen green kites\n'), /username/i);
  assert.match(await create('free', 'nobody', 'seventeen green kites\n'), /email/i);
});

test('admin password refuses what is easy to guess, or says so where that is allowed', async () => {
  const account = await createAdmin(server, token);
  const change = ['admin', 'password', account.username];
  assert.match(await refused(change, { stdin: 'qwertyuiop\n' }), /^signet: the password is a common one, or close to one\n$/);
  assert.match(await refused(change, { stdin: `${account.username}2024\n` }), /made of the account's own name or address/);
  assert.equal((await login(server, account.username, account.password)).status, 200);

  const allowed = [...change, '--set', 'password.refuse_common=no', '--data', server.dir];
  const { code, stderr } = await cli(allowed, { stdin: 'qwertyuiop\n' });
  assert.equal(code, 0, stderr);
  assert.equal(stderr, 'signet: warning: the password is a common one, or close to one; it was accepted because ' +
    'password.refuse_common is off\n');
  assert.equal((await login(server, account.username, 'qwertyuiop')).status, 200);
});

test('an administrator made by hand holds everything, unless told otherwise', async () => {
  const email = 'plain@fitness-center.local';
  await done(['admin', 'create', 'plain', '--email', email, '--role', 'ADMIN'], { stdin: 'seventeen green kites\n' });
  assert.match(await done(['user', 'show', 'keeper']), /SUPER_ADMIN/);
  const said = await done(['user', 'show', 'plain']);
  assert.match(said, /\bADMIN\b/);
  assert.doesNotMatch(said, /SUPER_ADMIN/);
  const json = { username: 'keeper', current_password: KEEPER.password, new_password: 'eleven yellow boats' };
  const theirs = await tokenOf(server, 'plain', 'seventeen green kites');
  assert.equal((await call(server, 'PUT', '/api/v1/admin/password', { token: theirs, json })).status, 403);
});

test('admin list names every administrator and whether they are active', async () => {
  const said = await done(['admin', 'list']);
  assert.match(said, /keeper.*keeper@fitness-center\.local.*active/);
});

test('admin list in a pipe is one line each, six cells with tabs between, no heads', async () => {
  const rows = (await done(['admin', 'list'])).trimEnd().split('\n').map((line) => line.split('\t'));
  assert.ok(rows.every((row) => row.length === 6));
  const [number, username, address, roles, state, seen] = rows[0];
  assert.deepEqual([number, username, address, roles, state], ['1', 'keeper', KEEPER.email, 'SUPER_ADMIN', 'active']);
  assert.match(seen, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

test('on a terminal the password is asked for twice and unseen, and lists have heads', async () => {
  const typed = async (args, ...answers) => {
    const line = [binary, ...args, '--data', server.dir].map((word) => `'${word}'`).join(' ');
    const process_ = run('script', ['-qec', line, '/dev/null'], { stdio: ['pipe', 'pipe', 'pipe'] });
    for (const [prompt, answer] of answers) {
      await until(() => process_.logs().includes(prompt), { what: prompt });
      process_.child.stdin.write(`${answer}\n`);
    }
    const { code } = await process_.ended;
    return { code, said: process_.logs() };
  };
  const create = ['admin', 'create', 'typist', '--email', 'typist@fitness-center.local'];
  const slip = await typed(create, ['New password: ', 'seventeen green kites'], ['Once more: ', 'seventeen green kittens']);
  assert.equal(slip.code, 1);
  assert.match(slip.said, /differ/);
  const made = await typed(create, ['New password: ', 'seventeen green kites'], ['Once more: ', 'seventeen green kites']);
  assert.equal(made.code, 0, made.said);
  assert.doesNotMatch(made.said, /kites/);
  assert.equal((await login(server, 'typist', 'seventeen green kites')).status, 200);
  const listed = await typed(['admin', 'list']);
  assert.match(listed.said, /^NUMBER +USERNAME +ADDRESS +ROLES +STATE +LAST LOGIN\r?\n/);
});

test('admin password sets a new one and ends every session', async () => {
  const admin = await createAdmin(server, token);
  const theirs = await tokenOf(server, admin.username, admin.password);
  await done(['admin', 'password', admin.username], { stdin: 'eleven yellow boats\n' });
  await withinASecond(async () => (await forwardAuth(server, theirs)).status === 401, 'the session to end');
  assert.equal((await login(server, admin.username, admin.password)).status, 401);
  assert.equal((await login(server, admin.username, 'eleven yellow boats')).status, 200);
});

test('admin disable refuses them at the running server within a second', async () => {
  const admin = await createAdmin(server, token);
  const theirs = await tokenOf(server, admin.username, admin.password);
  await done(['admin', 'disable', admin.username]);
  await withinASecond(async () => (await forwardAuth(server, theirs)).status === 401, 'the refusal');
  assert.equal((await login(server, admin.username, admin.password)).json.token, undefined);
  assert.match(await done(['admin', 'list']), new RegExp(`${admin.username}\t.*\tdisabled`));
  assert.match(await refused(['admin', 'disable', 'nobody-of-this-name']), /no such administrator: nobody-of-this-name/);
  await done(['admin', 'enable', admin.username]);
  assert.equal((await login(server, admin.username, admin.password)).status, 200);
  assert.equal((await forwardAuth(server, theirs)).status, 401, 'what was ended stays ended');
});

test('the last active super administrator stays, by hand as well', async () => {
  const data = await dataWithAdmin(KEEPER);
  const { code, stderr } = await cli(['admin', 'disable', 'keeper', '--data', data]);
  assert.equal(code, 1);
  assert.match(stderr, /last/);
});

test('user show tells of a user by name or address, and never a hash', async () => {
  for (const name of ['keeper', 'KEEPER@fitness-center.local']) {
    const said = await done(['user', 'show', name]);
    assert.match(said, /keeper@fitness-center\.local/);
    assert.match(said, /SUPER_ADMIN/);
    assert.match(said, /active/);
    assert.doesNotMatch(said, /argon2/);
  }
  assert.match(await refused(['user', 'show', 'nobody-of-this-name']), /no such user: nobody-of-this-name/);
});

test('a session that is ended by hand is refused by the running server within a second, and no other', async () => {
  const admin = await createAdmin(server, token);
  const one = await tokenOf(server, admin.username, admin.password);
  const known = sessionsIn(await done(['session', 'list', admin.username]));
  assert.equal(known.length, 1);
  const other = await tokenOf(server, admin.username, admin.password);
  assert.equal(sessionsIn(await done(['session', 'list', admin.username])).length, 2);
  await done(['session', 'end', known[0]]);
  await withinASecond(async () => (await forwardAuth(server, one)).status === 401, 'the refusal');
  assert.equal((await forwardAuth(server, other)).status, 200);
  assert.deepEqual(sessionsIn(await done(['session', 'list', admin.username])).includes(known[0]), false);
  await refused(['session', 'end', '00000000-0000-7000-8000-000000000000']);
});

test('who is logged out while their new password is hashed has set none', async () => {
  const slow = await startSignet({ settings: { 'password.memory': 131_072, 'password.passes': 10 } });
  const stolen = await tokenOf(slow);
  const late = call(slow, 'PUT', `/id/api/users/${decodeJwt(stolen).sub}`, { token: stolen, json: { password: 'a thief chose this one' } });
  await pause(150); // it was let in, and is hashed for longer than this
  assert.equal((await cli(['session', 'end', '--all', 'admin', '--data', slow.dir])).code, 0);
  assert.equal((await late).status, 401);
  assert.equal((await login(slow, 'admin', 'your_password')).status, 200);
});

test('all sessions of a user are ended at once', async () => {
  const admin = await createAdmin(server, token);
  const tokens = [await tokenOf(server, admin.username, admin.password), await tokenOf(server, admin.username, admin.password)];
  const [id] = (await done(['user', 'show', admin.username])).match(/[0-9a-f-]{36}/);
  assert.match(await done(['session', 'end', '--all', id]), /2 sessions/);
  for (const one of tokens) {
    await withinASecond(async () => (await forwardAuth(server, one)).status === 401, 'the refusal');
  }
  assert.equal((await forwardAuth(server, token)).status, 200);
  assert.match(await refused(['session', 'end', '--all', 'nobody-of-this-name']), /no such user: nobody-of-this-name/);
});

test('a new key is published before it signs', async () => {
  const { kid } = decodeProtectedHeader(await tokenOf(server, KEEPER.username, KEEPER.password));
  const published = async () => (await call(server, 'GET', '/.well-known/jwks.json')).json.keys.map((key) => key.kid);
  const before = await published();
  await done(['key', 'rotate']);
  await until(async () => (await published()).length === before.length + 1, { limit: 5_000, what: 'the new key' });
  assert.ok((await published()).includes(kid));
  assert.equal(decodeProtectedHeader(await tokenOf(server, KEEPER.username, KEEPER.password)).kid, kid);
  const rows = (await done(['key', 'list'])).trimEnd().split('\n').map((line) => line.split('\t'));
  assert.deepEqual(rows.map(([, state]) => state), ['next', 'signing']);
  assert.match(await refused(['key', 'rotate']), /announced/);
});

test('the first key of a store has nobody to be announced to', async () => {
  const data = await dataWithAdmin(KEEPER);
  assert.equal((await cli(['key', 'rotate', '--data', data])).code, 0);
  const fresh = await startSignet({ mode: 'serve', dataDir: data });
  const { kid } = decodeProtectedHeader(await tokenOf(fresh, KEEPER.username, KEEPER.password));
  assert.match((await cli(['key', 'list', '--data', data])).stdout, new RegExp(`^${kid}\tsigning\t`));
});

test('a new key signs what is new, the old one still vouches for what is old', async () => {
  const keys = createRemoteJWKSet(new URL(`${server.url}/.well-known/jwks.json`), { cooldownDuration: 0 });
  const published = async () => (await call(server, 'GET', '/.well-known/jwks.json')).json.keys.map((key) => key.kid);
  const old = await tokenOf(server, KEEPER.username, KEEPER.password);
  const { kid } = decodeProtectedHeader(old);
  assert.ok((await done(['key', 'list'])).includes(kid));
  const announced = (await done(['key', 'list'])).match(/^(\S+)\tnext\t/m)?.[1];
  await done(['key', 'rotate', '--now']);
  let fresh;
  await until(async () => {
    fresh = await tokenOf(server, KEEPER.username, KEEPER.password);
    return decodeProtectedHeader(fresh).kid !== kid;
  }, { limit: 5_000, step: 200, what: 'the new key to sign' });
  const both = await published();
  assert.ok(announced && !both.includes(announced), 'what was announced and never signed is withdrawn');
  assert.ok(both.includes(kid) && both.includes(decodeProtectedHeader(fresh).kid));
  for (const one of [old, fresh]) {
    assert.equal((await forwardAuth(server, one)).status, 200);
    await jwtVerify(one, keys, { algorithms: ['ES256'] });
  }
  const listed = await done(['key', 'list']);
  assert.ok(both.every((one) => listed.includes(one)));
  assert.doesNotMatch(listed, /"d"|PRIVATE/);
});

function sessionsIn(text) {
  return text.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? [];
}
