// Document 001, Auth, OAuth: an OpenID provider that was not written here plays each of the three, and
// says what none of them would say.
import assert from 'node:assert/strict';
import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import * as jose from 'jose';

import { call } from '../../lib/client.js';
import { CHEAP, register, startDirectory, UUID } from '../../lib/directory.js';
import { assertData, assertDone, assertError, assertLogin, logIn, NOBODY, sql } from '../../lib/gateway_face.js';
import { until } from '../../lib/place.js';
import { BACK, Browser, challengeOf, CLIENT, settingsFor, startProvider, TENANT } from '../../lib/provider.js';

const AUTH = '/id/api/auth';
const MINE = '/id/api/users/me/identities';
const authorizePath = (name, redirect = BACK) => `${AUTH}/${name}/authorize?redirect_uri=${encodeURIComponent(redirect)}`;

/** A server, and who plays what for it. */
async function startFederation({ settings = {}, mode = 'serve', ...options } = {}) {
  const providers = {
    google: await startProvider(options.google),
    microsoft: await startProvider({ tenants: true, alg: 'PS256', ...options.microsoft }),
    linkedin: await startProvider({ auth: 'client_secret_post', alg: 'ES256', ...options.linkedin }),
  };
  const server = await startDirectory(mode, { settings: { ...CHEAP, ...settingsFor(providers), ...settings } });
  return Object.assign(server, providers);
}

const post = (server, name, json, headers = {}) => call(server, 'POST', `${AUTH}/${name}`, { json, headers });
const show = (server, name, id_token) => post(server, name, { id_token });

/** Has the browser go to the provider and back: {state, id_token} or {state, code}. */
async function goTo(server, name, browser = new Browser()) {
  const answer = await browser.go(`${server.url}${authorizePath(name)}`);
  assert.equal(answer.status, 302);
  return { browser, ...(await browser.follow(answer.headers.get('location'))) };
}

/** Shows what it came back with, as its page does. */
function shows(server, name, { browser, id_token, code, state }) {
  const json = name === 'linkedin' ? { code, redirect_uri: BACK, state } : { id_token, state };
  return post(server, name, json, { Cookie: browser.header(server.url) });
}

let made = 0;
function newPerson(provider, claims = {}) {
  const person = `subject-${++made}`;
  provider.people.set(person, { email: `${person}@example.com`, email_verified: true, given_name: 'Ann', family_name: 'Lee', tid: TENANT, ...claims });
  provider.person = person;
  return { subject: person, email: `${person}@example.com` };
}

