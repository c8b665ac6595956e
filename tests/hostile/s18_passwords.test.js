// S18. Whatever takes a new password, found among the routes by its members, and the command line: takes it whole, in one
// normal form, or refuses it; nothing that is not the same logs in afterwards at any face, and what is stored says the
// published parameters. Which ones are common is held in src/domain/guessable_test.c.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { until } from '../lib/place.js';
import { newDatabase, psql } from '../lib/postgres.js';
import { cli, startSignet } from '../lib/signet.js';
import { operations } from './lib/operations.js';
import { LONG, statement, together } from './lib/statement.js';
import { query } from './lib/store.js';
import { FACES, logIn, newName, newUser, noNodes, PASSWORD, resetLink, startWorld, tokenOf, waiting } from './lib/world.js';

const OLD = PASSWORD;
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const newcomer = () => {
  const name = newName('taker');
  return { name, email: `${name}@example.com` };
};
const somebody = async (server, given = {}) => {
  const { id, username, email } = await newUser(server, given);
  return { id, name: username, email, token: await tokenOf(server, 'gateway', username), old: OLD };
};
const waits = async (server, given) => {
  const { email, token } = await waiting(server, given);
  return { name: email, email, link: token };
};
const forgets = async (server) => {
  const person = await somebody(server);
  return { ...person, link: await resetLink(server, person.email) };
};
const json = (method, path, body, token) => (server, person, password) =>
  call(server, method, typeof path === 'function' ? path(person) : path, { json: body(person, password), token: token?.(server, person) });
const root = (server) => server.root;
const own = (server, { token }) => token;
/** A form can say half a pair as the bytes that it would have. */
const escaped = (text) => text.split('\ud83d ').map(encodeURIComponent).join('%ed%a0%bd%20');
const page = (path) => (server, { link: token }, password) => call(server, 'POST', path, { body: `token=${token}&password=${escaped(password)}`, headers: FORM });
const command = (...args) => async (server, { name, email }, password) => {
  const given = args.map((arg) => ({ NAME: name, EMAIL: email }[arg] ?? arg));
  const { code, stderr } = await cli([...given, '--data', server.data, '--set', 'password.memory=8192', '--set', 'password.passes=1'], { stdin: `${password}\n` });
  return { status: code === 0 ? 200 : 400, text: stderr };
};

/** Whoever gets a password, and how it is given to them. */
const TAKERS = {
  'edge POST /api/v1/admin/create': { who: newcomer, give: json('POST', '/api/v1/admin/create', ({ name: username, email }, password) => ({ username, email, password }), root) },
  'edge PUT /api/v1/admin/password': { who: (server) => somebody(server, { role: 'ADMIN' }), give: json('PUT', '/api/v1/admin/password', ({ name: username }, password) => ({ username, current_password: OLD, new_password: password }), own) },
  'directory POST /users/createUser': { who: newcomer, give: json('POST', '/users/createUser', ({ name: username, email }, password) => ({ username, email, password, status: 1 })) },
  'directory PUT /users/:userId': { who: somebody, give: json('PUT', ({ id }) => `/users/${id}`, (person, password) => ({ password }), root) },
  'directory PUT /users/:userId/change-password': { who: somebody, give: json('PUT', ({ id }) => `/users/${id}/change-password`, (person, newPassword) => ({ oldPassword: OLD, newPassword }), own) },
  'corporate POST /api/v1/auth/register': { who: newcomer, give: json('POST', '/api/v1/auth/register', ({ email }, password) => ({ fullName: 'Ann Lee', email, password })) },
  'gateway POST /id/api/users': { who: newcomer, give: json('POST', '/id/api/users', ({ email }, password) => ({ email, password }), root) },
  'gateway PUT /id/api/users/:id': { who: somebody, give: json('PUT', ({ id }) => `/id/api/users/${id}`, (person, password) => ({ password }), root) },
  'fitnexa POST /auth/register': { who: newcomer, give: json('POST', '/auth/register', ({ email }, password) => ({ email, password })) },
  'fitnexa POST /users/create-gym-admin': {
    who: newcomer,
    give: async (server, { email }, password) => {
      const made = await call(server, 'POST', '/users/create-gym-admin', { token: server.root, json: { email, gymId: 'iron', password, sendEmail: false } });
      return made.status === 201 ? call(server, 'POST', '/users/activate', { json: { token: made.json.activationToken } }) : made;
    },
  },
  'fitnexa POST /users/activate': { who: waits, give: json('POST', '/users/activate', ({ link: token }, password) => ({ token, password })) },
  'fitnexa POST /auth/reset-password': { who: forgets, give: json('POST', '/auth/reset-password', ({ link: token }, password) => ({ token, password })) },
  'pages POST /activate': { who: waits, give: page('/activate') },
  'pages POST /reset-password': { who: forgets, give: page('/reset-password') },
  'signet admin create': { who: newcomer, give: command('admin', 'create', 'NAME', '--email', 'EMAIL'), typed: true },
  'signet admin password': { who: (server) => somebody(server, { role: 'ADMIN' }), give: command('admin', 'password', 'NAME'), typed: true },
  'signet user create': { who: newcomer, give: command('user', 'create', 'NAME', '--email', 'EMAIL'), typed: true },
  'signet user password': { who: somebody, give: command('user', 'password', 'NAME'), typed: true },
};

