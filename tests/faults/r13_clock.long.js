// R13 and R14. The clock jumps while it runs, and the clocks of two nodes differ. What is valid stays so, what has
// expired is not taken back to life, nothing waits for a time that is long gone, and nothing is removed early.
import assert from 'node:assert/strict';

import { createAdmin, forwardAuth, login, tokenOf } from '../lib/edge.js';
import { pause, until } from '../lib/place.js';
import { besides, experiment, placeOn, rootOf, serve } from './lib/experiment.js';
import { Cluster } from '../lib/cluster.js';
import { Shim } from './lib/shim.js';

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;

experiment('R13', 'the clock jumps', {}, async ({ row, where }) => {
  const shim = new Shim();
  const server = await serve(where, { env: shim.env, settings: { 'face.edge.token_life': '2h', 'session.life': '30d', 'login.free_failures': 2 } });
  const root = await rootOf(server);
  const admin = await createAdmin(server, root);
  const says = async (token) => (await forwardAuth(server, token)).status;
  const jump = async (milliseconds) => {
    shim.turnClock(milliseconds);
    row.rounds++;
    await pause(300); // the feed and the jobs look at the clock as well
  };

  await jump(-HOUR);
  assert.equal(await says(await tokenOf(server)), 200, 'a login works an hour before its time');
  await jump(HOUR);
  assert.equal(await says(root), 200, 'an hour later a token of two hours is good');
  const late = await tokenOf(server);
  await jump(0);

  // Wrong passwords while the clock is ahead do not lock anybody out once it is right again.
  await jump(HOUR);
  for (let tries = 0; tries < 4; tries++) {
    await login(server, admin.username, 'wrong password');
  }
  await jump(0);
  row.recovery.push(await waitsFor(() => login(server, admin.username, admin.password).then((answer) => answer.status === 200)));

  await jump(10 * YEAR);
  assert.equal(await says(root), 401, 'ten years later it has expired');
  assert.equal(await says(await tokenOf(server)), 200);
  await jump(-20_000 * 24 * HOUR); // before 1972
  assert.notEqual(await says(root), 500);
  assert.ok(server.running());
  await jump(0);
  assert.ok([200, 401].includes(await says(late)), 'issued an hour ahead');
  row.recovery.push(await waitsFor(async () => (await says(await tokenOf(server))) === 200));
  const [[open]] = await where.store.rows("SELECT count(*) FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.username = 'admin'");
  row.note = `${open} sessions of the first administrator are kept`;
  assert.equal(await says(root), 200, 'what was valid is valid again');
});

async function waitsFor(probe) {
  const began = performance.now();
  await until(probe, { limit: 30_000, what: 'it to be well again' });
  return performance.now() - began;
}

experiment('R14', 'the clocks of two nodes differ', { engines: ['postgres'], own: true }, async ({ row }) => {
  const cluster = await Cluster.start();
  const first = await placeOn(cluster);
  const right = await serve(first);
  const shim = new Shim();
  const other = await serve(await besides(first), { env: shim.env });
  const admin = await createAdmin(right, await rootOf(right));
  for (const [seconds, good] of [[30, true], [-30, true], [58, true], [63, false], [-60, true]]) {
    shim.turnClock(seconds * 1_000);
    const token = await tokenOf(other, admin.username, admin.password);
    assert.equal((await forwardAuth(other, token)).status, 200, `${seconds} s`);
    assert.equal((await forwardAuth(right, token)).status, good ? 200 : 401, `of a node that is ${seconds} s ahead`);
    row.rounds++;
  }
});
