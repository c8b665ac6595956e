// Nobody finds out by the clock whether there is an account that a magic link would be sent to, or was.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { newAddress, register, startCorporate } from '../../lib/corporate.js';
import { assertAlike, ROUNDS } from '../../lib/timing.js';

describe('known and unknown addresses', () => {
  let server;
  const known = [];
  before(async () => {
    server = await startCorporate('serve');
    while (known.length < ROUNDS) {
      known.push(await register(server));
    }
    assert.equal(known.length, ROUNDS);
  });
  const someone = () => known[Math.floor(Math.random() * known.length)].email;
  const ask = (email) => call(server, 'POST', '/id/api/auth/magic-link', { json: { email } });
  const type = (email) => call(server, 'POST', '/id/api/auth/verify-magic-link', { json: { email, code: '00000000' } });

  test('take the same time to be sent a magic link', async (t) => {
    await assertAlike(t, () => ask(someone()), () => ask(newAddress()));
  });

  test('take the same time to be told that a code is wrong, whether one was sent or not', async (t) => {
    for (const { email } of known) {
      assert.equal((await ask(email)).status, 200);
    }
    await assertAlike(t, () => type(someone()), () => type(newAddress()));
  });
});
