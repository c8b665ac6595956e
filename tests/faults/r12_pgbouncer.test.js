// R12. A real pgbouncer hands out connections by transaction, and is reloaded, paused and restarted under load.
// Nothing is answered wrongly, and nothing of Signet's stays on the connections that others get next.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Cluster } from '../lib/cluster.js';
import { program } from '../lib/gateway.js';
import { atEnd, end, freePort, pause, run, tempDir, until } from '../lib/place.js';
import { psql } from '../lib/postgres.js';
import { experiment, placeOn, rootOf, serve, times } from './lib/experiment.js';
import { audit } from './lib/ledger.js';
import { Load } from './lib/load.js';

const pgbouncer = program('pgbouncer');
const SETTINGS = { 'store.pooler': 'yes', 'store.prepare': 'no' };

class Pooler {
  constructor(cluster, port) {
    this.port = port;
    this.folder = tempDir('pgbouncer');
    this.file = join(this.folder, 'pgbouncer.ini');
    writeFileSync(this.file, `[databases]\n* = host=127.0.0.1 port=${cluster.port} user=signet\n[pgbouncer]\n`
      + `listen_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\nauth_type = any\nadmin_users = signet\n`
      + 'pool_mode = transaction\ndefault_pool_size = 3\nserver_reset_query =\nignore_startup_parameters = extra_float_digits\n', { mode: 0o644 });
    atEnd(() => end(this.process_, 'SIGKILL'));
  }

  async start() {
    const user = process.getuid() === 0 ? ['--user=nobody'] : [];
    this.process_ = run(pgbouncer, ['--quiet', ...user, this.file]);
    await until(() => this.say('SHOW VERSION'), { what: 'pgbouncer to answer' });
  }

  say = (command) => psql(`postgresql://signet@127.0.0.1:${this.port}/pgbouncer`, command);

  async restart() {
    await end(this.process_, 'SIGTERM', 2_000);
    await this.start();
  }
}

const WHAT = {
  RELOAD: (pooler) => pooler.say('RELOAD'),
  async PAUSE(pooler) {
    await pooler.say('PAUSE');
    await pause(300);
    await pooler.say('RESUME');
  },
  restart: (pooler) => pooler.restart(),
};

experiment('R12', 'pgbouncer between', { engines: ['postgres'], own: true, skip: pgbouncer ? false : 'pgbouncer is not installed' }, async ({ row, ledger }) => {
  const cluster = await Cluster.start();
  const pooler = new Pooler(cluster, await freePort());
  await pooler.start();
  const where = await placeOn(cluster, { port: pooler.port });
  const server = await serve(where, { settings: SETTINGS });
  const root = await rootOf(server);
  const load = new Load(server, { root, ledger }).start();
  for (; row.rounds < times(3, 60); row.rounds++) {
    await pause(400);
    const what = Object.keys(WHAT)[row.rounds % 3];
    await WHAT[what](pooler);
    const since = performance.now();
    row.recovery.push(await until(() => load.recovered(since), { limit: 20_000, what: `a change to be acknowledged after ${what}` }));
  }
  await load.stop();
  row.note = load.summary();
  load.assertHonest();
  await audit(ledger, { server, root, store: where.store, row });
  await assertNothingLeft(pooler, where);
});

/** What the next client of the pooler finds on the connections that Signet had. */
async function assertNothingLeft(pooler, where) {
  const next = `postgresql://signet@127.0.0.1:${pooler.port}/${where.database}`;
  for (let connection = 0; connection < 6; connection++) {
    const left = await psql(next, `SELECT current_setting('statement_timeout'), current_setting('enable_seqscan'),
      current_setting('lock_timeout'), (SELECT count(*) FROM pg_prepared_statements), (SELECT count(*) FROM pg_listening_channels())`);
    assert.equal(left, '0|on|0|0|0');
  }
  assert.deepEqual(await where.store.rows("SELECT pid FROM pg_locks WHERE locktype = 'advisory'"), []);
}
