// Three nodes on one PostgreSQL behind HAProxy, under load: one is killed, one restarted, PostgreSQL restarted. What
// nobody answers is tried again elsewhere where that is safe; nothing acknowledged is lost.
import assert from 'node:assert/strict';

import { Cluster } from '../lib/cluster.js';
import { pause, until } from '../lib/place.js';
import { balance, haproxy } from './lib/balancer.js';
import { besides, experiment, LONG, placeOn, rootOf, serve } from './lib/experiment.js';
import { audit } from './lib/ledger.js';
import { Load } from './lib/load.js';

const WELL_WITHIN = 5_000;

experiment('NODES', 'three nodes behind HAProxy', { engines: ['postgres'], own: true, skip: haproxy ? false : 'HAProxy is not installed' }, async ({ row, ledger }) => {
  const cluster = await Cluster.start();
  const first = await placeOn(cluster);
  const places = [first];
  const nodes = [await serve(first)];
  const root = await rootOf(nodes[0]);
  for (let more = 0; more < 2; more++) {
    places.push(await besides(first));
    nodes.push(await serve(places.at(-1)));
  }
  const door = await balance(nodes.map(({ port }) => port));
  const load = new Load(door, { root, ledger, workers: 6, rest: 2 }).start();
  const notes = [];
  const quiet = LONG ? 5_000 : 800;

  const during = async (what, breaks) => {
    await pause(quiet);
    const began = performance.now();
    await breaks();
    const over = performance.now();
    row.recovery.push(await until(() => load.recovered(over), { limit: 30_000, what: `a change to be acknowledged after ${what}` }));
    await pause(quiet);
    const all = load.answers.filter(({ at }) => at >= began);
    const failed = all.filter(({ status }) => ![200, 201].includes(status));
    notes.push(`${what}: ${failed.length} of ${all.length} failed, ${Math.round(row.recovery.at(-1))} ms`);
    row.rounds++;
  };
  await during('one killed', async () => {
    await nodes[1].kill9();
  });
  nodes[1] = await serve(places[1], { port: nodes[1].port });
  await during('one restarted', async () => {
    await nodes[2].stop();
    nodes[2] = await serve(places[2], { port: nodes[2].port });
  });
  await during('PostgreSQL restarted', async () => {
    await cluster.restart('SIGINT');
    await until(() => cluster.answers(), { step: 5, limit: 60_000 });
  });
  await load.stop();
  row.note = `${notes.join('; ')}; ${load.summary()}`;
  load.assertHonest({ also: [0, 502, 503] });
  assert.ok(Math.max(...row.recovery) <= WELL_WITHIN, row.note);
  await audit(ledger, { server: nodes[0], root, store: first.store, row });
});
