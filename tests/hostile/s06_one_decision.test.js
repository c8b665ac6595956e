// The same input at all five faces: names and passwords in every spelling that something takes for the same, users in every state, tokens good and
// bad, and addresses of new users. What one face takes all take.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { sql } from '../lib/gateway_face.js';
import { until } from '../lib/place.js';
import { cli } from '../lib/signet.js';
import { statement } from './lib/statement.js';
import { asRoot, entered, FACES, IRON, LOGINS, MINE, newName, newUser, PASSWORD, startWorld, tokenOf, unverified, waiting } from './lib/world.js';

// A name with an umlaut whose address has one as well, and passwords that are typed in more than one way.
const SPELT = {
  'Å\u0301ngstro\u0308m ﬁnds 12': ['\u212b\u0301ngström finds 12', 'Å\u0301ngström finds １２', 'A\u030a\u0301ngstro\u0308m ﬁnds 12'],
  'a plain password': [],
  [`${'é'.repeat(200)}${'x'.repeat(56)}`]: [`${'e\u0301'.repeat(200)}${'x'.repeat(56)}`],
};

const nearTo = (password) => [
  password.toUpperCase(), ` ${password}`, `${password} `, `${password}\n`, `${password}\u0000`, `${password}\u200b`, password.slice(0, -1), `${password}x`, password.slice(0, 72),
  [...password].reverse().join(''), password.normalize('NFD').replace(/\p{M}/gu, ''), '', `${password}${'x'.repeat(2000)}`, '\ud800', password.replace('a', 'а'),
].filter((one) => one.normalize('NFKC') !== password.normalize('NFKC'));

/** What is no text, and what is no JSON of a log-in. */
const NOT_TEXT = [null, 1, true, ['x'], { $ne: null }, { password: 'x' }];

const namesOf = (person) => [person.username, person.email, person.username?.toUpperCase(), person.email.toUpperCase(), person.email.replace('example', 'EXAMPLE')].filter(Boolean);

const nearNames = ({ email }) => {
  const [local, domain] = email.split('@');
  return [
    ` ${email}`, `${email} `, `\t${email}`, `${email}\u0000`, `${email}.`, `${local}+tag@${domain}`, `"${local}"@${domain}`, `<${email}>`, `${local}@${domain}.`, `${local}@@${domain}`,
    `mailto:${email}`, `${email},x@example.com`, `${local}＠${domain}`, `${local}@ｅxample.com`, `${local}@example.com%00`, `${local}@example。com`, email.replace('e', 'е'), '', '*', '%',
    `${local}' OR '1'='1`, `${'x'.repeat(300)}@${domain}`, `${local}@xn--exampl-9ua.com`, `${local}(comment)@${domain}`,
  ];
};

const logIn = (server, face, name, password) => call(server, 'POST', LOGINS[face].path, { json: LOGINS[face].json(name, password) });

/** What each face makes of a log-in: all the same. */
async function decisions(server, name, password) {
  const answers = await Promise.all(FACES.map((face) => logIn(server, face, name, password)));
  assert.ok(answers.every(({ status }) => status < 500), answers.map(({ status }) => status).join(' '));
  return answers.map(({ status }) => status === 200);
}

async function assertAlike(server, name, password, wanted) {
  const taken = await decisions(server, name, password);
  assert.equal(new Set(taken).size, 1, FACES.filter((face, at) => taken[at]).join(', ') || 'none');
  if (wanted !== undefined) {
    assert.equal(taken[0], wanted);
  }
}

async function triesPasswords(tries, server) {
  for (const [password, same] of Object.entries(SPELT)) {
    const shown = JSON.stringify(password.slice(0, 12));
    const person = await newUser(server, { password });
    for (const one of [password, ...same]) {
      await tries(`the password ${JSON.stringify(one.slice(0, 20))} for ${shown}`, () => assertAlike(server, person.email, one, true));
    }
    for (const one of nearTo(password)) {
      await tries(`the password ${JSON.stringify(one.slice(-20))} for ${shown}`, () => assertAlike(server, person.email, one, false));
    }
    for (const one of NOT_TEXT) {
      await tries(`the password ${JSON.stringify(one)} for ${shown}`, () => assertAlike(server, person.email, one, false));
      await tries(`the name ${JSON.stringify(one)}`, () => assertAlike(server, one, password, false));
    }
  }
}

