// R15, R16 and R31. Two nodes on one PostgreSQL: what one of them ends the other refuses within a second; when one is
// cut off, it goes on with what it knows for ten seconds and then says no to everyone; and each reads what it wrote.
import assert from 'node:assert/strict';

import { Cluster } from '../lib/cluster.js';
import { call } from '../lib/client.js';
import { createAdmin, forwardAuth, listAdmins, tokenOf } from '../lib/edge.js';
import { pause, until } from '../lib/place.js';
import { besides, experiment, LONG, percentile, placeOn, rootOf, serve, times } from './lib/experiment.js';
import { Load } from './lib/load.js';
import { Ledger } from './lib/ledger.js';
import { Proxy } from './lib/proxy.js';

const ELSEWHERE_WITHIN = 1_000;
const KNOWS_FOR = 10_000;

async function twoNodes({ settings } = {}) {
  const cluster = await Cluster.start();
  const wire = await Proxy.start(cluster.port);
  const first = await placeOn(cluster);
  const a = await serve(first);
  const b = await serve(await besides(first, cluster.urlOf(first.database, { port: wire.port })), { settings });
  return { a, b, wire, root: await rootOf(a), store: first.store };
}

/** Milliseconds from an answer until forward-auth at `node` says this. */
async function untilSays(node, token, status) {
  const since = performance.now();
  await until(async () => (await forwardAuth(node, token)).status === status, { step: 1, limit: 20_000, what: `${status} elsewhere` });
  return performance.now() - since;
}

async function revokeAgain(a, b, root) {
  const admin = await createAdmin(a, root);
  const token = await tokenOf(a, admin.username, admin.password);
  await untilSays(b, token, 200);
  assert.equal((await call(a, 'DELETE', `/api/v1/admin/${admin.username}`, { token: root })).status, 200);
  return untilSays(b, token, 401);
}

experiment('R15', 'what one node ends, under load at the other', { engines: ['postgres'], own: true }, async ({ row }) => {
  const { a, b, root } = await twoNodes();
  const load = new Load(b, { root, ledger: new Ledger(), workers: 2, rest: 5, mix: { auth: 1 } }).start();
  for (; row.rounds < times(15, 200); row.rounds++) {
    row.recovery.push(await revokeAgain(a, b, root));
  }
  await load.stop();
  row.note = `p50 ${percentile(row.recovery, 0.5).toFixed(1)} ms, p99 ${percentile(row.recovery, 0.99).toFixed(1)} ms`;
  assert.ok(Math.max(...row.recovery) <= ELSEWHERE_WITHIN, row.note);
});

experiment('R15', 'and when no word of it comes', { engines: ['postgres'], own: true }, async ({ row }) => {
  const { a, b, root } = await twoNodes({ settings: { 'store.pooler': 'yes' } }); // it does not listen then, and only looks
  for (; row.rounds < times(5, 50); row.rounds++) {
    row.recovery.push(await revokeAgain(a, b, root));
  }
  row.note = `p50 ${percentile(row.recovery, 0.5).toFixed(1)} ms`;
  assert.ok(Math.max(...row.recovery) <= ELSEWHERE_WITHIN, `${row.recovery}`);
});

experiment('R16', 'a node is cut off from PostgreSQL', { engines: ['postgres'], own: true }, async ({ row }) => {
  const { a, b, wire, root } = await twoNodes({ settings: { 'store.statement_timeout': 1_000, 'store.connect_timeout': '2s' } });
  for (; row.rounds < times(1, 5); row.rounds++) {
    const admin = await createAdmin(a, root);
    const token = await tokenOf(a, admin.username, admin.password);
    await untilSays(b, token, 200);
    const cut = performance.now();
    wire.blackhole();
    await call(a, 'DELETE', `/api/v1/admin/${admin.username}`, { token: root });
    let last = 0;
    while (performance.now() - cut < KNOWS_FOR + (LONG ? 10_000 : 1_000)) {
      const { status } = await forwardAuth(b, root);
      assert.ok([200, 503].includes(status), `${status}`);
      last = status === 200 ? performance.now() - cut : last;
      await pause(10);
    }
    row.note = `it said yes for ${Math.round(last)} ms`;
    assert.ok(last > KNOWS_FOR / 2 && last <= KNOWS_FOR + 300, row.note);
    assert.equal((await call(b, 'GET', '/readyz')).status, 503);
    assert.equal((await forwardAuth(a, root)).status, 200, 'the other node is well');
    wire.heal();
    const healed = performance.now();
    await until(async () => (await forwardAuth(b, root)).status === 200, { limit: 20_000 });
    row.recovery.push(performance.now() - healed);
    assert.equal((await forwardAuth(b, token)).status, 401, 'what was ended meanwhile is ended here');
  }
});

experiment('R31', 'the same account changed at both nodes', { engines: ['postgres'], own: true }, async ({ row }) => {
  const { a, b, root } = await twoNodes();
  const admin = await createAdmin(a, root);
  for (; row.rounds < times(20, 200); row.rounds++) {
    const [here, there] = row.rounds % 2 ? [a, b] : [b, a];
    const token = await tokenOf(here, admin.username, admin.password);
    assert.equal((await forwardAuth(here, token)).status, 200, 'a node knows its own login');
    const chosen = `yellow kite ${row.rounds} of many`;
    const changed = await call(here, 'PUT', '/api/v1/admin/password', { token: root, json: { username: admin.username, current_password: admin.password, new_password: chosen } });
    assert.equal(changed.status, 200, changed.text);
    admin.password = chosen;
    assert.equal((await forwardAuth(here, token)).status, 401, 'a node reads what it wrote');
    row.recovery.push(await untilSays(there, token, 401));
    const again = await tokenOf(there, admin.username, chosen);
    row.recovery.push(await untilSays(here, again, 200));
    assert.ok((await listAdmins(there, root)).some(({ username }) => username === admin.username));
  }
  assert.ok(Math.max(...row.recovery) <= ELSEWHERE_WITHIN, `${row.recovery}`);
});
