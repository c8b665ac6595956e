// R19. The PostgreSQL that is written to dies, its synchronous standby takes over, and the old one comes back as it was.
// The address names both with target_session_attrs=read-write: nothing acknowledged is lost, and the old one is not
// written to. A standby that was behind loses what it had not got, and nothing else. And the wire to PostgreSQL may be
// sealed, by whom we say and nobody else.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Cluster } from '../lib/cluster.js';
import { call } from '../lib/client.js';
import { createAdmin, forwardAuth, tokenOf } from '../lib/edge.js';
import { freePort, pause, run, tempDir, until } from '../lib/place.js';
import { psql } from '../lib/postgres.js';
import { binary } from '../lib/signet.js';
import { besides, experiment, place, placeOn, rootOf, serve, times } from './lib/experiment.js';
import { audit, auditStore } from './lib/ledger.js';
import { Load } from './lib/load.js';
import { Proxy } from './lib/proxy.js';
import { postgresStore } from './lib/store.js';

const WELL_WITHIN = 30_000;

/** A server and its standby; unless `loose`, a synchronous one: nothing is acknowledged that is not on both. */
async function pair({ loose = false } = {}) {
  const options = ['-c', 'wal_level=replica', '-c', 'wal_keep_size=64MB', '-c', `synchronous_standby_names=${loose ? '' : '*'}`];
  const primary = await Cluster.start({ options });
  const wire = await Proxy.start(primary.port);
  const folder = tempDir('standby');
  if (process.getuid() === 0) {
    chownSync(folder, 65534, 65534);
  }
  const port = await freePort();
  await primary.program('pg_basebackup', ['-h', '127.0.0.1', '-p', `${wire.port}`, '-U', 'signet', '-D', join(folder, 'data'), '-R', '-X', 'stream', '-c', 'fast']);
  const standby = await Cluster.start({ folder, port, options: ['-c', 'hot_standby=on'] });
  await until(() => psql(primary.urlOf('postgres', { behind: true }), 'SELECT sync_state FROM pg_stat_replication').then((state) => state === (loose ? 'async' : 'sync')),
    { limit: 30_000, what: 'the standby to follow' });
  return { primary, standby, wire };
}

experiment('R19', 'PostgreSQL fails over to its standby', { engines: ['postgres'], own: true }, async ({ row, ledger }) => {
  for (; row.rounds < times(1, 5); row.rounds++) {
    const { primary, standby } = await pair();
    const database = await primary.newDatabase();
    const where = await place('postgres', `postgresql://signet@127.0.0.1:${primary.port},127.0.0.1:${standby.port}/${database}?target_session_attrs=read-write`);
    const server = await serve(where);
    const root = await rootOf(server);
    const load = new Load(server, { root, ledger, rest: 2 }).start();
    await pause(1_500);
    await primary.stop(); // dead
    const dead = performance.now();
    await psql(standby.urlOf('postgres', { behind: true }), 'SELECT pg_promote()');
    row.recovery.push(await until(() => load.recovered(dead), { limit: 60_000, what: 'a change to be acknowledged' }));
    primary.options = ['-c', 'default_transaction_read_only=on']; // as whoever manages failover fences it
    primary.start();
    await until(() => primary.answers(), { limit: 60_000 });
    await pause(700);
    await load.stop();
    load.assertHonest();
    const store = postgresStore(standby.urlOf(database, { behind: true }));
    row.note = load.summary();
    await audit(ledger, { server, root, store, row });
    const there = await psql(primary.urlOf(database, { behind: true }), "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'signet'");
    assert.equal(there, '0', 'the old one is spoken to');
    ledger = new ledger.constructor();
  }
  assert.ok(Math.max(...row.recovery) <= WELL_WITHIN, `${row.recovery}`);
});

const BEHIND = 400; // milliseconds of work that the standby has not got when it takes over
const ON_THE_WAY = 100; // and what had left for it just before