describe('three providers', () => {
  let server;
  before(async () => (server = await startFederation()));
  after(() => server.stop());

  for (const name of ['google', 'microsoft', 'linkedin']) {
    test(`${name}: the whole way, and again to the same account`, async () => {
      const { email } = newPerson(server[name]);
      const first = assertLogin(await shows(server, name, await goTo(server, name)));
      const status = name === 'microsoft' ? 'pending' : 'active';
      assert.deepEqual(first.user, { id: first.user.id, email, firstName: 'Ann', lastName: 'Lee', role: 'USER', status });
      assert.match(first.user.id, UUID);
      const again = assertLogin(await shows(server, name, await goTo(server, name)));
      assert.equal(again.user.id, first.user.id);
      const { items } = assertData(await call(server, 'GET', MINE, { token: again.accessToken }));
      assert.deepEqual(items.map(({ provider, email: shown }) => [provider, shown]), [[name, email]]);
      newPerson(server[name]);
      const other = assertLogin(await shows(server, name, await goTo(server, name)));
      assert.notEqual(other.user.id, first.user.id);
    });

    test(`${name}: a state counts once, and in its own browser`, async () => {
      newPerson(server[name]);
      const mine = await goTo(server, name);
      const yours = await goTo(server, name);
      assertError(await shows(server, name, { ...mine, browser: yours.browser }), 400, 'FIELD_VALUE', 'state');
      assertError(await shows(server, name, { ...mine, browser: new Browser() }), 400, 'FIELD_VALUE', 'state');
      assertError(await shows(server, name, { ...mine, state: 'made up' }), 400, 'FIELD_VALUE', 'state');
      assertLogin(await shows(server, name, mine));
      assertError(await shows(server, name, mine), 401, 'TOKEN_INVALID');
    });

    test(`${name}: where browsers go back to is on the list, to the letter`, async () => {
      for (const redirect of [`${BACK}/`, `${BACK}?x`, 'https://app.example', 'https://evil.example/back', 'javascript:alert(1)', `${BACK}\u00e9`]) {
        assertError(await call(server, 'GET', authorizePath(name, redirect)), 400, 'FIELD_VALUE', 'redirect_uri');
      }
      assertError(await call(server, 'GET', `${AUTH}/${name}/authorize`), 400, 'FIELD_REQUIRED', 'redirect_uri');
    });

    test(`${name}: a page that asks as such is told where to go`, async () => {
      const answer = await call(server, 'GET', authorizePath(name), { headers: { Accept: 'application/json' } });
      const { authorizeUrl } = assertData(answer);
      const { origin, searchParams } = new URL(authorizeUrl);
      assert.equal(origin, server[name].base);
      const { state, nonce, code_challenge: challenge, ...rest } = Object.fromEntries(searchParams);
      assert.deepEqual(rest, {
        response_type: name === 'linkedin' ? 'code' : 'id_token', client_id: CLIENT.id, redirect_uri: BACK, scope: 'openid email profile',
        ...(name === 'linkedin' ? {} : { code_challenge_method: 'S256' }),
      });
      assert.ok(state.length >= 43 && nonce.length >= 43);
      assert.equal(challenge?.length, name === 'linkedin' ? undefined : 43);
      assert.match(answer.headers['set-cookie'][0], /^__Host-federation=[0-9a-f]{64}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=600$/);
    });
  }

  test('an answer of one provider is none of another', async () => {
    newPerson(server.google);
    const mine = await goTo(server, 'google');
    assertError(await shows(server, 'microsoft', mine), 400, 'FIELD_VALUE', 'state');
    assertError(await show(server, 'microsoft', mine.id_token), 401, 'TOKEN_INVALID');
    assertError(await show(server, 'google', await server.microsoft.mint()), 401, 'TOKEN_INVALID');
  });

  test('an answer with the nonce of another login is refused', async () => {
    newPerson(server.google);
    const browser = new Browser();
    const [first, second] = [await goTo(server, 'google', browser), await goTo(server, 'google', browser)];
    assertError(await shows(server, 'google', { ...first, id_token: second.id_token }), 401, 'TOKEN_INVALID');
    assertLogin(await shows(server, 'google', first));
    assertLogin(await shows(server, 'google', second));
  });

  test('a code counts once, and where it was sent to', async () => {
    newPerson(server.linkedin);
    const { code } = await goTo(server, 'linkedin');
    assertError(await post(server, 'linkedin', { code, redirect_uri: 'https://evil.example/' }), 400, 'FIELD_VALUE', 'redirect_uri');
    assertError(await post(server, 'linkedin', { code, redirect_uri: 'https://other.example/' }), 401, 'TOKEN_INVALID');
    const fresh = await goTo(server, 'linkedin');
    assertLogin(await post(server, 'linkedin', { code: fresh.code, redirect_uri: BACK }));
    assertError(await post(server, 'linkedin', { code: fresh.code, redirect_uri: BACK }), 401, 'TOKEN_INVALID');
    assertError(await post(server, 'linkedin', { code: 'made up', redirect_uri: BACK }), 401, 'TOKEN_INVALID');
  });

  test('of many who show one answer at once, one comes in', async () => {
    newPerson(server.google);
    const mine = await goTo(server, 'google');
    const answers = await Promise.all(Array.from({ length: 20 }, () => shows(server, 'google', mine)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(19).fill(401)]);
  });

  test('what is missing or wrong in a body is named', async () => {
    assertError(await post(server, 'google', {}), 400, 'FIELD_REQUIRED', 'id_token');
    assertError(await post(server, 'google', { id_token: 7 }), 400, 'FIELD_TYPE', 'id_token');
    assertError(await post(server, 'linkedin', { code: 'x' }), 400, 'FIELD_REQUIRED', 'redirect_uri');
    assertError(await post(server, 'linkedin', { redirect_uri: BACK }), 400, 'FIELD_REQUIRED', 'code');
    assertError(await post(server, 'facebook', { id_token: 'x' }), 404, 'NOT_FOUND');
  });
});

