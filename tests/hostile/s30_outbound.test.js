// S30. Each call that Signet makes of a provider (its metadata, its keys, the exchange of a code), led to addresses that are
// not of the internet in every spelling, redirected, and answered without an end: none is made there, and each ends. How it is
// told from which address an address really leads to is held in src/http/client_test.c and address_test.c.
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { call } from '../lib/client.js';
import { atEnd, freePort, tempDir, until } from '../lib/place.js';
import { BACK, CLIENT, startProvider } from '../lib/provider.js';
import { cli, startSignet } from '../lib/signet.js';
import { LONG, statement, together } from './lib/statement.js';
import { entered, newUser, startWorld } from './lib/world.js';

const NAMES = ['google', 'microsoft', 'linkedin'];
const ENOUGH = 20_000; // milliseconds, of a call that has five seconds, and of as many as one request makes
const MOST = 4 << 20; // bytes that anybody gets rid of, what lies in the kernel's buffers included

/** Listens on every address of this machine, and knows who came: {port, came}. */
async function trap() {
  const port = await freePort();
  const caught = { port, came: 0 };
  const server = net.createServer((socket) => {
    caught.came += 1;
    socket.destroy();
  });
  await new Promise((resolve) => server.listen(port, '::', resolve));
  atEnd(() => server.close());
  return caught;
}

/** Addresses of this machine and of networks that are not the internet, as they can be written. */
const INSIDE = (port) => [
  '127.0.0.1', '127.0.0.2', '127.1', '127.0.1', '2130706433', '0x7f000001', '0x7f.0.0.1', '0177.0.0.1', '017700000001', '127.0.0.1.', 'localhost', 'LOCALHOST', 'localhost.', 'ip6-localhost', '0.0.0.0', '0', '[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]',
  '[::127.0.0.1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '\u2460\u2461\u2466.0.0.1', '127\u30020\u30020\u30021', '\uff11\uff12\uff17.0.0.1',
].map((host) => `https://${host}:${port}`).concat([
  'https://10.0.0.1', 'https://172.16.0.1', 'https://192.168.0.1', 'https://169.254.169.254', 'https://169.254.0.1', 'https://100.64.0.1', 'https://192.0.2.1', 'https://198.18.0.1', 'https://224.0.0.1', 'https://240.0.0.1', 'https://255.255.255.255', 'https://[fe80::1]', 'https://[fe80::1%25lo]', 'https://[fc00::1]', 'https://[fd00:ec2::254]', 'https://[ff02::1]', 'https://[2001:db8::1]',
  'https://[::ffff:10.0.0.1]', 'https://[::ffff:169.254.169.254]', 'https://2852039166', 'https://0xa9fea9fe', 'https://[64:ff9b::a9fe:a9fe]',
]);

const settingsOf = (issuers) => Object.fromEntries(Object.entries(issuers).flatMap(([name, issuer]) => [
  [`provider.${name}.issuer`, issuer], [`provider.${name}.client_id`, CLIENT.id], [`provider.${name}.client_secret`, CLIENT.secret],
]));

/** Has a provider asked whatever it is to be asked. */
function asks(server, name, token = 'a.b.c') {
  const json = name === 'linkedin' ? { code: 'x', redirect_uri: BACK } : { id_token: token };
  return call(server, 'POST', `/id/api/auth/${name}`, { json });
}

/** Whether the settings take it. */
async function isAllowed(issuer) {
  const { code } = await cli(['config', '--set', `provider.google.issuer=${issuer}`]);
  return code === 0;
}

/** None is let in, nobody has been called, and it was not waited for for long. */
async function assertUncalled(server, caught, asking) {
  const [before, began] = [caught.came, Date.now()];
  const { status, text } = await asking();
  assert.ok([400, 401, 503].includes(status), `${status} ${text}`);
  assert.equal(caught.came, before, 'somebody was called');
  assert.ok(Date.now() - began < ENOUGH, `${Date.now() - began} ms`);
}

