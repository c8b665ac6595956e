// S32. A second request, hidden in one whose end can be read in two ways, through real proxies and straight: it is never carried out, and
// whoever comes next on that connection has an answer of their own. What is answered how: tests/http/odd_requests.test.js.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { answersIn, call, raw } from '../lib/client.js';
import { startNaive, startProxies } from './lib/proxies.js';
import { corpus } from './lib/smuggling.js';
import { LONG, statement } from './lib/statement.js';
import { query } from './lib/store.js';
import { newUser, PASSWORD, startWorld, tokenOf } from './lib/world.js';

const CLOSED = '/users/createUser'; // which no proxy lets anybody come to, and which needs no rights: what was done there was smuggled
const PATIENCE = LONG ? 500 : 60;
const INNOCENT_TRIES = 3; // a proxy may say once that the connection that it kept is gone

const settings = { 'log.requests': 'all' };

/** What is hidden: it makes an account that is named like the try, and its number would be in the log even if it were refused. */
function hiddenAs(mark) {
  const body = JSON.stringify({ username: mark, email: `${mark}@example.com`, password: PASSWORD, status: 1 });
  return `POST ${CLOSED} HTTP/1.1\r\nHost: a.example\r\nX-Request-Id: smuggled-${mark}-\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** Two people who ask who they are; the answer to one is never the other's. */
async function innocents(server) {
  return Promise.all([0, 1].map(async () => {
    const person = await newUser(server);
    return { ...person, token: await tokenOf(server, 'directory', person.email) };
  }));
}

async function assertOwnAnswer(door, { token, id }) {
  for (let left = INNOCENT_TRIES; left > 0; left--) {
    const { status, json, text } = await call(door, 'GET', '/users/my-info', { token, plain: true });
    if (status < 500 || left === 1) {
      assert.equal(status, 200, text);
      assert.equal(json.result.id, id);
      return;
    }
  }
}

/** What Signet has seen of the hidden ones: those whose numbers are in its log, and those that were carried out. */
function smuggled(server) {
  const named = [...server.logs().matchAll(/smuggled-(\w+)-/g)].map(([, mark]) => mark);
  const made = query(server.data, "SELECT username FROM users WHERE username LIKE 'mark%'").split('\n').filter(Boolean);
  return new Set([...named, ...made]);
}

/** The other ends of the connections that are open at a port. */
function connectionsAt(port) {
  const at = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n').map((row) => row.trim().split(/\s+/));
  return rows.filter(([, local, , state]) => local?.endsWith(at) && state === '01').map(([, , remote]) => remote).sort();
}

/** Attacks through one door, one after another, each with somebody who comes behind it: [{what, mark, error}, …]. */
async function attackDoor(door, people, at) {
  const done = [];
  for (const { what, bytes } of corpus()) {
    const mark = `mark${at}x${done.length}`;
    const attempt = { what: `${door.name}: ${what}`, mark };
    await raw(door.port, bytes(hiddenAs(mark)), { patience: PATIENCE });
    try {
      await assertOwnAnswer(door, people[done.length % 2]);
    } catch (error) {
      attempt.error = error;
    }
    done.push(attempt);
  }
  return done;
}

statement('S32', async (tries, t) => {
  const server = await startWorld({ mail: false, settings });
  const people = await innocents(server);
  const doors = await startProxies(server.port, CLOSED);
  for (const door of doors) {
    await tries(`${door.name}: nobody comes to the closed path by asking for it`, async () => {
      const { status } = await call(door, 'POST', CLOSED, { json: { username: 'asked' }, plain: true });
      assert.equal(status, 403);
    });
    await tries(`${door.name}: all who ask share a connection`, async () => {
      await assertOwnAnswer(door, people[0]);
      const before = connectionsAt(server.port);
      assert.ok(before.length > 0);
      for (let asked = 0; asked < 10; asked++) {
        await assertOwnAnswer(door, people[asked % 2]);
      }
      assert.deepEqual(connectionsAt(server.port), before);
    });
  }
  const done = (await Promise.all(doors.map((door, at) => attackDoor(door, people, at)))).flat();
  const seen = smuggled(server);
  for (const { what, mark, error } of done) {
    await tries(what, () => {
      assert.ok(!seen.has(mark), 'the hidden request was read as one');
      assert.ifError(error);
    });
  }
  const log = server.logs();
  t.diagnostic(doors.map(({ name }) => `${[...log.matchAll(new RegExp(`by-${name}-[0-9a-f]`, 'g'))].length} by ${name}`).join(', '));
}, 'smuggling, through proxies');

statement('S32', async (tries) => {
  const server = await startWorld({ mail: false, settings });
  const people = await innocents(server);
  const cases = corpus().filter(({ direct }) => direct);
  const done = [];
  for (const [at, { what, bytes }] of cases.entries()) {
    const { token, id } = people[at % 2];
    const next = `GET /users/my-info HTTP/1.1\r\nHost: a.example\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`;
    const request = bytes(hiddenAs(`markx${at}`));
    for (const [how, sent] of Object.entries({ 'in one piece': request + next, ...(LONG && { 'in many': [...request.slice(0, 2_000)].flatMap((byte) => [byte, 0]).concat(request.slice(2_000) + next) }) })) {
      const { bytes: got } = await raw(server.port, sent, { patience: PATIENCE });
      done.push({ what: `${what}, ${how}`, mark: `markx${at}`, head: request.startsWith('HEAD'), got, id });
    }
  }
  const seen = smuggled(server);
  for (const { what, mark, head, got, id } of done) {
    await tries(what, () => {
      assert.ok(!seen.has(mark), 'the hidden request was read as one');
      const text = got.toString('latin1').replace(/HTTP\/1\.1 100 Continue\r\n\r\n/g, '');
      const answers = head ? [] : answersIn(Buffer.from(text, 'latin1'));
      assert.ok(head || answers.length <= 2, `${answers.length} answers`);
      assert.ok(answers[1] === undefined || answers[1].json.result.id === id, answers[1]?.text);
    });
  }
}, 'smuggling, straight');

// So that all of the above could fail: behind what knows no framing the same eyes see it all.
statement('S32', async (tries) => {
  const server = await startWorld({ mail: false, settings });
  const [one, other] = await innocents(server);
  const door = await startNaive(server.port);
  await assertOwnAnswer(door, one);
  await raw(door.port, `GET /livez HTTP/1.1\r\nHost: a.example\r\n\r\n${hiddenAs('markseen')}`, { patience: 500 });
  await tries('whoever comes next has the answer of another', () => assert.rejects(assertOwnAnswer(door, other)));
  await tries('the hidden request is in the log, and was carried out', () => {
    assert.ok(server.logs().includes('smuggled-markseen-'));
    assert.match(query(server.data, "SELECT username FROM users WHERE username LIKE 'mark%'"), /^markseen$/m);
    assert.deepEqual([...smuggled(server)], ['markseen']);
  });
}, 'smuggling, where it would be seen');
