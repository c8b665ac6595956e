// Every kind of token at every place where one of any kind is taken: its own places take it, and it was good until then;
// all others refuse it and leave it as it was. What a token must be in itself is held in src/crypto/jose_test.c and token_test.c.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';

import { call } from '../lib/client.js';
import { routes } from '../lib/contract.js';
import { BACK } from '../lib/provider.js';
import { statement } from './lib/statement.js';
import {
  entered, FACES, filled, fromProvider, logIn, magicLink, MINE, newName, newUser, postForm, resetLink, serviceKey, startWorld, tokenOf, unverified, verificationLink,
  waiting,
} from './lib/world.js';

const CHOSEN = 'eleven purple herons';

const fromGoogle = (server) => fromProvider(server, 'google');
const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
const bySession = async (server) => claimsOf(await tokenOf(server, 'gateway', (await newUser(server)).username)).sid;

/** What there is, one of each: {value, email, …}; `own` are the places that take it. */
const KINDS = {
  ...Object.fromEntries(FACES.map((face) => [`an access token of ${face}`, {
    own: ['bearer', 'introspection', 'renewal', 'logout'],
    make: async (server) => {
      const { username, email } = await newUser(server);
      return { email, value: await tokenOf(server, face, username) };
    },
  }])),
  'a refresh token of gateway': {
    own: ['refresh'],
    make: async (server) => {
      const { username, email } = await newUser(server);
      return { email, value: (await entered(server, 'gateway', username)).json.data.refreshToken };
    },
  },
  'a refresh token of fitnexa': {
    own: ['refresh'],
    make: async (server) => {
      const { username, email } = await newUser(server);
      return { email, value: (await entered(server, 'fitnexa', username)).json.refreshToken };
    },
  },
  'a magic link': {
    own: ['magic link', 'page of the magic link', 'form of the magic link'],
    make: async (server) => {
      const { email } = await newUser(server);
      const { token: value, cookie } = await magicLink(server, email);
      return { email, value, cookie };
    },
  },
  'the code of a magic link': {
    own: ['magic code'],
    make: async (server) => {
      const { email } = await newUser(server);
      return { email, value: (await magicLink(server, email)).code };
    },
  },
  'what a magic link leads on with': {
    own: ['magic link', 'page of the magic link', 'form of the magic link'],
    make: async (server) => {
      const { email } = await newUser(server);
      const { token, cookie } = await magicLink(server, email);
      const { headers } = await postForm(server, '/magic-link', { token }, { Cookie: cookie });
      return { email, value: new URL(headers.location).searchParams.get('token'), cookie };
    },
  },
  'a link of a verification': {
    own: ['verification'],
    make: async (server) => {
      const { email } = await unverified(server);
      return { email, value: await verificationLink(server, email) };
    },
  },
  'a link to a new password': {
    own: ['reset', 'page of the reset', 'form of the reset'],
    make: async (server) => {
      const { email } = await newUser(server);
      return { email, value: await resetLink(server, email) };
    },
  },
  'a link of an activation': {
    own: ['activation', 'page of the activation', 'form of the activation'],
    make: async (server) => {
      const { email, token: value } = await waiting(server);
      return { email, value };
    },
  },
  'an id_token': {
    own: ['id_token'],
    make: async (server) => {
      const { email, id_token: value, browser } = await fromGoogle(server);
      return { email, value, browser };
    },
  },
  'a state': {
    own: ['state'],
    make: async (server) => {
      const { state: value, id_token, cookie, email } = await fromGoogle(server);
      return { email, value, id_token, cookie };
    },
  },
  'a service key': { own: ['service key'], make: async (server) => ({ value: (await serviceKey(server, 'users:read', 'users:write')).key }) },
  'the cookie of a device': {
    own: [],
    make: async (server) => {
      const { username, email } = await newUser(server);
      const [line] = (await entered(server, 'edge', username)).headers['set-cookie'];
      return { email, value: line.split(';')[0].split('=')[1] };
    },
  },
  'the cookie of a magic link': {
    own: [],
    make: async (server) => {
      const { email } = await newUser(server);
      return { email, value: (await magicLink(server, email)).cookie.split('=')[1] };
    },
  },
  'the cookie of a federation': {
    own: [],
    make: async (server) => {
      const { browser, email } = await fromGoogle(server);
      return { email, value: [...browser.jar(server.url).values()][0] };
    },
  },
  'the id of a session': { own: [], make: async (server) => ({ value: await bySession(server) }) },
  'the id of a user': { own: [], make: async (server) => ({ value: (await newUser(server)).id }) },
  'a password': { own: [], make: async (server) => ({ value: (await newUser(server)).password }) },
};