describe('what a provider says', () => {
  let server;
  before(async () => (server = await startFederation()));
  after(() => server.stop());
  const now = () => Math.floor(Date.now() / 1000);
  const refused = async (token, name = 'google') => assertError(await show(server, name, token), 401, 'TOKEN_INVALID');
  const mint = (claims, how) => server.google.mint(claims, how);

  test('is taken when all of it is right', async () => {
    for (const claims of [{}, { aud: [CLIENT.id] }, { azp: CLIENT.id }, { exp: now() - 20, iat: now() - 600 }, { iat: now() + 20 }, { nonce: 'of somebody else' }]) {
      assertLogin(await show(server, 'google', await mint(claims)));
    }
  });

  test('counts once', async () => {
    const token = await mint();
    assertLogin(await show(server, 'google', token));
    await refused(token);
  });

  test('is of the issuer, to the letter', async () => {
    for (const iss of [`${server.google.own}/`, server.google.own.toUpperCase(), 'https://accounts.google.com', 'accounts.google.com', server.microsoft.own, undefined]) {
      await refused(await mint({ iss }));
    }
  });

  test('is for us alone', async () => {
    for (const claims of [{ aud: 'other' }, { aud: [CLIENT.id, 'other'] }, { aud: ['other', CLIENT.id], azp: CLIENT.id }, { aud: [] }, { aud: undefined }, { azp: 'other' }]) {
      await refused(await mint(claims));
    }
  });

  test('is of now', async () => {
    for (const claims of [
      { exp: now() - 40, iat: now() - 600 }, { exp: undefined }, { iat: undefined }, { iat: now() + 60 }, { nbf: now() + 60 },
      { exp: now() + 90_000 }, { iat: now() - 90_000 }, { exp: `${now() + 600}` }, { exp: 1e300 },
    ]) {
      await refused(await mint(claims));
    }
  });

  test('is about somebody', async () => {
    for (const sub of [undefined, '', 7, null, 'a'.repeat(256)]) {
      await refused(await mint({ sub }));
    }
  });

  test('is signed by its key, with the algorithm of that', async () => {
    const { key } = server.google;
    const other = { ...(await jose.exportJWK((await jose.generateKeyPair('RS256', { extractable: true })).privateKey)), alg: 'RS256', kid: key.kid };
    await refused(await mint({}, { key: other }));
    const published = createPublicKey({ key, format: 'jwk' });
    const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
    const payload = (await mint()).split('.')[1];
    const secrets = [published.export({ type: 'spki', format: 'pem' }), published.export({ type: 'pkcs1', format: 'der' }), CLIENT.secret, ''];
    for (const secret of secrets) {
      const input = `${encode({ alg: 'HS256', kid: key.kid })}.${payload}`;
      await refused(`${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`);
    }
    for (const header of [{ alg: 'none' }, { alg: 'None', kid: key.kid }, { alg: 'RS256', kid: key.kid }]) {
      await refused(`${encode(header)}.${payload}.`);
    }
    await refused(await mint({}, { key: { ...key, alg: 'PS256' } }));
    await refused(await mint({}, { key: { ...key, alg: 'RS512' } }));
    const strange = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
    await refused(await mint({}, { key: { ...strange, alg: 'ES256', kid: key.kid } }));
    await refused(await mint({}, { header: { jwk: jose && { ...(await jose.exportJWK(await jose.importJWK({ ...other, d: undefined, p: undefined, q: undefined, dp: undefined, dq: undefined, qi: undefined }, 'RS256'))) } }, key: other }));
    await refused(await mint({}, { header: { typ: 'at+jwt' } }));
  });

  test('is no token of ours', async () => {
    await refused(server.root);
  });

  test('and what is no token is none', async () => {
    for (const token of ['x', 'a.b.c', '..', 'x'.repeat(16_000), `${await mint()} `]) {
      await refused(token);
    }
  });

  test('of an address counts where it is verified by both', async () => {
    const mine = await register(server, { username: 'both@example.com' });
    await sql(server.dir, `UPDATE users SET verified_at = {now} WHERE id = '${mine.id}'`);
    const said = { email: 'BOTH@example.com', email_verified: true };
    assertError(await show(server, 'google', await mint({ ...said, email_verified: false })), 409, 'ALREADY_EXISTS');
    assertError(await show(server, 'google', await mint({ email: said.email })), 409, 'ALREADY_EXISTS');
    assertError(await show(server, 'microsoft', await server.microsoft.mint(said)), 409, 'ALREADY_EXISTS');
    const { user } = assertLogin(await show(server, 'google', await mint(said)));
    assert.equal(user.id, mine.id);
    assertLogin(await logIn(server, mine));
  });

  test('does not lead into an account whose address we have not verified', async () => {
    const mine = await register(server, { username: 'one@example.com' });
    assertError(await show(server, 'google', await mint({ email: mine.username, email_verified: true })), 409, 'ALREADY_EXISTS');
  });

  test('of an address that changed changes nothing', async () => {
    const sub = 'stays';
    const first = assertLogin(await show(server, 'google', await mint({ sub, email: 'first@example.com', email_verified: true })));
    const second = assertLogin(await show(server, 'google', await mint({ sub, email: 'second@example.com', email_verified: true })));
    assert.deepEqual([second.user.id, second.user.email], [first.user.id, 'first@example.com']);
  });

  test('tenants of Microsoft are each an issuer of their own', async () => {
    const other = '11111111-6c67-4c5b-b112-36a304b66dad';
    const { base } = server.microsoft;
    const mine = assertLogin(await show(server, 'microsoft', await server.microsoft.mint({ sub: 'same' })));
    const theirs = assertLogin(await show(server, 'microsoft', await server.microsoft.mint({ sub: 'same', tid: other, iss: `${base}/${other}/v2.0` })));
    assert.notEqual(mine.user.id, theirs.user.id);
    for (const claims of [
      { tid: other }, { tid: undefined }, { iss: `${base}/${other}/v2.0` }, { tid: 'common', iss: `${base}/common/v2.0` },
      { tid: `${TENANT}/v2.0/x`, iss: `${base}/${TENANT}/v2.0/x/v2.0` }, { iss: `${base}/{tenantid}/v2.0` },
    ]) {
      await refused(await server.microsoft.mint(claims), 'microsoft');
    }
  });

  test('who is stopped does not come in by it either', async () => {
    const sub = 'to be stopped';
    const { user } = assertLogin(await show(server, 'google', await mint({ sub })));
    await sql(server.dir, `UPDATE users SET state = 5 WHERE id = '${user.id}'`);
    assertError(await show(server, 'google', await mint({ sub })), 403, 'ACCOUNT_NOT_ACTIVE');
  });
});

