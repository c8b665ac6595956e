// S24. What somebody says who plays the provider, or stands beside it, beyond what tests/faces/gateway/09 has
// it say: in the token itself, beside it, and in what is found out about the provider. In C: crypto/openid_test.c,
// domain/federation_judge_test.c, fuzz/openid.c.
import assert from 'node:assert/strict';
import { createHash, createSign } from 'node:crypto';

import * as jose from 'jose';

import { call } from '../lib/client.js';
import { CHEAP, startDirectory } from '../lib/directory.js';
import { BACK, Browser, CLIENT, settingsFor, startProvider } from '../lib/provider.js';
import { statement } from './lib/statement.js';

const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);

const show = (server, name, id_token, more = {}) => call(server, 'POST', `/id/api/auth/${name}`, { json: { id_token, ...more } });
async function refused(server, id_token, statuses = [401]) {
  const { status, text } = await show(server, 'google', id_token);
  assert.ok(statuses.includes(status), `${status}: ${text}`);
}
const taken = async (server, id_token) => assert.equal((await show(server, 'google', id_token)).status, 200);

/** Signs texts as they are, members twice and all, by the provider's own key. */
function signText(provider, header, payload) {
  const input = `${encode(header)}.${encode(payload)}`;
  const key = { key: provider.key, format: 'jwk' };
  return `${input}.${createSign('sha256').update(input).sign(key).toString('base64url')}`;
}

const start = (providers, settings = {}) => startDirectory('serve', { settings: { ...CHEAP, ...settingsFor(providers), ...settings } });

statement('S24', async (tries) => {
  const [google, microsoft] = [await startProvider(), await startProvider()];
  const server = await start({ google, microsoft });
  const good = (more = {}) => ({ iss: google.own, sub: `subject-${Math.random()}`, aud: CLIENT.id, iat: now(), exp: now() + 600, ...more });
  const head = () => ({ alg: 'RS256', kid: google.key.kid });
  await tries('a token that is written here counts', () => taken(server, signText(google, head(), good())));

  const texts = {
    'iss twice': (text) => text.replace('{', '{"iss":"https://evil.example",'), 'sub twice': (text) => text.replace(/}$/, ',"sub":"admin"}'), 'sub twice, once escaped': (text) => text.replace(/}$/, ',"\\u0073ub":"admin"}'), 'aud twice': (text) => text.replace('{', '{"aud":"other",'), 'exp twice': (text) => text.replace('{', '{"exp":1,'),
    'email_verified twice': (text) => text.replace('{', '{"email_verified":false,').replace(/}$/, ',"email_verified":true}'), 'half of it': (text) => text.slice(0, -1), 'two of them': (text) => text + text, 'a list': (text) => `[${text}]`, 'a NUL behind it': (text) => `${text}\0`, 'deep brackets': (text) => text.replace(/}$/, `,"x":${'['.repeat(2_000)}${']'.repeat(2_000)}}`),
  };
  for (const [what, change] of Object.entries(texts)) {
    await tries(`claims with ${what}`, () => refused(server, signText(google, head(), change(JSON.stringify(good())))));
  }
  const headers = {
    'alg twice': '{"alg":"none","alg":"RS256"}', crit: { crit: ['exp'] }, 'an empty crit': { crit: [] }, b64: { b64: false, crit: ['b64'] }, 'the type of our tokens': { typ: 'at+jwt' }, 'the type of a logout': { typ: 'logout+jwt' }, 'the kid of another provider': { kid: microsoft.key.kid }, 'a number for a kid': { kid: 1 }, zip: { zip: 'DEF', crit: ['zip'] },
  };
  for (const [what, header] of Object.entries(headers)) {
    await tries(`a header with ${what}`, () => refused(server, signText(google, typeof header === 'string' ? header.replace('}', `,"kid":"${google.key.kid}"}`) : { ...head(), ...header }, good())));
  }
  const claims = {
    'aud of us twice': { aud: [CLIENT.id, CLIENT.id] }, 'aud with an empty one': { aud: [CLIENT.id, ''] }, 'aud in a list in a list': { aud: [[CLIENT.id]] }, 'aud an object': { aud: { 0: CLIENT.id } }, 'aud in capitals': { aud: CLIENT.id.toUpperCase() }, 'aud with a blank': { aud: `${CLIENT.id} ` }, 'aud and another': { aud: `${CLIENT.id},other` },
    'azp of another': { aud: [CLIENT.id], azp: 'other' }, 'azp empty': { azp: 'x' }, 'azp a list': { azp: [CLIENT.id] }, 'iss a list': { iss: [google.own] }, 'iss with a query': { iss: `${google.own}?x` }, 'iss with a port of another': { iss: microsoft.own }, 'iss with a blank': { iss: `${google.own} ` }, 'iss with a dot': { iss: `${google.own}/.` },
    'sub an object': { sub: { id: 1 } }, 'sub a list': { sub: ['x'] }, 'sub true': { sub: true }, 'sub of only blanks in a list': { sub: [' '] }, 'exp a list': { exp: [now() + 600] }, 'exp below nothing': { exp: -1 }, 'exp a fraction of the past': { exp: 0.5 }, 'iat of 1970': { iat: 0 }, 'iat a text': { iat: `${now()}` }, 'nbf of tomorrow': { nbf: now() + 86_400 }, 'nbf a text': { nbf: 'x' },
  };
  for (const [what, more] of Object.entries(claims)) {
    await tries(`claims: ${what}`, () => refused(server, signText(google, head(), good(more))));
  }
  await tries('a key of another provider under our kid', async () => refused(server, signText({ key: { ...microsoft.key, kid: google.key.kid } }, head(), good())));
  await tries('a token of one provider at the other', async () => assert.equal((await show(server, 'microsoft', signText(google, head(), good()))).status, 401));
  await tries('a token of the other that says it is of this one', async () => assert.equal((await show(server, 'microsoft', signText(microsoft, { alg: 'RS256', kid: microsoft.key.kid }, good()))).status, 401));
  for (const size of [5_000, 7_000, 40_000]) {
    await tries(`${size} bytes of claims`, async () => {
      const { status } = await show(server, 'google', signText(google, head(), good({ padding: 'x'.repeat(size) })));
      assert.ok([200, 400, 401, 413].includes(status), `${status}`);
    });
  }
  await tries('email_verified is true, and not something like it', async () => {
    for (const verified of ['yes', 1, [true], 'TRUE', { true: true }, null]) {
      const { status, json } = await show(server, 'google', signText(google, head(), good({ email: `like${Math.random()}@example.com`, email_verified: verified })));
      assert.ok(status === 401 || json.data.user.status === 'pending', `${JSON.stringify(verified)}: ${status}`);
    }
  });
  await tries('the form that it wanted was asked for what is shown', async () => {
    for (const json of [{ code: 'x', redirect_uri: BACK }, { access_token: signText(google, head(), good()) }, { id_token: [signText(google, head(), good())] }, { id_token: { value: 'x' } }]) {
      assert.equal((await call(server, 'POST', '/id/api/auth/google', { json })).status, 400);
    }
  });
});

