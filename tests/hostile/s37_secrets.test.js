// Whatever is secret goes in by every route, right and wrong, and comes out nowhere: not in answers, the log, metrics,
// the store, a backup, the list of processes, or what commands print. What is no secret is refused at the start.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { call, raw } from '../lib/client.js';
import { GIF, upload } from '../lib/pictures.js';
import { pause, tempDir, until } from '../lib/place.js';
import { psql } from '../lib/postgres.js';
import { Browser, CLIENT, BACK, startProvider } from '../lib/provider.js';
import { settingVariable, SETTING } from '../lib/settings.js';
import { cli, storeOf } from '../lib/signet.js';
import { startSmtp } from '../lib/smtp.js';
import { carriers } from './lib/carriers.js';
import { LONG, statement } from './lib/statement.js';
import { Vault } from './lib/vault.js';
import {
  FACES, logIn, LOGINS, magicLink, newUser, postForm, resetLink, serviceKey, startWorld, tokenOf, verificationLink, waiting, worldSettings,
} from './lib/world.js';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const FORM_TYPE = { 'Content-Type': 'application/x-www-form-urlencoded' };

const nothing = (found) => assert.deepEqual(found, []);

/** All of an answer that its client sees. */
const seen = ({ status, headers, text }) => `${status} ${JSON.stringify(headers)} ${text}`;

/** A server with a secret in every setting that takes one, given in each of the three ways. */
async function startSecretive(vault) {
  const password = vault.fresh('smtp');
  const smtp = await startSmtp({ allowInsecureAuth: true, authOptional: false, onAuth: (auth, session, done) =>
    done(auth.password === password ? null : new Error('no'), { user: auth.username }) });
  vault.keep('the client secret', CLIENT.secret);
  const data = tempDir();
  const file = join(data, 'signet.conf');
  writeFileSync(file, `[provider.microsoft]\nclient_id = x\nclient_secret = ${vault.fresh('microsoft')}\n`, { mode: 0o600 });
  const providers = { google: await startProvider() };
  const server = await startWorld({
    mail: false,
    args: ['--config', file],
    env: { SIGNET_MAIL_USERNAME: 'signet', SIGNET_MAIL_PASSWORD: password },
    settings: {
      ...worldSettings({ smtp, providers }),
      'log.level': 'debug', 'log.form': 'json', 'log.requests': 'all',
      'face.edge.token_algorithm': 'HS256', 'face.edge.token_secret': vault.fresh('edge'),
      'face.corporate.token_secret': vault.fresh('corporate'),
    },
  });
  vault.keep('the master key', readFileSync(join(server.data, 'master.key'), 'utf8').trim());
  vault.keep('the token of a super administrator', server.root);
  return Object.assign(server, { smtp, ...providers });
}

/** Logins at every face, right, wrong and used up, and everything that is mailed. */
async function useEverything(server, vault) {
  const person = await newUser(server, { password: vault.fresh('password') });
  const given = { person, tokens: [] };
  const keep = (what, text) => given.tokens.push(vault.keep(what, text)) && text;
  const answers = [];
  const ask = async (method, path, json, options = {}) => answers.push([path, await call(server, method, path, { json, ...options })]) && answers.at(-1)[1];
  for (const face of FACES.filter((name) => name !== 'edge')) {
    const answer = await logIn(server, face, person.email, person.password);
    keep(`an access token of ${face}`, LOGINS[face].token(answer));
    const refresh = answer.json.data?.refreshToken ?? answer.json.refreshToken;
    if (refresh) {
      keep(`a refresh token of ${face}`, refresh);
    }
    answers.push([face, await logIn(server, face, person.email, vault.fresh('wrong'))]);
  }
  const refresh = given.tokens.find((token) => token.startsWith('refresh_'));
  const next = (await call(server, 'POST', '/id/api/auth/refresh', { json: { refreshToken: refresh } })).json.data;
  keep('a refresh token', next.refreshToken);
  keep('an access token', next.accessToken);
  const last = (await call(server, 'POST', '/id/api/auth/refresh', { json: { refreshToken: next.refreshToken } })).json.data;
  keep('a refresh token', last.refreshToken);
  await ask('POST', '/id/api/auth/refresh', { refreshToken: refresh });
  await ask('POST', '/id/api/auth/refresh', { refreshToken: last.refreshToken });

  const magic = await magicLink(server, person.email);
  keep('a magic link', magic.token);
  keep('a code', magic.code);
  keep('the cookie of a browser', magic.cookie.split('=')[1]);
  await ask('POST', '/id/api/auth/verify-magic-link', { token: magic.token });
  await ask('POST', '/id/api/auth/verify-magic-link', { token: magic.token });
  await ask('POST', '/id/api/auth/verify-magic-link', { email: person.email, code: magic.code });

  const verification = keep('a verification link', await verificationLink(server, person.email));
  await ask('GET', `/api/v1/auth/verify-email?token=${verification}`);
  await ask('GET', `/api/v1/auth/verify-email?token=${verification}`);

  const reset = keep('a reset link', await resetLink(server, person.email));
  const chosen = vault.fresh('chosen');
  answers.push(['page', await postForm(server, '/reset-password', { token: `${reset.slice(1)}0`, password: chosen })]);
  await ask('POST', '/auth/reset-password', { token: reset, password: chosen });
  await ask('POST', '/auth/reset-password', { token: reset, password: chosen });
  person.password = chosen;

  const waits = await waiting(server);
  keep('an activation token', waits.token);
  await ask('POST', '/users/activate', { token: waits.token, password: 'short' });
  await ask('POST', '/users/activate', { token: waits.token, password: vault.fresh('activated') });
  await ask('POST', '/users/activate', { token: waits.token, password: vault.fresh('activated') });

  given.key = keep('a service key', (await serviceKey(server, 'users:*')).key);
  await ask('GET', '/users', undefined, { headers: { 'x-service-key': given.key } });
  await ask('GET', '/id/api/roles', undefined, { headers: { 'x-service-key': given.key } });

  given.token = keep('an access token', await tokenOf(server, 'directory', person.email, chosen));
  await ask('PUT', `/users/${person.id}/change-password`, { oldPassword: vault.fresh('old'), newPassword: vault.fresh('new') }, { token: given.token });
  await useProvider(server, vault, keep, ask);
  return { ...given, answers };
}

