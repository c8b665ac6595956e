// A server with all of its ways out, and a request to each of its routes that is right in itself: what the
// matrix sends, and beyond it what needs a letter, a login of its own or a provider.
import assert from 'node:assert/strict';

import { call } from '../../lib/client.js';
import { SENDER } from '../../lib/mail.js';
import { form, png } from '../../lib/pictures.js';
import { until } from '../../lib/place.js';
import { BACK, Browser, settingsFor, startProvider } from '../../lib/provider.js';
import { parse, startSmtp } from '../../lib/smtp.js';
import { cast } from '../../matrix/cast.js';
import { nameOf, requestOf, table } from '../../matrix/requests.js';
import { isOpen } from './operations.js';

export const PUBLIC_URL = 'https://id.example.com';
export const MAGIC_RETURN = 'https://app.example/magic';
const PASSWORD = 'grey otter 41 lantern';

/** Everybody of the matrix, a provider that is all three, and an SMTP server: {…the cast, smtp, provider}. */
export async function stage({ settings = {}, smtp, args } = {}) {
  const mail = smtp ?? (await startSmtp());
  const provider = await startProvider({ auth: 'client_secret_post' });
  const place = await cast('serve', {
    ...settingsFor({ google: provider, microsoft: provider, linkedin: provider }),
    'mail.transport': `smtp://127.0.0.1:${mail.port}`, 'mail.from': SENDER, 'mail.starttls': 'never',
    'http.public_url': PUBLIC_URL, 'links.magic_return': MAGIC_RETURN, 'log.form': 'json', 'login.free_failures': '90', ...settings,
  }, args);
  return Object.assign(place, { smtp: mail, provider });
}

/** What a letter to somebody says, the last one with `path` in it: {text, html, token}. */
export async function letterWith(place, address, path) {
  const link = new RegExp(`${path}\\?token=([\\w-]+)`);
  const found = async () => {
    const all = await Promise.all(place.smtp.letters.filter(({ envelope }) => envelope.rcptTo[0].address === address).map(parse));
    return all.filter(({ text }) => link.test(text)).at(-1);
  };
  const letter = await until(found, { what: `a letter to ${address} with ${path}` });
  return { text: letter.text, html: letter.html, token: letter.text.match(link)[1] };
}

async function asSuper(place, method, path, json) {
  const answer = await call(place.server, method, path, { token: place.actors.super.token, json });
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.json;
}

/** A new user with an address, logged in: {id, username, email, password, token, refreshToken}. */
export async function newUser(place) {
  const email = `${place.newName()}@example.com`;
  const answer = await call(place.server, 'POST', '/auth/register', { json: { email, password: PASSWORD } });
  assert.equal(answer.status, 201, answer.text);
  const { token, refreshToken, user } = answer.json;
  return { id: user.id, username: email, email, password: PASSWORD, token, refreshToken };
}

export async function activationToken(place) {
  const email = `${place.newName()}@example.com`;
  return (await asSuper(place, 'POST', '/users/create-gym-admin', { email, gymId: 'iron' })).activationToken;
}

/** The token of a letter that was asked for, for a new user: {token, email, cookie}. */
async function lettered(place, route, path) {
  const { email } = await newUser(place);
  const answer = await call(place.server, 'POST', route, { json: { email } });
  assert.ok(answer.status < 300, answer.text);
  const [cookie] = (answer.headers['set-cookie'] ?? ['']).map((line) => line.split(';')[0]);
  return { email, cookie, ...(await letterWith(place, email, path)) };
}

/** In the browser that asked. */
async function magicForm(place) {
  const { token, cookie } = await lettered(place, '/id/api/auth/magic-link', '/magic-link');
  return { form: { token }, headers: { Cookie: cookie } };
}