const json = (path, make, options = {}) => (server, value, more) =>
  call(server, 'POST', path, { json: make(value, more), headers: more.cookie ? { Cookie: more.cookie } : {}, ...options });
const form = (path, fields = {}) => (server, token, { cookie }) => postForm(server, path, { token, ...fields }, cookie ? { Cookie: cookie } : {});
const page = (path) => (server, token) => call(server, 'GET', `${path}?token=${encodeURIComponent(token)}`);
const fits = (status) => status < 400;

/** Where one of some kind is taken, but for those that look at the headers: whoever is let in there gets less than 400. */
const PLACES = {
  introspection: json('/auth/introspect', (token) => ({ token })),
  refresh: json('/id/api/auth/refresh', (refreshToken) => ({ refreshToken })),
  'magic code': json('/id/api/auth/verify-magic-link', (code, { email }) => ({ email: email ?? 'root@example.com', code })),
  'page of the magic link': page('/magic-link'),
  'page of the activation': page('/activate'),
  'page of the reset': page('/reset-password'),
  'form of the magic link': form('/magic-link'),
  'magic link': json('/id/api/auth/verify-magic-link', (token) => ({ token })),
  verification: page('/api/v1/auth/verify-email'),
  'form of the reset': form('/reset-password', { password: CHOSEN }),
  reset: json('/auth/reset-password', (token) => ({ token, password: CHOSEN })),
  'form of the activation': form('/activate', { password: CHOSEN }),
  activation: json('/users/activate', (token) => ({ token, password: CHOSEN })),
  id_token: json('/id/api/auth/google', (id_token) => ({ id_token })),
  'id_token of another': json('/id/api/auth/microsoft', (id_token) => ({ id_token })),
  state: json('/id/api/auth/google', (state, { id_token }) => ({ id_token: id_token ?? 'a.b.c', state })),
  'code of a provider': json('/id/api/auth/linkedin', (code) => ({ code, redirect_uri: BACK })),
  renewal: json('/auth/refresh', (token) => ({ token })),
};

/** An answer that lets nobody in although its status would. */
const isIn = (place, answer) => (place === 'introspection' ? answer.json.result.valid : fits(answer.status));

const forms = (value) => [...new Set([value, value.slice(-64), value.toUpperCase(), `refresh_${value.replace(/^\w+_/, '')}`])];

/** Those routes that need somebody, with the request that asks nothing else of them. */
const guarded = routes().filter(({ may, face }) => may !== 'anyone' && face !== 'dev').map((route) => ({
  ...route, method: route.method === 'ANY' ? 'GET' : route.method, asked: filled(route.path),
}));
const atFaces = [...guarded, ...guarded.filter(({ face }) => face === 'gateway').map((route) => ({ ...route, asked: route.asked.replace('/id', '') }))];

async function triesHeaders(tries, server, name, { value }, own) {
  for (const { method, path, asked } of atFaces) {
    if (!own.includes('bearer')) {
      await tries(`${name} as a bearer token of ${method} ${path}`, async () => {
        assert.equal((await call(server, method, asked, { token: value })).status, 401);
      });
    }
    if (!own.includes('service key')) {
      await tries(`${name} as a service key of ${method} ${path}`, async () => {
        assert.equal((await call(server, method, asked, { headers: { 'x-service-key': value } })).status, 401);
      });
    }
  }
}

async function triesPlaces(tries, server, name, made, own) {
  for (const [place, show] of Object.entries(PLACES).filter(([one]) => !own.includes(one))) {
    for (const shown of forms(made.value)) {
      await tries(`${name} as ${place}`, async () => {
        const answer = await show(server, shown, made);
        assert.ok(!isIn(place, answer), `${answer.status} ${answer.text}`);
      });
    }
  }
  if (!own.includes('logout')) {
    await call(server, 'POST', '/auth/logout', { json: { token: made.value } }); // 200 for any text: what it was good for is seen below
  }
  for (const face of made.email ? FACES : []) {
    await tries(`${name} as a password of ${face}`, async () => assert.ok((await logIn(server, face, made.email, made.value)).status >= 400));
  }
}