/** The way by a provider, whose tokens and states are secrets as well. */
async function useProvider(server, vault, keep, ask) {
  server.google.people.set('ann', { email: 'ann@example.com', email_verified: true });
  server.google.person = 'ann';
  const browser = new Browser();
  const begun = await browser.go(`${server.url}/id/api/auth/google/authorize?redirect_uri=${encodeURIComponent(BACK)}`);
  const place = new URL(begun.headers.get('location'));
  keep('a state', place.searchParams.get('state'));
  keep('a nonce', place.searchParams.get('nonce'));
  keep('the cookie of a federation', browser.header(server.url).split('=')[1]);
  const { id_token: idToken, state } = await browser.follow(place.href);
  keep('an id_token', idToken);
  await ask('POST', '/id/api/auth/google', { id_token: idToken, state });
  const headers = { Cookie: browser.header(server.url) };
  const { json } = await call(server, 'POST', '/id/api/auth/google', { json: { id_token: idToken, state }, headers });
  keep('an access token by google', json.data.accessToken);
  await ask('POST', '/id/api/auth/google', { id_token: idToken, state }, { headers });
  await ask('POST', '/id/api/auth/google', { id_token: `${idToken.slice(0, -4)}AAAA`, state: vault.fresh('state') }, { headers });
}

/** The same place in a token, with another character there: rightly shaped, and known to nobody. */
function bent(token) {
  const at = token.length - 12;
  return `${token.slice(0, at)}${token[at] === '1' ? '2' : '1'}${token.slice(at + 1)}`;
}

const written = (carrier, members) => (carrier.form
  ? { body: new URLSearchParams(members).toString(), headers: FORM_TYPE }
  : { body: JSON.stringify(members), headers: JSON_TYPE });

