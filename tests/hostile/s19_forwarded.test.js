// S19. What a proxy says of whom it speaks for, from one that is trusted and from one that is not, at every
// route; what came of it is read from the log, the audit, the sessions, the limits, and the letters. In C:
// web/client_test.c and http/address_test.c.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { until } from '../lib/place.js';
import { isOpen, operations } from './lib/operations.js';
import { goodRequest, letterWith, newUser, PUBLIC_URL, sendable, stage } from './lib/stage.js';
import { statement } from './lib/statement.js';
import { query } from './lib/dump.js';
import { ask } from './lib/wire.js';

const TRUSTED = '127.0.0.7';
const STRANGER = '127.0.0.9';
const CLIENT = '203.0.113.9';
const PASSWORD = 'grey otter 41 lantern';

/** All that anybody has ever called it by. */
const SAID = {
  'X-Forwarded-For': CLIENT, Forwarded: `for=${CLIENT};proto=https;host=evil.example`, 'X-Real-IP': CLIENT, 'X-Client-IP': CLIENT, 'True-Client-IP': CLIENT,
  'CF-Connecting-IP': CLIENT, 'X-Cluster-Client-IP': CLIENT, 'Fastly-Client-IP': CLIENT, 'X-Originating-IP': CLIENT, 'X-Remote-Addr': CLIENT,
  'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Port': '6666', 'X-Forwarded-Server': 'evil.example',
  'X-Forwarded-Uri': '/livez', 'X-Forwarded-Method': 'GET', 'X-Forwarded-Prefix': '/evil', 'X-Original-URL': '/livez', 'X-Rewrite-URL': '/livez',
  'X-Original-Method': 'GET', 'X-HTTP-Method-Override': 'DELETE', 'X-Forwarded-User': 'root', 'X-Remote-User': 'root', 'X-User': 'root', 'X-User-Roles': 'SUPER_ADMIN',
};

/** The log line of a request that had this id. */
async function lineOf(place, id) {
  const found = () => place.server.logs().slice(-20_000).split('\n').slice(0, -1).find((text) => text.includes(`"id":"${id}"`));
  return JSON.parse(await until(found, { step: 2, what: `a line of ${id}` }));
}

let asked = 0;
/** Sends it with an id of its own: the answer, and whom the log has it from. */
async function sees(place, request, from) {
  const id = `hostile-${++asked}-request`;
  const answer = await ask(place.server, { ...request, headers: [...Object.entries(request.headers ?? {}), ['X-Request-Id', id]].filter(([, value]) => value !== undefined) }, { from });
  return { ...answer, peer: (await lineOf(place, id)).peer };
}

const forwarded = (...values) => ({ path: '/livez', lines: values.map((value) => ['X-Forwarded-For', value]) });

async function seesFor(place, { path, lines }, from) {
  const id = `hostile-${++asked}-request`;
  const answer = await ask(place.server, { path, headers: [...lines, ['X-Request-Id', id]] }, { from });
  return { ...answer, peer: (await lineOf(place, id)).peer };
}

/** What a trusted proxy may say, and who is meant: the nearest that is no proxy of ours. */
const READ = [
  [[CLIENT], CLIENT],
  [[`198.51.100.1, ${CLIENT}`], CLIENT],
  [['198.51.100.1', CLIENT], CLIENT],
  [[`${CLIENT}, ${TRUSTED}`], CLIENT],
  [[CLIENT, TRUSTED], CLIENT],
  [[`198.51.100.1, ${CLIENT}, ${TRUSTED}, ${TRUSTED}`], CLIENT],
  [[`not an address, ${CLIENT}`], CLIENT],
  [['not an address', `<script>, ${CLIENT}`], CLIENT],
  [[`\t${CLIENT} `.trim()], CLIENT],
  [['2001:db8::9'], '2001:db8::9'],
  [[TRUSTED], TRUSTED],
];

