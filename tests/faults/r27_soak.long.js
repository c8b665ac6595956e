// R27. A day in minutes: load without a pause, keys followed by new ones, settings read again, sessions that expire and are
// removed. Memory and descriptors stay where they were, the log of the store is bounded, and the answers do not slow down.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { pause } from '../lib/place.js';
import { cli } from '../lib/signet.js';
import { experiment, percentile, rootOf, serve } from './lib/experiment.js';
import { auditStore } from './lib/ledger.js';
import { Load } from './lib/load.js';

const MINUTES = Number(process.env.SOAK_MINUTES ?? 10);
const GROWS_MOST = 1.15; // of the memory between the first third and the last: what standing holds of ended sessions
const SLOWS_MOST = 1.5;

experiment('R27', 'a day of work in minutes', {}, async ({ row, ledger, where, engine }) => {
  const server = await serve(where, { settings: { 'session.life': '2m', 'face.edge.token_life': '1m' } });
  let root = await rootOf(server);
  const samples = [];
  const ends = performance.now() + MINUTES * 60_000;
  while (performance.now() < ends) {
    const load = new Load(server, { root, ledger, workers: 6, mix: { login: 4, auth: 20, create: 1, end: 1, list: 0 } }).start();
    await pause(10_000);
    await load.stop();
    load.assertHonest({ also: [401] }); // tokens of a minute
    row.rounds++;
    row.calls = (row.calls ?? 0) + load.answers.length;
    const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
    samples.push({
      memory: Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024,
      descriptors: readdirSync(`/proc/${server.pid}/fd`).length,
      p99: percentile(load.times('auth'), 0.99),
      log: engine === 'sqlite' ? statSync(join(where.data, 'signet.db-wal')).size / 1024 / 1024 : 0,
    });
    const store = where.url ? { SIGNET_STORE_URL: where.url } : {};
    const turned = await cli(['key', 'rotate', '--now', '--data', where.data], { env: store });
    assert.equal(turned.code, 0, turned.stderr);
    server.signal('SIGHUP');
    root = await rootOf(server);
  }
  const third = Math.ceil(samples.length / 3);
  const mean = (part, what) => part.reduce((sum, sample) => sum + sample[what], 0) / part.length;
  const [early, late] = [samples.slice(0, third), samples.slice(-third)];
  const figures = (what, digits) => `${mean(early, what).toFixed(digits)} then ${mean(late, what).toFixed(digits)}`;
  row.note = `${row.calls} requests; memory ${figures('memory', 1)} MiB, descriptors ${figures('descriptors', 0)}, forward-auth p99 ${figures('p99', 1)} ms, log ${figures('log', 1)} MiB`;
  assert.ok(mean(late, 'memory') < mean(early, 'memory') * GROWS_MOST, row.note);
  assert.ok(mean(late, 'descriptors') <= mean(early, 'descriptors') + 4, row.note);
  assert.ok(mean(late, 'p99') < mean(early, 'p99') * SLOWS_MOST + 2, row.note);
  const { lost, half } = await auditStore(ledger, where.store); // the tokens have expired
  Object.assign(row, { acknowledged: ledger.acknowledged, lost: lost.length, half: half.length });
  assert.deepEqual([...lost, ...half, ...(await where.store.check())], []);
  await rootOf(server);
});
