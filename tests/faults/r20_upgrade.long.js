// R20 and R21. Two nodes that start at once on an empty database, one killed while it migrates; and nodes replaced one
// after the other under load, with nobody noticing.
import assert from 'node:assert/strict';

import { Cluster } from '../lib/cluster.js';
import { end, freePort, pause, run, until } from '../lib/place.js';
import { psql } from '../lib/postgres.js';
import { binary } from '../lib/signet.js';
import { balance, haproxy } from './lib/balancer.js';
import { besides, experiment, place, placeOn, rootOf, serve, times } from './lib/experiment.js';
import { audit } from './lib/ledger.js';
import { ask, Load } from './lib/load.js';

async function startRaw(where) {
  const port = await freePort();
  const url = where.url ? { SIGNET_STORE_URL: where.url } : {};
  const process_ = run(binary, ['dev', '--data', where.data, '--listen', `127.0.0.1:${port}`], { env: { ...process.env, ...url } });
  return { port, process_ };
}

experiment('R20', 'killed while it migrates', {}, async ({ row, engine }) => {
  for (; row.rounds < times(4, 60); row.rounds++) {
    const where = await place(engine);
    const first = await startRaw(where);
    await pause(Math.random() * 60);
    await end(first.process_, 'SIGKILL');
    const began = performance.now();
    const server = await serve(where);
    row.recovery.push(performance.now() - began);
    await rootOf(server);
    assert.deepEqual(await where.store.check(), []);
    await server.stop();
  }
});

experiment('R20', 'two that migrate at once; an old one on a newer schema', { engines: ['postgres'], own: true }, async ({ row }) => {
  const cluster = await Cluster.start();
  for (; row.rounds < times(3, 30); row.rounds++) {
    const first = await placeOn(cluster);
    const both = await Promise.all([startRaw(first), startRaw({ ...first, data: `${first.data}2` })]);
    // They have no master key in common: one makes the first signing key, the other cannot open it, and says so.
    const ends = await until(async () => {
      const answered = await Promise.all(both.map(({ port }) => ask(undefined, { port }, 'GET', '/readyz').then(({ status }) => status === 200)));
      const settled = both.every(({ process_ }, at) => answered[at] || !process_.running());
      return settled && answered;
    }, { limit: 20_000, what: 'both to settle' });
    assert.ok(ends.some(Boolean), both.map(({ process_ }) => process_.logs()).join('\n'));
    const schemas = await psql(first.url, 'SELECT count(*), count(DISTINCT version) FROM schema_version');
    assert.equal(schemas.split('|')[0], schemas.split('|')[1]);
    await Promise.all(both.map(({ process_ }) => end(process_)));
    await psql(first.url, "INSERT INTO schema_version VALUES (999, 'of the future', now())");
    const old = await startRaw(first);
    assert.equal((await old.process_.ended).code, 1);
    assert.match(old.process_.logs(), /the store was written by a newer signet \(schema 999, this binary knows \d+\)/);
  }
});

experiment('R21', 'nodes replaced one after the other', { engines: ['postgres'], own: true, skip: haproxy ? false : 'HAProxy is not installed' }, async ({ row, ledger }) => {
  const cluster = await Cluster.start();
  const places = [await placeOn(cluster)];
  const nodes = [await serve(places[0])];
  const root = await rootOf(nodes[0]);
  places.push(await besides(places[0]));
  nodes.push(await serve(places[1]));
  const door = await balance(nodes.map(({ port }) => port));
  const load = new Load(door, { root, ledger, rest: 2 }).start();
  await pause(500);
  for (; row.rounds < times(2, 20); row.rounds++) {
    const at = row.rounds % 2;
    const { port } = nodes[at];
    await nodes[at].stop();
    const began = performance.now();
    nodes[at] = await serve(places[at], { port });
    row.recovery.push(performance.now() - began);
    await pause(800); // the balancer has seen it
  }
  await load.stop();
  row.note = load.summary();
  const failed = load.answers.filter(({ status }) => ![200, 201].includes(status));
  assert.deepEqual(failed.slice(0, 5).map(({ what, status, text }) => `${what} ${status} ${text}`), [], load.summary());
  await audit(ledger, { server: nodes[0], root, store: places[0].store, row });
});
