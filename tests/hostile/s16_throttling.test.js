// S16. Throttling under many: addresses, names and letters by the ten thousand leave the process its memory and the store a fixed
// number of rows, and refuse nobody else; and of whatever strangers do to an account its owner's device knows nothing, at any
// face, while without one it is as long as the pages say and no longer. In C: domain/limit_test.c, domain/attempt_test.c.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { call, raw } from '../lib/client.js';
import { assertGrewLess, memoryOf } from '../lib/memory.js';
import { pause, until } from '../lib/place.js';
import { startSignet } from '../lib/signet.js';
import { LONG, statement, together } from './lib/statement.js';
import { query } from './lib/store.js';
import { entered, FACES, logIn, newUser, noNodes, PASSWORD, resetLink, startNodes, startWorld, tokenOf } from './lib/world.js';

const WRONG = 'a wrong password';
const FLOOD = LONG ? 250_000 : 72_000; // more than the 65,536 places that there are
const WARM = 12_000;
const MOST = 65_536; // rows of a kind, of docs/security.md
const PIPE = 250;
const proxied = { 'http.trusted_proxies': '127.0.0.1' };
const from = (address) => ({ 'X-Forwarded-For': address });

const count = (server, table) => Number(query(server.data, `SELECT count(*) FROM ${table}`));

/** An address for each number, of three families in turn; no two of one network. */
function address(at) {
  const [high, low] = [Math.floor(at / 250) % 250, at % 250];
  return [`${20 + Math.floor(at / 62_500)}.${high}.${low}.7`, `2001:db8:${at.toString(16).padStart(5, '0').slice(0, -4) || 0}:${(at % 65_536).toString(16)}::7`, `::ffff:${60 + Math.floor(at / 62_500)}.${high}.${low}.9`][at % 3];
}

const linkOf = (at, extra = '') => `GET /activate?token=${'a'.repeat(64)} HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${address(at)}\r\n${extra}\r\n`;
const tryLink = (server, peer) => call(server, 'GET', `/activate?token=${'a'.repeat(64)}`, { headers: from(peer) });

/** Each of these numbers tries a link that is none, from an address of its own: how often which status came. */
async function flood(server, first, end) {
  const seen = new Map();
  const starts = Array.from({ length: Math.ceil((end - first) / PIPE) }, (_, i) => first + i * PIPE);
  await together(starts.map((start) => async () => {
    const requests = Array.from({ length: PIPE }, (_, i) => linkOf(start + i, i === PIPE - 1 ? 'Connection: close\r\n' : ''));
    const { bytes } = await raw(server.port, requests.join(''), { patience: 20_000 });
    for (const [, status] of bytes.toString('latin1').matchAll(/^HTTP\/1\.1 (\d{3}) /gm)) {
      seen.set(status, (seen.get(status) ?? 0) + 1);
    }
  }), 8);
  return Object.fromEntries(seen);
}

statement('S16', async (tries) => {
  const server = await startWorld({ mail: false, settings: { ...proxied, 'links.network_minute': '20', 'log.level': 'error' } });
  const early = await flood(server, 0, WARM);
  const before = memoryOf(server);
  const late = await flood(server, WARM, FLOOD);
  await tries(`${FLOOD} addresses, of which none is refused because of the others`, () => assert.deepEqual([early, late], [{ 400: WARM }, { 400: FLOOD - WARM }]));
  await tries('and the process has no more memory than before', () => assertGrewLess(server, before, 8_192));
  for (const peer of ['198.51.100.1', '2001:db8:ffff:1::1', '::ffff:198.51.100.2']) {
    await tries(`${peer} has its own measure still`, async () => {
      const statuses = [];
      for (let i = 0; i < 21; i++) {
        statuses.push((await tryLink(server, peer)).status);
      }
      assert.deepEqual(statuses, [...Array(20).fill(400), 429]);
    });
  }
  await tries('who is refused is told for how long, which is no longer than a minute', async () => {
    const { status, headers } = await tryLink(server, '198.51.100.1');
    assert.equal(status, 429);
    assert.ok(Number(headers['retry-after']) >= 1 && Number(headers['retry-after']) <= 60, headers['retry-after']);
  });
  const spellings = { '2001:db8:ffff:1:ffff::2': 429, '2001:DB8:FFFF:1:0:0:0:1': 429, '198.51.100.2': 429, '2001:db8:ffff:2::1': 400, '198.51.100.3': 400 };
  for (const [peer, status] of Object.entries(spellings)) {
    await tries(`${peer} afterwards`, async () => assert.equal((await tryLink(server, peer)).status, status));
  }
  await server.stop();
}, 'addresses');

