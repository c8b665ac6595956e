// S11. Whatever is redeemed together with something, each of them absent, bent, cut, woven with somebody else's, or theirs: it
// is refused, and by what the pages say still good for whom it was made, or gone.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { until } from '../lib/place.js';
import { BACK } from '../lib/provider.js';
import { LONG, statement, together } from './lib/statement.js';
import {
  asRoot, entered, FACES, fromProvider, logIn, magicLink, MINE, newName, newUser, postForm, resetLink, serviceKey, startWorld, tokenOf, unverified,
  verificationLink, waiting,
} from './lib/world.js';
import { ask } from './lib/wire.js';

const CHOSEN = 'eleven purple herons';
const PEER = '203.0.113.7';
const from = (peer) => (peer ? { 'X-Forwarded-For': peer } : {});
const asCookie = (cookie) => (cookie === undefined ? {} : { Cookie: cookie });
const post = (path, fields) => (server, shown) => call(server, 'POST', path, { json: Object.fromEntries(fields.map((name) => [name, shown[name]])) });
const form = (path, more = {}) => (server, { token, cookie, code }) => postForm(server, path, { ...(token === undefined ? {} : { token }), ...(code ? { code } : {}), ...more }, asCookie(cookie));

const byProvider = (name, more = {}) => ({
  make: (server) => fromProvider(server, name),
  fields: ['id_token', 'code', 'redirect_uri', 'state', 'cookie'],
  redeem: (server, { provider = name, id_token, code, state, cookie, redirect_uri }) =>
    call(server, 'POST', `/id/api/auth/${provider}`, { json: { id_token, code, redirect_uri, state }, headers: asCookie(cookie) }),
  early: ['state', 'cookie', 'redirect_uri'],
  ...more,
});

const link = (make, redeem) => ({ make: async (server) => ({ token: await make(server) }), redeem });
const activation = async (server) => (await waiting(server)).token;
const reset = async (server) => resetLink(server, (await newUser(server)).email);
const magic = async (server) => {
  const { email } = await newUser(server);
  return { email, ...(await magicLink(server, email)) };
};

/** Failures from everywhere have somebody wait; the device that they logged in with need not. */
async function knownDevice(server, face) {
  const { username } = await newUser(server);
  const [line] = (await entered(server, 'edge', username)).headers['set-cookie'];
  for (let i = 0; i < 6; i++) {
    await logIn(server, FACES[i % 5], username, 'a wrong password');
  }
  return { username, face, cookie: line.split(';')[0] };
}

/**
 * What is redeemed: `make` gives what belongs together, `redeem` shows it. `ends`: members that use it up when they are wrong;
 * `early`: those that are looked at before anybody else is asked, which is 400; `bound`: it counts for one account only.
 */
