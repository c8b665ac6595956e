// What is stored, seen from outside: all rows of a SQLite store, and what a request has changed in them.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { until } from '../../lib/place.js';

/** What the store says to a question. */
export const query = (data, text) => execFileSync('sqlite3', [join(data, 'signet.db'), '-cmd', '.timeout 5000', text], { maxBuffer: 1 << 28 }).toString();

// What jobs fill in, and when a key was used lately: not the doing of a request.
const BESIDES = new Set(['users.place', 'service_keys.used_at', 'asked.address', 'outbox.state', 'outbox.attempts', 'outbox.claim', 'outbox.due_at', 'outbox.sealed',
  'outbox.error']);
const BY_JOBS = /^events\|.*"verb","mail\./;
const tables = new Map();

function tablesOf(data) {
  if (!tables.has(data)) {
    const names = query(data, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").trim().split('\n');
    const columns = (name) => query(data, `SELECT name FROM pragma_table_info('${name}')`).trim().split('\n').filter((column) => !BESIDES.has(`${name}.${column}`));
    tables.set(data, names.map((name) => ({ name, columns: columns(name) })));
  }
  return tables.get(data);
}

/** All rows of all tables: a set of lines, "table|[column, value, …]". Bytes are in hexadecimal digits. */
export function rowsOf(data) {
  const cell = (column) => `'${column}', CASE typeof("${column}") WHEN 'blob' THEN 'x' || hex("${column}") ELSE "${column}" END`;
  const parts = tablesOf(data).map(({ name, columns }) => `SELECT '${name}|' || json_array(${columns.map(cell).join(', ')}) FROM "${name}"`);
  return new Set(query(data, parts.join(' UNION ALL ')).split('\n').filter((line) => line && !BY_JOBS.test(line)));
}

/** Waits until whoever asked for a letter has been looked at. */
export function settled(data) {
  return until(() => query(data, 'SELECT count(*) FROM asked WHERE address IS NOT NULL').trim() === '0', { what: 'the letters that were asked for' });
}

const NUMBERED = new Set(['sequence', 'number']); // given in order
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;
const FIXED = /^0{8}-|^01a1feec-0000-/; // roles and permissions of the service, and organizations made by hand

function usual(value, names) {
  if (typeof value === 'number') {
    return value > 1e12 ? 'a time' : value;
  }
  if (typeof value !== 'string') {
    return value;
  }
  return value.replace(UUID, (id) => (FIXED.test(id) ? id : 'an id')).replace(/\$argon2id\$\S+/, 'a hash').replace(/\b[0-9a-f]{32,}\b/g, 'digits')
    .replace(/^x[0-9A-F]{16,}$/, 'bytes').replaceAll(names, 'a name');
}

function usualRow(line, names) {
  const [, table, json] = /^(\w+)\|(.*)$/.exec(line);
  const cells = JSON.parse(json);
  const kept = [];
  for (let at = 0; at < cells.length; at += 2) {
    if (!NUMBERED.has(cells[at])) {
      kept.push(`${cells[at]}=${JSON.stringify(usual(cells[at + 1], names))}`);
    }
  }
  return `${table} ${kept.join(' ')}`;
}

/**
 * What has come (+) and gone (-) between two looks, in lines that are the same whenever the same was done: ids, times, digests and
 * whatever `names` fits stand for themselves.
 */
export function changes(before, after, names) {
  const only = (some, others, sign) => [...some].filter((line) => !others.has(line)).map((line) => `${sign} ${usualRow(line, names)}`);
  return [...only(before, after, '-'), ...only(after, before, '+')].sort();
}