const ROWS = 1_500; // beyond those that stay
const fill = (data, text) => execFileSync('sqlite3', [join(data, 'signet.db'), '-cmd', '.timeout 5000', text]);
const numbers = (from1, to) => `WITH RECURSIVE n(i) AS (SELECT ${from1} UNION ALL SELECT i + 1 FROM n WHERE i < ${to})`;

statement('S16', async (tries) => {
  const first = await startWorld({ settings: { 'login.free_failures': '90', 'login.most_failures': '8' } });
  const { username } = await newUser(first);
  await tries('a name that no account has is one row, however it is spelt', async () => {
    const had = count(first, 'attempts');
    for (const [at, name] of ['nobody', 'NOBODY', 'Nobody', 'nobody'].entries()) {
      await logIn(first, FACES[at], name, WRONG);
    }
    assert.equal(count(first, 'attempts'), had + 1);
  });
  await tries('and no name stands there, however long', async () => {
    await together(Array.from({ length: LONG ? 2_000 : 200 }, (_, i) => () => logIn(first, FACES[i % 5], `stranger${i}${'x'.repeat(i % 200)}`, WRONG)));
    assert.equal(query(first.data, "SELECT count(*) FROM attempts WHERE typeof(subject) <> 'blob' OR length(subject) <> 32").trim(), '0');
  });
  for (let i = 0; i < 8; i++) {
    await logIn(first, 'edge', username, WRONG);
  }
  await first.stop();
  const now = Date.now();
  fill(first.data, `${numbers(1, MOST + ROWS)} INSERT INTO attempts SELECT randomblob(32), 3, ${now - 3_600_000} - i FROM n;
    ${numbers(1, MOST + ROWS)} INSERT INTO asked SELECT printf('01a1feec-0000-7000-8000-%012x', i), randomblob(32), 1, NULL, '/x', ${now - 600_000} - i FROM n;`);
  const server = Object.assign(await startSignet({ mode: 'serve', dataDir: first.data, settings: first.settings }), { data: first.data, smtp: first.smtp });
  for (const table of ['attempts', 'asked']) {
    await tries(`of ${MOST + ROWS} rows of ${table} those stay that are the latest`, async () => {
      await until(() => count(server, table) <= MOST, { limit: 90_000, step: 250, what: () => `${count(server, table)} rows to be ${MOST}` });
      assert.ok(count(server, table) > MOST - 100, `${count(server, table)} stay`);
    });
  }
  await tries('whom only a new password helps it helps still', async () => assert.notEqual((await logIn(server, 'edge', username)).status, 200));
  await server.stop();
}, 'rows');

const REFUSED = [400, 401];
let addresses = 0;
const newAddress = () => `198.51.100.${++addresses}`;
/** What strangers do until nobody without a known device is looked at: by the delay, or by the number after which a new password helps. */
const LOCKS = {
  'until it is delayed': { settings: { 'login.free_failures': '5' }, failures: 14 },
  'until only a new password helps': { settings: { 'login.free_failures': '90', 'login.most_failures': '12' }, failures: 14, forGood: true },
};

async function strangers(server, person, failures) {
  await together(Array.from({ length: failures }, (_, i) => () => logIn(server, FACES[i % 5], i % 2 ? person.email : person.username, WRONG, { headers: from(address(i)) })), 1);
}

