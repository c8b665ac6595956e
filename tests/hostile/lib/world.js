// A server that asks for tokens, with mail that arrives, providers that answer, two gyms, and somebody new for each case.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { call } from '../../lib/client.js';
import { GOLD, IRON, makeGyms, UNCOUNTED } from '../../lib/fitnexa.js';
import { SENDER } from '../../lib/mail.js';
import { tempDir, until } from '../../lib/place.js';
import { newDatabase, psql } from '../../lib/postgres.js';
import { BACK, Browser, settingsFor, startProvider, TENANT } from '../../lib/provider.js';
import { dataWithAdmin, startSignet, storeOf } from '../../lib/signet.js';
import { parse, startSmtp } from '../../lib/smtp.js';

export { GOLD, IRON };
export const PASSWORD = 'seventeen green kites';
export const NOBODY = '01a1feec-ce90-7532-b6a3-ca184ff1da28';
export const KEEPER = { username: 'keeper', password: PASSWORD, email: 'keeper@example.com' };
export const ONWARD = 'https://app.example/login';

/** How each face is logged in at: {path, json(name, password), token(answer)}. */
export const LOGINS = {
  edge: { path: '/api/v1/login', json: (username, password) => ({ username, password }), token: ({ json }) => json.token },
  directory: { path: '/auth/token', json: (username, password) => ({ username, password }), token: ({ json }) => json.result.token },
  corporate: { path: '/api/v1/auth/login', json: (email, password) => ({ email, password }), token: ({ json }) => json.token },
  gateway: { path: '/id/api/auth/login', json: (email, password) => ({ email, password }), token: ({ json }) => json.data.accessToken },
  fitnexa: { path: '/auth/login', json: (email, password) => ({ email, password }), token: ({ json }) => json.token },
};
export const FACES = Object.keys(LOGINS);

/** Where each face tells who a token is of. */
export const MINE = {
  edge: '/api/v1/auth', directory: '/users/my-info', corporate: '/api/v1/users/me', gateway: '/id/api/users/me', fitnexa: '/users/me',
};

/** A log-in at a face, right or wrong: the answer. */
export function logIn(server, face, name, password = PASSWORD, options = {}) {
  const { path, json } = LOGINS[face];
  return call(server, 'POST', path, { json: json(name, password), ...options });
}

/** The answer to a log-in that has to succeed. */
export async function entered(server, face, name, password = PASSWORD) {
  const answer = await logIn(server, face, name, password);
  assert.equal(answer.status, 200, `${name} cannot log in at ${face}: ${answer.text}`);
  return answer;
}

export const tokenOf = async (server, face, name, password) => LOGINS[face].token(await entered(server, face, name, password));

/** The settings of `startWorld`, for whoever starts a server otherwise. */
export function worldSettings({ smtp, providers = {} }) {
  return {
    ...UNCOUNTED,
    ...settingsFor(providers),
    ...(smtp ? {
      'mail.transport': `smtp://127.0.0.1:${smtp.port}`, 'mail.from': SENDER, 'mail.starttls': 'never',
    } : {}),
    'http.public_url': 'https://id.example.com',
    'links.magic_return': ONWARD,
  };
}

/**
 * `signet serve` with `smtp`, `google`, `microsoft` and `linkedin`, if asked for (`providers`), and `root`: a super administrator's token.
 */
export async function startWorld({ settings = {}, providers: wanted = false, mail = true, url, ...given } = {}) {
  const smtp = mail ? await startSmtp() : undefined;
  const providers = wanted ? {
    google: await startProvider(),
    microsoft: await startProvider({ tenants: true, alg: 'PS256' }),
    linkedin: await startProvider({ auth: 'client_secret_post', alg: 'ES256' }),
  } : {};
  const dataDir = await dataWithAdmin(KEEPER, url);
  await makeGyms(dataDir);
  const all = { ...worldSettings({ smtp, providers }), ...settings };
  const server = await startSignet({ mode: 'serve', ...given, dataDir, settings: all });
  Object.assign(server, providers, { smtp, data: dataDir, settings: all });
  server.root = await tokenOf(server, 'gateway', KEEPER.username);
  return server;
}

/** Whether there is a PostgreSQL to have nodes on. */
export const noNodes = existsSync('/usr/lib/postgresql') ? false : 'PostgreSQL is not installed';

/** A world of two nodes on one PostgreSQL: the first one, with `other` and `sql`. */
export async function startNodes(options = {}) {
  const url = await newDatabase();
  const first = await startWorld({ ...options, url });
  const data = join(tempDir(), 'data');
  mkdirSync(data, { mode: 0o700 });
  copyFileSync(join(first.dir, 'master.key'), join(data, 'master.key')); // as the nodes of one installation have it
  await storeOf(data, url);
  const other = await startSignet({ mode: 'serve', dataDir: data, settings: first.settings });
  return Object.assign(first, { other, sql: (text) => psql(url, text) });
}

