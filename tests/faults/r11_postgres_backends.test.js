// R11. Connections to PostgreSQL are ended under the units that run on them, and between a COMMIT and its answer.
// What is not known is told as 503, and nothing happens twice.
import assert from 'node:assert/strict';

import { Cluster } from '../lib/cluster.js';
import { pause } from '../lib/place.js';
import { experiment, placeOn, rootOf, serve, times } from './lib/experiment.js';
import { audit } from './lib/ledger.js';
import { Load } from './lib/load.js';
import { Proxy } from './lib/proxy.js';

const TERMINATE = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE application_name = 'signet' ORDER BY random() LIMIT 1`;

experiment('R11', 'PostgreSQL ends single connections', { engines: ['postgres'], own: true }, async ({ row, ledger }) => {
  const cluster = await Cluster.start();
  const where = await placeOn(cluster);
  const server = await serve(where);
  const root = await rootOf(server);
  const load = new Load(server, { root, ledger }).start();
  for (; row.rounds < times(20, 500); row.rounds++) {
    await where.store.rows(TERMINATE);
    await pause(20);
  }
  const last = performance.now();
  await pause(1_500);
  await load.stop();
  row.recovery.push(load.recovered(last));
  row.note = load.summary();
  load.assertHonest();
  await audit(ledger, { server, root, store: where.store, row });
});

experiment('R11', 'a COMMIT whose answer is lost', { engines: ['postgres'], own: true }, async ({ row, ledger }) => {
  const cluster = await Cluster.start();
  let armed = false;
  const wire = await Proxy.start(cluster.port, {
    sent(bytes) {
      const cut = armed && bytes.includes('COMMIT\0');
      armed &&= !cut;
      row.rounds += cut ? 1 : 0;
      return cut;
    },
  });
  const where = await placeOn(cluster, { port: wire.port });
  const server = await serve(where);
  const root = await rootOf(server);
  const load = new Load(server, { root, ledger, mix: { create: 4, login: 2, end: 1, password: 1 } }).start();
  for (let cuts = 0; cuts < times(20, 300); cuts++) {
    armed = true;
    await pause(40);
  }
  armed = false;
  await load.stop();
  row.note = `${load.summary()}; ${ledger.unknown.size} changes nobody was told of`;
  load.assertHonest();
  assert.ok(row.rounds > 0, 'no COMMIT was cut');
  await audit(ledger, { server, root, store: where.store, row });
});