statement('S30', async (tries) => {
  const caught = await trap();
  const first = await startWorld({ mail: false });
  await first.stop();
  const left = [];
  for (const issuer of INSIDE(caught.port)) {
    (await isAllowed(issuer) ? left : []).push(issuer);
    await tries(`http instead of https: ${issuer}`, async () => {
      const plain = issuer.replace('https:', 'http:');
      assert.ok(!await isAllowed(plain) || /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+$/.test(plain), plain);
    });
  }
  for (const other of ['ftp://127.0.0.1', 'file:///etc/passwd', 'gopher://127.0.0.1', 'https://u:p@127.0.0.1', 'https://', '//127.0.0.1', 'https://127.0.0.1\\@accounts.google.com', 'https://accounts.google.com@127.0.0.1', 'https://127.0.0.1/?x', 'https://127.0.0.1/#x']) {
    await tries(`no setting takes ${other}`, async () => assert.ok(!await isAllowed(other)));
  }
  await tries('some are told apart when they are called alone', () => assert.ok(left.length > 20));
  while (left.length > 0) {
    const issuers = Object.fromEntries(left.splice(0, 3).map((issuer, at) => [NAMES[at], issuer]));
    const server = await startSignet({ mode: 'serve', dataDir: first.data, settings: { ...first.settings, 'oauth.redirect_uris': BACK, ...settingsOf(issuers) } });
    await together(Object.entries(issuers).map(([name, issuer]) => () => tries(`the metadata of ${issuer}`, async () => {
      await assertUncalled(server, caught, () => asks(server, name));
      const said = () => server.logs().split('\n').find((line) => line.includes(`auth/${name}`));
      assert.match(await until(said, { what: 'a line of the log' }), /leads into a private network|resolve/i);
    })));
    await server.stop();
  }
}, 'addresses of issuers');

/** What is asked of a provider, in its order. */
const CALLS = { metadata: (url) => url.includes('/.well-known/'), keys: (url) => url.startsWith('/jwks'), exchange: (url) => url.startsWith('/token') };