/** Has the browser go to LinkedIn and back, whose token endpoint then says `says(tokens)`. */
async function byCode(server, provider, says, { cookie = true } = {}) {
  const person = `subject-${Math.random()}`;
  provider.people.set(person, { email: `${person}@example.com`, email_verified: true });
  provider.person = person;
  const browser = new Browser();
  const { headers } = await browser.go(`${server.url}/id/api/auth/linkedin/authorize?redirect_uri=${encodeURIComponent(BACK)}`);
  const asked = new URL(headers.get('location')).searchParams;
  const { code, state } = await browser.follow(headers.get('location'));
  const nonce = asked.get('nonce');
  let form;
  provider.answer = (request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', async () => {
      form = new URLSearchParams(Buffer.concat(parts).toString());
      const said = await says({ nonce, sub: person });
      response.setHeader('Content-Type', 'application/json');
      response.end(typeof said === 'string' ? said : JSON.stringify(said));
    });
  };
  const answer = await call(server, 'POST', '/id/api/auth/linkedin', { json: { code, redirect_uri: BACK, state }, headers: cookie ? { Cookie: browser.header(server.url) } : {} });
  provider.answer = undefined;
  return { answer, asked, form };
}

const halfHash = (text) => createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');

statement('S24', async (tries) => {
  const linkedin = await startProvider({ auth: 'client_secret_post' });
  const server = await start({ linkedin });
  const access_token = 'an access token of theirs';
  const by = (more, beside = {}) => ({ nonce, sub }) => linkedin.mint({ nonce, sub, ...more }).then((id_token) => ({ access_token, token_type: 'Bearer', id_token, ...beside }));
  const status = async (says) => (await byCode(server, linkedin, says)).answer.status;
  await linkedin.mint();
  await tries('a good answer, first, so that its keys are known', async () => {
    await call(server, 'POST', '/id/api/auth/linkedin', { json: { code: 'made up', redirect_uri: BACK } });
    assert.equal(await status(by({})), 200);
  });
  await tries('at_hash of that access token', async () => assert.equal(await status(by({ at_hash: halfHash(access_token) })), 200));
  for (const [what, at_hash] of Object.entries({ 'of another': halfHash('another'), whole: createHash('sha256').update(access_token).digest('base64url'), 'in capitals': halfHash(access_token).toUpperCase(), 'in hexadecimal': createHash('sha256').update(access_token).digest('hex'), 'of the other half': createHash('sha256').update(access_token).digest().subarray(16).toString('base64url'), 'of another hash': createHash('sha512').update(access_token).digest().subarray(0, 32).toString('base64url'), padded: `${halfHash(access_token)}==` })) {
    await tries(`at_hash ${what}`, async () => assert.equal(await status(by({ at_hash })), 401));
  }
  for (const [what, nonce] of Object.entries({ none: undefined, another: 'another', 'a list': ['x'], empty: '' })) {
    await tries(`nonce: ${what}`, async () => assert.equal(await status(by({ nonce })), 401));
  }
  for (const [what, claims] of Object.entries({ 'issued before it began': { iat: now() - 3_600 }, 'of another issuer': { iss: 'https://evil.example' }, 'for another': { aud: 'other' }, 'for two': { aud: [CLIENT.id, 'other'], azp: CLIENT.id } })) {
    await tries(what, async () => assert.equal(await status(by(claims)), 401));
  }
  for (const [what, says] of Object.entries({ 'no id_token': () => ({ access_token, token_type: 'Bearer' }), 'an id_token that is none': () => ({ access_token, id_token: 'a.b.c' }), 'a list': () => [], 'no JSON': () => '<html>', nothing: () => '', 'an id_token twice': async ({ nonce, sub }) => `{"id_token":"${await linkedin.mint({ nonce, sub })}","id_token":"a.b.c"}`, 'an endless one': () => ' '.repeat(100_000) })) {
    await tries(`its token endpoint says ${what}`, async () => {
      const found = await status(says);
      assert.ok([401, 503].includes(found), `${found}`);
    });
  }
  await tries('userinfo and the like are not asked for', () => assert.deepEqual(linkedin.asked.filter((path) => /me$|userinfo/.test(path)), []));
}, 'by a code');