/** At its own places it counts still: so it was good all the while, and nothing else has used it up. */
async function triesOwn(tries, server, name, made, own) {
  const shown = own.filter((place) => place in PLACES).sort((a, b) => Object.keys(PLACES).indexOf(a) - Object.keys(PLACES).indexOf(b));
  if (own.includes('bearer')) {
    await tries(`${name} as what it is, at each face`, async () => {
      for (const face of FACES) {
        assert.equal((await call(server, 'GET', MINE[face], { token: made.value })).status, 200, face);
      }
    });
  }
  if (own.includes('service key')) {
    await tries(`${name} as what it is`, async () => assert.equal((await call(server, 'GET', '/users', { headers: { 'x-service-key': made.value } })).status, 200));
  }
  const last = shown.filter((place) => !place.startsWith('form') && !place.startsWith('page'));
  for (const place of [...shown.filter((one) => one.startsWith('page')), ...last]) {
    await tries(`${name} as what it is, ${place}`, async () => {
      const answer = await PLACES[place](server, made.value, made);
      assert.ok(isIn(place, answer), `${answer.status} ${answer.text}`);
    });
  }
}

statement('S7', async (tries) => {
  const server = await startWorld({ providers: true });
  for (const [name, { own, make }] of Object.entries(KINDS)) {
    const made = await make(server);
    await triesHeaders(tries, server, name, made, own);
    await triesPlaces(tries, server, name, made, own);
    await triesOwn(tries, server, name, made, own);
  }
  await server.stop();
});

statement('S7', async (tries) => {
  const [here, there] = await Promise.all([startWorld({ providers: true }), startWorld({ providers: true })]);
  for (const [name, { make }] of Object.entries(KINDS)) {
    const made = await make(there);
    await triesHeaders(tries, here, `${name} of another installation`, made, []);
    await triesPlaces(tries, here, `${name} of another installation`, made, []);
  }
  await Promise.all([here.stop(), there.stop()]);
}, 'of another installation of the same name');

const SECRET = 'a shared secret of thirty-two bytes, and some';
const encoded = (part) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A token signed with the shared secret, which is right but for what is changed. */
function signed(token, header, claims, secret = SECRET) {
  const [head, body] = token.split('.').slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url')));
  const text = `${encoded({ ...head, ...header })}.${encoded({ ...body, ...claims })}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

statement('S7', async (tries) => {
  const settings = { 'face.edge.token_algorithm': 'HS256', 'face.edge.token_secret': SECRET };
  const server = await startWorld({ mail: false, settings });
  const token = await tokenOf(server, 'edge', (await newUser(server)).username);
  const now = Math.floor(Date.now() / 1000);
  const refused = {
    'of no type': [{ typ: undefined }, {}],
    ...Object.fromEntries(['JWT', 'jwt', 'id+jwt', 'logout+jwt', 'refresh+jwt', 'application/at+jwt;x', 'at+jwt ', ''].map((typ) => [`of the type "${typ}"`, [{ typ }, {}]])),
    'of another issuer': [{}, { iss: 'https://other.example' }],
    'of no issuer': [{}, { iss: undefined }],
    'of two issuers': [{}, { iss: ['signet', 'https://other.example'] }],
    'of no session': [{}, { sid: undefined }],
    'of a session that is no id': [{}, { sid: 'mine' }],
    'of nobody': [{}, { sub: undefined }],
    'of no time': [{}, { iat: undefined }],
    'without an end': [{}, { exp: undefined }],
    'with an end that is text': [{}, { exp: `${now + 600}` }],
    'that has ended': [{}, { exp: now - 1 }],
    'of the future': [{}, { iat: now + 3600, exp: now + 7200 }],
    'of no face': [{}, { face: undefined }],
    'of another key': [{ kid: 'edge' }, {}],
    'of no key': [{ kid: undefined }, {}],
    'of another algorithm': [{ alg: 'HS512' }, {}],
    'of no algorithm': [{ alg: 'none' }, {}],
  };
  const shows = async (text) => Promise.all([...FACES.map(async (face) => (await call(server, 'GET', MINE[face], { token: text })).status),
    call(server, 'POST', '/auth/introspect', { json: { token: text } }).then(({ json: { result } }) => result.valid)]);
  await tries('one that is right', async () => assert.deepEqual(await shows(signed(token, {}, { jti: 'another text' })), [200, 200, 200, 200, 200, true]));
  for (const [name, [header, claims]] of Object.entries(refused)) {
    await tries(`one ${name}`, async () => assert.deepEqual(await shows(signed(token, header, claims)), [401, 401, 401, 401, 401, false]));
    await tries(`one ${name}, renewed`, async () => {
      const { status } = await call(server, 'POST', '/auth/refresh', { json: { token: signed(token, header, claims) } });
      assert.equal(status, name === 'that has ended' ? 200 : 401);
    });
  }
  await tries('one by another secret', async () => assert.deepEqual(await shows(signed(token, {}, {}, `${SECRET}.`)), [401, 401, 401, 401, 401, false]));
  await server.stop();
}, 'of a holder of the shared secret');
