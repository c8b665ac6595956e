// S20. Whoever a gateway asks about, with whatever token, by whatever method: a 200 carries every identity
// header once, and nothing else is a 2xx or could be taken for one. In C: domain/token_test.c.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { call } from '../lib/client.js';
import { Cluster } from '../lib/cluster.js';
import { CHEAP } from '../lib/directory.js';
import { login } from '../lib/edge.js';
import { pause, tempDir, until } from '../lib/place.js';
import { SETTING } from '../lib/settings.js';
import { cli, startSignet, storeOf } from '../lib/signet.js';
import { activationToken, magicToken, newUser, resetToken, stage, verificationToken } from './lib/stage.js';
import { LONG, statement } from './lib/statement.js';
import { ask } from './lib/wire.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'TRACE', 'BREW'];
const ALWAYS = ['x-user', 'x-auth-service'];
const MORE = [...ALWAYS, 'x-user-id', 'x-user-email', 'x-user-roles'];
const PASSWORD = 'grey otter 41 lantern';

/** What may stand beside the token and be meant to make an answer another one. */
const BESIDE = {
  nothing: {}, 'X-User': { 'X-User': 'root', 'X-User-Id': '1', 'X-User-Email': 'root@example.com', 'X-User-Roles': 'SUPER_ADMIN', 'X-Auth-Service': 'evil' }, 'X_User': { X_User: 'root', 'X-USER': 'root' },
  'Connection names it': { Connection: 'X-User' }, 'Connection names all': { Connection: 'close, X-User, X-Auth-Service, X-User-Id, X-User-Email, X-User-Roles' }, 'Connection names Authorization': { Connection: 'Authorization' }, Trailer: { Trailer: 'X-User', TE: 'trailers' },
  'If-None-Match': { 'If-None-Match': '*' }, 'If-Modified-Since': { 'If-Modified-Since': 'Fri, 01 Jan 2100 00:00:00 GMT' }, Range: { Range: 'bytes=0-0' }, 'If-Match': { 'If-Match': '"x"' }, Upgrade: { Connection: 'Upgrade', Upgrade: 'websocket' },
  'an original request': { 'X-Original-URL': '/health', 'X-Original-Method': 'OPTIONS', 'X-Forwarded-Uri': '/health', 'X-Forwarded-Method': 'OPTIONS', 'X-Rewrite-URL': '/livez' },
  'a preflight': { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'authorization' }, Accept: { Accept: 'text/html' }, Expect: { Expect: '100-continue' }, 'another method': { 'X-HTTP-Method-Override': 'OPTIONS' },
};

const send = (server, { token, authorization, method = 'GET', headers = {} }) =>
  ask(server, { method, path: '/api/v1/auth', token, headers: authorization === undefined ? headers : { ...headers, Authorization: authorization } });

/** How often each of these headers is in an answer. */
const counted = ({ head }, names) => names.map((name) => head.split('\r\n').filter((line) => line.toLowerCase().startsWith(`${name}:`)).length);

function assertLetIn(answer, names, user) {
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.text, '');
  assert.deepEqual(counted(answer, names), names.map(() => 1));
  assert.deepEqual(counted(answer, MORE.filter((name) => !names.includes(name))).filter((count) => count > 0), []);
  assert.equal(answer.headers['x-user'], user);
  assert.equal(answer.headers['x-auth-service'], 'auth-service');
}

function assertSentAway(answer, statuses = [401]) {
  assert.ok(statuses.includes(answer.status), `${answer.status}`);
  assert.deepEqual(counted(answer, MORE).filter((count) => count > 0), []);
  assert.equal(answer.headers['www-authenticate'], answer.status === 401 ? 'Bearer' : undefined);
}

/** Everything that is no access token which counts: {what: {token | authorization | headers}}. */
async function strangers(place) {
  const { actors } = place;
  const user = await newUser(place);
  const spare = await newUser(place);
  await call(place.server, 'DELETE', `/users/${spare.id}`, { token: actors.super.token });
  const good = user.token;
  const tokens = {
    rubbish: 'rubbish', ended: actors.ended.token, expired: actors.expired.token, 'of who was stopped': actors.stopped.token, 'of who was deleted': spare.token, refresh: user.refreshToken, activation: await activationToken(place),
    reset: await resetToken(place), magic: await magicToken(place), verification: await verificationToken(place), 'of a provider': await place.provider.mint(), 'a service key': actors.service.key,
    'half of one': good.slice(0, -10), 'one and more': `${good}x`, 'one and a dot': `${good}.`, 'two of them': `${good}${good}`, none: '',
  };
  const authorizations = { 'no scheme': good, Basic: `Basic ${good}`, 'Basic of one': `Basic ${Buffer.from(`root:${good}`).toString('base64')}`, 'Bearer twice': `Bearer Bearer ${good}`, 'a list': `Bearer ${good}, Bearer ${good}`, quoted: `Bearer "${good}"`, DPoP: `DPoP ${good}`, 'a wider blank': `Bearer=${good}`, 'small and joined': `bearer${good}` };
  const elsewhere = { 'in a cookie': { Cookie: `token=${good}; access_token=${good}; __Host-sid=${good}` }, 'in another header': { 'X-Access-Token': good, 'X-Auth-Token': good, 'X-Forwarded-Access-Token': good, 'Proxy-Authorization': `Bearer ${good}` }, 'a service key': { 'x-service-key': actors.service.key }, 'a service key for somebody': { 'x-service-key': actors.service.key, 'x-user-id': user.id } };
  return {
    nobody: {}, ...Object.fromEntries(Object.entries(tokens).map(([what, token]) => [`a token: ${what}`, { token }])),
    ...Object.fromEntries(Object.entries(authorizations).map(([what, authorization]) => [`an authorization: ${what}`, { authorization }])), ...Object.fromEntries(Object.entries(elsewhere).map(([what, headers]) => [what, { headers }])),
  };
}

