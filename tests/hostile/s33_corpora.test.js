// S33. Whatever reads bytes from outside has a harness, and every file of its corpus goes through the harness that
// was built, in memory that ends where the file does (fuzz/replay.c). Which functions read bytes from outside is read
// off the headers; `make fuzz` tries what nobody thought of, and what it finds is added to these corpora.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { tempDir } from '../lib/place.js';
import { statement } from './lib/statement.js';

const top = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const read = (path) => readFileSync(join(top, path), 'utf8');
const start = promisify(execFile);

// What a function that reads is called, and what it reads from.
const READS = /_(parse|read|decode|open|resume|verify|accept|inspect|is_fine|is_real|is_https|is_known|is_of|cost_of|of)(_[a-z0-9_]+)?$/;
const FROM = /struct str |struct record_input |char \*|struct secret /;
const PROTOTYPE = /^(?!typedef|#|\s)[^={};#]*?\b([a-z]\w*)\(([^{};]*)\)[^{};]*;/gm;

// Those without a harness of their own, and why.
const WITHOUT = {
  depot_open: 'a folder and settings, which were read before',
  gallery_open: 'the name of a folder',
  store_open: 'settings, which were read before',
  master_key_read: 'the name of a folder; the digits in its file are read by hex_parse',
  sealed_file_open: 'the name of a file; its bytes are read by sealing_resume and sealing_open',
  caught_read: 'the name of a folder; the letter in it is read by caught_parse',
  hasher_verify: 'hands on to password_verify, on another thread',
  fixture_accept: 'for tests alone',
  gateway_read_id: 'a segment of a path, read by id_parse',
  admin_resume: 'a name, which the store is asked for',
  provider_of: 'compares with the names of a table',
  refusal_of: 'for tests alone',
  value_parse: 'one of the kinds of json_read and form_read, which hand on to it',
};

/** The functions of the headers that read bytes from outside. */
function readers() {
  const headers = readdirSync(join(top, 'src'), { recursive: true }).filter((name) => name.endsWith('.h'));
  const found = headers.flatMap((name) => [...read(join('src', name)).replace(/\/\*[^]*?\*\//g, '').matchAll(PROTOTYPE)]);
  return [...new Set(found.filter(([, name, parameters]) => READS.test(name) && FROM.test(parameters)).map(([, name]) => name))].sort();
}

const harnesses = readdirSync(join(top, 'fuzz')).filter((name) => name.endsWith('.c') && read(join('fuzz', name)).includes('int LLVMFuzzerTestOneInput('))
  .map((name) => basename(name, '.c')).sort();

statement('S33', async (tries) => {
  const fuzzed = harnesses.map((name) => read(join('fuzz', `${name}.c`))).join('\n');
  const all = readers();
  assert.ok(all.length > 50, `only ${all.length} functions that read`);
  for (const name of all.filter((one) => !WITHOUT[one])) {
    await tries(`${name} has a harness`, () => assert.match(fuzzed, new RegExp(`\\b${name}\\(`), `no file of fuzz/ calls ${name}`));
  }
  for (const name of Object.keys(WITHOUT)) {
    await tries(`${name} is one that needs none`, () => assert.ok(all.includes(name), 'there is no such function'));
  }
}, 'every function that reads bytes has a harness');

statement('S33', async (tries) => {
  const built = read('fuzz/meson.build');
  for (const name of harnesses) {
    await tries(`${name} is built`, () => assert.match(built, new RegExp(`'${name}': \\[`)));
  }
  for (const name of readdirSync(join(top, 'fuzz/corpus'))) {
    await tries(`the corpus ${name} has its harness`, () => assert.ok(harnesses.includes(name)));
  }
}, 'every harness is built, and no corpus is left alone');

/** A corpus of one file, so that one that breaks is named and the others are tried too. */
async function replay(harness, files) {
  const corpus = join(tempDir('corpus'), 'one');
  mkdirSync(corpus);
  files.forEach((file) => symlinkSync(file, join(corpus, basename(file))));
  const { stdout } = await start(harness, [corpus], { timeout: 120_000 });
  assert.equal(Number(/^(\d+) inputs replayed$/m.exec(stdout)?.[1]), files.length, stdout);
}

statement('S33', async (tries) => {
  for (const name of harnesses) {
    const harness = join(top, 'build/fuzz', `fuzz-${name}`);
    if (name === 'http' && !existsSync(harness)) {
      continue; // it is held against http-parser, which is not installed
    }
    const folder = join(top, 'fuzz/corpus', name);
    const files = readdirSync(folder).map((file) => join(folder, file));
    await tries(`${name}: a corpus of some files, none of them large`, () => {
      assert.ok(files.length >= 5, `only ${files.length}`);
      assert.ok(files.length <= 120 && files.every((file) => statSync(file).size <= 16 << 10));
    });
    let whole = true;
    await replay(harness, files).catch(() => { whole = false; });
    for (const file of files) { // one by one only where they do not all go through at once
      await tries(`${name}: ${basename(file)}`, () => whole || replay(harness, [file]));
    }
  }
}, 'every file of every corpus');