/** Ways to bring a secret along: {name: (carrier, secret, at) → what is sent}; `at` has tokens of every kind. */
const WAYS = {
  'as it is meant, by nobody': (one, secret) => written(one, one.members(secret)),
  'as it is meant, by a super administrator': (one, secret, { root }) => ({ ...written(one, one.members(secret)), token: root }),
  'in the query, too': (one, secret, { root }) => ({ ...written(one, one.members(secret)), token: root, query: one.query(secret) }),
  'as a bearer token': (one, secret) => ({ token: secret('bearer') }),
  'as a password of HTTP': (one, secret) => ({ headers: { Authorization: `Basic ${Buffer.from(`admin:${secret('basic')}`).toString('base64')}` } }),
  'as a service key': (one, secret) => ({ headers: { 'x-service-key': secret('key') } }),
  'as a service key that is bent': (one, secret, { key }) => ({ headers: { 'x-service-key': bent(key) } }),
  'as a cookie': (one, secret) => ({ ...written(one, one.members(secret)), headers: {
    ...JSON_TYPE, Cookie: `__Host-device=${secret('device')}; __Host-federation=${secret('federation')}; sid=${secret('sid')}` } }),
  'as headers of others': (one, secret) => ({ headers: { 'X-Api-Key': secret('api'), 'Proxy-Authorization': `Bearer ${secret('proxy')}`, 'X-Forwarded-For': secret('for'),
    Referer: `https://app.example/?token=${secret('referer')}`, 'User-Agent': secret('agent'), Origin: `https://${secret('origin')}.example` } }),
  'of another kind': (one, secret, { tokens }) => {
    let next = 0;
    return written(one, one.members(() => bent(tokens[next++ % tokens.length])));
  },
  'much too long': (one, secret, { root }) => ({ ...written(one, one.members((name) => `${secret(name)}${'x'.repeat(3_000)}`)), token: root }),
  'in a list': (one, secret, { root }) => ({ body: JSON.stringify(one.members((name) => [secret(name)])), headers: JSON_TYPE, token: root }),
  'in an object': (one, secret, { root }) => ({ body: JSON.stringify(one.members((name) => ({ value: secret(name) }))), headers: JSON_TYPE, token: root }),
  'cut off': (one, secret, { root }) => ({ body: `{"password":"${secret('password')}","token":"${secret('token').slice(0, 20)}`, headers: JSON_TYPE, token: root }),
  'twice': (one, secret, { root }) => ({ body: `{"password":"${secret('password')}","password":"${secret('password')}"}`, headers: JSON_TYPE, token: root }),
  'with a control character': (one, secret, { root }) => ({ body: JSON.stringify(one.members((name) => `\u0001${secret(name)}\u0000`)), headers: JSON_TYPE, token: root }),
  'that is not UTF-8': (one, secret, { root }) => ({ body: Buffer.from(`{"password":"\xff${secret('password')}"}`, 'latin1'), headers: JSON_TYPE, token: root }),
  'as a bare text': (one, secret, { root }) => ({ body: JSON.stringify(secret('bare')), headers: JSON_TYPE, token: root }),
  'as a form': (one, secret, { root }) => ({ body: new URLSearchParams(one.members(secret)).toString(), headers: FORM_TYPE, token: root }),
  'as plain text': (one, secret, { root }) => ({ body: secret('plain'), headers: { 'Content-Type': 'text/plain' }, token: root }),
  'as a file': (one, secret, { root }) => ({ body: `--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n${secret('file')}\r\n--x--\r\n`,
    headers: { 'Content-Type': 'multipart/form-data; boundary=x' }, token: root }),
  'by another method': (one, secret, { root }) => ({ ...written(one, one.members(secret)), token: root, query: one.query(secret), method: 'PATCH' }),
};

/** Requests that no parser takes, with a secret in each. */
const UNREADABLE = {
  'a control character in a token': (secret) => `GET /users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${secret}\x01\r\n\r\n`,
  'a name of a header that is none': (secret) => `GET /users HTTP/1.1\r\nHost: x\r\n${secret} : x\r\n\r\n`,
  'a folded header': (secret) => `GET /users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer\r\n ${secret}\r\n\r\n`,
  'a version that is none': (secret) => `GET /users?token=${secret} HTTP/3.9\r\nHost: x\r\n\r\n`,
  'a method that is none': (secret) => `${secret} /users HTTP/1.1\r\nHost: x\r\n\r\n`,
  'an endless query': (secret) => `GET /magic-link?token=${secret}${'x'.repeat(9_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
  'a query that is no UTF-8': (secret) => `GET /magic-link?token=${secret}%ff HTTP/1.1\r\nHost: x\r\n\r\n`,
  'a query that is cut in an escape': (secret) => `GET /magic-link?token=${secret}% HTTP/1.1\r\nHost: x\r\n\r\n`,
  'a query with a fragment': (secret) => `GET /magic-link?token=${secret}#x HTTP/1.1\r\nHost: x\r\n\r\n`,
  'a host with a password': (secret) => `GET http://admin:${secret}@x/users HTTP/1.1\r\nHost: admin:${secret}@x\r\n\r\n`,
  'two lengths': (secret) => `POST /auth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nContent-Length: 8\r\n\r\n{"password":"${secret}"}`,
  'too many headers': (secret) => `GET /users HTTP/1.1\r\nHost: x\r\n${`Authorization: Bearer ${secret}\r\n`.repeat(120)}\r\n`,
  'too large a header': (secret) => `GET /users HTTP/1.1\r\nHost: x\r\nCookie: sid=${secret}${'x'.repeat(20_000)}\r\n\r\n`,
  'a chunk that is none': (secret) => `POST /auth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${secret}\r\n`,
};