const TEXT = 'grey otter 41 lantern, and over the hills it goes. '.repeat(8);
const of = (length, end = '') => `${TEXT.slice(0, length - end.length)}${end}`;
const changed = (text, at, by = '~') => `${text.slice(0, at)}${by}${text.slice(at + by.length)}`;

/** What is taken, and what is then not the same; `same`: what is, however it was typed. `core`: tried by every change. */
const TAKEN = {
  'eight of them': { password: 'kX9#vQ2m', wrong: ['kX9#vQ2', 'kX9#vQ2mm', 'kx9#vq2m', 'KX9#VQ2M'], core: true },
  'seventy-two': { password: of(72), wrong: [of(71), of(73), changed(of(72), 71)] },
  'seventy-three, of which bcrypt sees the first': { password: of(73, 'x'), wrong: [of(72), of(73, 'y'), of(74, 'xx')], core: true },
  'a hundred and twenty-eight': { password: of(128), wrong: [of(127), changed(of(128), 127), changed(of(128), 100), of(129)] },
  'two hundred and fifty-six': { password: of(256, '!'), wrong: [of(255), of(256, '?'), `${of(256, '!')}!`, changed(of(256, '!'), 72), changed(of(256, '!'), 128), changed(of(256, '!'), 254)], core: true },
  'a thousand and twenty-four bytes': { password: '\u{1f511}'.repeat(254) + '\u{1f98a}\u{1f512}', wrong: ['\u{1f511}'.repeat(255) + '\u{1f512}', '\u{1f511}'.repeat(254) + '\u{1f98a}\u{1f513}', '\u{1f511}'.repeat(18)], core: true },
  'eight signs of four bytes': { password: '\u{1f98a}\u{1f511}\u{1f3d4}\u{1f30a}\u{1f6f6}\u{1f33f}\u{1f525}\u{1f9ed}', wrong: ['\u{1f98a}\u{1f511}\u{1f3d4}\u{1f30a}\u{1f6f6}\u{1f33f}\u{1f525}\u{1f9ee}'] },
  'blanks at its ends': { password: '  grey otter 41 ', wrong: ['grey otter 41', '  grey otter 41', 'grey otter 41 ', '  grey  otter 41 '], core: true },
  'one form of letters': { password: 'p\u00e4ssw\u00f6rter-\ufb01ne', wrong: ['passworter-fine', 'P\u00e4ssw\u00f6rter-fine'], same: ['pa\u0308sswo\u0308rter-fine', '\uff50\u00e4ssw\u00f6rter\uff0d\ufb01ne'], core: true },
  'eight letters in sixteen signs': { password: 'e\u0301a\u0308o\u0302u\u0300i\u0308n\u0303c\u0327s\u030c', wrong: ['eaouincs'], same: ['\u00e9\u00e4\u00f4\u00f9\u00ef\u00f1\u00e7\u0161'] },
  'what a shell, SQL and HTML mind': { password: `'; DROP--"<b>&amp;%00\\$(x)`, wrong: [`'; DROP--"<b>&%00\\$(x)`, `'; DROP--"<b>&amp;`], core: true },
};

/** What is refused, at least by the status of a mistake. */
const REFUSED = {
  nothing: () => '', 'seven of them': () => 'kX9#vQ2', 'seven signs of four bytes': () => '\u{1f98a}\u{1f511}\u{1f3d4}\u{1f30a}\u{1f6f6}\u{1f33f}\u{1f525}', 'seven letters in fourteen signs': () => 'e\u0301a\u0308'.repeat(3) + 'o\u0308',
  'two hundred and fifty-seven': () => of(257), 'two hundred and fifty-seven signs': () => '\u{1f511}'.repeat(256) + '\u{1f98a}', 'what is too long as it is kept': () => '\ufdfa'.repeat(20), 'five thousand': () => 'otter 41 '.repeat(556), 'sixty thousand': () => 'otter 41 '.repeat(6_600),
  'a NUL in it': () => 'grey\0otter 41 lantern', 'a NUL at its end': () => 'grey otter 41 lantern\0', 'half a pair': () => 'grey otter 41 \ud83d lantern',
  'a common one': () => 'password1', 'a common one, dressed up': () => 'P@ssw0rd2024', 'a common one, wide': () => '\uff50assword1', 'a count': () => '87654321', 'their name': ({ name }) => (name.includes('@') ? `${name.split('@')[0]}1999!` : `${name}1999!`), 'their address': ({ email }) => email,
};

