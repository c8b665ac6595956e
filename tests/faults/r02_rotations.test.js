// R02. kill -9 at a random moment while refresh tokens are used up: each that was acknowledged has a successor that
// counts, and no login ends by it.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { pause } from '../lib/place.js';
import { DEV_ADMIN } from '../lib/signet.js';
import { experiment, serve, times } from './lib/experiment.js';

const CALLERS = 16;

const refresh = (server, refreshToken) => call(server, 'POST', '/id/api/auth/refresh', { json: { refreshToken } });

async function enter(server) {
  const { status, text, json } = await call(server, 'POST', '/id/api/auth/login', { json: { email: DEV_ADMIN.username, password: DEV_ADMIN.password } });
  assert.equal(status, 200, text);
  return json.data.refreshToken;
}

/** The tokens that one caller was given, one after the other, until the server was gone. */
async function turnUntilKilled(server, given, row) {
  for (;;) {
    let answer;
    try {
      answer = await refresh(server, given.at(-1));
    } catch {
      return; // killed: whether that token was used up is not known
    }
    assert.equal(answer.status, 200, answer.text);
    given.push(answer.json.data.refreshToken);
    row.acknowledged++;
  }
}

/** The newest counts, used up without a word or not; what came before it has been used up. */
async function assertGoesOn(server, given, row) {
  const next = await refresh(server, given.at(-1));
  if (next.status !== 200) {
    row.lost++;
    return undefined;
  }
  const { refreshToken } = next.json.data;
  const again = await refresh(server, given.at(-1));
  assert.equal(again.json.data?.refreshToken, refreshToken, 'there are two heads');
  const after = await refresh(server, refreshToken);
  assert.equal(after.status, 200, after.text);
  return after.json.data.refreshToken;
}

experiment('R02', 'kill -9 while refresh tokens are used up', {}, async ({ where, row }) => {
  const rounds = times(2, 100);
  let server = await serve(where);
  for (let round = 0; round < rounds; round++) {
    const chains = await Promise.all(Array.from({ length: CALLERS }, async () => [await enter(server)]));
    const turning = chains.map((given) => turnUntilKilled(server, given, row));
    await pause(50 + Math.random() * 500);
    await server.kill9();
    await Promise.all(turning);
    const began = performance.now();
    server = await serve(where);
    row.recovery.push(performance.now() - began);
    for (const given of chains) {
      const newest = await assertGoesOn(server, given, row);
      if (newest !== undefined && given.length > 1) { // and one that was used up long ago is reuse
        assert.equal((await refresh(server, given[0])).status, 401);
        assert.equal((await refresh(server, newest)).status, 401);
      }
    }
    row.rounds++;
  }
  await server.stop();
  assert.equal(row.lost, 0, `${row.lost} logins have ended by it`);
  assert.ok(row.acknowledged > rounds * CALLERS, `only ${row.acknowledged} were acknowledged`);
});