describe('a state that is required', () => {
  const REQUIRED = Object.fromEntries(['google', 'microsoft', 'linkedin'].map((name) => [`provider.${name}.require_state`, 'yes']));
  let server;
  before(async () => (server = await startFederation({ settings: REQUIRED })));
  after(() => server.stop());

  for (const name of ['google', 'microsoft', 'linkedin']) {
    test(`${name}: is missed, and goes with the rest when it is there`, async () => {
      newPerson(server[name]);
      const { state, ...mine } = await goTo(server, name);
      assertError(await shows(server, name, mine), 400, 'FIELD_REQUIRED', 'state');
      assertLogin(await shows(server, name, { ...mine, state }));
    });
  }

  test('a code goes with PKCE then', async () => {
    const answer = await call(server, 'GET', authorizePath('linkedin'));
    const { searchParams } = new URL(answer.headers.location);
    assert.equal(searchParams.get('code_challenge_method'), 'S256');
    assert.notEqual(searchParams.get('code_challenge'), challengeOf(searchParams.get('state')));
  });
});

describe('links', () => {
  let server;
  before(async () => (server = await startFederation()));
  after(() => server.stop());
  const link = (token, json) => call(server, 'POST', MINE, { token, json });
  const enter = async (user) => assertLogin(await logIn(server, user)).accessToken;

  test('are made, listed and unmade while logged in', async () => {
    const [ann, bob] = [await register(server), await register(server)];
    const [asAnn, asBob] = [await enter(ann), await enter(bob)];
    const sub = 'ann elsewhere';
    const made = assertData(await link(asAnn, { provider: 'google', id_token: await server.google.mint({ sub, email: 'ann@elsewhere.example' }) }), 201);
    assert.deepEqual(Object.keys(made), ['id', 'provider', 'issuer', 'email', 'linkedAt', 'usedAt']);
    assert.deepEqual([made.provider, made.issuer, made.email], ['google', server.google.own, 'ann@elsewhere.example']);
    const { user } = assertLogin(await show(server, 'google', await server.google.mint({ sub })));
    assert.equal(user.id, ann.id);
    assertError(await link(asBob, { provider: 'google', id_token: await server.google.mint({ sub }) }), 409, 'ALREADY_EXISTS');
    assert.equal(assertData(await link(asAnn, { provider: 'google', id_token: await server.google.mint({ sub }) }), 201).id, made.id);
    assert.deepEqual(assertData(await call(server, 'GET', MINE, { token: asAnn })).total, 1);
    assertError(await call(server, 'DELETE', `${MINE}/${made.id}`, { token: asBob }), 404, 'NOT_FOUND');
    assertDone(await call(server, 'DELETE', `${MINE}/${made.id}`, { token: asAnn }));
    assertError(await call(server, 'DELETE', `${MINE}/${made.id}`, { token: asAnn }), 404, 'NOT_FOUND');
    assert.notEqual(assertLogin(await show(server, 'google', await server.google.mint({ sub }))).user.id, ann.id);
  });

  test('by a code, too', async () => {
    const token = await enter(await register(server));
    newPerson(server.linkedin);
    const { code, state, browser } = await goTo(server, 'linkedin');
    const answer = await call(server, 'POST', MINE, {
      token, json: { provider: 'linkedin', code, state, redirect_uri: BACK }, headers: { Cookie: browser.header(server.url) },
    });
    assert.equal(assertData(answer, 201).provider, 'linkedin');
  });

  test('need what the provider sends, and a provider', async () => {
    const token = await enter(await register(server));
    assertError(await link(token, { provider: 'facebook', id_token: 'x' }), 400, 'FIELD_VALUE', 'provider');
    assertError(await link(token, { provider: 'google', code: 'x' }), 400, 'FIELD_REQUIRED', 'id_token');
    assertError(await link(token, { provider: 'linkedin', id_token: 'x' }), 400, 'FIELD_REQUIRED', 'code');
    assertError(await link(token, { provider: 'google', id_token: 'x' }), 401, 'TOKEN_INVALID');
    assertError(await call(server, 'DELETE', `${MINE}/x`, { token }), 400, 'FIELD_VALUE', 'id');
    assertError(await call(server, 'DELETE', `${MINE}/${NOBODY}`, { token }), 404, 'NOT_FOUND');
    assertError(await call(server, 'GET', MINE), 401, 'TOKEN_MISSING');
  });

  test('the only way in stays', async () => {
    const { accessToken: token, user } = assertLogin(await show(server, 'google', await server.google.mint({ email: undefined })));
    const { items } = assertData(await call(server, 'GET', MINE, { token }));
    assertError(await call(server, 'DELETE', `${MINE}/${items[0].id}`, { token }), 409, 'IN_USE');
    assert.equal(user.email, '');
  });
});

