// R27. A day in minutes: load without a pause, keys followed by new ones, settings read again, sessions that expire and are
// removed. Memory and descriptors stay where they were, the log of the store is bounded, and the answers do not slow down.
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { call } from '../lib/client.js';
import { memoryOf } from '../lib/memory.js';
import { pause } from '../lib/place.js';
import { cli } from '../lib/signet.js';
import { median, slope } from '../lib/statistics.js';
import { experiment, percentile, rootOf, serve } from './lib/experiment.js';
import { auditStore } from './lib/ledger.js';
import { Load } from './lib/load.js';

const MINUTES = Number(process.env.SOAK_MINUTES ?? 10);
const SAMPLE = 1_000;
// Of what is to be remembered as long as the service runs little is added: who was made, and who was stopped.
const MIX = { login: 4, auth: 20, password: 1, create: 0, end: 0, list: 0 };
const REST = 20; // milliseconds between two requests of one of them: what is remembered for a while depends on how many come in it
// KiB a minute, along the line through the last two thirds. Six keys are added in it, which verify for two days and take 6 KiB each,
// and 36 accounts; the page caches still fill up. The word that each node sends the others, 40 bytes of it, lost each time, was 112 more.
const GROWS_MOST = 130;
const SLOWS_MOST = 1.5;
const STILL = 3_000; // milliseconds for which nothing ran on the machine: then who asked may have been given up

/** MiB that are the process's own, neither of files nor shared: what grows if anything does. */
const ownMemory = (pid) => memoryOf({ pid }, 'RssAnon') / 1024;

/** Samples [seconds, MiB], one each second, until `stop`; `stoodStill()`: whether the machine did since it was asked last. */
function watchMemory(pid) {
  const samples = [];
  const began = performance.now();
  let last = began;
  let late = 0;
  const timer = setInterval(() => {
    late = Math.max(late, performance.now() - last - SAMPLE);
    last = performance.now();
    samples.push([(last - began) / 1_000, ownMemory(pid)]);
  }, SAMPLE);
  const stoodStill = () => {
    const still = Math.max(late, performance.now() - last - SAMPLE) > STILL;
    late = 0;
    return still;
  };
  return { samples, stoodStill, stop: () => clearInterval(timer) };
}

/** How much of each kind standing holds: what a service remembers of those who were stopped and of sessions that have ended. */
async function standing(server, token) {
  const { text } = await call(server, 'GET', '/metrics', { token, plain: true });
  return [...text.matchAll(/^signet_standing_entries\{kind="(\w+)"\} (\d+)/gm)].map(([, kind, count]) => `${count} ${kind}`).join(', ');
}

// What is bounded by its settings is at its bound early: the page cache of each connection, which fills up with the store to 8 MiB; the
// tokens that each thread remembers, 4,096; and the sessions that have ended, some 50 bytes each, until the longest life of a token is over.
const BOUNDS = {
  'session.life': '1m', 'store.cache': '256k', 'token.cache': '64',
  ...Object.fromEntries(['edge', 'directory', 'corporate', 'gateway', 'fitnexa'].map((face) => [`face.${face}.token_life`, '30s'])),
};

experiment('R27', 'a day of work in minutes', {}, async ({ row, ledger, where, engine }) => {
  const server = await serve(where, { settings: { ...BOUNDS, 'metrics.from': '127.0.0.1' } });
  let root = await rootOf(server);
  const watch = watchMemory(server.pid);
  const samples = [];
  const ends = performance.now() + MINUTES * 60_000;
  while (performance.now() < ends) {
    const load = new Load(server, { root, ledger, workers: 6, rest: REST, mix: MIX }).start();
    await pause(10_000);
    await load.stop();
    load.assertHonest({ also: watch.stoodStill() ? [401, 0] : [401] }); // tokens of half a minute
    row.rounds++;
    row.calls = (row.calls ?? 0) + load.answers.length;
    samples.push({
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
  watch.stop();
  const line = slope(watch.samples.slice(Math.floor(watch.samples.length / 3)));
  const third = Math.ceil(samples.length / 3);
  const middle = (part, what) => median(part.map((sample) => sample[what]));
  const [early, late] = [samples.slice(0, third), samples.slice(-third)];
  const figures = (what, digits) => `${middle(early, what).toFixed(digits)} then ${middle(late, what).toFixed(digits)}`;
  row.note = `${row.calls} requests; memory ${line.first.toFixed(2)} then ${line.last.toFixed(2)} MiB by the line through ${line.count} samples `
    + `(${(line.slope * 60 * 1024).toFixed(1)} ± ${(line.error * 60 * 1024).toFixed(1)} KiB a minute), ${await standing(server, root)}; descriptors ${figures('descriptors', 0)}, forward-auth p99 ${figures('p99', 1)} ms, log ${figures('log', 1)} MiB`;
  assert.ok(middle(late, 'descriptors') <= middle(early, 'descriptors') + 4, row.note);
  assert.ok(middle(late, 'p99') < middle(early, 'p99') * SLOWS_MOST + 2, row.note);
  const { lost, half } = await auditStore(ledger, where.store); // the tokens have expired
  Object.assign(row, { acknowledged: ledger.acknowledged, lost: lost.length, half: half.length });
  assert.deepEqual([...lost, ...half, ...(await where.store.check())], []);
  await rootOf(server);
  assert.ok(line.slope * 60 * 1024 < GROWS_MOST, row.note);
});
