// The database behind Signet's back, read by its own program.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { join } from 'node:path';

import { psql } from '../../lib/postgres.js';

const execute = promisify(execFile);
const table = (text) => text.split('\n').filter(Boolean).map((line) => line.split('|'));
const LARGE = { maxBuffer: 1 << 28 };

/** A file of SQLite's, as SQLite's own shell sees it. */
export function sqliteStore(dir) {
  const file = join(dir, 'signet.db');
  const ask = async (sql) => (await execute('sqlite3', ['-batch', '-noheader', '-separator', '|', '-cmd', '.timeout 5000', file, sql], LARGE)).stdout;
  return {
    rows: async (sql) => table(await ask(sql)),
    run: ask,
    async check() {
      const said = table(await ask('PRAGMA integrity_check; PRAGMA foreign_key_check')).flat();
      return said.filter((line) => line !== 'ok');
    },
  };
}

/** A database of PostgreSQL's. */
export function postgresStore(url) {
  return {
    rows: async (sql) => table(await psql(url, sql)),
    run: (sql) => psql(url, sql),
    // Every index against its table, and no transaction left prepared or idle.
    async check() {
      await psql(url, 'SET client_min_messages = error; CREATE EXTENSION IF NOT EXISTS amcheck');
      await psql(url, `SELECT bt_index_check(c.oid, true) FROM pg_class c JOIN pg_am a ON a.oid = c.relam
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.amname = 'btree' AND c.relkind = 'i' AND n.nspname = 'public'`);
      return table(await psql(url, 'SELECT gid FROM pg_prepared_xacts')).flat();
    },
  };
}