const UNREADABLE = ['', ' ', ',', `${CLIENT},`, `${CLIENT}, `, 'unknown', '_hidden', 'localhost', 'evil.example', '203.0.113', '203.0.113.256', '203.0.113.9.9', '0x7f.1',
  '017700000001', '2130706433', '203.0.113.09', '2001:db8::g', '2001:db8::1::2', ':::', '[2001:db8::9', '2001:db8::9]', 'fe80::1%eth0', `${CLIENT}/24`, `"${CLIENT}"`, `${CLIENT};${CLIENT}`,
  `${CLIENT} ${CLIENT}`, `for=${CLIENT}`, `${CLIENT}, unknown`, `198.51.100.1, ${CLIENT}:http`, '-1', '203.0.113.-9', '\u0662\u0660\u0663.0.113.9'.replace(/[^ -~]/g, (one) => Buffer.from(one).toString('latin1'))];

const SETTINGS = { 'http.trusted_proxies': TRUSTED };

statement('S19', async (tries) => {
  const place = await stage({ settings: SETTINGS });
  const all = operations();

  for (const operation of all) {
    await tries(`${operation.name}: from a stranger nothing of it counts`, async () => {
      const plain = await sees(place, sendable(await goodRequest(place, operation)), STRANGER);
      const request = sendable(await goodRequest(place, operation));
      const answer = await sees(place, { ...request, headers: { ...request.headers, ...SAID } }, STRANGER);
      assert.equal(answer.peer, STRANGER);
      assert.equal(answer.status, plain.status, answer.text);
      assert.ok(!/evil|203\.0\.113/.test(answer.head + answer.text), answer.text);
    });
    await tries(`${operation.name}: from a proxy the address counts, and nothing else`, async () => {
      const plain = await sees(place, sendable(await goodRequest(place, operation)), TRUSTED);
      const request = sendable(await goodRequest(place, operation));
      const answer = await sees(place, { ...request, headers: { ...request.headers, ...SAID } }, TRUSTED);
      assert.equal(answer.peer, CLIENT);
      assert.equal(answer.status, plain.status, answer.text);
      assert.ok(!/evil/.test(answer.head + answer.text), answer.text);
    });
    await tries(`${operation.name}: a proxy that cannot be read is refused`, async () => {
      const request = sendable(await goodRequest(place, operation));
      const answer = await sees(place, { ...request, headers: { ...request.headers, 'X-Forwarded-For': 'unknown' } }, TRUSTED);
      assert.deepEqual([answer.status, answer.peer], [400, TRUSTED]);
    });
    await tries(`${operation.name}: X-User-Id alone lets nobody in`, async () => {
      const statuses = [];
      for (const from of [STRANGER, TRUSTED]) {
        const { token: _, ...request } = sendable(await goodRequest(place, operation));
        statuses.push((await sees(place, { ...request, headers: { ...request.headers, 'X-User-Id': place.actors.super.id } }, from)).status);
      }
      const closed = !isOpen(operation);
      assert.deepEqual(statuses.map((status) => status === 401), [closed, closed], `${statuses}`);
    });
  }
  for (const [values, whom] of READ) {
    await tries(`${JSON.stringify(values)} is ${whom} from a proxy`, async () => assert.equal((await seesFor(place, forwarded(...values), TRUSTED)).peer, whom));
    await tries(`${JSON.stringify(values)} is the peer from a stranger`, async () => assert.equal((await seesFor(place, forwarded(...values), STRANGER)).peer, STRANGER));
  }
  for (const value of UNREADABLE) {
    await tries(`${JSON.stringify(value)} is refused from a proxy`, async () => assert.equal((await seesFor(place, forwarded(value), TRUSTED)).status, 400));
    await tries(`${JSON.stringify(value)} behind a good line is refused from a proxy`, async () => assert.equal((await seesFor(place, forwarded(CLIENT, value), TRUSTED)).status, 400));
    await tries(`${JSON.stringify(value)} is not looked at from a stranger`, async () => assert.equal((await seesFor(place, forwarded(value), STRANGER)).status, 200));
  }

  const key = place.actors.service.key;
  await tries('a service key speaks for a user from a proxy alone', async () => {
    const user = await newUser(place);
    const headers = { 'x-service-key': key, 'X-User-Id': user.id };
    const mine = await sees(place, { path: '/users/me', headers: { ...headers, 'X-Forwarded-For': CLIENT } }, TRUSTED);
    assert.deepEqual([mine.status, mine.json.id], [200, user.id]);
    assert.equal((await sees(place, { path: '/users/me', headers }, STRANGER)).status, 401);
  });
  await tries('the session and the audit name the client', async () => {
    const { email } = await newUser(place);
    for (const [from, whom] of [[TRUSTED, CLIENT], [STRANGER, STRANGER]]) {
      const login = await ask(place.server, { method: 'POST', path: '/id/api/auth/login', json: { email, password: PASSWORD }, headers: SAID }, { from });
      const list = await call(place.server, 'GET', '/id/api/sessions', { token: login.json.data.accessToken });
      assert.equal(list.json.data.items.find(({ current }) => current).ipAddress, whom);
      assert.equal(query(place.server, `SELECT source FROM events WHERE actor = '${login.json.data.user.id}' ORDER BY sequence DESC LIMIT 1`).trim(), whom);
    }
  });
  await tries('letters lead to the configured address', async () => {
    const { email } = await newUser(place);
    await ask(place.server, { method: 'POST', path: '/auth/forgot-password', json: { email }, headers: SAID }, { from: TRUSTED });
    const { text } = await letterWith(place, email, '/reset-password');
    assert.ok(text.includes(`${PUBLIC_URL}/reset-password?token=`) && !text.includes('evil'));
  });
  await place.server.stop();
});

