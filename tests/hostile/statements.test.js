// Each statement has a file that tries it, or says why there is nothing to try.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

import { statements } from './lib/statement.js';

const files = readdirSync(new URL('.', import.meta.url)).filter((file) => /^s\d+_.*\.test\.js$/.test(file));

test('every statement is tried, or has no part here that it concerns', () => {
  assert.deepEqual(statements().map(({ id }) => id), Array.from({ length: 38 }, (_, at) => `S${at + 1}`));
  const missing = statements().filter(({ shownBy }) => !/^(not built|elsewhere): /.test(shownBy) && !files.includes(shownBy));
  assert.deepEqual(missing.map(({ id }) => id), []);
});

test('what is said to be tried elsewhere is', () => {
  const named = statements().filter(({ shownBy }) => shownBy.startsWith('elsewhere: ')).flatMap(({ shownBy }) => shownBy.split(' ').slice(1));
  assert.ok(named.length > 0);
  assert.deepEqual(named.filter((file) => !existsSync(new URL(`../../${file}`, import.meta.url))), []);
});

test('every file tries the statement that its name says', () => {
  const named = statements().filter(({ shownBy }) => files.includes(shownBy));
  assert.deepEqual(named.map(({ shownBy }) => shownBy).sort(), files.sort());
  for (const { id, shownBy } of named) {
    assert.ok(shownBy.startsWith(`s${id.slice(1).padStart(2, '0')}_`), `${shownBy} for ${id}`);
  }
});
