// The face of document 000 as the gym team uses it: members, a gym's administrator, the super administrator.
import assert from 'node:assert/strict';

import { call } from './client.js';
import { CHEAP } from './directory.js';
import { sql } from './gateway_face.js';
import { SENDER } from './mail.js';
import { until } from './place.js';
import { dataWithAdmin, startSignet } from './signet.js';
import { parse, startSmtp } from './smtp.js';

export const JSON_TYPE = 'application/json; charset=utf-8';
export const MODES = ['dev', 'serve'];
export const PASSWORD = 'a password for the gym';
export const SERVICE = 'identity-service';
export const IRON = '01a1feec-0000-7000-8000-000000000001';
export const GOLD = '01a1feec-0000-7000-8000-000000000002';
export const NOBODY = '01a1feec-ce90-7532-b6a3-ca184ff1da28';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
export const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const KEEPER = { username: 'keeper', password: 'seventeen green kites', email: 'keeper@example.com' };

// The requests of a file all come from one address; what is counted is for the tests that are about it.
export const UNCOUNTED = {
  ...CHEAP,
  'login.free_failures': '90',
  'register.network_hour': '0',
  'links.per_address': '0',
  'links.network_hour': '0',
  'links.network_minute': '0',
};

/** The gyms `iron` and `gold`, made by hand in the store of a data folder that has a schema. */
export function makeGyms(data) {
  return sql(data, [['iron', IRON], ['gold', GOLD]].map(([name, id]) =>
    `INSERT INTO organizations (id, name, slug, domain, primary_color, state, created_at, updated_at)
     VALUES ('${id}', '${name} temple', '${name}', '${name}.example', '#7a1f2b', 1, {now}, {now});`).join('\n'));
}

/** A server in this mode with two gyms; `root`: the token of a super administrator. */
export async function startFitnexa(mode, { settings = {}, ...rest } = {}) {
  const dataDir = await dataWithAdmin(KEEPER);
  await makeGyms(dataDir);
  const server = await startSignet({ ...rest, mode, dataDir, settings: { ...UNCOUNTED, ...settings } });
  server.root = await tokenOf(server, KEEPER.email, KEEPER.password);
  return server;
}

/** The same, which sends to an SMTP server of its own, `server.smtp`. */
export async function startMailing(mode, { settings = {}, ...rest } = {}) {
  const smtp = await startSmtp();
  const server = await startFitnexa(mode, {
    ...rest,
    settings: {
      'mail.transport': `smtp://127.0.0.1:${smtp.port}`, 'mail.from': SENDER, 'mail.starttls': 'never', 'http.public_url': 'https://id.example.com', ...settings,
    },
  });
  server.smtp = smtp;
  return server;
}

/** The `count`th letter to an address with a link to `path`: {parsed, link, token}. */
export async function letterTo(server, address, path, count = 1) {
  const link = new RegExp(`https?://[^\\s"<]+${path}\\?token=([0-9a-f]{64})(?=\\s)`);
  const found = async () => {
    const to = server.smtp.letters.filter(({ envelope }) => envelope.rcptTo[0].address.toLowerCase() === address.toLowerCase());
    return (await Promise.all(to.map(parse))).filter(({ text }) => link.test(text));
  };
  const letters = await until(async () => ((await found()).length >= count ? found() : undefined), { what: `letter ${count} to ${address}` });
  const parsed = letters[count - 1];
  const [whole, token] = parsed.text.match(link);
  return { parsed, link: whole, token };
}

/** Asks as the orchestration does, with a super administrator's token or a service key. */
export function createGymAdmin(server, json, options = { token: server.root }) {
  return call(server, 'POST', '/users/create-gym-admin', { json, ...options });
}

/** A gym administrator who waits: {email, user, activationToken, expiresAt}. */
export async function makeGymAdmin(server, given = {}) {
  const asked = { email: newAddress(), gymId: 'iron', ...given };
  const answer = await createGymAdmin(server, asked);
  assert.equal(answer.status, 201, answer.text);
  return { ...asked, ...answer.json };
}

export const activate = (server, json) => call(server, 'POST', '/users/activate', { json });
export const forgot = (server, email) => call(server, 'POST', '/auth/forgot-password', { json: { email } });
export const reset = (server, token, password) => call(server, 'POST', '/auth/reset-password', { json: { token, password } });

export function logIn(server, email, password = PASSWORD, { domain, ...options } = {}) {
  return call(server, 'POST', '/auth/login', { json: { email, password, domain }, ...options });
}

export async function tokenOf(server, email, password = PASSWORD) {
  const answer = await logIn(server, email, password);
  assert.equal(answer.status, 200, answer.text);
  return answer.json.token;
}

export const me = (server, token) => call(server, 'GET', '/users/me', { token });
export const logOut = (server, token, options = {}) => call(server, 'POST', '/auth/logout', { token, ...options });

let made = 0;
export const newAddress = () => `gym${++made}@example.com`;

export const apply = (server, json) => call(server, 'POST', '/auth/register', { json });

/** A new member: {email, password, token, refreshToken, user}. */
export async function register(server, given = {}) {
  const asked = { email: newAddress(), password: PASSWORD, ...given };
  const answer = await apply(server, asked);
  assert.equal(answer.status, 201, answer.text);
  return { ...asked, ...answer.json };
}

/** One who administers a gym, and has logged in. */
export async function gymAdmin(server, gymId = 'iron') {
  const made = await makeGymAdmin(server, { gymId });
  const answer = await activate(server, { token: made.activationToken, password: PASSWORD });
  assert.equal(answer.status, 200, answer.text);
  return { ...made, token: await tokenOf(server, made.email) };
}

const SEVEN = ['id', 'email', 'role', 'status', 'gymId', 'activatedAt', 'avatar'];
const KNOWN = ['firstName', 'lastName', 'phone', 'bio', 'createdAt', 'updatedAt'];

/** The User of the document: its seven members, and of the others those that are known. */
export function assertUser(user) {
  const names = Object.keys(user);
  assert.deepEqual(names, [...SEVEN, ...KNOWN.filter((name) => name in user)]);
  assert.match(user.id, UUID);
  assert.ok(['MEMBER', 'GYM_ADMIN', 'SUPER_ADMIN'].includes(user.role), user.role);
  assert.ok(['ACTIVE', 'INACTIVE', 'PENDING_ACTIVATION'].includes(user.status), user.status);
  for (const time of [user.createdAt, user.updatedAt, ...(user.activatedAt === null ? [] : [user.activatedAt])]) {
    assert.match(time, TIME);
  }
  return user;
}

/** An answer that is a user. */
export function assertUserAnswer(answer, status = 200) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers['content-type'], JSON_TYPE);
  return assertUser(answer.json);
}

/** An error as this face writes it. */
export function assertError(answer, status, text) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers['content-type'], JSON_TYPE);
  assert.deepEqual(Object.keys(answer.json), ['error', 'statusCode', 'service']);
  assert.deepEqual({ statusCode: answer.json.statusCode, service: answer.json.service }, { statusCode: status, service: SERVICE });
  assert.equal(answer.headers['www-authenticate'], status === 401 ? 'Bearer' : undefined);
  if (text instanceof RegExp) {
    assert.match(answer.json.error, text);
  } else if (text !== undefined) {
    assert.equal(answer.json.error, text);
  }
}

/** What a token says. */
export const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
