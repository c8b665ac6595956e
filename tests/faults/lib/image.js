// What a store holds, row by row, before and after: so that an effect can be told from half of one. Of the events, which only become
// more, it is their number.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { atEnd, until } from '../../lib/place.js';

const END = 'that was all';

// What comes and goes by itself: letters that are on their way, counters of failures, and the audit of what was refused.
const ITSELF = ['events', 'outbox', 'attempts', 'installation'];
// A user's place in the list is given later, and when a key was used is written down now and then.
const LATER = [[/^(INSERT INTO users [^]*),(?:\d+|NULL)\);$/, '$1);'], [/^(INSERT INTO service_keys [^]*),[^,]*,([^,]*)\);$/, '$1,$2);']];
const withoutLater = (row) => LATER.reduce((text, [column, rest]) => text.replace(column, rest), row);
// Whoever asked for a letter has it made a moment later.
const OPEN = /^INSERT INTO asked VALUES\('[^']*',X'[0-9a-f]*',\d+,'/m;
const COUNTED = `SELECT count(*) FROM events WHERE verb NOT IN
  ('refused', 'login.failed', 'login.delayed', 'password.refused', 'mail.sent', 'mail.dead');`;

/** SQLite's own shell, kept open over a file. */
export function openImage(dir) {
  const shell = spawn('sqlite3', ['-batch', '-cmd', '.timeout 5000', '-readonly', join(dir, 'signet.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = [];
  let tail = '';
  let wanted;
  shell.stdout.setEncoding('utf8');
  shell.stdout.on('data', (data) => {
    said.push(data);
    tail = (tail + data).slice(-END.length - 1);
    if (tail === `${END}\n`) {
      wanted?.(said.join('').slice(0, -tail.length));
      said = [];
      tail = '';
    }
  });
  atEnd(() => shell.stdin.end());
  const ask = (command) => new Promise((resolve) => {
    wanted = resolve;
    shell.stdin.write(`${command}\n.print '${END}'\n`);
  });
  let tables;
  const dump = () => until(async () => {
    tables ??= (await ask('.tables')).split(/\s+/).filter((name) => name && !ITSELF.includes(name)).join(' ');
    const text = await ask(`.dump --newlines ${tables}`);
    return OPEN.test(text) ? undefined : text;
  }, { step: 10, what: 'letters that were asked for to be made' });
  const read = async () => {
    const lines = (await dump()).split(/\n(?=INSERT INTO |COMMIT;|CREATE |ANALYZE)/);
    const rows = lines.filter((line) => line.startsWith('INSERT INTO ')).map(withoutLater);
    assert.ok(rows.length > 20, 'the store has next to no rows');
    return { rows: new Set(rows), events: Number(await ask(COUNTED)) };
  };
  let last = {};
  return {
    /** Every row of every table, as the statement that would put it there; read again only if somebody has written since. */
    async take() {
      const version = await ask('PRAGMA data_version;');
      if (last.version !== version) {
        last = { version, ...(await read()) };
      }
      return last;
    },
    close() {
      shell.stdin.end();
    },
  };
}

/** What became of each table: "events +1, users +1 -1" for a row that came and one that changed. Nothing: "". */
export function difference(before, after) {
  const tables = new Map();
  const count = (row, at) => {
    const table = /^INSERT INTO (\w+)/.exec(row)[1];
    const counts = tables.get(table) ?? [0, 0];
    counts[at]++;
    tables.set(table, counts);
  };
  after.rows.forEach((row) => before.rows.has(row) || count(row, 0));
  before.rows.forEach((row) => after.rows.has(row) || count(row, 1));
  if (after.events !== before.events) {
    tables.set('events', [after.events - before.events, 0]);
  }
  const signed = ([plus, minus]) => `${plus ? ` +${plus}` : ''}${minus ? ` -${minus}` : ''}`;
  return [...tables].sort().map(([table, counts]) => `${table}${signed(counts)}`).join(', ');
}
