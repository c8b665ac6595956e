// R06. A sync fails once, and the kernel calls the lost pages clean. Nobody is acknowledged by it or by what stands on
// it; the database is opened anew; and neither a kill nor a power failure afterwards takes an acknowledged change away.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { pause, tempDir, until } from '../lib/place.js';
import { experiment, rootOf, serve, times } from './lib/experiment.js';
import { audit } from './lib/ledger.js';
import { Load } from './lib/load.js';
import { changesIn, Disk } from './lib/power.js';
import { Shim } from './lib/shim.js';
import { sqliteStore } from './lib/store.js';

const MIX = { create: 4, login: 2, end: 1, password: 1 };

/** Under load the sync after so many fails. Who was waiting for it is refused, and the file is opened anew before the next. */
async function failOnce({ server, shim, root, ledger, after, row }) {
  const load = new Load(server, { root, ledger, workers: 6, mix: MIX }).start();
  const failures = shim.hits('sync');
  shim.fail('sync', { after });
  await until(() => shim.hits('sync') > failures, { step: 1, limit: 20_000, what: 'a sync to fail' });
  const failed = performance.now();
  const opened = shim.calls('open');
  row.recovery.push(await until(() => load.recovered(failed), { step: 1, what: 'a change to be acknowledged' }));
  await pause(100);
  await load.stop();
  load.assertHonest();
  const refused = load.count(503); // none if the sync was housekeeping's: of the file that the log is emptied into
  assert.ok(refused === 0 || shim.calls('open') > opened, 'the database was not opened anew');
  return refused;
}

/** The power fails now: what a restart finds, in a folder of its own. */
function afterPowerLoss(where, record) {
  const folder = join(tempDir(), 'data');
  mkdirSync(folder, { mode: 0o700 });
  copyFileSync(join(where.data, 'master.key'), join(folder, 'master.key'));
  const disk = new Disk();
  for (const change of changesIn(record)) {
    disk.apply(change);
  }
  disk.cut(folder, () => Math.random() < 0.5);
  return { data: folder, store: sqliteStore(folder) };
}

async function work(server, root, ledger, milliseconds) {
  const load = new Load(server, { root, ledger, mix: MIX }).start();
  await pause(milliseconds);
  await load.stop();
}

experiment('R06', 'a sync fails once', { engines: ['sqlite'] }, async ({ row, ledger, where }) => {
  const record = join(where.data, '..', 'record');
  const shim = new Shim({ record });
  let server = await serve(where, { env: shim.env });
  const root = await rootOf(server);
  await work(server, root, ledger, 100);
  let refused = 0;
  for (; row.rounds < times(4, 100); row.rounds++) {
    refused += await failOnce({ server, shim, root, ledger, after: 1 + Math.floor(Math.random() * 40), row });
    if (row.rounds % 2 === 1) { // killed: what the kernel still holds is read again, and is not on the disk
      shim.fail('sync', { after: 1, forever: true });
      await work(server, root, ledger, 50);
      await server.kill9();
      shim.heal();
      server = await serve(where, { env: shim.env });
      await work(server, root, ledger, 100);
    }
    const found = afterPowerLoss(where, record);
    const other = await serve(found);
    await audit(ledger, { server: other, root, store: found.store, row });
    await other.stop();
  }
  assert.ok(refused > 0, 'nobody was ever refused');
  await audit(ledger, { server, root, store: where.store, row });
});
