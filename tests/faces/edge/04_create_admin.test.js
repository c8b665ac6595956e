// Document 002, section 4: create admin.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { call, printed } from '../../lib/client.js';
import { assertError, assertObject, createAdmin, forwardAuth, listAdmins, login, tokenOf } from '../../lib/edge.js';
import { startSignet } from '../../lib/signet.js';

const EXAMPLE = `curl -X POST http://localhost:8085/api/v1/admin/create \\
  -H "Authorization: Bearer <your_token>" \\
  -H "Content-Type: application/json" \\
  -d '{
    "username": "newadmin",
    "password": "securepassword123",
    "email": "newadmin@fitness-center.local"
  }'`;
const REQUIRED = 'Username, password, and email are required';
const CREATED = '{"message":"Admin user created successfully"}';

let server;
let token;
before(async () => {
  server = await startSignet();
  token = await tokenOf(server);
});

function create(json, options = { token }) {
  return call(server, 'POST', '/api/v1/admin/create', { json, ...options });
}

function person(username, more = {}) {
  return { username, password: 'grey otter 41 lantern', email: `${username}@fitness-center.local`, ...more };
}

async function names() {
  return (await listAdmins(server, token)).map((admin) => admin.username);
}

test('the printed example answers as printed, and the new administrator can log in', async () => {
  const answer = await printed(server, EXAMPLE, { '<your_token>': token });
  assertObject(answer, 201, ['message']);
  assert.deepEqual(answer.json, JSON.parse(CREATED));
  const theirs = await tokenOf(server, 'newadmin', 'securepassword123');
  assert.equal((await forwardAuth(server, theirs)).headers['x-user'], 'newadmin');
});

test('the new administrator may do what administrators do', async () => {
  const admin = await createAdmin(server, token, { username: 'capable' });
  const theirs = await tokenOf(server, admin.username, admin.password);
  await createAdmin(server, theirs, { username: 'made-by-capable' });
  assert.ok((await listAdmins(server, theirs)).some((other) => other.username === 'made-by-capable'));
});

test('without a good token nobody is made', async () => {
  for (const options of [{}, { token: 'rubbish' }]) {
    const answer = await create(person('intruder'), options);
    assertError(answer, 401, 'unauthorized');
    assert.equal(answer.headers['www-authenticate'], 'Bearer');
  }
  assert.ok(!(await names()).includes('intruder'));
});

test('who has no token learns nothing from a bad body', async () => {
  const answer = await call(server, 'POST', '/api/v1/admin/create', { body: '{', headers: { 'Content-Type': 'text/plain' } });
  assertError(answer, 401, 'unauthorized');
});

test('each of the three members is required, with the printed text', async () => {
  for (const member of ['username', 'password', 'email']) {
    const { [member]: _, ...rest } = person('halfway');
    assertError(await create(rest), 400, REQUIRED);
    assertError(await create({ ...rest, [member]: null }), 400, REQUIRED);
    assertError(await create({ ...rest, [member]: '' }), 400, REQUIRED);
  }
  assertError(await create({}), 400, REQUIRED);
  assert.ok(!(await names()).includes('halfway'));
});

test('a member of the wrong type is 400 and named', async () => {
  for (const member of ['username', 'password', 'email']) {
    for (const value of [1, true, [], {}, ['x']]) {
      assertError(await create(person('mistyped', { [member]: value })), 400, new RegExp(member));
    }
  }
});

test('members that nobody knows are ignored and give nothing', async () => {
  const more = { id: 1, role: 'SUPER_ADMIN', roles: ['SUPER_ADMIN'], is_active: false, created_at: '1970-01-01T00:00:00Z' };
  assert.equal((await create(person('plain', more))).status, 201);
  const [made] = (await listAdmins(server, token)).filter((admin) => admin.username === 'plain');
  assert.equal(made.is_active, true);
  assert.notEqual(made.id, 1);
  assert.notEqual(made.created_at, '1970-01-01T00:00:00Z');
});

test('a taken username is 409, whatever its case', async () => {
  await createAdmin(server, token, { username: 'taken' });
  for (const username of ['taken', 'TAKEN', 'Taken']) {
    assertError(await create(person(username, { email: 'free@fitness-center.local' })), 409, 'username already exists');
  }
});

