// An experiment is a test with a row in the table that `make faults` prints: what was done how often, what was
// acknowledged, what of it was lost or half there, how long it took to be well again.
import { appendFileSync, copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { tokenOf } from '../../lib/edge.js';
import { newDatabase } from '../../lib/postgres.js';
import { tempDir } from '../../lib/place.js';
import { startSignet, storeOf } from '../../lib/signet.js';
import { Ledger } from './ledger.js';
import { Load } from './load.js';
import { postgresStore, sqliteStore } from './store.js';

export const LONG = process.env.FAULTS_LONG === '1';
export const POSTGRES = existsSync('/usr/lib/postgresql');

/** Hundreds of logins and hashes from one address, on two cores that others use too. */
export const QUICK = {
  'password.memory': 8192,
  'password.passes': 1,
  'login.network_minute': 0,
  'login.network_hour': 0,
  'login.network_total': 0,
};

/** As many as the short set takes, or the long run, or as FAULTS_ROUNDS says. */
export function times(short, long = short) {
  return Number(process.env.FAULTS_ROUNDS ?? (LONG ? long : short));
}

/** Where a store of this engine is, empty: {data, store}. */
export async function place(engine, url) {
  const data = join(tempDir(), 'data');
  const found = engine === 'postgres' ? (url ?? (await newDatabase())) : undefined;
  await storeOf(data, found);
  return { data, url: found, store: found ? postgresStore(found) : sqliteStore(data) };
}

/** A new database of a cluster, spoken to at `port`: {data, url, store}; the store is read past whatever stands there. */
export async function placeOn(cluster, { port, more, database } = {}) {
  const name = database ?? (await cluster.newDatabase());
  const where = await place('postgres', cluster.urlOf(name, { port, more }));
  return { ...where, database: name, store: postgresStore(cluster.urlOf(name, { behind: true })) };
}

/** Another node's place on the store of the first, which has started before: they share the master key. */
export async function besides(first, url = first.url) {
  const where = await place('postgres', url);
  mkdirSync(where.data, { mode: 0o700 });
  copyFileSync(join(first.data, 'master.key'), join(where.data, 'master.key'));
  return { ...where, database: first.database, store: first.store };
}

/** Signet on that place; after a restart on the same data as before. */
export function serve(where, { settings = {}, ...given } = {}) {
  return startSignet({ dataDir: where.data, settings: { ...QUICK, ...settings }, ...given });
}

/** The token of the first administrator. */
export const rootOf = (server) => tokenOf(server);

export function percentile(numbers, part) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] : 0;
}

function publish(row) {
  if (process.env.FAULTS_ROWS) {
    appendFileSync(process.env.FAULTS_ROWS, `${JSON.stringify(row)}\n`);
  }
}

/**
 * Declares an experiment, once for each engine. `body` gets {engine, row, ledger, where} and fails by throwing;
 * row.rounds, row.acknowledged, row.lost, row.half and row.recovery (a list of milliseconds) are its figures, and
 * row.note is for what else it found. With `own` it brings its own database server, and `where` is missing.
 */
export function experiment(id, what, { engines = ['sqlite', 'postgres'], skip = false, own = false }, body) {
  for (const engine of engines) {
    const missing = engine === 'postgres' && !POSTGRES ? 'PostgreSQL is not installed' : skip;
    test(`${id} ${what} (${engine})`, { skip: missing, timeout: 3_600_000 }, async (t) => {
      const row = { id, engine, what, rounds: 0, acknowledged: 0, lost: 0, half: 0, recovery: [], note: '', verdict: 'FAILED' };
      try {
        await body({ engine, row, ledger: new Ledger(), where: own ? undefined : await place(engine) });
        row.verdict = 'held';
      } finally {
        await Load.stopAll();
        publish(row);
        const most = row.recovery.length ? `, well again after at most ${Math.round(Math.max(...row.recovery))} ms` : '';
        t.diagnostic(`${row.rounds} rounds, ${row.acknowledged} acknowledged, ${row.lost} lost, ${row.half} half${most}${row.note && `; ${row.note}`}`);
      }
    });
  }
}