export const resetToken = async (place) => (await lettered(place, '/auth/forgot-password', '/reset-password')).token;
export const magicToken = async (place) => (await lettered(place, '/id/api/auth/magic-link', '/magic-link')).token;
export const verificationToken = async (place) => (await lettered(place, '/api/v1/auth/send-verification-email', '/api/v1/auth/verify-email')).token;

/** Back from the provider with a code. */
async function code(place) {
  const browser = new Browser();
  const subject = place.newName();
  place.provider.people.set(subject, { email: `${subject}@example.com`, email_verified: true });
  place.provider.person = subject;
  const { headers } = await browser.go(`${place.server.url}/id/api/auth/linkedin/authorize?redirect_uri=${encodeURIComponent(BACK)}`);
  return { code: (await browser.follow(headers.get('location'))).code, redirect_uri: BACK };
}

export const idToken = async (place) => ({ id_token: await place.provider.mint() });
const upload = { method: 'POST', path: '/users/profile/upload', body: form(png(8, 8)), headers: { 'Content-Type': 'multipart/form-data; boundary=picture' } };

async function picture(place) {
  const { token } = await newUser(place);
  const answer = await call(place.server, upload.method, upload.path, { token, ...upload });
  assert.equal(answer.status, 200, answer.text);
  return answer.json.avatar;
}

async function identity(place) {
  const user = await newUser(place);
  const answer = await call(place.server, 'POST', '/id/api/users/me/identities', { token: user.token, json: { provider: 'google', ...(await idToken(place)) } });
  assert.equal(answer.status, 201, answer.text);
  return { path: `/id/api/users/me/identities/${answer.json.data.id}`, token: user.token };
}

async function otherAdmin(place) {
  const username = place.newName();
  await asSuper(place, 'POST', '/api/v1/admin/create', { username, password: PASSWORD, email: `${username}@example.com` });
  return { username, current_password: PASSWORD, new_password: `${PASSWORD} two` };
}

async function ownPassword(place) {
  const { id, token, password } = await newUser(place);
  return { path: `/users/${id}/change-password`, token, json: { oldPassword: password, newPassword: `${PASSWORD} two` } };
}

const authorize = (name) => () => ({ path: `/id/api/auth/${name}/authorize?redirect_uri=${encodeURIComponent(BACK)}` });
const pageOf = (path, tokenOf) => ({
  [`pages GET ${path}`]: async (place) => ({ path: `${path}?token=${await tokenOf(place)}` }),
  [`pages POST ${path}`]: async (place) => ({ form: { token: await tokenOf(place), password: PASSWORD } }),
});

const LIVE = {
  'edge PUT /api/v1/admin/password': async (place) => ({ json: await otherAdmin(place) }),
  'directory PUT /users/:userId/change-password': ownPassword,
  'directory POST /auth/logout': async (place) => ({ json: { token: (await newUser(place)).token } }),
  'corporate GET /api/v1/auth/verify-email': async (place) => ({ path: `/api/v1/auth/verify-email?token=${await verificationToken(place)}` }),
  'gateway POST /id/api/auth/verify-magic-link': async (place) => ({ json: { token: await magicToken(place) } }),
  'gateway POST /id/api/auth/logout': async (place) => ({ token: (await newUser(place)).token, json: {} }),
  'gateway GET /id/api/auth/google/authorize': authorize('google'),
  'gateway GET /id/api/auth/microsoft/authorize': authorize('microsoft'),
  'gateway GET /id/api/auth/linkedin/authorize': authorize('linkedin'),
  'gateway POST /id/api/auth/google': async (place) => ({ json: await idToken(place) }),
  'gateway POST /id/api/auth/microsoft': async (place) => ({ json: { id_token: await place.provider.mint({ tid: '9188040d-6c67-4c5b-b112-36a304b66dad' }) } }),
  'gateway POST /id/api/auth/linkedin': async (place) => ({ json: await code(place) }),
  'gateway POST /id/api/users/me/identities': async (place) => ({ token: (await newUser(place)).token, json: { provider: 'google', ...(await idToken(place)) } }),
  'gateway DELETE /id/api/users/me/identities/:id': identity,
  'fitnexa POST /auth/logout': async (place) => ({ token: (await newUser(place)).token, json: {} }),
  'fitnexa POST /users/activate': async (place) => ({ json: { token: await activationToken(place), password: PASSWORD } }),
  'fitnexa POST /auth/reset-password': async (place) => ({ json: { token: await resetToken(place), password: PASSWORD } }),
  ...pageOf('/activate', activationToken),
  ...pageOf('/reset-password', resetToken),
  ...pageOf('/magic-link', magicToken),
  'pages POST /magic-link': magicForm,
  'self GET /avatars/:picture': async (place) => ({ path: await picture(place) }),
};