async function triesLock(tries, nodes, what, { failures, forGood }) {
  const here = nodes.at(-1);
  for (const known of FACES) {
    const person = await newUser(nodes[0]);
    const owner = { headers: from(newAddress()) };
    const token = await tokenOf(nodes[0], 'gateway', person.username);
    const [line] = (await entered(nodes[0], known, person.username)).headers['set-cookie'];
    const device = { headers: { ...owner.headers, Cookie: line.split(';')[0] } };
    await strangers(nodes[0], person, failures);
    await tries(`${what}: without a device the right password is refused at every face`, async () => {
      const statuses = await Promise.all(FACES.map(async (face) => (await logIn(here, face, person.email, PASSWORD, owner)).status));
      assert.ok(statuses.every((status) => REFUSED.includes(status)), `${statuses}`);
    });
    for (const face of FACES) {
      await tries(`${what}: a device that ${known} knows is let in at ${face}`, async () => assert.equal((await logIn(here, face, person.email, PASSWORD, device)).status, 200));
    }
    await tries(`${what}: and changes its password`, async () => {
      const json = { oldPassword: PASSWORD, newPassword: `${PASSWORD}!` };
      const answer = await call(here, 'PUT', `/users/${person.id}/change-password`, { token, json, headers: device.headers });
      assert.equal(answer.status, 200, answer.text);
    });
    await tries(`${what}: and with that everybody begins anew`, async () => entered(here, known, person.email, `${PASSWORD}!`));
  }
  await tries(`${what}: its owner comes back without a device, ${forGood ? 'by a letter' : 'by waiting'}`, async () => {
    const person = await newUser(nodes[0]);
    await strangers(nodes[0], person, forGood ? failures : 5);
    if (forGood) {
      const token = await resetLink(nodes[0], person.email);
      assert.equal((await call(nodes[0], 'POST', '/auth/reset-password', { json: { token, password: `${PASSWORD}!` } })).status, 200);
    } else {
      await pause(1_100); // the first delay is a second
    }
    await entered(here, 'fitnexa', person.email, forGood ? `${PASSWORD}!` : PASSWORD);
  });
  await tries(`${what}: whoever kept the cookie of a device is a stranger after a new password`, async () => {
    const person = await newUser(nodes[0]);
    const [line] = (await entered(nodes[0], 'edge', person.username)).headers['set-cookie'];
    const device = { headers: { ...from(newAddress()), Cookie: line.split(';')[0] } };
    const token = await resetLink(nodes[0], person.email);
    assert.equal((await call(nodes[0], 'POST', '/auth/reset-password', { json: { token, password: `${PASSWORD}!` } })).status, 200);
    await strangers(nodes[0], person, failures);
    const statuses = await Promise.all(FACES.map(async (face) => (await logIn(here, face, person.email, `${PASSWORD}!`, device)).status));
    assert.ok(statuses.every((status) => REFUSED.includes(status)), `${statuses}`);
  });
  await tries(`${what}: what a device does wrong delays itself, and nobody else`, async () => {
    const person = await newUser(nodes[0]);
    const [line] = (await entered(nodes[0], 'edge', person.username)).headers['set-cookie'];
    const device = { headers: { ...from(newAddress()), Cookie: line.split(';')[0] } };
    for (let i = 0; i < failures; i++) {
      await logIn(nodes[0], FACES[i % 5], person.email, WRONG, device);
    }
    assert.ok(REFUSED.includes((await logIn(here, 'edge', person.email, PASSWORD, device)).status));
    await entered(here, 'edge', person.email);
  });
}

for (const [what, lock] of Object.entries(LOCKS)) {
  const settings = { ...proxied, 'login.network_minute': '20', ...lock.settings };
  statement('S16', async (tries) => {
    const server = await startWorld({ settings });
    await triesLock(tries, [server], what, lock);
    await server.stop();
  }, what);
  if (!noNodes && LONG) {
    statement('S16', async (tries) => {
      const server = await startNodes({ settings });
      await triesLock(tries, [server, server.other], what, lock);
      await server.other.stop();
      await server.stop();
    }, `${what}, two nodes`);
  }
}
