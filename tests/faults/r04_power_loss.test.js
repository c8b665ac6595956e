// R04. The power fails at any moment: the disk has what was synced, and any part of the rest. Whatever was
// acknowledged is there. With less than synchronous=FULL the same experiment has to see losses, or it sees nothing.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pause, until } from '../lib/place.js';
import { experiment, LONG, rootOf, serve, times } from './lib/experiment.js';
import { audit, auditStore } from './lib/ledger.js';
import { Load } from './lib/load.js';
import { changesIn, Disk } from './lib/power.js';
import { Shim } from './lib/shim.js';
import { sqliteStore } from './lib/store.js';

const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir(); // thousands of disks
const ENOUGH = 40; // acknowledgements: a busy machine may take longer for them than the time that is given, a fast one less
const LUCK = [() => false, () => true, () => Math.random() < 0.5];

/** Lets people work on a server whose every change is written down; ends with its death. */
async function recorded({ where, ledger, promise, milliseconds }) {
  const record = join(where.data, '..', 'record');
  const shim = new Shim({ record });
  shim.promise(promise);
  const server = await serve(where, { env: shim.env });
  ledger.position = shim.position;
  const root = await rootOf(server);
  const load = new Load(server, { root, ledger, workers: 8, mix: { create: 4, login: 2, end: 1, password: 1 } }).start();
  await pause(milliseconds);
  await until(() => ledger.acknowledged >= ENOUGH, { limit: 60_000, what: () => `${ledger.acknowledged} acknowledgements to be ${ENOUGH}` });
  await server.kill9();
  await load.stop();
  return { record, root };
}

/** Some of the moments: each boundary of a sync in turn, and as many in between. */
function chooseCuts(changes, count) {
  const from = changes.length * 0.2; // the first administrator and its session are there by then
  const syncs = changes.filter(({ what, position }) => what === 'sync' && position > from).map(({ position }) => position);
  const chosen = new Set();
  for (let at = 0; chosen.size < Math.min(count, syncs.length); at++) {
    chosen.add(syncs[Math.floor((at * syncs.length) / Math.min(count, syncs.length))] - (at % 2));
  }
  while (chosen.size < Math.min(count, changes.length - from)) {
    chosen.add(Math.floor(from + Math.random() * (changes.length - from)));
  }
  return chosen;
}

/** What is lost, and what is half, at each cut. */
async function cutEverywhere({ ledger, where, record, row, count, visit, luck = LUCK }) {
  const changes = [...changesIn(record)];
  const cuts = chooseCuts(changes, count).add(changes.length);
  const disk = new Disk();
  const found = { lost: [], half: [] };
  for (const change of changes) {
    disk.apply(change);
    if (cuts.has(change.position)) {
      const folder = mkdtempSync(join(MEMORY, 'signet-cut-'));
      copyFileSync(join(where.data, 'master.key'), join(folder, 'master.key'));
      disk.cut(folder, luck[row.rounds % luck.length]);
      const store = sqliteStore(folder);
      const { lost, half } = await auditStore(ledger.until(change.position), store).catch((error) => ({ lost: [`it cannot be read: ${error.message}`], half: [] }));
      found.lost.push(...lost);
      found.half.push(...half, ...(await store.check().catch((error) => [error.message])));
      await visit?.(folder, change.position);
      rmSync(folder, { recursive: true });
      row.rounds++;
    }
  }
  return found;
}

/** Signet itself on what a cut has left. */
async function servesAfter(folder, { ledger, row, root }) {
  const began = performance.now();
  const where = { data: folder, store: sqliteStore(folder) };
  const server = await serve(where);
  row.recovery.push(performance.now() - began);
  await audit(ledger, { server, root, store: where.store, row: { lost: 0, half: 0 } });
  await server.stop();
}

experiment('R04', 'the power fails', { engines: ['sqlite'] }, async ({ row, ledger, where }) => {
  const { record, root } = await recorded({ where, ledger, promise: 'full', milliseconds: LONG ? 30_000 : 1_000 });
  const count = times(30, 2_000);
  const every = Math.floor(count / (LONG ? 20 : 2));
  const visit = (folder, position) => (row.rounds % every === every - 1 ? servesAfter(folder, { ledger: ledger.until(position), row, root }) : undefined);
  const { lost, half } = await cutEverywhere({ ledger, where, record, row, count, visit });
  Object.assign(row, { acknowledged: ledger.acknowledged, lost: lost.length, half: half.length });
  assert.deepEqual([...lost, ...half].slice(0, 20), []);
});

for (const promise of ['normal', 'off']) {
  experiment('R04', `and synchronous=${promise.toUpperCase()} is found out`, { engines: ['sqlite'] }, async ({ row, ledger, where }) => {
    // No longer: a log of sixteen megabytes is brought into the file with each commit, and then there is nothing to lose.
    const { record } = await recorded({ where, ledger, promise, milliseconds: 0 });
    const { lost } = await cutEverywhere({ ledger, where, record, row, count: 8, luck: [() => false] });
    Object.assign(row, { acknowledged: ledger.acknowledged, note: `${lost.length} losses seen, as there must be` });
    assert.ok(lost.length > 0, 'the experiment does not see a loss');
  });
}
