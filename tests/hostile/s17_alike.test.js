// Nobody who knows no password finds out who has an account, nor in what state it is: not by what is answered, and not by the clock.
// The short form compares answers byte for byte, and sees a hash that is left out. `make hostile` takes thousands of times, by
// turns, alone and eight at once, and asks for every pair whether they are of one lot (lib/statistics.js).
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { sql } from '../lib/gateway_face.js';
import { pause } from '../lib/place.js';
import { cli } from '../lib/signet.js';
import { leastSeen, mannWhitney, median } from '../lib/statistics.js';
import { Line } from './lib/line.js';
import { LONG, statement } from './lib/statement.js';
import { FACES, LOGINS, newName, newUser, PASSWORD, startWorld, waiting } from './lib/world.js';

const EACH = LONG ? 8 : 1; // people in each state
const MOST_FAILURES = LONG ? 60 : 12; // then an account is locked until it has a new password
const FORGOTTEN = 12; // rounds, after which all failures are, but of who is locked: below half of the most, from where they are counted first
const ROUNDS = Number(process.env.S17_ROUNDS ?? 2_000);
const CALLERS = 8;
const ALPHA = 0.01; // of all pairs together
// The smallest difference that counts: of two times that are compared, the known one is the larger in 57 of 100 pairs. What is known
// has a row of its own to be read: on a machine that does nothing else that is 6 µs of 280 at a code and 15 of 2,250 at a login of the
// cheapest hash, an effect of up to 0.12. Whoever sits beside the server and takes all the tries that there are guesses right in 6 of 10
// with the 5 of a code, and in 8 of 10 with the 90 of an account, which is locked by then. To read a row of somebody else instead would
// take a statement more, and a way to PostgreSQL and back is a hundred times as long.
const NOTHING = 0.15;
const WRONG = 'not the password';
const SETTINGS = { 'login.free_failures': `${MOST_FAILURES}`, 'login.most_failures': `${MOST_FAILURES}`, 'links.per_address': '0' };

const any = (list) => list[Math.floor(Math.random() * list.length)];
const times = (count, make) => Promise.all(Array.from({ length: count }, make));

async function command(server, ...args) {
  const { code, stderr } = await cli([...args, '--data', server.data]);
  assert.equal(code, 0, stderr);
}

async function lock(server, name) {
  for (let i = 0; i <= MOST_FAILURES; i++) {
    await put(server, QUESTIONS['a login at directory'](name, WRONG));
  }
  return name;
}

/** A state: the names that are in it; the `password` that is tried; and which state of nobody it has to be `like`. */
const state = (names, { password = WRONG, like = 'unknown' } = {}) => ({ name: () => any(names), password, like });

/** People in every state, and names of nobody: {state: …}. Whoever tries often locks a name that is nobody's, too. */
async function people(server) {
  const emails = async () => (await times(EACH, () => newUser(server))).map(({ email }) => email);
  const [known, disabled, deleted, locked] = [await emails(), await emails(), await emails(), await emails()];
  const stranger = () => `${newName('stranger')}@example.com`.padEnd(known[0].length, 'x');
  const lockedStrangers = Array.from({ length: EACH }, stranger);
  for (const [email, verb] of [...disabled.map((email) => [email, 'disable']), ...deleted.map((email) => [email, 'delete'])]) {
    await command(server, 'user', verb, email.split('@')[0]);
  }
  for (const name of [...locked, ...lockedStrangers]) {
    await lock(server, name);
  }
  const pending = (await times(EACH, () => waiting(server))).map(({ email }) => email);
  await pause(300); // what the command line did is known by then
  return {
    unknown: state(Array.from({ length: EACH }, stranger)),
    'unknown and locked': state(lockedStrangers),
    known: state(known),
    disabled: state(disabled),
    pending: state(pending),
    deleted: state(deleted),
    'deleted, with the right password': state(deleted, { password: PASSWORD }),
    locked: state(locked, { like: 'unknown and locked' }),
    'locked, with the right password': state(locked, { password: PASSWORD, like: 'unknown and locked' }),
  };
}

const LONG_PASSWORD = 'x'.repeat(3_000);

/** What asks about an account without a password that counts, by name: (name, password) → {path, json}. */
const QUESTIONS = {
  ...Object.fromEntries(FACES.map((face) => [`a login at ${face}`, (name, password) => ({ path: LOGINS[face].path, json: LOGINS[face].json(name, password) })])),
  ...Object.fromEntries(FACES.map((face) => [`a login at ${face} with a password that is too long`, (name) => ({ path: LOGINS[face].path, json: LOGINS[face].json(name, LONG_PASSWORD) })])),
  'a magic link': (email) => ({ path: '/id/api/auth/magic-link', json: { email } }),
  'a code': (email) => ({ path: '/id/api/auth/verify-magic-link', json: { email, code: '00000000' } }),
  'a verification': (email) => ({ path: '/api/v1/auth/send-verification-email', json: { email } }),
  'a new password': (email) => ({ path: '/auth/forgot-password', json: { email } }),
};
const put = (server, { path, json }) => call(server, 'POST', path, { json });