/** Asks the gateway face as a super administrator: the data. */
export async function asRoot(server, method, path, json) {
  const answer = await call(server, method, `/id/api${path}`, { token: server.root, json });
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.json.data;
}

let made = 0;
export const newName = (what = 'name') => `${what}${++made}`;

/** Somebody new, active, with a password: {id, email, username, password}. */
export async function newUser(server, given = {}) {
  const username = newName('user');
  const { role, organizationId, token, ...rest } = given;
  const person = { username, email: `${username}@example.com`, password: PASSWORD, ...rest };
  const answer = await call(server, 'POST', '/users/createUser', { token, json: { ...person, status: 1 } });
  assert.equal(answer.status, 200, answer.text);
  person.id = answer.json.result.id;
  if (role !== undefined || organizationId !== undefined) {
    await asRoot(server, 'PUT', `/users/${person.id}`, { role, organizationId });
  }
  return person;
}

/** The newest letter to an address whose text fits: what the expression's groups found. */
export async function letterTo(server, address, pattern) {
  const found = async () => {
    const to = server.smtp.letters.filter(({ envelope }) => envelope.rcptTo[0].address.toLowerCase() === address.toLowerCase());
    for (const letter of to.reverse()) {
      const match = (await parse(letter)).text.match(pattern);
      if (match) {
        return match;
      }
    }
    return undefined;
  };
  return until(found, { what: `a letter to ${address} with ${pattern}`, limit: 20_000 });
}

const asked = (answer, status = 200) => assert.equal(answer.status, status, answer.text);

/** A magic link, as somebody's letter has it: {token, code, cookie}. */
export async function magicLink(server, email) {
  const answer = await call(server, 'POST', '/id/api/auth/magic-link', { json: { email } });
  asked(answer);
  const [, token] = await letterTo(server, email, /\/magic-link\?token=([0-9a-f]{64})/);
  const [, code] = await letterTo(server, email, /: (\d{8})$/m);
  return { token, code, cookie: answer.headers['set-cookie'][0].split(';')[0] };
}

export async function verificationLink(server, email) {
  asked(await call(server, 'POST', '/api/v1/auth/send-verification-email', { json: { email } }));
  return (await letterTo(server, email, /\/verify-email\?token=([0-9a-f]{64})/))[1];
}

export async function resetLink(server, email) {
  asked(await call(server, 'POST', '/auth/forgot-password', { json: { email } }), 202);
  return (await letterTo(server, email, /\/reset-password\?token=([0-9a-f]{64})/))[1];
}

/** Somebody who waits for their activation: {id, email, token}. */
export async function waiting(server, given = {}) {
  const email = `${newName('waits')}@example.com`;
  const answer = await call(server, 'POST', '/users/create-gym-admin', { token: server.root, json: { email, gymId: 'iron', ...given } });
  asked(answer, 201);
  return { id: answer.json.user.id, email, token: answer.json.activationToken };
}

/** Somebody whose address is still to be verified: {id, email, password}. */
export async function unverified(server) {
  const email = `${newName('new')}@example.com`;
  const answer = await call(server, 'POST', '/api/v1/auth/register', { json: { fullName: 'Ann Lee', email, password: PASSWORD } });
  asked(answer, 201);
  return { id: answer.json.userId, email, password: PASSWORD };
}

export async function serviceKey(server, ...permissions) {
  return asRoot(server, 'POST', '/service-keys', { name: newName('key'), permissions });
}

async function throughProvider(server, name) {
  const person = newName('subject');
  server[name].people.set(person, { email: `${person}@example.com`, email_verified: true, tid: TENANT });
  server[name].person = person;
  const browser = new Browser();
  const { headers } = await browser.go(`${server.url}/id/api/auth/${name}/authorize?redirect_uri=${encodeURIComponent(BACK)}`);
  const answer = await browser.follow(headers.get('location'));
  return { email: `${person}@example.com`, browser, cookie: browser.header(server.url), ...answer };
}

let through = Promise.resolve(); // one after another: a provider lets in whoever is next

/** Has a browser go to a provider and back, as somebody new: {email, browser, cookie, state, id_token | code}. */
export function fromProvider(server, name) {
  through = through.then(() => throughProvider(server, name), () => throughProvider(server, name));
  return through;
}

/** A form of the pages. */
export function postForm(server, path, fields, headers = {}) {
  return call(server, 'POST', path, {
    body: new URLSearchParams(fields).toString(), headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
  });
}

/** A path of the list of routes with something in the place of each of its parameters. */
export const filled = (path, value = NOBODY) => path.replaceAll(/:\w+/g, value);
