// R09. PostgreSQL ends without a checkpoint and comes back, again and again under load. The errors are 503 with
// Retry-After, nobody has to restart Signet, and it is well again soon after PostgreSQL is.
import assert from 'node:assert/strict';

import { Cluster } from '../lib/cluster.js';
import { pause, until } from '../lib/place.js';
import { experiment, LONG, placeOn, rootOf, serve, times } from './lib/experiment.js';
import { audit } from './lib/ledger.js';
import { Load } from './lib/load.js';

const WELL_WITHIN = 3_000;

experiment('R09', 'PostgreSQL ends and comes back', { engines: ['postgres'], own: true }, async ({ row, ledger }) => {
  const cluster = await Cluster.start();
  const where = await placeOn(cluster);
  const server = await serve(where);
  const root = await rootOf(server);
  const load = new Load(server, { root, ledger, rest: 2 }).start();
  for (; row.rounds < times(1, 20); row.rounds++) {
    await pause(LONG ? 10_000 : 700);
    await cluster.restart();
    await until(() => cluster.answers(), { step: 5, limit: 60_000 });
    const accepts = performance.now();
    row.recovery.push(await until(() => load.recovered(accepts), { limit: 20_000, what: 'a change to be acknowledged' }));
  }
  await load.stop();
  load.assertHonest();
  row.note = load.summary();
  assert.ok(Math.max(...row.recovery) <= WELL_WITHIN, `well again only after ${row.recovery} ms`);
  await audit(ledger, { server, root, store: where.store, row });
});
