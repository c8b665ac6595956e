// R19. The PostgreSQL that is written to dies, its synchronous standby takes over, and the old one comes back as it was.
// The address names both with target_session_attrs=read-write: nothing acknowledged is lost, and the old one is not
// written to. And the wire to PostgreSQL may be sealed, by whom we say and nobody else.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Cluster } from '../lib/cluster.js';
import { freePort, pause, run, tempDir, until } from '../lib/place.js';
import { psql } from '../lib/postgres.js';
import { binary } from '../lib/signet.js';
import { experiment, place, placeOn, rootOf, serve, times } from './lib/experiment.js';
import { audit } from './lib/ledger.js';
import { Load } from './lib/load.js';
import { postgresStore } from './lib/store.js';

const WELL_WITHIN = 30_000;

/** A server and its synchronous standby: nothing is acknowledged that is not on both. */
async function pair() {
  const options = ['-c', 'wal_level=replica', '-c', 'wal_keep_size=64MB', '-c', 'synchronous_standby_names=*'];
  const primary = await Cluster.start({ options });
  const folder = tempDir('standby');
  if (process.getuid() === 0) {
    chownSync(folder, 65534, 65534);
  }
  const port = await freePort();
  await primary.program('pg_basebackup', ['-h', '127.0.0.1', '-p', `${primary.port}`, '-U', 'signet', '-D', join(folder, 'data'), '-R', '-X', 'stream', '-c', 'fast']);
  const standby = await Cluster.start({ folder, port, options: ['-c', 'hot_standby=on'] });
  await until(() => psql(primary.urlOf('postgres', { behind: true }), 'SELECT sync_state FROM pg_stat_replication').then((state) => state === 'sync'),
    { limit: 30_000, what: 'the standby to follow' });
  return { primary, standby };
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
