// R34. Nobody reads the log: the pipe is full, or the disk is. No request waits for it; what is lost of it is counted;
// and what has to be kept, the table of events, is written with the change or the change is refused (R05).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';

import { atEnd, freePort, pause, until } from '../lib/place.js';
import { binary } from '../lib/signet.js';
import { experiment, LONG, percentile, QUICK, rootOf } from './lib/experiment.js';
import { audit } from './lib/ledger.js';
import { ask, Load } from './lib/load.js';

/** Signet with this as its standard error. */
async function serveInto(where, sink) {
  const port = await freePort();
  const settings = Object.entries(QUICK).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', binary, 'dev', '--data', where.data, '--listen', `127.0.0.1:${port}`, ...settings], { stdio: ['ignore', 'ignore', sink] });
  atEnd(() => child.kill('SIGKILL'));
  child.stderr?.pause();
  await until(async () => (await ask(undefined, { port }, 'GET', '/livez')).status === 200, { what: 'Signet to answer' });
  return { port, child, logs: () => '' };
}

async function work({ server, ledger, row, where }) {
  const root = await rootOf(server);
  const watched = new Load(server, { root, ledger, workers: 8, mix: { auth: 1 }, most: LONG ? 10_000 : 1_000 }).start();
  const load = new Load(server, { root, ledger, workers: 4 }).start();
  await pause(LONG ? 30_000 : 1_000);
  await watched.running; // thousands of lines: more than wait in memory
  await load.stop();
  load.assertHonest();
  row.rounds++;
  row.note = `${load.answers.length + watched.answers.length} requests, forward-auth p99 ${percentile(load.times('auth'), 0.99).toFixed(1)} ms; ${load.summary()}`;
  await audit(ledger, { server, root, store: where.store, row });
}

experiment('R34', 'nobody reads the log', { engines: ['sqlite'] }, async (x) => {
  const server = await serveInto(x.where, 'pipe');
  await work({ ...x, server });
  let said = '';
  server.child.stderr.on('data', (bytes) => (said += bytes));
  server.child.stderr.resume();
  await until(async () => (await ask(undefined, server, 'GET', '/livez')) && said.includes('log lines dropped'), { what: 'it to say how many lines were lost' });
  server.child.kill('SIGTERM');
  await new Promise((done) => server.child.once('exit', done));
});

experiment('R34', 'the log cannot be written', { engines: ['sqlite'] }, async (x) => {
  const server = await serveInto(x.where, openSync('/dev/full', 'w'));
  await work({ ...x, server });
});