async function triesNames(tries, server) {
  const person = await newUser(server);
  for (const name of namesOf(person)) {
    await tries(`the name ${name}`, () => assertAlike(server, name, person.password, true));
  }
  for (const name of nearNames(person)) {
    await tries(`the name ${JSON.stringify(name.slice(0, 40))}`, () => assertAlike(server, name, person.password));
  }
  const email = `${newName('ann')}@bücher.example`;
  const wide = await newUser(server, { username: newName('wide'), email });
  for (const name of [email, email.toUpperCase(), email.replace('ü', 'u\u0308'), email.replace('bücher', 'xn--bcher-kva')]) {
    await tries(`the address ${name}`, () => assertAlike(server, name, wide.password, true));
  }
}

/** Somebody who came by the door of the gyms. */
async function registered(server) {
  const person = { email: `${newName('gym')}@example.com`, password: PASSWORD };
  assert.equal((await call(server, 'POST', '/auth/register', { json: person })).status, 201);
  return person;
}

/** Users by what has become of them, and whether they come in. */
async function peopleByState(server, verifiedOnly) {
  const gym = await asRoot(server, 'POST', '/organizations', { name: newName('gym') });
  const made = (given) => newUser(server, { token: server.root, ...given });
  const byHand = async (state) => {
    const person = await made();
    await sql(server.data, `UPDATE users SET state = ${state} WHERE id = '${person.id}'`);
    return person;
  };
  const stopped = await made();
  assert.equal((await cli(['user', 'disable', stopped.username, '--data', server.data])).code, 0);
  const kept = await made({ organizationId: gym.id });
  await asRoot(server, 'PATCH', `/organizations/${gym.id}`, { status: 'suspended' });
  return [
    ['active', await made(), true],
    ['of an organization', await made({ organizationId: IRON }), true],
    ['registered at the directory', await newUser(server), !verifiedOnly],
    ['registered at a gym', await registered(server), !verifiedOnly],
    ['unverified', await unverified(server), !verifiedOnly],
    ['waiting for an activation', { ...(await waiting(server, { password: PASSWORD })), password: PASSWORD }, false],
    ['stopped', stopped, false],
    ['inactive', await byHand(4), false],
    ['suspended', await byHand(5), false],
    ['of a suspended organization', kept, false],
    ['gone', { email: 'nobody-there@example.com', password: PASSWORD }, false],
  ];
}

async function triesStates(tries, server, verifiedOnly) {
  for (const [what, person, wanted] of await peopleByState(server, verifiedOnly)) {
    await tries(`the right password of one who is ${what}`, () => assertAlike(server, person.email, person.password, wanted));
    await tries(`a wrong password of one who is ${what}`, () => assertAlike(server, person.email, 'a wrong password', false));
  }
}

const shown = async (server, token) => (await Promise.all(FACES.map((face) => call(server, 'GET', MINE[face], { token })))).map(({ status }) => status < 400);

async function triesTokens(tries, server) {
  const forged = (token) => {
    const [head, body, signature] = token.split('.');
    return { 'of another body': `${head}.${Buffer.from(body, 'base64url').toString('base64url').replace(/^./, 'f')}.${signature}`, 'cut short': token.slice(0, -1),
      'of two parts': `${head}.${body}`, 'with a part more': `${token}.${signature}`, 'of another signature': `${head}.${body}.${'A'.repeat(signature.length)}`,
      'with padding': `${token}==`, 'with a blank in it': `${head}. ${body}.${signature}`, empty: '' };
  };
  for (const face of FACES) {
    const person = await newUser(server);
    const token = await tokenOf(server, face, person.email);
    await tries(`a token of ${face}`, async () => assert.deepEqual(await shown(server, token), FACES.map(() => true)));
    for (const [what, one] of Object.entries(forged(token))) {
      await tries(`a token of ${face}, ${what}`, async () => assert.deepEqual(await shown(server, one), FACES.map(() => false)));
    }
    assert.equal((await cli(['session', 'end', '--all', person.username, '--data', server.data])).code, 0);
    await tries(`a token of ${face} that was ended`, () => until(async () => (await shown(server, token)).every((one) => !one), { what: 'all to refuse it' }));
  }
}