const answering = (value) => (request, response) => {
  response.setHeader('Content-Type', 'application/json');
  response.end(typeof value === 'string' ? value : JSON.stringify(value));
};

statement('S24', async (tries) => {
  const evil = await startProvider();
  const metadata = (base, more) => ({ issuer: base, authorization_endpoint: `${base}/auth`, token_endpoint: `${base}/token`, jwks_uri: `${base}/jwks`, ...more });
  const keysOf = async (key) => ({ keys: [{ ...(await jose.exportJWK(await jose.importJWK({ kty: key.kty, n: key.n, e: key.e }, 'RS256'))), kid: key.kid, alg: 'RS256', use: 'sig' }] });
  const evilKeys = await keysOf(evil.key);
  const to = (url) => (request, response) => response.writeHead(302, { Location: url }).end();
  /** What each says when it is asked for its metadata and for its keys: nobody comes in by a key of `evil`'s. */
  const TROUBLES = {
    'metadata that is somewhere else': { metadata: () => to(`${evil.own}/.well-known/openid-configuration`) }, 'keys that are somewhere else': { keys: () => to(`${evil.own}/jwks`) }, 'metadata of another': { metadata: () => answering(metadata(evil.own)) }, 'an issuer with a slash': { metadata: (base) => answering(metadata(base, { issuer: `${base}/` })) },
    'an issuer twice': { metadata: (base) => answering(JSON.stringify(metadata(base)).replace('{', `{"issuer":"${evil.own}",`)) }, 'keys of nobody': { keys: () => answering({ keys: [] }) }, 'keys that are a list': { keys: () => answering([]) }, 'secret keys': { keys: () => answering({ keys: [{ kty: 'oct', k: 'AAAA', kid: evil.key.kid, alg: 'HS256' }] }) },
    'keys that are short': { keys: () => answering({ keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: evil.key.kid, alg: 'RS256' }] }) }, 'keys for encryption': { keys: () => answering({ keys: [{ ...evilKeys.keys[0], use: 'enc' }] }) }, 'a thousand keys': { keys: () => answering({ keys: Array(1_000).fill(evilKeys.keys[0]) }) }, 'metadata that say 201': { metadata: () => (request, response) => response.writeHead(201).end() },
  };
  const troubled = async (trouble) => {
    const provider = await startProvider();
    provider.answer = (request, response) => {
      const wants = request.url.includes('.well-known') ? 'metadata' : 'keys';
      return (trouble[wants]?.(provider.own) ?? answering(wants === 'metadata' ? metadata(provider.own) : { keys: [] }))(request, response);
    };
    return provider;
  };
  const troubles = Object.entries(TROUBLES);
  while (troubles.length > 0) {
    const [[first, ofGoogle], [second, ofMicrosoft]] = troubles.splice(0, 2);
    const providers = { google: await troubled(ofGoogle), microsoft: await troubled(ofMicrosoft) };
    const server = await start(providers);
    for (const [what, name] of [[first, 'google'], [second, 'microsoft']]) {
      await tries(what, async () => {
        const before = evil.asked.length;
        const { status, text } = await show(server, name, await evil.mint({ iss: providers[name].own }));
        assert.ok([401, 503].includes(status), `${status}: ${text}`);
        assert.equal(evil.asked.length, before, 'the other was asked');
      });
    }
    await server.stop();
  }
}, 'about itself');
