// Whoever asks without a token does not find out by the clock who has an account.
// That the measure (lib/timing.js) sees a difference where there is one is part of the test.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { logIn, newAddress, PATH, register, send, startCorporate } from '../../lib/corporate.js';
import { assertAlike, compare, ROUNDS, SPREAD } from '../../lib/timing.js';

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
