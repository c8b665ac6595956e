// A PostgreSQL server of the tests' own: one for each test file that asks, a new database for each store.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { atEnd, end, run, tempDir, until } from './place.js';

const script = resolve(dirname(fileURLToPath(import.meta.url)), '../../tools/postgres');
const execute = promisify(execFile);

let started;
let databases = 0;

/** Runs SQL in a database of that server, by the real psql: what it printed, without decoration. */
export async function psql(url, sql) {
  const { stdout } = await execute('psql', ['--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '-v', 'ON_ERROR_STOP=1', '-c', sql, url]);
  return stdout.trim();
}

function address(folder, database) {
  return `postgresql:///${database}?host=${folder}&user=signet`;
}

async function start() {
  const folder = tempDir('pg');
  const server = run(script, [folder]);
  atEnd(() => end(server, 'SIGQUIT'));
  await until(
    () => {
      assert.ok(server.running(), `PostgreSQL ended:\n${server.logs()}`);
      return psql(address(folder, 'postgres'), 'SELECT 1');
    },
    { limit: 60_000, what: 'PostgreSQL to answer' },
  );
  return folder;
}

/** The address of a new, empty database. */
export async function newDatabase() {
  started ??= start();
  const folder = await started;
  const name = `t${++databases}`;
  await psql(address(folder, 'postgres'), `CREATE DATABASE ${name} TEMPLATE template0`);
  return address(folder, name);
}
