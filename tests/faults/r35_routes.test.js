// R35, R36. Under each route of each face: the n-th allocation fails, alone or with all after it; the n-th statement
// of the store is busy, finds the disk full, or fails. The answer is right or tells of it in the face's shape, the effect is
// whole or none, nothing stays behind, and the next request is answered. R08 asks likewise about what starts, and at length
// about some; `make faults` goes through every n.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';

import { experiment, LONG, times } from './lib/experiment.js';
import { askUnder, askWell, left, letFeedBeRead, rowsOfRoutes, say, stage } from './lib/routes.js';
import { Shim } from './lib/shim.js';

const SEED = Number(process.env.FAULTS_SEED ?? 35);
const ROUNDS_OF_A_STAGE = 1_000;
// For machines that have time for a part of the routes, or processors for several parts: FAULTS_PART=2/3.
const [PART, PARTS] = (process.env.FAULTS_PART ?? '1/1').split('/').map(Number);
const STORE_ERRORS = ['SQLITE_BUSY', 'SQLITE_FULL', 'SQLITE_IOERR'];

/** The same numbers for the same name, from 0 to 1. */
function dice(name) {
  let state = SEED;
  for (const letter of name) {
    state = (Math.imul(state, 31) + letter.charCodeAt(0)) | 0;
  }
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

/** `most` of 1 to `all`: all of them where there are no more, otherwise drawn. */
function someOf(all, most, throwDice) {
  const drawn = Array.from({ length: most }, () => 1 + Math.floor(throwDice() * all));
  return all <= most ? Array.from({ length: all }, (_, at) => at + 1) : [...new Set(drawn)];
}

const routes = () => rowsOfRoutes().filter((_, at) => at % PARTS === PART - 1);

let staged;

/** One server for all that comes now; the pages that SQLite keeps are few, or they would hide what is lost. */
function stageOnce() {
  staged ??= stage(new Shim(), { 'store.cache': '256k' });
  return staged;
}

/** Another one: a store that holds what thousands of rounds left is slow to look through. */
async function stageAnew() {
  const { place, image } = await staged;
  image.close();
  await place.server.stop();
  staged = undefined;
  return stageOnce();
}

/**
 * One fault. What a request does may depend on the one before it, and what goes on besides may come between: an effect that
 * is none that is known is looked into, and is broken when it is there again.
 */
async function tryFault(on, route, effects, fault) {
  try {
    return await askUnder(on, route, effects, fault);
  } catch {
    await letFeedBeRead(on);
    effects.add((await askWell(on, route)).effect);
    effects.add((await askWell(on, route)).effect);
    return askUnder(on, route, effects, fault);
  }
}

/** Every route, every fault that `faultsOf` makes of its calls; a broken one does not end it. */
async function underEach(row, faultsOf) {
  const seen = {};
  const broken = [];
  for (const route of routes()) {
    let on = await stageOnce();
    const { effect, calls } = await askWell(on, route);
    const effects = new Set([effect]);
    for (const fault of faultsOf(route, calls)) {
      row.rounds++;
      if (row.rounds % ROUNDS_OF_A_STAGE === 0) {
        on = await stageAnew();
        effects.add((await askWell(on, route)).effect);
      }
      try {
        const status = await tryFault(on, route, effects, fault);
        seen[status] = (seen[status] ?? 0) + 1;
      } catch (error) {
        broken.push(error.message);
        assert.ok(on.place.server.running(), broken.join('\n'));
      }
    }
  }
  row.note = Object.entries(seen).map(([status, count]) => `${count} × ${status === '0' ? 'broken off' : status}`).join(', ');
  assert.deepEqual(broken, [], `${broken.length} of ${row.rounds}`);
}

experiment('R35', 'an allocation under each route of each face', { engines: ['sqlite'], own: true }, async ({ row }) => {
  await underEach(row, (route, calls) => {
    const throwDice = dice(route.name);
    const one = (after, forever) => ({ kind: 'allocate', after, forever, error: 'ENOMEM' });
    if (!LONG) {
      return someOf(calls.allocate, times(1), throwDice).map((after) => one(after, throwDice() < 0.5));
    }
    const both = someOf(calls.allocate, times(1_000), throwDice).flatMap((after) => [one(after, false), one(after, true)]);
    return [...both, ...someOf(calls.map, 20, throwDice).map((after) => ({ kind: 'map', after, error: 'ENOMEM' }))];
  });
});

experiment('R36', 'a statement under each route of each face', { engines: ['sqlite'], own: true }, async ({ row }) => {
  await underEach(row, (route, calls) => {
    const throwDice = dice(`${route.name} statement`);
    const which = someOf(calls.statement, times(1, 1_000), throwDice);
    const errors = LONG ? STORE_ERRORS : [STORE_ERRORS[Math.floor(throwDice() * STORE_ERRORS.length)]];
    return which.flatMap((after) => errors.map((error) => ({ kind: 'statement', after, error })));
  });
});

const descriptors = (pid) => readdirSync(`/proc/${pid}/fd`).length;

// Each thread that reads opens the store when it has to: two descriptors each, fewer than thirty failures would lose.
const READERS_MOST = 24;
// Caches come and go; what is lost grows with each failure, however many there are.
const REPEATED = [30, 120, 1_200, 1_200, 1_200];

/** How many blocks are lost by the fault: none, unless each of its failures loses one. */
async function lostBy(on, route, fault) {
  let lost = 0;
  for (const times of REPEATED) {
    const { failed, blocks } = await left(on, route, fault, times);
    if (failed < times / 2 || blocks < failed) {
      return 0;
    }
    lost = blocks;
  }
  return lost;
}

experiment('R35', 'what failures leave behind', { engines: ['sqlite'], own: true }, async ({ row }) => {
  const on = await stageOnce();
  const rows = routes().filter((_, at) => LONG || at % 12 === 3);
  const leaks = [];
  for (const route of rows) {
    const { calls } = await askWell(on, route);
    const open = descriptors(on.place.server.pid);
    for (const after of someOf(calls.allocate, times(1, 40), dice(`${route.name} left`))) {
      const fault = { kind: 'allocate', after, forever: true, error: 'ENOMEM' };
      const lost = await lostBy(on, route, fault);
      if (lost > 0) {
        leaks.push(`${route.name}, ${say(fault)}: ${lost} blocks after ${REPEATED.at(-1)}`);
      }
      row.rounds++;
    }
    const more = descriptors(on.place.server.pid) - open;
    if (more > READERS_MOST) {
      leaks.push(`${route.name}: ${more} descriptors`);
    }
  }
  assert.deepEqual(leaks, []);
});
