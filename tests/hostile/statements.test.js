// Each statement has a file that tries it, or says why there is nothing to try.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { statements } from './lib/statement.js';

const table = readFileSync(new URL('statements.tsv', import.meta.url), 'utf8');
const files = readdirSync(new URL('.', import.meta.url)).filter((file) => /^s\d+_.*\.test\.js$/.test(file));

const filesOf = ({ shownBy }) => (shownBy.startsWith('not built: ') ? [] : shownBy.split(' '));

test('every statement is tried, or has no part here that it concerns', () => {
  assert.deepEqual(statements().map(({ id }) => id), Array.from({ length: 38 }, (_, at) => `S${at + 1}`));
  assert.deepEqual(statements().flatMap(filesOf).filter((file) => !files.includes(file)), []);
});

test('what is said to be decided elsewhere is tried there', () => {
  const named = table.split('\n').flatMap((line) => /^# S\d+: (.*)/.exec(line)?.[1].split(' ') ?? []);
  assert.ok(named.length > 0);
  assert.deepEqual(named.filter((file) => !existsSync(new URL(`../../${file}`, import.meta.url))), []);
});

test('every file tries the statement that its name says', () => {
  const named = statements().flatMap((row) => filesOf(row).map((file) => ({ id: row.id, file })));
  assert.deepEqual(named.map(({ file }) => file).sort(), files.sort());
  for (const { id, file } of named) {
    assert.ok(file.startsWith(`s${id.slice(1).padStart(2, '0')}_`), `${file} for ${id}`);
  }
});