// Failed logins of one network are counted: whoever could choose their address would never be stopped.
statement('S19', async (tries) => {
  const place = await stage({ settings: { ...SETTINGS, 'login.network_minute': '3' } });
  const fails = async (headers, from) =>
    (await ask(place.server, { method: 'POST', path: '/auth/login', json: { email: 'root', password: 'wrong enough' }, headers }, { from })).status;
  const statuses = async (of, from) => {
    const all = [];
    for (let at = 0; at < 6; at++) {
      all.push(await fails(of(at), from));
    }
    return all;
  };
  await tries('a stranger with a new address each time is one network', async () => {
    const of = (at) => Object.fromEntries(Object.entries(SAID).map(([name, value]) => [name, value.replace(CLIENT, `198.51.100.${at}`)]));
    assert.deepEqual(await statuses(of, STRANGER), [401, 401, 401, 429, 429, 429]);
  });
  await tries('a client who writes addresses in front of what the proxy adds is one network', async () => {
    assert.deepEqual(await statuses((at) => ({ 'X-Forwarded-For': `198.51.100.${at}, ${CLIENT}` }), TRUSTED), [401, 401, 401, 429, 429, 429]);
  });
  await tries('IPv6 addresses of one /64 are one network', async () => {
    assert.deepEqual(await statuses((at) => ({ 'X-Forwarded-For': `2001:db8:0:1::${at + 1}` }), TRUSTED), [401, 401, 401, 429, 429, 429]);
  });
  await tries('clients of a proxy are told apart', async () => {
    assert.deepEqual(await statuses((at) => ({ 'X-Forwarded-For': `192.0.2.${at}` }), TRUSTED), Array(6).fill(401));
  });
}, 'what is counted by address');

statement('S19', async (tries) => {
  const place = await stage();
  await tries('by default nobody is trusted, not even this machine', async () => {
    for (const from of ['127.0.0.1', TRUSTED]) {
      const { peer } = await sees(place, { path: '/livez', headers: SAID }, from);
      assert.equal(peer, from);
    }
  });
}, 'the default');