/** Goes on until nobody listens; counts what it got rid of. */
function endlessly(response, state, { chunk, every = 0 }) {
  const push = () => {
    if (response.destroyed || response.socket?.destroyed) {
      return;
    }
    state.sent += chunk.length;
    const more = response.socket.write(chunk);
    setTimeout(() => (more ? push() : response.socket?.once('drain', push)), every);
  };
  push();
}
const headed = (response, more = '') => response.socket.write(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${more}\r\n`);

/** How a provider answers that means ill: (response, state, its trap's address). `slow`: it takes all of the time that there is. */
const ANSWERS = {
  ...Object.fromEntries([301, 302, 303, 307, 308].map((status) => [`a redirect ${status}`, (response, state, to) => response.writeHead(status, { Location: to }).end()])),
  'a redirect to a file': (response) => response.writeHead(302, { Location: 'file:///etc/passwd' }).end(),
  'a refresh': (response, state, to) => response.writeHead(200, { Refresh: `0;url=${to}` }).end('{}'),
  'another proxy': (response, state, to) => response.writeHead(305, { Location: to }).end(),
  'another place in Alt-Svc': (response, state, to) => response.writeHead(503, { 'Alt-Svc': `h2="${to.slice(7)}"` }).end('{}'),
  'a body without an end': (response, state) => headed(response) && endlessly(response, state, { chunk: ' '.repeat(16_384) }),
  'a body that says it is a gigabyte': (response, state) => headed(response, 'Content-Length: 1000000000\r\n') && endlessly(response, state, { chunk: '['.repeat(16_384) }),
  'chunks without an end': (response, state) => headed(response, 'Transfer-Encoding: chunked\r\n') && endlessly(response, state, { chunk: `4000\r\n${' '.repeat(0x4000)}\r\n` }),
  'sixty-four kilobytes and one': (response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(`{"x":"${'x'.repeat(65_536)}"}`),
  'a body that unfolds': (response) => response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50 << 20, 32))),
  'headers without an end': (response, state) => response.socket.write('HTTP/1.1 200 OK\r\n') && endlessly(response, state, { chunk: `X-A: ${'b'.repeat(8_000)}\r\n` }),
  'no status': (response) => response.socket.end('{}'),
  'an end at once': (response) => response.socket.destroy(),
  'nothing at all': Object.assign(() => {}, { slow: true }),
  'a body that drips': Object.assign((response, state) => headed(response) && endlessly(response, state, { chunk: ' ', every: 200 }), { slow: true }),
  'headers that drip': Object.assign((response, state) => response.socket.write('HTTP/1.1 200 OK\r\nX-A: ') && endlessly(response, state, { chunk: 'x', every: 200 }), { slow: true }),
  'interim answers without an end': Object.assign((response, state) => endlessly(response, state, { chunk: 'HTTP/1.1 100 Continue\r\n\r\n', every: 20 }), { slow: true }),
};

/** Plays a provider that answers one call so, and the others as it should. */
async function illMeaning(call_, answer, to) {
  const provider = await startProvider({ auth: 'client_secret_post' });
  const state = { sent: 0, provider };
  const { kty, n, e, kid } = provider.key;
  const good = {
    metadata: () => ({ issuer: provider.own, authorization_endpoint: `${provider.own}/auth`, token_endpoint: `${provider.own}/token`, jwks_uri: `${provider.own}/jwks` }),
    keys: () => ({ keys: [{ kty, n, e, kid, alg: 'RS256', use: 'sig' }] }),
    exchange: async () => ({ access_token: 'x', token_type: 'Bearer', id_token: await provider.mint() }),
  };
  provider.answer = async (request, response) => {
    request.resume();
    const [asked] = Object.entries(CALLS).find(([, is]) => is(request.url)) ?? assert.fail(request.url);
    state.asked = true;
    if (asked === call_) {
      return answer(response, state, to);
    }
    return response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(await good[asked]()));
  };
  return state;
}

/** Several servers at once, each on a store of its own. */
async function startData({ data }) {
  const copy = join(tempDir(), 'data');
  cpSync(data, copy, { recursive: true });
  return copy;
}

statement('S30', async (tries) => {
  const caught = await trap();
  const first = await startWorld({ mail: false });
  const person = await newUser(first);
  await first.stop();
  const cases = Object.entries(ANSWERS).filter(([what, { slow }]) => LONG || !slow || what === 'a body that drips').flatMap(([what, answer]) => Object.keys(CALLS).map((call_) => ({ what, call_, answer })));
  const rounds = cases.filter(({ call_ }) => call_ === 'exchange').map((exchange, at) => [...cases.filter(({ call_ }) => call_ !== 'exchange').slice(2 * at, 2 * at + 2), exchange]);
  await together([[{ what: 'what is right', call_: 'none' }, { what: 'what is right', call_: 'none' }, { what: 'what is right', call_: 'none' }], ...rounds].map((round) => async () => {
    const states = await Promise.all(round.map(({ call_, answer }) => illMeaning(call_, answer, `http://127.0.0.1:${caught.port}/`)));
    const issuers = Object.fromEntries(states.map(({ provider }, at) => [NAMES[at], provider.own]));
    const server = await startSignet({ mode: 'serve', dataDir: (await startData(first)), settings: { ...first.settings, 'oauth.redirect_uris': BACK, ...settingsOf(issuers) } });
    await Promise.all(round.map(async ({ what, call_ }, at) => tries(`${what}, when asked for ${call_} of ${NAMES[at]}`, async () => {
      const token = await states[at].provider.mint();
      if (call_ === 'none') {
        const right = await asks(server, NAMES[at], token);
        assert.ok(right.status === 200 || NAMES[at] === 'microsoft', right.text);
        return;
      }
      await assertUncalled(server, caught, () => asks(server, NAMES[at], token));
      assert.ok(states[at].asked, 'it was not even asked');
      assert.ok(states[at].sent < MOST, `it got rid of ${states[at].sent} bytes`);
    })));
    await tries(`passwords count beside ${round.map(({ what }) => what).join(', ')}`, () => entered(server, 'gateway', person.email));
    await server.stop();
  }), 2);
}, 'answers of providers');
