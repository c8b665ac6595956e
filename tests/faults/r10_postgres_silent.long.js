// R10. PostgreSQL is there and says nothing. Nobody waits longer for an answer than the limits allow, the `now` lane
// does not wait at all, and when it goes on nothing has happened twice.
import assert from 'node:assert/strict';

import { Cluster } from '../lib/cluster.js';
import { pause, until } from '../lib/place.js';
import { experiment, LONG, percentile, placeOn, rootOf, serve } from './lib/experiment.js';
import { audit } from './lib/ledger.js';
import { Load } from './lib/load.js';

const SECONDS = LONG ? [1, 5, 60] : [1, 5];
const SETTINGS = { 'store.statement_timeout': 1_000, 'store.connect_timeout': '2s' };
// The queue, a statement, the grace for its answer, a connection for another try, the machine.
const LONGEST = 2_000 + 1_000 + 2_000 + 2_000 + 1_000;

experiment('R10', 'PostgreSQL stops answering', { engines: ['postgres'], own: true }, async ({ row, ledger }) => {
  const cluster = await Cluster.start();
  const where = await placeOn(cluster);
  const server = await serve(where, { settings: SETTINGS });
  const root = await rootOf(server);
  const load = new Load(server, { root, ledger, rest: 2, workers: 8 }).start();
  const notes = [];
  for (const seconds of SECONDS) {
    await pause(500);
    const held = performance.now();
    cluster.hold('SIGSTOP');
    await pause(seconds * 1_000);
    cluster.hold('SIGCONT');
    const goes = performance.now();
    row.recovery.push(await until(() => load.recovered(goes), { limit: 20_000, what: 'a change to be acknowledged' }));
    row.rounds++;
    notes.push(`${seconds} s: forward-auth p99 ${percentile(load.times('auth', { since: held, until: goes }), 0.99).toFixed(1)} ms`);
  }
  await load.stop();
  const longest = Math.max(...load.answers.map((answer) => answer.milliseconds));
  row.note = `${notes.join(', ')}; the longest wait ${Math.round(longest)} ms; ${load.summary()}`;
  load.assertHonest();
  assert.ok(longest < LONGEST, `somebody waited ${longest} ms`);
  await audit(ledger, { server, root, store: where.store, row });
});
