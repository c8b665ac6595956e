// Nobody who knows no password finds out who has an account, nor in what state it is: not by what is answered, and not by the clock.
// The short form compares answers byte for byte, and sees a hash that is left out. `make hostile` takes thousands of times, by
// turns, alone and eight at once, and asks for every pair whether they are of one lot (lib/statistics.js).
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { pause } from '../lib/place.js';
import { cli } from '../lib/signet.js';
import { mannWhitney, median } from '../lib/statistics.js';
import { LONG, statement } from './lib/statement.js';
import { FACES, logIn, newName, newUser, startWorld, waiting } from './lib/world.js';

const KNOWN = LONG ? 60 : 2;
const MOST_FAILURES = LONG ? 60 : 12; // then an account is locked until it has a new password
const ROUNDS = Number(process.env.S17_ROUNDS ?? 800);
const CALLERS = 8;
const ALPHA = 0.01; // of all pairs together
const NOTHING = 0.06; // the smallest difference that anybody could use: of 100 guesses three would be better
const WRONG = 'not the password';
const SETTINGS = { 'login.free_failures': `${MOST_FAILURES}`, 'login.most_failures': `${MOST_FAILURES}`, 'links.per_address': '0' };

const any = (list) => list[Math.floor(Math.random() * list.length)];

async function command(server, ...args) {
  const { code, stderr } = await cli([...args, '--data', server.data]);
  assert.equal(code, 0, stderr);
}

/** People in every state, by the state: functions that name one. */
async function people(server) {
  const known = [];
  while (known.length < KNOWN) {
    known.push(await newUser(server));
  }
  const [disabled, locked, deleted] = [await newUser(server), await newUser(server), await newUser(server)];
  await command(server, 'user', 'disable', disabled.username);
  await command(server, 'user', 'delete', deleted.username);
  for (let i = 0; i <= MOST_FAILURES; i++) {
    await logIn(server, 'directory', locked.email, WRONG);
  }
  const pending = await waiting(server);
  await pause(300); // what the command line did is known by then
  return {
    unknown: () => `${newName('stranger')}@example.com`.padEnd(known[0].email.length, 'x'),
    known: () => any(known).email,
    disabled: () => disabled.email,
    locked: () => locked.email,
    pending: () => pending.email,
    deleted: () => deleted.email,
  };
}

/** What asks about an account without a password that counts, by name: (server, name) → answer. */
const QUESTIONS = {
  ...Object.fromEntries(FACES.map((face) => [`a login at ${face}`, (server, name) => logIn(server, face, name, WRONG)])),
  ...Object.fromEntries(FACES.map((face) => [`a login at ${face} with a password that is too long`, (server, name) => logIn(server, face, name, 'x'.repeat(3_000))])),
  'a magic link': (server, email) => call(server, 'POST', '/id/api/auth/magic-link', { json: { email } }),
  'a code': (server, email) => call(server, 'POST', '/id/api/auth/verify-magic-link', { json: { email, code: '00000000' } }),
  'a verification': (server, email) => call(server, 'POST', '/api/v1/auth/send-verification-email', { json: { email } }),
  'a new password': (server, email) => call(server, 'POST', '/auth/forgot-password', { json: { email } }),
};

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
  for (const [what, ask] of Object.entries(QUESTIONS)) {
    const stranger = states.unknown();
    const wanted = bytesOf(await ask(server, stranger), stranger);
    for (const [state, choose] of Object.entries(states)) {
      const name = choose();
      await tries(`${what}, ${state}`, async () => assert.equal(bytesOf(await ask(server, name), name), wanted));
    }
  }
  for (const face of FACES) {
    const long = 'x'.repeat(5_000);
    const wanted = bytesOf(await logIn(server, face, `${long}@example.com`, WRONG), long);
    await tries(`a login at ${face} with a name without end`, async () => assert.equal(bytesOf(await logIn(server, face, `${long}y@example.co`, WRONG), long), wanted));
  }
}, 'by what is answered');

const timed = async (ask) => {
  const begun = process.hrtime.bigint();
  await ask();
  return Number(process.hrtime.bigint() - begun) / 1e6;
};

/** A login with a name that nobody has takes a hash, like one with a name that somebody has, at the cost of the defaults. */
statement('S17', async (tries) => {
  const server = await startWorld({ mail: false, settings: { ...SETTINGS, 'password.memory': '19456', 'password.passes': '2' } });
  const states = await people(server);
  for (const face of FACES) {
    await tries(`a login at ${face}`, async () => {
      const least = {};
      for (let round = 0; round < 4; round++) {
        for (const [state, name] of Object.entries(states)) {
          least[state] = Math.min(least[state] ?? Infinity, await timed(() => logIn(server, face, name(), WRONG)));
        }
      }
      const hurried = Object.entries(least).filter(([, time]) => time < 0.4 * least.known);
      assert.deepEqual(hurried, [], JSON.stringify(least));
    });
  }
}, 'by whether there is a hash');

/** Times of all states by turns, in an order that changes. */
async function measure(server, ask, states, rounds) {
  const times = Object.fromEntries(Object.keys(states).map((state) => [state, []]));
  for (let round = -5; round < rounds; round++) {
    for (const [state, name] of Object.entries(states).sort(() => Math.random() - 0.5)) {
      const took = await timed(() => ask(server, name()));
      if (round >= 0) {
        times[state].push(took);
      }
    }
  }
  return times;
}

async function together(server, ask, states, rounds) {
  const each = await Promise.all(Array.from({ length: CALLERS }, () => measure(server, ask, states, Math.ceil(rounds / CALLERS))));
  return Object.fromEntries(Object.keys(states).map((state) => [state, each.flatMap((times) => times[state])]));
}

if (LONG) {
  const only = process.env.S17_ONLY ? new RegExp(process.env.S17_ONLY) : /./;
  const questions = Object.entries(QUESTIONS).filter(([what]) => only.test(what));
  for (const [how, take] of Object.entries({ alone: measure, 'eight at once': together })) {
    statement('S17', async (tries, t) => {
      const server = await startWorld({ settings: SETTINGS });
      const states = await people(server);
      const pairs = questions.length * (Object.keys(states).length - 1);
      for (const [what, ask] of questions) {
        const { unknown, ...others } = await take(server, ask, states, ROUNDS);
        for (const [state, times] of Object.entries(others)) {
          const { p, effect } = mannWhitney(times, unknown);
          const line = `${what}, ${state}: median ${median(times).toFixed(3)} ms, unknown ${median(unknown).toFixed(3)}; effect ${effect.toFixed(3)}, p ${p.toPrecision(2)}`;
          t.diagnostic(line);
          await tries(`${what}, ${state}`, () => assert.ok(p > ALPHA / pairs || Math.abs(effect) < NOTHING, line));
        }
      }
    }, `by the clock, ${how}`);
  }
}