const KINDS = {
  'a refresh token': { make: async (server) => ({ refreshToken: (await entered(server, 'gateway', (await newUser(server)).username)).json.data.refreshToken }), redeem: post('/id/api/auth/refresh', ['refreshToken']) },
  'a used refresh token again': {
    make: async (server) => {
      const { refreshToken } = (await logIn(server, 'gateway', (await newUser(server)).username, undefined, { headers: from(PEER) })).json.data;
      const next = await call(server, 'POST', '/id/api/auth/refresh', { json: { refreshToken }, headers: from(PEER) });
      assert.equal(next.status, 200, next.text);
      return { refreshToken, peer: PEER };
    },
    redeem: (server, { refreshToken, peer }) => call(server, 'POST', '/id/api/auth/refresh', { json: { refreshToken }, headers: from(peer) }),
    fields: ['peer'],
    ends: ['peer'],
    others: { peer: ['203.0.113.8', '2001:db8::7', '127.0.0.1'] },
  },
  'a token to renew': { make: async (server) => ({ token: await tokenOf(server, 'directory', (await newUser(server)).username) }), redeem: post('/auth/refresh', ['token']) },
  'a magic link': { make: magic, fields: ['token'], redeem: post('/id/api/auth/verify-magic-link', ['token']) },
  'the code of a magic link': { make: magic, fields: ['email', 'code'], redeem: post('/id/api/auth/verify-magic-link', ['email', 'code']) },
  'a magic link in its browser': { make: magic, fields: ['token', 'cookie'], redeem: (server, { code: _, ...shown }) => form('/magic-link')(server, shown), taken: 303 },
  'a magic link with its digits elsewhere': { make: magic, fields: ['token', 'code'], redeem: (server, { cookie: _, ...shown }) => form('/magic-link')(server, shown), taken: 303 },
  'a verification': link(async (server) => verificationLink(server, (await unverified(server)).email), (server, { token }) => call(server, 'GET', `/api/v1/auth/verify-email${token === undefined ? '' : `?token=${encodeURIComponent(token)}`}`)),
  'an activation': link(activation, (server, { token }) => call(server, 'POST', '/users/activate', { json: { token, password: CHOSEN } })),
  'an activation by its page': link(activation, form('/activate', { password: CHOSEN })),
  'a new password': link(reset, (server, { token }) => call(server, 'POST', '/auth/reset-password', { json: { token, password: CHOSEN } })),
  'a new password by its page': link(reset, form('/reset-password', { password: CHOSEN })),
  'a login at google': byProvider('google', { others: { provider: ['microsoft', 'linkedin'] } }),
  'a login at microsoft': byProvider('microsoft', { others: { provider: ['google', 'linkedin'] } }),
  'a login at linkedin': byProvider('linkedin', { make: async (server) => ({ ...(await fromProvider(server, 'linkedin')), redirect_uri: BACK }), others: { provider: ['google', 'microsoft'], redirect_uri: ['https://other.example/', `${BACK}/`, `${BACK}?`] } }),
  'an account to be linked': {
    make: async (server) => ({ ...(await fromProvider(server, 'google')), bearer: await tokenOf(server, 'fitnexa', (await newUser(server)).username) }),
    fields: ['id_token', 'state', 'cookie'],
    redeem: (server, { id_token, state, cookie, bearer: token }) => call(server, 'POST', '/id/api/users/me/identities', { token, json: { provider: 'google', id_token, state }, headers: asCookie(cookie) }),
  },
  'a service key': { make: async (server) => ({ key: (await serviceKey(server, 'users:read')).key }), redeem: (server, { key }) => call(server, 'GET', '/users', { headers: key === undefined ? {} : { 'x-service-key': key } }) },
  'a gateway that speaks for somebody': {
    make: async (server) => ({ key: (await serviceKey(server, '*')).key, user: (await newUser(server)).id, by: '127.0.0.1' }),
    fields: ['key', 'by'],
    redeem: (server, { key, user, by }) => ask(server, { path: MINE.fitnexa, headers: { 'x-user-id': user, ...(key === undefined ? {} : { 'x-service-key': key }) } }, { from: by }),
    others: { by: ['127.0.0.2', '127.0.0.3'] },
    shared: ['key'], // any gateway's
  },
  ...Object.fromEntries(FACES.map((face) => [`the cookie of a device at ${face}`, {
    make: (server) => knownDevice(server, face), fields: ['cookie'], bound: true, redeem: (server, { username, face: at, cookie }) => logIn(server, at, username, undefined, { headers: asCookie(cookie) }),
  }])),
};

/** Whom a letter is for, how it is asked for, and what is done with what stands in it. */
const LINKS = {
  'a magic link': { person: newUser, ask: async (server, { email }) => (await magicLink(server, email)).token, redeem: KINDS['a magic link'].redeem },
  'a verification': { person: unverified, ask: (server, { email }) => verificationLink(server, email), redeem: KINDS['a verification'].redeem },
  'a new password': { person: newUser, ask: (server, { email }) => resetLink(server, email), redeem: KINDS['a new password'].redeem },
  'an activation': { person: waiting, ask: (server, { token }) => token, redeem: KINDS['an activation'].redeem, once: true },
};

const CHANGES = {
  'no change': { change: () => {}, taken: true },
  'a change of another thing': { change: (server, { id }) => asRoot(server, 'PUT', `/users/${id}`, { firstName: 'Ann' }), taken: true },
  'a change of the address': { change: (server, { id }) => asRoot(server, 'PUT', `/users/${id}`, { email: `${newName('moved')}@example.com` }) },
  'a newer letter': { change: (server, person, askFor) => newer(server, person, askFor), again: true },
};

/** Asks again, until the letter is another one than before. */
async function newer(server, person, askFor) {
  const count = server.smtp.letters.length;
  await askFor(server, person);
  await until(() => server.smtp.letters.length > count, { what: 'a newer letter' });
}

const bend = (text, at) => `${text.slice(0, at)}${text[at] === '1' ? '2' : '1'}${text.slice(at + 1)}`;