const query1 = async (server, text) => (server.sql ? server.sql(text) : query(server.data, text).trim());
const hashOf = (server, { email }) => query1(server, `SELECT hash FROM credentials JOIN users ON users.id = user_id WHERE email_key = '${email}'`);
const enters = async (server, face, { email }, password) => (await logIn(server, face, email, password)).status === 200;

let turn = 0;
const faces = () => (LONG ? FACES : [FACES[turn++ % FACES.length]]);
/** The command line reads a line: a line end or a half character never gets there as such. */
const isTyped = ({ typed }, what) => !typed || !/NUL|half a pair/.test(what);

async function triesTaken(tries, server, name, taker) {
  for (const [what, { password, wrong, same = [] }] of Object.entries(TAKEN).filter(([, { core }]) => LONG || core)) {
    const person = await taker.who(server);
    await tries(`${name}: ${what}`, async () => {
      const answer = await taker.give(server, person, password);
      assert.ok(answer.status < 300, `${answer.status} ${answer.text.slice(0, 300)}`);
      assert.match(await hashOf(server, person), /^\$argon2id\$v=19\$m=8192,t=1,p=1\$/);
    });
    for (const face of faces()) {
      for (const right of [password, ...same]) {
        await tries(`${name}: ${what}, at ${face}`, async () => assert.ok(await enters(server, face, person, right)));
      }
      for (const other of wrong) {
        await tries(`${name}: ${what}, and ${other.length} others at ${face}`, async () => assert.ok(!await enters(server, face, person, other)));
      }
    }
  }
}

async function triesRefused(tries, server, name, taker) {
  for (const [what, make] of Object.entries(REFUSED).filter(([one]) => isTyped(taker, one))) {
    const person = await taker.who(server);
    const before = await hashOf(server, person);
    await tries(`${name}: ${what}`, async () => {
      const { status, text } = await taker.give(server, person, make(person));
      assert.ok(status >= 400 && status < 500, `${status} ${text.slice(0, 300)}`);
      assert.equal(await hashOf(server, person), before, 'and nothing has changed');
    });
  }
}

statement('S18', async (tries) => {
  const server = await startWorld({ settings: { 'password.refuse_common': 'yes' } });
  await tries('it is known of every route that takes one', () => {
    const taking = operations().filter(({ members }) => members.some(({ name }) => /password/i.test(name))).map(({ name }) => name);
    assert.deepEqual(taking.filter((name) => !TAKERS[name] && !/(login|auth\/token)$/.test(name)), []);
  });
  await together(Object.entries(TAKERS).flatMap(([name, taker]) => [triesTaken, triesRefused].map((attack) => () => attack(tries, server, name, taker))));
  await server.stop();
}, 'at a low price');

const PUBLISHED = { 'password.memory': '19456', 'password.passes': '2' };
const PHC = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$([\w+/]{22})\$([\w+/]{43})$/;
const GOOD = 'grey otter 41 lantern';

async function triesPublished(tries, url) {
  const cheap = await startWorld({ url });
  const older = await Promise.all(FACES.map(() => newUser(cheap)));
  await cheap.stop();
  const server = await startSignet({ mode: 'serve', dataDir: cheap.data, settings: { ...cheap.settings, ...PUBLISHED } });
  Object.assign(server, { smtp: cheap.smtp, data: cheap.data, root: cheap.root, sql: url && ((text) => psql(url, text)) });
  const seen = new Set();
  for (const [name, { who, give }] of Object.entries(TAKERS).filter(([, { typed }]) => !typed)) {
    await tries(`${name}: the published parameters, and a salt of its own`, async () => {
      const person = await who(server);
      const answer = await give(server, person, GOOD);
      assert.ok(answer.status < 300, answer.text);
      const [, salt, hash] = PHC.exec(await hashOf(server, person)) ?? assert.fail(await hashOf(server, person));
      assert.ok(!seen.has(salt) && !seen.has(hash));
      seen.add(salt).add(hash);
    });
  }
  for (const [at, face] of FACES.entries()) {
    await tries(`a login at ${face} hashes anew what was cheap, and the password is still the same`, async () => {
      const person = older[at];
      assert.ok(!await enters(server, face, person, `${PASSWORD}!`));
      assert.match(await hashOf(server, person), /m=8192,t=1/);
      assert.ok(await enters(server, face, person, PASSWORD));
      await until(async () => PHC.test(await hashOf(server, person)), { what: 'a new hash' });
      assert.ok(await enters(server, face, person, PASSWORD));
    });
  }
  await server.stop();
}

statement('S18', (tries) => triesPublished(tries), 'as it is published, SQLite');
if (!noNodes && LONG) {
  statement('S18', async (tries) => triesPublished(tries, await newDatabase()), 'as it is published, PostgreSQL');
}