/** The row of the matrix in which it goes well for whoever asks here; about somebody else, if it can be. */
function goodRow(operation) {
  const asker = isOpen(operation) ? 'nobody' : 'super';
  const rows = table.filter((row) => nameOf(row) === operation.name && row.mode !== 'dev');
  const good = rows.filter((row) => Number(row[asker].split('/')[0]) < 400);
  const found = good.find(({ object }) => !object.startsWith('own')) ?? good[0];
  assert.ok(found ?? LIVE[operation.name], `${operation.name}: no request goes well; what is sent?`);
  return found;
}

const formText = (fields) => new URLSearchParams(fields).toString();
const FORM = 'application/x-www-form-urlencoded';

/** Who may, asks what is right: {method, path, headers, token?, json? | form? | body?}; a new one each time. */
export async function goodRequest(place, operation) {
  const actor = place.actors.super;
  const own = LIVE[operation.name];
  const made = own ? await own(place) : await requestOf(goodRow(operation), { place, actor });
  const request = { method: operation.method === 'ANY' ? 'GET' : operation.method, path: operation.path, headers: {}, ...made };
  request.token = made.token ?? (isOpen(operation) ? undefined : actor.token);
  if (made.type) {
    request.headers = { 'Content-Type': made.type };
  }
  return request;
}

/** The same with its form written out, as it is sent. */
export function sendable(request) {
  if (request.form === undefined) {
    return request;
  }
  const { form: fields, ...rest } = request;
  return { ...rest, body: typeof fields === 'string' ? fields : formText(fields), headers: { ...rest.headers, 'Content-Type': FORM } };
}

/** Where a request takes text: {where, put}; `put(text)` gives the request with that text in this place. */
export function placesOf(operation, request) {
  const members = operation.members.filter(({ schema }) => operation.type === 'application/json' && !schema?.format?.includes('binary'));
  const put = (schema, value) => ([schema?.type].flat().includes('array') ? [value] : value);
  const fields = typeof request.form === 'object' ? Object.keys(request.form) : [];
  const segments = operation.path.split('/').map((name, at) => ({ name, at })).filter(({ name }) => name.startsWith(':'));
  const [path, query = ''] = request.path.split('?');
  const withQuery = (name, text) => {
    const rest = query.split('&').filter((one) => one && !one.startsWith(`${name}=`));
    return { ...request, path: `${path}?${[...rest, `${name}=${encodeURIComponent(text)}`].join('&')}` };
  };
  const withSegment = (at, text) => {
    const parts = path.split('/');
    parts[at] = encodeURIComponent(text);
    return { ...request, path: parts.join('/') + (query ? `?${query}` : '') };
  };
  return [
    ...members.map(({ name, schema }) => ({ where: `member ${name}`, put: (text) => ({ ...request, json: { ...request.json, [name]: put(schema, text) } }) })),
    ...fields.map((name) => ({ where: `field ${name}`, put: (text) => ({ ...request, form: { ...request.form, [name]: text } }) })),
    ...operation.query.map((name) => ({ where: `query ${name}`, put: (text) => withQuery(name, text) })),
    ...segments.map(({ name, at }) => ({ where: `path ${name}`, put: (text) => withSegment(at, text) })),
  ];
}