test('a provider without a client_id is not there', async () => {
  const server = await startDirectory('serve', { settings: CHEAP });
  for (const name of ['google', 'microsoft', 'linkedin']) {
    assertError(await call(server, 'GET', authorizePath(name)), 404, 'NOT_FOUND');
  }
  assertError(await post(server, 'google', { id_token: 'x' }), 404, 'NOT_FOUND');
});

describe('a provider in trouble', () => {
  let server;
  before(async () => (server = await startFederation()));
  after(() => server.stop());
  const json = (value) => (request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(value));
  };
  const assertAway = (answer) => {
    assertError(answer, 503, 'UNAVAILABLE');
    assert.ok(Number(answer.headers['retry-after']) > 0);
  };

  test('new keys are followed', async () => {
    const { google } = server;
    assertLogin(await show(server, 'google', await google.mint()));
    const old = google.key;
    await google.rotate();
    assertLogin(await show(server, 'google', await google.mint()));
    assertError(await show(server, 'google', await google.mint({}, { key: old })), 401, 'TOKEN_INVALID');
  });

  test('keys that are nobody\'s have the provider asked now and then alone', async () => {
    const { google } = server;
    const before = google.asked.length;
    for (let i = 0; i < 30; i++) {
      assertError(await show(server, 'google', await google.mint({}, { header: { kid: `made up ${i}` } })), 401, 'TOKEN_INVALID');
    }
    assert.ok(google.asked.length - before <= 10, `${google.asked.length - before} requests`);
    assertLogin(await show(server, 'google', await google.mint()));
  });

  test('what is known of it goes on counting while it is away', async () => {
    server.google.answer = (request) => request.socket.destroy();
    assertLogin(await show(server, 'google', await server.google.mint()));
    server.google.answer = undefined;
  });

  const metadata = (base, more) => ({ issuer: base, authorization_endpoint: `${base}/auth`, token_endpoint: `${base}/token`, jwks_uri: `${base}/jwks`, ...more });
  const TROUBLES = {
    'a page instead of metadata': () => (request, response) => response.end('<html>'),
    'an error': () => (request, response) => response.writeHead(500).end(),
    'a redirect': () => (request, response) => response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end(),
    'an endless answer': () => (request, response) => response.end(' '.repeat(70_000)),
    'another issuer': (base) => json(metadata(base, { issuer: 'https://accounts.google.com' })),
    'keys somewhere else': (base) => json(metadata(base, { jwks_uri: 'http://169.254.169.254/latest' })),
    'keys that are none': (base) => json(metadata(base, { keys: 'none' })),
    'a login page that is not https': (base) => json(metadata(base, { authorization_endpoint: 'http://app.example/auth' })),
  };
  for (const [what, answer] of Object.entries(TROUBLES)) {
    test(`${what}: 503, and the rest goes on`, async () => {
      const google = await startProvider();
      google.answer = answer(google.base);
      const alone = await startDirectory('serve', { settings: { ...CHEAP, ...settingsFor({ google }) } });
      assertAway(await call(alone, 'GET', authorizePath('google')));
      assertAway(await show(alone, 'google', await google.mint()));
      await register(alone);
      await alone.stop();
    });
  }

  test('one that hangs holds no password login up', async () => {
    const google = await startProvider();
    google.answer = () => {};
    const hanging = await startDirectory('serve', { settings: { ...CHEAP, ...settingsFor({ google }) } });
    const user = await register(hanging);
    const begun = Date.now();
    const waiting = Array.from({ length: 24 }, async () => ({ ...(await show(hanging, 'google', await google.mint())), took: Date.now() - begun }));
    const times = [];
    while (Date.now() - begun < 3_000) {
      const at = Date.now();
      assertLogin(await logIn(hanging, user));
      times.push(Date.now() - at);
    }
    assert.ok(Math.max(...times) < 1_500, `a login took ${Math.max(...times)} ms`);
    assert.ok(times.length > 10, `${times.length} logins in three seconds`);
    for (const answer of await Promise.all(waiting)) {
      assertAway(answer);
      assert.ok(answer.took < 30_000, `${answer.took} ms`);
    }
    assert.ok(google.asked.length <= 2, 'it is asked once, not by everybody');
    await hanging.stop();
  });

  test('and is asked again when it is back', async () => {
    const google = await startProvider();
    google.answer = (request, response) => response.writeHead(503).end();
    const back = await startDirectory('serve', { settings: { ...CHEAP, ...settingsFor({ google }) } });
    assertAway(await show(back, 'google', await google.mint()));
    google.answer = undefined;
    const token = await google.mint();
    await until(async () => (await show(back, 'google', token)).status === 200, { limit: 40_000, step: 500, what: 'it to be asked again' });
    await back.stop();
  });
});
