// What is in the store, row by row, so that it can be said what a request has changed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { until } from '../../lib/place.js';

/** Runs SQL on the store of a server as nobody who writes there would. */
export function query(server, sql) {
  return execFileSync('sqlite3', ['-readonly', '-cmd', '.timeout 5000', join(server.dir, 'signet.db'), sql], { encoding: 'utf8', maxBuffer: 1 << 28 });
}

/** That somebody was refused is written down, and is no change of what is kept. */
const isAudit = (row) => /^INSERT INTO (events VALUES\(\d+,\d+,[^,]*,'refused',|sqlite_sequence VALUES\('events',)/.test(row);
/** When a service key was last seen is written down, too, once a minute. */
const withoutSeen = (row) => row.replace(/^(INSERT INTO service_keys VALUES\((?:[^,]*,){6})[^,]*,/, '$1~,');

/** Every row of every table, as SQL. */
export function dump(server) {
  return query(server, '.dump').split('\n').filter((row) => !isAudit(row)).map(withoutSeen);
}

/** The rows that are in one dump alone: `-` before, `+` after. */
export function difference(before, after) {
  const [was, is] = [new Set(before), new Set(after)];
  return [...before.filter((row) => !is.has(row)).map((row) => `- ${row}`), ...after.filter((row) => !was.has(row)).map((row) => `+ ${row}`)];
}

const WORK = `SELECT (SELECT count(*) FROM users WHERE place IS NULL) + (SELECT count(*) FROM outbox WHERE state < 4)
  + (SELECT count(*) FROM asked WHERE address IS NOT NULL)`;

/** Waits until what goes on beside requests is done: letters, places in the list of users. Gives a dump. */
export async function quiet(server) {
  await until(() => query(server, WORK).trim() === '0', { what: 'the jobs to be done' });
  return dump(server);
}

export function assertUnchanged(before, after) {
  assert.deepEqual(difference(before, after).map((row) => row.slice(0, 300)), []);
}