/** The ways in which somebody gets an account, with an address that they say: (server, email) => answer. */
const OF_A_GYM = 'the administrator of a gym';
const MAKERS = {
  directory: (server, email) => call(server, 'POST', '/users/createUser', { json: { username: newName('made'), password: PASSWORD, email } }),
  corporate: (server, email) => call(server, 'POST', '/api/v1/auth/register', { json: { fullName: 'Ann Lee', email, password: PASSWORD } }),
  fitnexa: (server, email) => call(server, 'POST', '/auth/register', { json: { email, password: PASSWORD } }),
  gateway: (server, email) => call(server, 'POST', '/id/api/users', { token: server.root, json: { email, password: PASSWORD } }),
  edge: (server, email) => call(server, 'POST', '/api/v1/admin/create', { token: server.root, json: { username: newName('made'), password: PASSWORD, email } }),
  [OF_A_GYM]: (server, email) => call(server, 'POST', '/users/create-gym-admin', { token: server.root, json: { email, gymId: 'iron', password: PASSWORD } }),
};

/** Addresses, each another one for each maker: `at` stands for what keeps them apart. */
const ADDRESSES = [
  'at@example.com', 'at.b@example.com', 'at+b@example.com', "o'at@example.com", 'at@sub.example.com', 'at@bücher.example', 'ä.at@example.com', 'at@xn--bcher-kva.example', 'at', '@example.com',
  'at@', 'at@@example.com', 'at b@example.com', ' at@example.com', 'at@example.com ', 'at@exam ple.com', 'at@-example.com', 'at@example..com', '.at@example.com', 'at.@example.com', 'a..at@example.com',
  'at@example.com\r\nBcc: x@example.com', 'at@example.com\u0000', '"at"@example.com', 'at@[127.0.0.1]', 'at@localhost', 'at@example.com,b@example.com', '<at@example.com>', `at${'x'.repeat(63)}@example.com`,
  `at@${'x'.repeat(64)}.com`, `at@${'x.'.repeat(130)}com`, 'at@example.com\u202e', 'at@пример.рф', 'at@ｅxample.com', 'at\u200b@example.com', '\ud800at@example.com', 'at@123.456', 'at@example.c', 'at\t@example.com',
];

async function triesAddresses(tries, server) {
  for (const address of ADDRESSES) {
    await tries(`the address ${JSON.stringify(address.slice(0, 40))} of somebody new`, async () => {
      const answers = await Promise.all(Object.values(MAKERS).map((make) => make(server, address.replace('at', newName('at')))));
      assert.ok(answers.every(({ status }) => status < 500), answers.map(({ text }) => text).join('\n'));
      const taken = answers.map(({ status }) => status < 300);
      assert.equal(new Set(taken).size, 1, `taken by ${Object.keys(MAKERS).filter((name, at) => taken[at])}, refused by ${Object.keys(MAKERS).filter((name, at) => !taken[at])}`);
    });
  }
  for (const [first, make] of Object.entries(MAKERS)) {
    const email = `${newName('one')}@bücher.example`;
    const made = await make(server, email);
    assert.ok(made.status < 300);
    for (const [name, again] of Object.entries(MAKERS)) {
      for (const form of [email, email.toUpperCase(), email.replace('bücher', 'xn--bcher-kva'), email.replace('ü', 'u\u0308')]) {
        await tries(`${form}, taken by ${first}, again by ${name}`, async () => {
          const { status, json } = await again(server, form);
          if (first === OF_A_GYM && name === OF_A_GYM) { // who still waits is invited again, and is one account
            assert.equal(json.user?.id, made.json.user.id);
            return;
          }
          assert.ok([400, 409].includes(status), `${status}`);
        });
      }
    }
  }
}

statement('S6', async (tries) => {
  const server = await startWorld();
  await triesPasswords(tries, server);
  await triesNames(tries, server);
  await triesStates(tries, server, false);
  await triesTokens(tries, server);
  await triesAddresses(tries, server);
  await entered(server, 'edge', (await newUser(server)).email);
  await server.stop();
});

statement('S6', async (tries) => {
  const server = await startWorld({ settings: { 'login.require_verified': 'yes' } });
  await triesStates(tries, server, true);
  await server.stop();
}, 'where addresses have to be verified');
