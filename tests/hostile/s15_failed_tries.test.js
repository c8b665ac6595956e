// Wrong passwords for one account, by every name it has, at every face, one after another and many at once, at one node and at two. How many
// were looked at is in the audit log: a login that was is a login.failed, and one that was not is a login.delayed.
// Which delay follows on how many is held in src/domain/attempt_test.c.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { pause, until } from '../lib/place.js';
import { LONG, statement } from './lib/statement.js';
import { query } from './lib/store.js';
import { entered, FACES, logIn, newUser, noNodes, PASSWORD, resetLink, startNodes, startWorld, tokenOf } from './lib/world.js';

const WRONG = 'a wrong password';
const MOST = 20; // more than are free and under way at two nodes when the first one is counted
const FLOOD = LONG ? 60_000 : 3_000; // after the last one that may be looked at; until then each has to wait for a second
const WORKERS = 4;
const CHOSEN = 'eleven purple herons';

const namesOf = ({ username, email }) => [username, email, username.toUpperCase(), email.toUpperCase(), `${email.split('@')[0]}@EXAMPLE.com`];

/** How many events of a kind there are about somebody. */
async function events(server, verb, { id }) {
  const text = `SELECT count(*) FROM events WHERE verb = '${verb}' AND subject = '${id}'`;
  return Number(server.sql ? await server.sql(text) : query(server.data, text));
}

const lookedAt = (server, person) => events(server, 'login.failed', person);

/** Ways to be wrong about somebody's password: (node) => answer. */
function wrongWays(person, token) {
  return [
    ...FACES.flatMap((face) => namesOf(person).map((name) => (node) => logIn(node, face, name, WRONG))),
    (node) => call(node, 'PUT', `/users/${person.id}/change-password`, { token, json: { oldPassword: WRONG, newPassword: CHOSEN } }),
    (node) => call(node, 'PUT', '/api/v1/admin/password', { token, json: { username: person.username, current_password: WRONG, new_password: CHOSEN } }),
  ];
}

const statuses = async (node, person) => Promise.all(FACES.map(async (face) => (await logIn(node, face, person.email)).status));
const REFUSED = FACES.map((face) => (face === 'corporate' ? 400 : 401));

/** After as many failures as are free no way in is looked at, whichever way they were made. */
async function triesOnePlace(tries, server, nodes) {
  for (let first = 0; first < wrongWays({ username: '', email: '' }, '').length; first += 3) {
    await tries(`five by turns, from way ${first} on`, async () => {
      const person = await newUser(server, { role: 'ADMIN' });
      const token = await tokenOf(server, 'gateway', person.username);
      const ways = wrongWays(person, token);
      for (let i = 0; i < 5; i++) {
        const { status } = await ways[(first + i) % ways.length](nodes[i % nodes.length]);
        assert.ok([400, 401].includes(status), `${status}`);
      }
      assert.deepEqual(await statuses(nodes.at(-1), person), REFUSED);
      assert.deepEqual(await statuses(nodes[0], person), REFUSED);
      const own = await call(nodes[0], 'PUT', `/users/${person.id}/change-password`, { token, json: { oldPassword: PASSWORD, newPassword: CHOSEN } });
      assert.ok(own.status >= 400, 'nor is the current password of a change');
    });
  }
  await tries('four, and the right one, begin a new count', async () => {
    const person = await newUser(server);
    for (let i = 0; i < 12; i++) {
      await (i % 4 === 3 ? entered(nodes[i % nodes.length], FACES[i % 5], person.email) : logIn(nodes[i % nodes.length], FACES[i % 5], person.email, WRONG));
    }
  });
  await tries('those of one are none of another', async () => {
    const [one, other] = [await newUser(server), await newUser(server)];
    for (let i = 0; i < 7; i++) {
      await logIn(server, FACES[i % 5], one.email, WRONG);
    }
    await entered(server, 'edge', other.email);
  });
}

const settings = (more) => ({ 'login.free_failures': '5', 'lanes.hash_workers': `${WORKERS}`, ...more });

/** However many come, and however many at once, no more are looked at than may be; then only a new password helps. */
async function triesMost(tries, server, nodes) {
  const person = await newUser(server);
  const ways = wrongWays(person).slice(0, -2); // those with a login in the audit log
  await tries('many at once, again and again', async () => {
    const flood = () => Promise.all(Array.from({ length: 16 }, (_, i) => ways[i % ways.length](nodes[i % nodes.length])));
    await until(async () => {
      await flood();
      return await lookedAt(server, person) >= MOST;
    }, { limit: 120_000, step: 250, what: 'as many as may be looked at' });
    for (const end = Date.now() + FLOOD; Date.now() < end; await pause(250)) {
      await flood();
    }
    assert.equal(await lookedAt(server, person), MOST);
    assert.deepEqual(await statuses(nodes.at(-1), person), REFUSED);
  });
  await tries('a new password helps', async () => {
    const token = await resetLink(server, person.email);
    assert.equal((await call(server, 'POST', '/auth/reset-password', { json: { token, password: CHOSEN } })).status, 200);
    await entered(nodes.at(-1), 'gateway', person.email, CHOSEN);
  });
}

/** Of many at once those that are free are looked at, and one for each delay that has passed. */
async function triesDelays(tries, server, nodes) {
  const person = await newUser(server);
  const began = Date.now();
  await tries('many at once, while failures are delayed', async () => {
    const ways = FACES.map((face) => (node) => logIn(node, face, person.email, WRONG));
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => ways[i % 5](nodes[i % nodes.length])));
    const answered = answers.filter(({ status }) => status !== 503).length; // the others were too many to be waited for
    const seconds = Math.ceil((Date.now() - began) / 1000);
    const many = await lookedAt(server, person);
    const atOnce = 1.5 * WORKERS * nodes.length; // under way before the first one was counted: three for two hashes
    assert.ok(many <= 5 + atOnce - 1 + seconds, `${many} were looked at in ${seconds} s`);
    assert.equal(many + (await events(server, 'login.delayed', person)), answered, 'each of them is in the audit log');
  });
}

async function startBoth(start, more) {
  const server = await start({ settings: settings(more) });
  return [server, server.other ? [server, server.other] : [server]];
}

async function triesAll(tries, start) {
  const [strict, strictNodes] = await startBoth(start, { 'login.most_failures': '5' }); // so that no delay is over while a slow machine looks
  await triesOnePlace(tries, strict, strictNodes);
  await Promise.all(strictNodes.map((node) => node.stop()));
  const [many, manyNodes] = await startBoth(start, { 'login.most_failures': `${MOST}`, 'login.most_delay': '1s' });
  await triesDelays(tries, many, manyNodes);
  await triesMost(tries, many, manyNodes);
  await Promise.all(manyNodes.map((node) => node.stop()));
}

statement('S15', (tries) => triesAll(tries, startWorld), 'one node');

if (!noNodes) {
  statement('S15', (tries) => triesAll(tries, startNodes), 'two nodes');
}
