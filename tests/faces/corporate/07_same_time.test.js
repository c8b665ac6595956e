// Whoever asks without a token does not find out by the clock who has an account.
//
// Known and unknown addresses take turns. Were the times of both drawn from one lot, a known one would be the
// slower one of two in half of all pairs; SPREAD allows for what a busy machine does to that. That the measure
// sees a difference where there is one is part of the test.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { logIn, newAddress, PATH, register, send, startCorporate } from '../../lib/corporate.js';

const ROUNDS = 120;
const SPREAD = 0.15; // four standard deviations of that many rounds

async function time(ask) {
  const begun = process.hrtime.bigint();
  await ask();
  return Number(process.hrtime.bigint() - begun);
}

/** How often `a` took longer than `b`, of all pairs (the statistic of Mann and Whitney): 0.5 is no difference. */
function slower(a, b) {
  let count = 0;
  for (const x of a) {
    for (const y of b) {
      count += x > y ? 1 : x === y ? 0.5 : 0;
    }
  }
  return count / (a.length * b.length);
}

/** Both by turns, in an order that changes, after a few that warm up. */
async function compare(a, b, rounds = ROUNDS) {
  const times = [[], []];
  for (let round = -10; round < rounds; round++) {
    for (const which of Math.random() < 0.5 ? [0, 1] : [1, 0]) {
      const took = await time([a, b][which]);
      if (round >= 0) {
        times[which].push(took);
      }
    }
  }
  return slower(...times);
}

/** A machine that is busy with other things gets another chance; a difference stays one. */
async function assertAlike(t, a, b) {
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

describe('known and unknown addresses', () => {
  let server;
  let known;
  before(async () => {
    server = await startCorporate('serve', { settings: { 'login.free_failures': '100', 'login.most_failures': '95' } });
    known = [];
    while (known.length < ROUNDS) {
      known.push(await register(server));
    }
  });
  const someone = () => known[Math.floor(Math.random() * known.length)].email;

  test('a difference is seen where there is one', async () => {
    const share = await compare(() => logIn(server, someone(), 'not the password'), () => call(server, 'POST', PATH.login, { json: {} }), 40);
    assert.ok(share > 0.5 + SPREAD, `${share}`);
  });

  test('take the same time to be sent a letter', async (t) => {
    await assertAlike(t, () => send(server, someone()), () => send(server, newAddress()));
  });

  test('take the same time to fail to log in', async (t) => {
    await assertAlike(t, () => logIn(server, someone(), 'not the password'), () => logIn(server, newAddress(), 'not the password'));
  });
});
