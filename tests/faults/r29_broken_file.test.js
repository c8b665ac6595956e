// R29. What may happen to the file of the store, before the start and while it runs. Signet says in so many words what is
// wrong and does not start, or answers 503; it never mends anything on its own.
import assert from 'node:assert/strict';
import { chmodSync, closeSync, cpSync, openSync, readFileSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { createAdmin } from '../lib/edge.js';
import { freePort, pause, run, tempDir, until } from '../lib/place.js';
import { binary } from '../lib/signet.js';
import { experiment, place, rootOf, serve } from './lib/experiment.js';
import { audit, Ledger } from './lib/ledger.js';
import { Load } from './lib/load.js';
import { Shim } from './lib/shim.js';

/** A store with something in it, closed well; copied for each case. */
async function filled() {
  const where = await place('sqlite');
  const server = await serve(where);
  const root = await rootOf(server);
  for (let count = 0; count < 60; count++) {
    await createAdmin(server, root, { username: `person${count}` });
  }
  await server.stop();
  return where;
}

function copyOf(where) {
  const data = join(tempDir(), 'data');
  cpSync(where.data, data, { recursive: true });
  chmodSync(data, 0o700);
  return data;
}

function overwrite(file, place_, bytes) {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, bytes, 0, bytes.length, place_);
  closeSync(descriptor);
}

const CASES = {
  'no database at all': {
    breaks: (file) => writeFileSync(file, Buffer.alloc(8192, 'x')),
    says: /the file is not a database/,
  },
  'the first page is gone': {
    breaks: (file) => overwrite(file, 0, Buffer.alloc(4096)),
    says: /the file is not a database/,
  },
  'truncated in the middle': {
    breaks: (file) => truncateSync(file, Math.floor(statSync(file).size / 2 / 4096) * 4096),
    says: /malformed|damaged/,
  },
  'bits have flipped in the pages': {
    breaks(file) {
      const size = statSync(file).size;
      for (let page = 1; page * 4096 < size; page++) {
        overwrite(file, page * 4096, Buffer.from([0xff, 0xff, 0xff]));
      }
    },
    says: /malformed|damaged/,
  },
  'of a newer version': {
    breaks: (file) => execFileSync('sqlite3', [file, "INSERT INTO schema_version VALUES (999, 'of the future', 0)"]),
    says: /the store was written by a newer signet \(schema 999, this binary knows \d+\)/,
  },
};

async function starts(data) {
  const process_ = run(binary, ['dev', '--data', data, '--listen', `127.0.0.1:${await freePort()}`]);
  const timer = setTimeout(() => process_.child.kill('SIGKILL'), 8_000);
  const { code } = await process_.ended;
  clearTimeout(timer);
  return { code, said: process_.logs() };
}

experiment('R29', 'the file is broken before the start', { engines: ['sqlite'], own: true }, async ({ row }) => {
  const whole = await filled();
  for (const [what, { breaks, says }] of Object.entries(CASES)) {
    const data = copyOf(whole);
    const file = join(data, 'signet.db');
    breaks(file);
    const before = readFileSync(file);
    const { code, said } = await starts(data);
    assert.equal(code, 1, `${what}: ${code}\n${said}`);
    assert.match(said, says, what);
    assert.ok(before.equals(readFileSync(file)), `${what}: it was written to`);
    row.rounds++;
  }
});

experiment('R29', 'keys, locks and modes are wrong', { engines: ['sqlite'], own: true }, async ({ row }) => {
  const whole = await filled();
  const open = copyOf(whole);
  chmodSync(join(open, 'master.key'), 0o644);
  assert.match((await starts(open)).said, /master\.key can be read by others: chmod 600 it/);

  const keyless = copyOf(whole);
  execFileSync('rm', [join(keyless, 'master.key')]);
  assert.match((await starts(keyless)).said, /master\.key is missing, and the store's keys are sealed under it/);

  const other = copyOf(whole);
  writeFileSync(join(other, 'master.key'), `${'0123456789abcdef'.repeat(4)}\n`, { mode: 0o600 });
  const wrong = await starts(other);
  assert.equal(wrong.code, 1, wrong.said);

  const running = await serve({ data: copyOf(whole) });
  const second = await starts(running.dir);
  assert.match(second.said, new RegExp(`another|process ${running.pid}`));
  assert.equal(second.code, 1);
  row.rounds = 4;
});

experiment('R29', 'the file breaks while it is used', { engines: ['sqlite'] }, async ({ row, where }) => {
  const server = await serve(where);
  const root = await rootOf(server);
  const load = new Load(server, { root, ledger: new Ledger(), rest: 2 }).start();
  await pause(500);
  await load.stop();
  execFileSync('sqlite3', [join(where.data, 'signet.db'), 'PRAGMA wal_checkpoint(TRUNCATE)']);
  const file = join(where.data, 'signet.db');
  const size = statSync(file).size;
  for (let page = 1; page * 4096 < size; page++) {
    overwrite(file, page * 4096, Buffer.from([0xff, 0xff, 0xff]));
  }
  const after = new Load(server, { root, ledger: new Ledger(), rest: 2 }).start();
  await pause(1_000);
  await after.stop();
  row.note = after.summary();
  row.rounds = 1;
  assert.ok(server.running());
  assert.ok(after.count(503) > 0, row.note);
  after.assertHonest();
});

experiment('R29', 'the disk can only be read any more', { engines: ['sqlite'] }, async ({ row, ledger, where }) => {
  const shim = new Shim();
  const server = await serve(where, { env: shim.env });
  const root = await rootOf(server);
  const load = new Load(server, { root, ledger, rest: 2 }).start();
  await pause(300);
  const calls = ['write', 'truncate', 'sync'];
  calls.forEach((call) => shim.fail(call, { after: 1, forever: true, error: 'EROFS' }));
  await pause(200);
  const since = performance.now();
  await pause(500);
  assert.equal(load.count((status) => status === 200, { since, what: 'create' }), 0);
  assert.equal(load.count((status) => status !== 200, { since, what: 'auth' }), 0, 'forward-auth goes on');
  shim.heal();
  const healed = performance.now();
  row.recovery.push(await until(() => load.recovered(healed), { what: 'a change to be acknowledged' }));
  await load.stop();
  load.assertHonest();
  row.rounds = 1;
  await audit(ledger, { server, root, store: where.store, row });
});