/** Every row of the store, as text. */
async function storeText(data) {
  const url = (await storeOf(data))[settingVariable(SETTING.storeUrl)];
  if (url === undefined) {
    return '';
  }
  const tables = (await psql(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).split('\n');
  return (await Promise.all(tables.map((name) => psql(url, `SELECT t::text FROM ${name} t`)))).join('\n');
}

/** The process and all below it: what anybody on the machine can see of them. */
function processesOf(pid) {
  const of = (task) => {
    try {
      return readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean);
    } catch {
      return []; // it has ended
    }
  };
  return [pid, ...readdirSync(`/proc/${pid}/task`).flatMap(of)];
}

const commandLine = (pid) => readFileSync(`/proc/${pid}/cmdline`);

/** Has a picture drawn, and looks at the child that draws it. */
async function lookAtChildren(server, vault, token, tries) {
  let done = false;
  let looked = 0;
  const found = [];
  const drawing = (async () => {
    for (let round = 0; round < 100 && looked === 0; round++) {
      await upload(server, token, GIF);
    }
    done = true;
  })();
  while (!done) {
    for (const pid of processesOf(server.pid).slice(1)) {
      try {
        if (commandLine(pid).includes('draw-a-picture')) { // until then its memory is the server's
          found.push(...vault.found(commandLine(pid)), ...vault.found(readFileSync(`/proc/${pid}/environ`)));
          looked += 1;
        }
      } catch {
        // it has ended
      }
    }
    await pause(1);
  }
  await drawing;
  await tries('a child', () => {
    assert.ok(looked > 0, 'no child was seen');
    nothing(found);
  });
}

statement('S37', async (tries) => {
  const vault = new Vault();
  const server = await startSecretive(vault);
  const at = { root: server.root, ...(await useEverything(server, vault)) };
  for (const [path, answer] of at.answers) {
    await tries(`what was used up, ${path}`, () => nothing(vault.found(seen(answer))));
  }
  for (const carrier of carriers()) {
    at.root = vault.keep('a token', await tokenOf(server, 'directory', 'keeper'));
    for (const [way, make] of Object.entries(WAYS)) {
      await tries(`${carrier.name}: a secret ${way}`, async () => {
        const { query, method = carrier.method, ...sent } = make(carrier, (name) => vault.fresh(name), at);
        const answer = await call(server, method, query ? `${carrier.path}?${query}` : carrier.path, { ...sent, plain: true });
        nothing(vault.found(seen(answer)));
      });
    }
  }
  for (const [name, request] of Object.entries(UNREADABLE)) {
    await tries(name, async () => {
      const { bytes } = await raw(server.port, request(vault.fresh('raw')), { patience: 300 });
      nothing(vault.found(bytes));
    });
  }
  await lookAtChildren(server, vault, await tokenOf(server, 'fitnexa', at.person.email, at.person.password), tries);
  await tries('the list of processes', () => nothing(processesOf(server.pid).flatMap((pid) => vault.found(commandLine(pid)))));
  await tries('a process that ends badly leaves its memory nowhere', () =>
    assert.match(readFileSync(`/proc/${server.pid}/limits`, 'utf8'), /^Max core file size +0 +0 /m));
  await tries('metrics', async () => {
    const { status, text } = await call(server, 'GET', '/metrics', { token: await tokenOf(server, 'directory', 'keeper') });
    assert.equal(status, 200);
    nothing(vault.found(text));
  });
  await tries('a reload', async () => {
    server.signal('SIGHUP');
    await until(() => /reloaded/.test(server.logs()));
  });
  const passphrase = vault.fresh('passphrase');
  const backup = join(tempDir(), 'backup');
  for (const args of [['config'], ['check'], ['mail', 'list'], ['service-key', 'list'], ['session', 'list', at.person.username], ['key', 'list'],
    ['backup', backup], ['user', 'password', at.person.username], ['user', 'show', at.person.username], ['user', 'list']]) {
    await tries(`signet ${args.join(' ')}`, async () => {
      const { stdout, stderr } = await cli([...args, '--data', server.data], { stdin: `${passphrase}\n`, env: { SIGNET_MAIL_PASSWORD: vault.fresh('smtp') } });
      nothing(vault.found(stdout + stderr));
    });
  }
  await tries('a backup', () => nothing(vault.found(readFileSync(backup))));
  await server.stop();
  for (const line of server.logs().split('\n').filter((text) => vault.found(text).length > 0)) {
    await tries('a line of the log', () => nothing(vault.found(line)));
  }
  await tries('the log', () => assert.ok(server.logs().split('\n').length > 1_000, 'it said next to nothing'));
  await tries('the files of the data folder', () => nothing(vault.foundBelow(server.data, ['master.key'])));
  await tries('the store', async () => nothing(vault.found(await storeText(server.data))));
  await tries('the search', () => assert.ok(vault.found(`x${Buffer.from(vault.fresh()).toString('base64')}`).length > 0));
});

