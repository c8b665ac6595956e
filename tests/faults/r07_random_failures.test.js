// R07. One call in a hundred fails: writes, half writes, reads, syncs, opens, truncations, maps. Signet neither falls nor
// says yes to what is not kept, and is well again as soon as the disk is.
import assert from 'node:assert/strict';

import { pause, until } from '../lib/place.js';
import { experiment, LONG, rootOf, serve } from './lib/experiment.js';
import { audit } from './lib/ledger.js';
import { Load } from './lib/load.js';
import { Shim } from './lib/shim.js';

const CALLS = { write: 'EIO', short: 'EIO', read: 'EIO', sync: 'EIO', open: 'EMFILE', truncate: 'EIO', unlink: 'EIO', map: 'ENOMEM' };

experiment('R07', 'one call in a hundred fails', { engines: ['sqlite'] }, async ({ row, ledger, where }) => {
  const shim = new Shim();
  const server = await serve(where, { env: shim.env });
  const root = await rootOf(server);
  const load = new Load(server, { root, ledger }).start();
  for (const [call, error] of Object.entries(CALLS)) {
    shim.fail(call, { chance: 0.01, error });
  }
  await pause(LONG ? 180_000 : 2_000);
  row.rounds = Object.keys(CALLS).reduce((sum, call) => sum + shim.hits(call), 0);
  shim.heal();
  const healed = performance.now();
  const told = () => `${Object.keys(CALLS).map((call) => `${shim.hits(call)} × ${call}`).join(', ')}; ${load.summary()}`;
  const changed = () => load.recovered(healed);
  row.recovery.push(await until(changed, { limit: 20_000, what: () => `a change to be acknowledged: ${told()}\n${server.logs().slice(-4000)}` }));
  await load.stop();
  row.note = told();
  load.assertHonest();
  assert.ok(server.running());
  await audit(ledger, { server, root, store: where.store, row });
});