/** Wrong ones in the place of `text`; `theirs` is what somebody else has there. */
function wrong(text, theirs) {
  const at = (part) => Math.floor(text.length * part);
  const woven = (LONG ? [0.25, 0.4, 0.5, 0.6, 0.75] : [0.3, 0.6]).flatMap((part) => [text.slice(0, at(part)) + theirs.slice(at(part)), theirs.slice(0, at(part)) + text.slice(at(part))]);
  const bent = [text.indexOf('=') + 1, ...(LONG ? [0.15, 0.3, 0.7, 0.85] : [0.4]).map(at), text.length - 3].map((place) => bend(text, place));
  return { theirs, 'half of it': text.slice(0, at(0.5)), 'all but its end': text.slice(0, -1), longer: `${text}1`, 'longer in front': `1${text}`, ...Object.fromEntries([...woven.map((one, i) => [`woven ${i}`, one]), ...bent.map((one, i) => [`bent ${i}`, one])]) };
}

/** What is shown instead of a member, by what it is. */
function alterations(name, { others = {}, fields, shared = [], bound = false }, mine, theirs) {
  const absent = name === 'provider' || name === 'by' ? {} : { absent: undefined, empty: '' };
  if (others[name]) {
    return { ...(name === 'peer' ? {} : absent), ...Object.fromEntries(others[name].map((value) => [value, value])) };
  }
  const made = name === 'email' ? { theirs: theirs.email, 'of nobody': 'nobody-there@example.com' } : wrong(mine[name], theirs[name]);
  const isWrong = ([what, value]) => value !== mine[name] && (what === 'theirs' ? (bound || fields.length > 1) && !shared.includes(name) : value !== theirs[name]);
  return { ...absent, ...Object.fromEntries(Object.entries(made).filter(isWrong)) };
}

async function triesKind(tries, server, name, kind) {
  const isTaken = ({ status }) => (kind.taken ? status === kind.taken : status < 300);
  const [mine, theirs] = [await kind.make(server), await kind.make(server)];
  const fields = [...new Set([...(kind.fields ?? Object.keys(mine)), ...Object.keys(kind.others ?? {})])].filter((field) => kind.others?.[field] || mine[field] !== undefined);
  const cases = fields.flatMap((field) => Object.keys(alterations(field, { ...kind, fields }, mine, theirs)).map((what) => [field, what]));
  await together(cases.map(([field, what]) => async () => {
    await tries(`${name}, ${field}: ${what}`, async () => {
      const own = await kind.make(server);
      const altered = alterations(field, { ...kind, fields }, own, await others(kind, server, theirs, what))[what];
      const refused = await kind.redeem(server, { ...own, [field]: altered });
      assert.ok(!isTaken(refused) && refused.status < 500, `${refused.status} ${refused.text.slice(0, 300)}`);
      assert.ok(!kind.early?.includes(field) || refused.status === 400, 'refused too late');
      const after = await kind.redeem(server, own);
      assert.equal(isTaken(after), !kind.ends?.includes(field), `then the right one: ${after.status} ${after.text.slice(0, 300)}`);
    });
  }));
}

/** Of what is theirs anything is used as it is but once. */
const others = (kind, server, theirs, what) => (what === 'theirs' ? kind.make(server) : theirs);

statement('S11', async (tries) => {
  const required = Object.fromEntries(['google', 'microsoft', 'linkedin'].map((name) => [`provider.${name}.require_state`, 'yes']));
  const server = await startWorld({ providers: true, settings: { 'http.trusted_proxies': '127.0.0.1', 'login.free_failures': '5', 'login.network_minute': '0', 'login.network_hour': '0', 'login.network_total': '0', ...required } });
  for (const [name, kind] of Object.entries(KINDS)) {
    await triesKind(tries, server, name, kind);
  }
  for (const [name, { person, ask: askFor, redeem, once }] of Object.entries(LINKS)) {
    for (const [what, { change, taken = false }] of Object.entries(CHANGES).filter(([, { again }]) => !(once && again))) {
      await tries(`${name}, after ${what}`, async () => {
        const somebody = await person(server);
        const token = await askFor(server, somebody);
        await change(server, somebody, askFor);
        const answer = await redeem(server, { token });
        assert.equal(answer.status < 300, taken, `${answer.status} ${answer.text.slice(0, 300)}`);
      });
    }
  }
  await server.stop();
});