experiment('R19', 'and to one that was behind', { engines: ['postgres'], own: true }, async ({ row, ledger }) => {
  const { primary, standby, wire } = await pair({ loose: true });
  const database = await primary.newDatabase();
  const first = await place('postgres', `postgresql://signet@127.0.0.1:${primary.port},127.0.0.1:${standby.port}/${database}?target_session_attrs=read-write`);
  const a = await serve(first);
  const b = await serve(await besides(first));
  const root = await rootOf(a);
  ledger.position = () => performance.now();
  const load = new Load(a, { root, ledger, rest: 2 }).start();
  await pause(1_500);
  wire.blackhole();
  const behind = performance.now();
  await pause(BEHIND);
  await primary.stop();
  const dead = performance.now();
  await load.stop();
  const before = ledger.until(behind - ON_THE_WAY);
  wire.cut();
  await psql(standby.urlOf('postgres', { behind: true }), 'SELECT pg_promote()');
  row.recovery.push(await until(() => createAdmin(a, root).then((admin) => admin && performance.now() - dead), { limit: 60_000, what: 'a change to be acknowledged' }));

  // Neither node goes on believing what only the dead one knew, or misses what is new under a number it has heard of.
  const admin = await createAdmin(a, root);
  const token = await tokenOf(a, admin.username, admin.password);
  await until(async () => (await forwardAuth(b, token)).status === 200, { what: 'the other node to follow' });
  assert.equal((await call(a, 'DELETE', `/api/v1/admin/${admin.username}`, { token: root })).status, 200);
  await until(async () => (await forwardAuth(b, token)).status === 401, { limit: 1_000, what: 'the other node to refuse it' });

  const store = postgresStore(standby.urlOf(database, { behind: true }));
  const kept = await auditStore(before, store);
  assert.deepEqual([...kept.lost, ...kept.half], [], 'of what the standby had nothing is lost');
  const { lost, half } = await auditStore(ledger, store);
  assert.ok(lost.length > 0, 'the experiment does not see a loss');
  assert.deepEqual(half, []);
  Object.assign(row, { rounds: 1, acknowledged: ledger.acknowledged });
  row.note = `${BEHIND} ms behind: ${lost.length} losses seen, as there must be, none from before`;
});

function openssl(folder, command) {
  execFileSync('openssl', command.split(' '), { cwd: folder, stdio: 'pipe' });
}

/** An authority, and a key and certificate of it for this address. */
function certify(folder, name) {
  openssl(folder, `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=${name} -keyout ${name}-ca.key -out ${name}-ca.pem`);
  openssl(folder, `req -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -keyout ${name}.key -out ${name}.csr`);
  writeFileSync(join(folder, 'extensions'), 'subjectAltName=IP:127.0.0.1\n');
  openssl(folder, `x509 -req -days 2 -in ${name}.csr -CA ${name}-ca.pem -CAkey ${name}-ca.key -CAcreateserial -extfile extensions -out ${name}.pem`);
  chmodSync(join(folder, `${name}.key`), 0o600);
  if (process.getuid() === 0) {
    chownSync(join(folder, `${name}.key`), 65534, 65534);
  }
  chmodSync(folder, 0o755);
}

experiment('TLS', 'PostgreSQL by sslmode=verify-full', { engines: ['postgres'], own: true }, async ({ row, ledger }) => {
  const keys = tempDir('tls');
  certify(keys, 'ours');
  certify(keys, 'theirs');
  const cluster = await Cluster.start({ options: ['-c', 'ssl=on', '-c', `ssl_cert_file=${keys}/ours.pem`, '-c', `ssl_key_file=${keys}/ours.key`] });
  const sealed = (authority) => `?sslmode=verify-full&sslrootcert=${keys}/${authority}-ca.pem`;
  const where = await placeOn(cluster, { more: sealed('ours') });
  const server = await serve(where);
  const root = await rootOf(server);
  const load = new Load(server, { root, ledger }).start();
  await pause(500);
  await load.stop();
  load.assertHonest();
  const open = await where.store.rows("SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'signet' AND NOT ssl");
  assert.deepEqual(open, [['0']]);
  await audit(ledger, { server, root, store: where.store, row });

  const other = cluster.urlOf(where.database, { more: sealed('theirs') });
  const refused = run(binary, ['dev', '--data', join(tempDir(), 'data'), '--listen', `127.0.0.1:${await freePort()}`], { env: { ...process.env, SIGNET_STORE_URL: other } });
  assert.equal((await refused.ended).code, 1);
  assert.match(refused.logs(), /certificate verify failed/);
  row.rounds = 2;
});
