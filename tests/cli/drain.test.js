// The end of a server that somebody keeps waiting.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

import { login } from '../lib/edge.js';
import { pause, until } from '../lib/place.js';
import { startSignet } from '../lib/signet.js';

/** Another process takes the store's pen and keeps it for so many seconds. */
async function holdThePen(dir, seconds) {
  const holder = spawn('sqlite3', [join(dir, 'signet.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  holder.stdout.on('data', (data) => (said += data));
  holder.stdin.write(`.timeout 5000\nBEGIN IMMEDIATE;\nSELECT 'held';\n.shell sleep ${seconds}\nROLLBACK;\n.quit\n`);
  await until(() => said.includes('held'), { what: 'the store to be held' });
  return new Promise((resolve) => holder.once('close', resolve));
}

test('a request that outlasts the ten seconds of the end is let go, and the server ends well', async () => {
  const server = await startSignet({ settings: { 'store.busy_timeout': '13000' } });
  const released = holdThePen(server.dir, 13);
  await pause(500);
  const waiting = login(server, 'admin', 'your_password').catch((error) => error);
  await pause(500); // it waits for the pen by now
  server.signal('SIGTERM');
  const { code, signal } = await server.ended;
  assert.deepEqual({ code, signal }, { code: 0, signal: null }, server.logs());
  assert.ok((await waiting) instanceof Error, 'the connection is closed without an answer');
  await released;
});
