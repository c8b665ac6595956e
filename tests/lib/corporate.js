// The corporate face as its consumers use it, with an SMTP server that receives what it sends.
import assert from 'node:assert/strict';

import { call } from './client.js';
import { CHEAP, UUID } from './directory.js';
import { startSender } from './mail.js';
import { until } from './place.js';
import { parse, startSmtp } from './smtp.js';
import { startSignet } from './signet.js';

export { UUID };
export const JSON_TYPE = 'application/json; charset=utf-8';
export const PASSWORD = 'password'; // the document's
export const MODES = ['dev', 'serve'];
export const MEMBERS = ['userId', 'fullName', 'email', 'phone', 'status', 'corporateVerified'];
export const PATH = {
  register: '/api/v1/auth/register',
  login: '/api/v1/auth/login',
  send: '/api/v1/auth/send-verification-email',
  verify: '/api/v1/auth/verify-email',
  me: '/api/v1/users/me',
  health: '/actuator/health',
};

// The requests of a file all come from one address; what is counted is for the tests that are about it.
export const UNCOUNTED = {
  ...CHEAP,
  'register.network_hour': '0',
  'links.per_address': '0',
  'links.network_hour': '0',
  'links.network_minute': '0',
};

/** A server in this mode that sends to an SMTP server of its own, `server.smtp`. */
export async function startCorporate(mode, { settings = {}, ...rest } = {}) {
  const smtp = await startSmtp();
  const server = await startSender(smtp, { mode, settings: { ...UNCOUNTED, ...settings }, ...rest });
  server.smtp = smtp;
  return server;
}

/** The same without mail. */
export function startMailless(mode, { settings = {}, ...rest } = {}) {
  return startSignet({ mode, settings: { ...UNCOUNTED, ...settings }, ...rest });
}

let made = 0;
export const newAddress = (domain = 'example.com') => `user${++made}@${domain}`;

/** A new user: {email, fullName, password, …the answer's members}. */
export async function register(server, given = {}) {
  const user = { fullName: 'Sammed Jain', email: newAddress(), password: PASSWORD, ...given };
  const answer = await call(server, 'POST', PATH.register, { json: user });
  assert.equal(answer.status, 201, answer.text);
  return { ...user, ...answer.json };
}

export function logIn(server, email, password = PASSWORD, options = {}) {
  return call(server, 'POST', PATH.login, { json: { email, password }, ...options });
}

export async function tokenOf(server, email, password = PASSWORD) {
  const answer = await logIn(server, email, password);
  assert.equal(answer.status, 200, answer.text);
  return answer.json.token;
}

export const me = (server, token) => call(server, 'GET', PATH.me, { token });
export const send = (server, email, options = {}) => call(server, 'POST', PATH.send, { json: { email }, ...options });
export const verify = (server, token) => call(server, 'GET', `${PATH.verify}?token=${token}`);

/** The `count`th letter to an address: {letter, parsed, token, link}. */
export async function letterTo(server, address, count = 1) {
  const to = () => server.smtp.letters.filter(({ envelope }) => envelope.rcptTo[0].address.toLowerCase() === address.toLowerCase());
  await until(() => to().length >= count, { what: `letter ${count} to ${address}` });
  const parsed = await parse(to()[count - 1]);
  const [link, token] = parsed.text.match(/https:\/\/id\.example\.com\/api\/v1\/auth\/verify-email\?token=(\S+)/);
  return { parsed, link, token };
}

/** Has the address of a user verified, as they would. */
export async function getVerified(server, email) {
  assert.equal((await send(server, email)).status, 200);
  const { token } = await letterTo(server, email);
  const answer = await verify(server, token);
  assert.equal(answer.status, 200, answer.text);
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}$/;
const PHRASES = { 400: 'Bad Request', 401: 'Unauthorized', 404: 'Not Found', 405: 'Method Not Allowed', 413: 'Content Too Large', 415: 'Unsupported Media Type', 503: 'Service Unavailable' };
const MESSAGES = { 400: 'Invalid request', 401: 'Invalid or expired JWT token' };

/** An error as the document prints it: seven members in its order. */
export function assertError(answer, status, path, cause) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers['content-type'], JSON_TYPE);
  const { timestamp, details, ...rest } = answer.json;
  assert.deepEqual(Object.keys(answer.json), ['timestamp', 'status', 'error', 'code', 'message', 'details', 'path']);
  assert.match(timestamp, TIME);
  assert.ok(Math.abs(Date.parse(`${timestamp.slice(0, 23)}Z`) - Date.now()) < 60_000, timestamp);
  assert.deepEqual(rest, {
    status,
    error: PHRASES[status],
    code: status === 401 ? 'ERR_401_JWT' : `ERR_${status}`,
    message: MESSAGES[status] ?? rest.message,
    path,
  });
  assert.equal(answer.headers['www-authenticate'], status === 401 ? 'Bearer' : undefined);
  if (cause !== undefined) {
    assert.equal(details.cause, cause);
  }
}

/** Too many: the document's 409, with a Retry-After that a client can go by. */
export function assertTooMany(answer, path, status = 409) {
  assert.equal(answer.status, status, answer.text);
  const { timestamp, details, ...rest } = answer.json;
  assert.match(timestamp, TIME);
  assert.deepEqual(rest, { status, error: 'Too Many Requests', code: `ERR_${status}`, message: 'Rate limit exceeded', path });
  assert.deepEqual(details, { cause: 'Too many attempts' });
  assert.match(answer.headers['retry-after'], /^[1-9]\d*$/);
  return Number(answer.headers['retry-after']);
}