/** An answer as bytes, but for what no two answers share, and for the name, which the asker knows. */
function bytesOf({ status, headers, text }, name) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`.replaceAll(/[0-9a-f]{64,}/g, '(random)'));
  const echoed = text.includes(name);
  const shown = lines.filter((line) => !/^(date|x-request-id):/.test(line) && !(echoed && line.startsWith('content-length:')));
  const said = text.replace(/"(requestId|timestamp)":"[^"]*"/g, '"$1"').replace(headers['x-request-id'], '').replaceAll(name, '(name)');
  return [status, ...shown, said].join('\n');
}

statement('S17', async (tries) => {
  const server = await startWorld({ settings: SETTINGS });
  const states = await people(server);
  for (const [what, question] of Object.entries(QUESTIONS)) {
    const stranger = states.unknown.name();
    const wanted = bytesOf(await put(server, question(stranger, WRONG)), stranger);
    for (const [which, { name: choose, password }] of Object.entries(states)) {
      const name = choose();
      await tries(`${what}, ${which}`, async () => assert.equal(bytesOf(await put(server, question(name, password)), name), wanted));
    }
  }
  for (const face of FACES) {
    const long = 'x'.repeat(5_000);
    const logIn = (name) => put(server, QUESTIONS[`a login at ${face}`](name, WRONG));
    const wanted = bytesOf(await logIn(`${long}@example.com`), long);
    await tries(`a login at ${face} with a name without end`, async () => assert.equal(bytesOf(await logIn(`${long}y@example.co`), long), wanted));
  }
}, 'by what is answered');

/** A login with a name that nobody has takes a hash, like one with a name that somebody has, at the cost of the defaults. */
statement('S17', async (tries) => {
  const server = await startWorld({ mail: false, settings: { ...SETTINGS, 'password.memory': '19456', 'password.passes': '2' } });
  const states = await people(server);
  const line = new Line(server.port);
  for (const face of FACES) {
    await tries(`a login at ${face}`, async () => {
      const least = {};
      const hurried = () => Object.keys(least).filter((which) => least[which] < 0.4 * least.known);
      for (let round = 0; round < 2 || (round < 40 && hurried().length > 0); round++) { // a machine that is busy needs more of them
        for (const [which, { name, password }] of Object.entries(states)) {
          least[which] = Math.min(least[which] ?? Infinity, (await line.ask(QUESTIONS[`a login at ${face}`](name(), password))).milliseconds);
        }
      }
      assert.deepEqual(hurried(), [], JSON.stringify(least));
    });
  }
  line.end();
}, 'by whether there is a hash');

/** Times of all states by turns, in an order that changes: {state: milliseconds}. `forget` is called now and then. */
async function measure(server, question, states, rounds, forget) {
  const line = new Line(server.port);
  const taken = Object.fromEntries(Object.keys(states).map((which) => [which, []]));
  for (let round = -5; round < rounds; round++) {
    if (round % FORGOTTEN === 0) {
      await forget();
    }
    for (const [which, { name, password }] of Object.entries(states).sort(() => Math.random() - 0.5)) {
      const { status, milliseconds } = await line.ask(question(name(), password));
      assert.ok(status < 500 || status === 503, `${which}: ${status}`);
      if (round >= 0 && status !== 503) { // a machine that stood still for a while has too many waiting
        taken[which].push(milliseconds);
      }
    }
  }
  line.end();
  return taken;
}

async function together(server, question, states, rounds, forget) {
  const each = await times(CALLERS, (_, at) => measure(server, question, states, Math.ceil(rounds / CALLERS), at === 0 ? forget : () => {}));
  return Object.fromEntries(Object.keys(states).map((which) => [which, each.flatMap((taken) => taken[which])]));
}

/** Those that this question can tell apart at all. */
function statesFor(what, states) {
  const withPassword = what.startsWith('a login') && !what.endsWith('too long');
  return Object.fromEntries(Object.entries(states).filter(([which]) => withPassword || !which.endsWith('password')));
}

if (LONG) {
  const only = process.env.S17_ONLY ? new RegExp(process.env.S17_ONLY) : /./;
  for (const [how, take] of Object.entries({ alone: measure, 'eight at once': together })) {
    statement('S17', async (tries, t) => {
      const server = await startWorld({ settings: SETTINGS });
      const all = await people(server);
      const pairs = Object.keys(QUESTIONS).reduce((sum, what) => sum + Object.keys(statesFor(what, all)).length - 2, 0);
      const differ = ({ p, effect }) => p <= ALPHA / pairs && Math.abs(effect) >= NOTHING;
      const forget = () => sql(server.data, `DELETE FROM attempts WHERE failures < ${MOST_FAILURES}`);
      for (const [what, question] of Object.entries(QUESTIONS).filter(([name]) => only.test(name))) {
        const states = statesFor(what, all);
        const taken = await take(server, question, states, ROUNDS, forget);
        const least = leastSeen(taken.unknown, differ);
        t.diagnostic(`${what}: ${taken.unknown.length} of each state; a difference of ${(1_000 * least).toFixed(0)} µs would be seen`);
        for (const [which, { like }] of Object.entries(states).filter(([name]) => !name.startsWith('unknown'))) {
          const judged = mannWhitney(taken[which], taken[like]);
          const line = `${what}, ${which}: median ${median(taken[which]).toFixed(3)} ms, ${like} ${median(taken[like]).toFixed(3)}; effect ${judged.effect.toFixed(3)}, p ${judged.p.toPrecision(2)}`;
          t.diagnostic(line);
          await tries(`${what}, ${which}`, () => assert.ok(!differ(judged), line));
        }
      }
    }, `by the clock, ${how}`);
  }
}
