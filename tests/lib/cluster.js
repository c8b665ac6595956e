// A PostgreSQL server that a test may stop, hold and start again, reached by TCP.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { atEnd, end, freePort, run, tempDir, until } from './place.js';
import { psql } from './postgres.js';

const script = resolve(dirname(fileURLToPath(import.meta.url)), '../../tools/postgres');
const execute = promisify(execFile);

export class Cluster {
  /** `folder` may hold a cluster already; `options` go to the server. */
  static async start({ folder = tempDir('pg'), port, options = [], ready = 'SELECT 1' } = {}) {
    const cluster = new Cluster();
    Object.assign(cluster, { folder, port: port ?? (await freePort()), options, databases: 0 });
    atEnd(() => cluster.stop());
    await cluster.start();
    await until(() => cluster.answers(ready), { limit: 120_000, what: 'PostgreSQL to answer' });
    return cluster;
  }

  /** Starts it without waiting for it. */
  start() {
    const own = ['-c', 'listen_addresses=127.0.0.1', '-p', `${this.port}`, ...this.options];
    this.server = run(script, [this.folder, ...own]);
  }

  /** SIGQUIT is what `pg_ctl stop -m immediate` sends: no checkpoint, recovery at the next start. */
  async stop(signal = 'SIGQUIT') {
    this.hold('SIGCONT');
    await end(this.server, signal);
  }

  async answers(sql = 'SELECT 1') {
    assert.ok(this.server.running(), `PostgreSQL ended:\n${this.server.logs()}`);
    await psql(this.urlOf('postgres', { behind: true }), sql);
    return true;
  }

  async restart(signal) {
    await this.stop(signal);
    this.start();
  }

  /** The postmaster and all that it has started. */
  #processes() {
    const children = (pid) => {
      try {
        return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
      } catch {
        return [];
      }
    };
    return this.server.running() ? [this.server.pid, ...children(this.server.pid)] : [];
  }

  /** SIGSTOP: it neither answers nor hangs up. SIGCONT: it goes on. */
  hold(signal) {
    for (const pid of this.#processes()) {
      try {
        process.kill(pid, signal);
      } catch {
        // it has just ended
      }
    }
  }

  /** The address of a database; `behind` goes by the socket in the folder, past whatever stands between. */
  urlOf(database, { port = this.port, behind = false, more = '' } = {}) {
    return behind
      ? `postgresql:///${database}?host=${this.folder}&port=${this.port}&user=signet`
      : `postgresql://signet@127.0.0.1:${port}/${database}${more}`;
  }

  /** A new, empty database: its name. */
  async newDatabase() {
    const name = `t${++this.databases}`;
    await psql(this.urlOf('postgres', { behind: true }), `CREATE DATABASE ${name} TEMPLATE template0`);
    return name;
  }

  /** Runs one of PostgreSQL's own programs as the user that the server runs as. */
  async program(name, args) {
    const { stdout: folder } = await execute('sh', ['-c', 'ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1']);
    const command = [`${folder.trim()}/${name}`, ...args];
    const user = process.getuid() === 0 ? ['setpriv', '--reuid=nobody', '--clear-groups', '--'] : [];
    const [program, ...rest] = [...user, ...command];
    return execute(program, rest, { cwd: this.folder });
  }
}