/** Every setting that is a secret: {name, section, key, least}. */
async function secretSettings() {
  const { stdout } = await cli(['config', '--form', 'markdown']);
  let section;
  return stdout.split('\n').flatMap((line) => {
    section = /^## `\[(.*)\]`/.exec(line)?.[1] ?? section;
    const [, key, takes] = /^\| `(\w+)` \|[^|]*\| (a secret[^|]*) \|/.exec(line) ?? [];
    return key === undefined ? [] : [{ name: `${section}.${key}`, section, key, least: Number(/(\d+) bytes/.exec(takes)?.[1] ?? 0) }];
  });
}

/** What stands in examples, the world's and ours; the long ones for secrets that have to be long. */
const EXAMPLES = ['changeme', 'CHANGE_ME', 'secret', 'my-secret', 'your_secret', 'your-client-secret', 'password', 'your_password', 'example', 'test', 'xxx', 'default'];
const LONG_EXAMPLES = [...EXAMPLES, 'a-string-secret-at-least-256-bits-long', '0'.repeat(32), 'a'.repeat(64), '0123456789abcdef'.repeat(2), '1234567890'.repeat(4),
  'changeme'.repeat(5), 'secret-'.repeat(5), 'abcdefghijklmnopqrstuvwxyz123456', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`', '00112233445566778899aabbccddeeff'.repeat(2)];

async function refuses(args, options, pattern) {
  const { code, stdout, stderr } = await cli(['serve', '--data', join(tempDir(), 'data'), '--listen', '127.0.0.1:0', ...args], { limit: 5_000, ...options });
  assert.equal(code, 1, `${code}: ${stdout}${stderr}`);
  assert.match(stderr, pattern);
}

const MASTER_KEYS = { 'of zeros': '0'.repeat(64), 'of a pattern': '0123456789abcdef'.repeat(4), 'that counts': Buffer.from(Array.from({ length: 32 }, (_, at) => at)).toString('hex'),
  'that is empty': '', 'that is short': 'c0ffee', 'that is a word': 'changeme' };

statement('S37', async (tries) => {
  const settings = await secretSettings();
  await tries('the list of secrets', () => assert.ok(settings.length >= 9 && settings.some(({ least }) => least === 32), JSON.stringify(settings)));
  const file = join(tempDir(), 'signet.conf');
  let turn = 0;
  for (const { name, section, key, least } of settings) {
    for (const example of least ? LONG_EXAMPLES : EXAMPLES) {
      const ways = {
        '--set': [['--set', `${name}=${example}`], {}],
        'the environment': [[], { env: { [settingVariable(name)]: example } }],
        'a file': [['--config', file], {}],
      };
      const names = Object.keys(ways);
      for (const way of LONG ? names : [names[turn++ % names.length]]) {
        const [args, options] = ways[way];
        await tries(`${name}: ${example} by ${way}`, () => {
          writeFileSync(file, `[${section}]\n${key} = ${example}\n`);
          return refuses(args, options, /: is (an example, not a secret|shorter than 32 bytes)$/m);
        });
      }
    }
  }
  for (const face of FACES) {
    await tries(`HS256 without a secret at ${face}`, () => refuses(['--set', `face.${face}.token_algorithm=HS256`], {}, /token_secret is not set/));
  }
  await tries('linkedin without a secret', () =>
    refuses(['--set', 'provider.linkedin.client_id=x', '--set', `oauth.redirect_uris=${BACK}`], {}, /provider\.linkedin\.client_secret/));
  const data = join(tempDir(), 'data');
  mkdirSync(data, { mode: 0o700 });
  for (const [name, text] of Object.entries(MASTER_KEYS)) {
    await tries(`a master key ${name}`, async () => {
      writeFileSync(join(data, 'master.key'), text, { mode: 0o600 });
      await refuses(['--data', data], {}, /master\.key is (no key|an example of a key)/);
    });
  }
  for (const password of ['your_password', 'password', 'changeme', 'keeper2026']) {
    await tries(`an administrator with the password ${password}`, async () => {
      const { code } = await cli(['admin', 'create', 'keeper', '--email', 'keeper@example.com', '--data', tempDir()], { stdin: `${password}\n` });
      assert.equal(code, 1);
    });
  }
}, 'what is no secret stops the start');