for (const identity of ['no', 'yes']) {
  const names = identity === 'yes' ? MORE : ALWAYS;
  statement('S20', async (tries) => {
    const place = await stage({ settings: { [SETTING.identityHeaders]: identity } });
    const let_in = ['plain', 'gym', 'admin', 'super'];
    for (const method of METHODS) {
      for (const [what, headers] of Object.entries(BESIDE)) {
        for (const name of let_in) {
          await tries(`${method} by ${name} with ${what}`, async () => assertLetIn(await send(place.server, { method, headers, token: place.actors[name].token }), names, name));
        }
        await tries(`${method} by nobody with ${what}`, async () => assertSentAway(await send(place.server, { method, headers })));
      }
    }
    for (const [what, request] of Object.entries(await strangers(place))) {
      for (const method of METHODS) {
        await tries(`${method} with ${what}`, async () => assertSentAway(await send(place.server, { ...request, method })));
      }
    }
    await odd(place, tries, names);
  }, identity === 'yes' ? 'all headers' : 'two headers');
}

/** People of whom something is missing, or odd. */
async function odd(place, tries, names) {
  const { server, actors } = place;
  const full = names.length > 2;
  const asSuper = (method, path, json) => call(server, method, path, { token: actors.super.token, json });
  await tries('somebody whom a provider sent, without an address', async () => {
    const { json } = await call(server, 'POST', '/id/api/auth/google', { json: { id_token: await place.provider.mint({ email: undefined }) } });
    const answer = await send(server, { token: json.data.accessToken });
    assert.equal(answer.status, 200);
    assert.deepEqual(counted(answer, names), names.map(() => 1));
    assert.equal(answer.headers['x-user-email'], full ? '' : undefined);
  });
  await tries('an address in another script', async () => {
    for (const email of ['größe@example.com', 'a@bücher.example', '用户@例子.example']) {
      const made = await call(server, 'POST', '/auth/register', { json: { email, password: PASSWORD } });
      assert.equal(made.status, 201, made.text);
      const answer = await send(server, { token: made.json.token });
      assert.equal(answer.status, 200, `${email}: ${answer.text}`);
      assert.deepEqual(counted(answer, names), names.map(() => 1));
    }
  });
  await tries('a role whose name looks like two', async () => {
    for (const name of ['A,SUPER_ADMIN', 'A, SUPER_ADMIN', 'SUPER_ADMIN ', 'A;SUPER_ADMIN', 'A\r\nX-User: root', 'RÖLE', 'A\tB']) {
      const made = await asSuper('POST', '/roles', { name, permissions: [] });
      if (made.status === 200) {
        const user = await newUser(place);
        await asSuper('PUT', `/users/${user.id}`, { roles: [name] });
        const fresh = await login(server, user.email, user.password);
        const answer = await send(server, { token: fresh.json.token });
        assert.equal(answer.status, 200, `${name}: ${answer.text}`);
        assert.ok(!(answer.headers['x-user-roles'] ?? '').split(/[,;]/).map((one) => one.trim()).includes('SUPER_ADMIN'), `${name}: ${answer.headers['x-user-roles']}`);
      }
    }
  });
  await tries('the name of who was deleted, taken by another', async () => {
    const username = place.newName();
    const make = async () => (await asSuper('POST', '/users/createUser', { username, password: PASSWORD })).json.result.id;
    const first = await make();
    const old = (await login(server, username, PASSWORD)).json.token;
    assertLetIn(await send(server, { token: old }), names, username);
    assert.equal((await asSuper('DELETE', `/users/${first}`)).status, 200);
    const second = await make();
    assertSentAway(await send(server, { token: old }));
    const answer = await send(server, { token: (await login(server, username, PASSWORD)).json.token });
    assertLetIn(answer, names, username);
    assert.equal(answer.headers['x-user-id'], full ? second : undefined);
  });
}

// When the store is away and it can no longer be known who was stopped, nobody is let in.
if (LONG) {
  statement('S20', async (tries) => {
    const cluster = await Cluster.start();
    const data = join(tempDir(), 'data');
    mkdirSync(data, { mode: 0o700 });
    await storeOf(data, cluster.urlOf(await cluster.newDatabase()));
    const made = await cli(['admin', 'create', 'root', '--email', 'root@example.com', '--data', data], { stdin: `${PASSWORD}\n` });
    assert.equal(made.code, 0, made.stderr);
    const server = await startSignet({ mode: 'serve', dataDir: data, settings: CHEAP });
    const { token } = (await login(server, 'root', PASSWORD)).json;
    assertLetIn(await send(server, { token }), ALWAYS, 'root');
    await cluster.stop();
    const began = Date.now();
    await tries('it says that it cannot know after ten seconds', () => until(async () => (await send(server, { token })).status === 503, { limit: 25_000, step: 100, what: 'a 503' }));
    for (let at = 0; at < 20; at++) {
      for (const method of METHODS) {
        await tries(`${method} without a store, ${at}`, async () => {
          assertSentAway(await send(server, { method, token }), [503]);
          assertSentAway(await send(server, { method, token: 'rubbish' }), [401, 503]);
          assertSentAway(await send(server, { method }), [401, 503]);
        });
      }
      await pause(100);
    }
    await tries('it was soon', () => assert.ok(Date.now() - began < 40_000));
  }, 'the store is away');
}
