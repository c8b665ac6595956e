// Nobody finds out by the clock who has an account here, nor of which gym.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { forgot, logIn, newAddress, register, startMailing } from '../../lib/fitnexa.js';
import { assertAlike, ROUNDS } from '../../lib/timing.js';

describe('known and unknown addresses', () => {
  let server;
  const known = [];
  before(async () => {
    server = await startMailing('serve', { settings: { 'login.free_failures': '100', 'login.most_failures': '95' } });
    while (known.length < ROUNDS) {
      known.push(await register(server, { gymId: 'iron' }));
    }
    assert.equal(known.length, ROUNDS);
  });
  const someone = () => known[Math.floor(Math.random() * known.length)].email;
  const wrong = (email, domain) => logIn(server, email, 'not the password', { domain });

  test('take the same time to be sent a letter', async (t) => {
    await assertAlike(t, () => forgot(server, someone()), () => forgot(server, newAddress()));
  });

  test('take the same time to fail to log in at a gym', async (t) => {
    await assertAlike(t, () => wrong(someone(), 'iron'), () => wrong(newAddress(), 'iron'));
  });

  test('and so do members of the gym that was named and of another', async (t) => {
    await assertAlike(t, () => wrong(someone(), 'iron'), () => wrong(someone(), 'gold'));
  });
});
