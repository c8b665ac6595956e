// R05. The disk fills up under load and is emptied again. Changes are refused in so many words, everything that
// needs no disk goes on, and changes resume by themselves.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { atEnd, pause, tempDir, until } from '../lib/place.js';
import { experiment, rootOf, serve, times } from './lib/experiment.js';
import { audit } from './lib/ledger.js';
import { Load } from './lib/load.js';
import { sqliteStore } from './lib/store.js';

const RESUMES_WITHIN = 5_000;
const skip = process.getuid() === 0 ? false : 'only root may make a disk that is this small';

function smallDisk() {
  const folder = tempDir('disk');
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'none', folder]);
  atEnd(() => execFileSync('umount', ['--lazy', folder]));
  return folder;
}

function fill(file) {
  for (const size of [1 << 20, 1 << 12, 1]) {
    try {
      for (;;) {
        appendFileSync(file, Buffer.alloc(size));
      }
    } catch (error) {
      assert.equal(error.code, 'ENOSPC');
    }
  }
}

experiment('R05', 'the disk is full, and then not', { engines: ['sqlite'], skip, own: true }, async ({ row, ledger }) => {
  const disk = smallDisk();
  const where = { data: join(disk, 'data') };
  where.store = sqliteStore(where.data);
  const server = await serve(where);
  const root = await rootOf(server);
  const load = new Load(server, { root, ledger, rest: 1 }).start();
  for (; row.rounds < times(2, 20); row.rounds++) {
    await pause(300);
    fill(join(disk, 'filler'));
    const full = performance.now();
    await until(() => load.answers.filter(({ status, text, at }) => at > full && status === 503 && text === 'storage_full').length > 20,
      { limit: 60_000, what: 'storage_full to be answered' }); // the log has room of its own to fill first
    const seen = performance.now();
    for (let reads = 0; reads < 10; reads++) {
      assert.equal((await load.list()).status, 200, 'reading needs no disk');
      assert.equal((await load.auth({ tokens: [] })).status, 200, 'forward-auth needs no disk');
    }
    assert.equal(load.count((status) => status !== 200, { since: seen, what: 'auth' }), 0, 'forward-auth needs no disk');
    rmSync(join(disk, 'filler'));
    const free = performance.now();
    row.recovery.push(await until(() => load.recovered(free), { limit: 20_000, what: 'a change to be acknowledged' }));
  }
  await load.stop();
  row.note = load.summary();
  load.assertHonest();
  assert.ok(Math.max(...row.recovery) <= RESUMES_WITHIN, `${row.recovery} ms`);
  await audit(ledger, { server, root, store: where.store, row });

  fill(join(disk, 'filler'));
  await server.stop(); // R22: an end that finds no room is an end all the same
  rmSync(join(disk, 'filler'));
  await audit(ledger, { server: await serve(where), root, store: where.store, row });
});
