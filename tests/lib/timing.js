// Whether two things take the same time, as a statistic.
//
// Both take turns. Were the times of both drawn from one lot, one would be the slower one of two in half of all pairs;
// SPREAD allows for what a busy machine does to that.
import assert from 'node:assert/strict';

import { mannWhitney } from './statistics.js';

export const ROUNDS = 120;
export const SPREAD = 0.15; // four standard deviations of that many rounds

async function time(ask) {
  const begun = process.hrtime.bigint();
  await ask();
  return Number(process.hrtime.bigint() - begun);
}

/** How often `a` took longer than `b`, of all pairs; both by turns, in an order that changes, after a few that warm up. */
export async function compare(a, b, rounds = ROUNDS) {
  const times = [[], []];
  for (let round = -10; round < rounds; round++) {
    for (const which of Math.random() < 0.5 ? [0, 1] : [1, 0]) {
      const took = await time([a, b][which]);
      if (round >= 0) {
        times[which].push(took);
      }
    }
  }
  return (mannWhitney(...times).effect + 1) / 2;
}

/** A machine that is busy with other things gets another chance; a difference stays one. */
export async function assertAlike(t, a, b) {
  const seen = [];
  for (let tries = 0; tries < 3; tries++) {
    seen.push(await compare(a, b));
    t.diagnostic(`known ones are slower in ${seen.at(-1).toFixed(3)} of the pairs`);
    if (Math.abs(seen.at(-1) - 0.5) <= SPREAD) {
      return;
    }
  }
  assert.fail(`known ones are slower in ${seen.map((share) => share.toFixed(2))} of the pairs`);
}