test('a taken address is 409, whatever its case', async () => {
  await createAdmin(server, token, { username: 'addressed' });
  for (const email of ['addressed@fitness-center.local', 'Addressed@FITNESS-center.local']) {
    assertError(await create(person('addressed2', { email })), 409, 'email already exists');
  }
});

test('of twenty who ask for one name at once, one gets it', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => create(person('contested', { email: `contested${index}@fitness-center.local` }))),
  );
  const statuses = answers.map((answer) => answer.status).filter((status) => status !== 503);
  assert.equal(statuses.filter((status) => status === 201).length, 1);
  assert.ok(statuses.every((status) => status === 201 || status === 409), statuses.join(' '));
  assert.equal((await names()).filter((name) => name === 'contested').length, 1);
});

test('a name that could end a header line, or is none, is 400 and named', async () => {
  const bad = ['evil\r\nX-User: root', 'evil\nX-Admin: 1', 'evil\0', 'a b', 'tab\tbed', 'Jos\u00e9', 'x'.repeat(255), 'a/b',
    'a:b', '<script>', 'a;b', 'a,b', '\u202enimda'];
  for (const username of bad) {
    assertError(await create(person('x', { username, email: 'somebody@fitness-center.local' })), 400);
  }
  assertError(await create(person('x', { username: 'a b' })), 400, /username/);
});

test('an address that is none is 400 and named', async () => {
  const bad = ['nobody', '@fitness-center.local', 'a@', 'a@b@c.local', 'a b@fitness-center.local',
    'a@fitness-center.local\r\nBcc: x@evil.example', `${'x'.repeat(250)}@fitness-center.local`];
  for (const email of bad) {
    assertError(await create(person('unaddressed', { email })), 400, /email/);
  }
});

test("somebody else's address is not to be had as a username", async () => {
  const victim = await createAdmin(server, token, { username: 'victim' });
  const answer = await create(person('x', { username: victim.email, email: 'thief@fitness-center.local' }));
  assert.ok(answer.status === 400 || answer.status === 409, `answered ${answer.status}`);
});

test('a password under eight or over 256 characters is 400', async () => {
  assertError(await create(person('short', { password: 'seven77' })), 400, /password/i);
  assertError(await create(person('long', { password: 'x'.repeat(257) })), 400, /password/i);
  assert.equal((await create(person('eight', { password: 'qv7 mzp4' }))).status, 201);
});

test('characters are counted, not bytes', async () => {
  assert.equal((await create(person('umlaut', { password: '\u00fc'.repeat(256) }))).status, 201);
  assertError(await create(person('umlaut7', { password: '\u00fc'.repeat(7) })), 400, /password/i);
});

test('what is not JSON is 415, what is malformed 400, what is too large 413', async () => {
  const path = '/api/v1/admin/create';
  const type = (value) => ({ 'Content-Type': value });
  assertError(await call(server, 'POST', path, { token, body: '{}', headers: type('text/plain') }), 415);
  assertError(await call(server, 'POST', path, { token, body: '{', headers: type('application/json') }), 400);
  assertError(await create(person('large', { padding: 'x'.repeat(70_000) })), 413);
});

test('another method is 405 and tells which ones there are', async () => {
  const answer = await call(server, 'GET', '/api/v1/admin/create', { token });
  assertError(answer, 405);
  assert.match(answer.headers.allow, /\bPOST\b/);
});

test('no answer ever shows a password', async () => {
  const secret = 'very secret indeed 93';
  const answers = [
    await create(person('discreet', { password: secret })),
    await create(person('discreet', { password: secret })),
    await create(person('a b', { password: secret })),
    await call(server, 'POST', '/api/v1/admin/create', { token, body: `{"password": "${secret}"`, headers: { 'Content-Type': 'application/json' } }),
    await login(server, 'discreet', `${secret}!`),
  ];
  for (const answer of answers) {
    assert.ok(!answer.text.includes(secret));
  }
  assert.ok(!server.logs().includes(secret), 'nor does the log');
});
