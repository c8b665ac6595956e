// R28. Somebody reads the file for a long time, so that the log cannot be emptied. Work goes on until the log is as long as
// it may be; then changes are refused, and nothing else is. When the reader has gone, the log is cut back and all is well.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

import { pause, until } from '../lib/place.js';
import { experiment, LONG, rootOf, serve } from './lib/experiment.js';
import { audit } from './lib/ledger.js';
import { Load } from './lib/load.js';

const KEPT = 34 << 20; // journal_size_limit, and the header and a commit on top
const MOST = 256 << 20;
const COMMIT = 8 << 20; // the last one that was let in

experiment('R28', 'a reader that does not let go', { engines: ['sqlite'] }, async ({ row, ledger, where }) => {
  const server = await serve(where, { settings: { 'store.log_most': `${MOST}` } });
  const root = await rootOf(server);
  const log = () => statSync(join(where.data, 'signet.db-wal')).size;
  const reader = spawn('sqlite3', [join(where.data, 'signet.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  reader.stdout.on('data', (bytes) => (said += bytes));
  reader.stdin.write("BEGIN;\nSELECT 'sees ' || count(*) FROM users;\n");
  await until(() => said.includes('sees'), { what: 'the reader to begin' });
  const load = new Load(server, { root, ledger, workers: 8, mix: { create: 1, login: 3 } }).start();
  await pause(LONG ? 60_000 : 3_000);
  const grown = log();
  const refused = load.count(503);
  reader.stdin.end('COMMIT;\n.quit\n');
  await new Promise((done) => reader.once('close', done));
  const made = load.count(201);
  const gone = performance.now();
  await until(() => load.count(201) > made, { what: 'changes to be taken again' });
  row.recovery.push(performance.now() - gone);
  await pause(1_000);
  await load.stop();
  load.assertHonest();
  row.rounds = 1;
  row.note = `the log grew to ${(grown / 1024 / 1024).toFixed(1)} MiB over ${ledger.acknowledged} changes, ${(log() / 1024 / 1024).toFixed(1)} MiB after; ${load.summary()}`;
  assert.ok(grown <= MOST + COMMIT, row.note);
  assert.ok(!LONG || refused > 0, `nothing was refused: ${row.note}`);
  assert.ok(log() <= KEPT, row.note);
  await audit(ledger, { server, root, store: where.store, row });
});
