// R25 and R26. A flood of logins, and clients that trickle, while others work: what needs no hash does not wait for those
// that do, what cannot be served is told so at once, memory and descriptors have a ceiling, and all is as before afterwards.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import net from 'node:net';
import { text } from 'node:stream/consumers';

import { memoryOf } from '../lib/memory.js';
import { pause, until } from '../lib/place.js';
import { experiment, LONG, percentile, rootOf, serve } from './lib/experiment.js';
import { Ledger } from './lib/ledger.js';
import { Load } from './lib/load.js';

const FULL_COST = { 'password.memory': 19456, 'password.passes': 2 };
const MEMORY_MOST = 200 << 10; // KiB: 3 hashes of 19, the caches of the connections, and room
const WELL_WITHIN = 2_000;

/** Its sockets: the files of the store are opened by each thread when it first reads. */
function socketsOf(pid) {
  const isSocket = (name) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${name}`).startsWith('socket:');
    } catch {
      return false; // closed meanwhile
    }
  };
  return readdirSync(`/proc/${pid}/fd`).filter(isSocket).length;
}

/** 200 callers who log in without pause; gives the way to end them, which gives how many answers there were of each status. */
function startFlood(port) {
  const child = spawn(process.execPath, [new URL('lib/flood.js', import.meta.url).pathname, `${port}`, '200'], { stdio: ['pipe', 'pipe', 'inherit'] });
  return async () => {
    child.stdin.end();
    return JSON.parse((await text(child.stdout)).split('\n', 1)[0]); // what follows is of the test runner
  };
}

experiment('R25', 'a flood of logins', { engines: ['sqlite'] }, async ({ row, where }) => {
  const server = await serve(where, { settings: FULL_COST });
  const root = await rootOf(server);
  const usual = new Load(server, { root, ledger: new Ledger(), workers: 1, rest: 3, mix: { auth: 1 } }).start();
  await pause(1_000);
  const flooded = performance.now();
  const endFlood = startFlood(server.port);
  await pause(LONG ? 30_000 : 3_000);
  const over = performance.now();
  const answers = await endFlood();
  const ends = performance.now();
  await until(async () => (await usual.ask('login', 'POST', '/api/v1/login', { json: { username: 'admin', password: 'your_password' } })).status === 200, { step: 20 });
  row.recovery.push(performance.now() - ends);
  await usual.stop();
  const [before, during] = [[0, flooded], [flooded, over]].map(([since, end]) => percentile(usual.times('auth', { since, until: end }), 0.99));
  row.rounds = Object.values(answers).reduce((sum, count) => sum + count, 0);
  row.note = `forward-auth p99 ${before.toFixed(1)} ms, in the flood ${during.toFixed(1)} ms; ${Object.entries(answers).map(([status, count]) => `${count} × ${status}`).join(', ')}; at most ${memoryOf(server, 'VmHWM') >> 10} MiB`;
  assert.equal(usual.count((status) => status !== 200, { what: 'auth' }), 0, row.note);
  assert.deepEqual(Object.keys(answers).filter((status) => !['401', '429', '503'].includes(status)), [], row.note);
  assert.ok(answers[401] > 0, row.note);
  assert.ok(memoryOf(server, 'VmHWM') < MEMORY_MOST, row.note);
  assert.ok(row.recovery[0] <= WELL_WITHIN, `well again after ${row.recovery[0]} ms`);
});

/** Connects and says a little, again and again, and never all of it. */
function trickle(port, first, more) {
  const socket = net.connect({ host: '127.0.0.1', port });
  socket.on('error', () => {});
  socket.on('connect', () => socket.write(first));
  const timer = setInterval(() => socket.write(more), 200);
  socket.on('close', () => clearInterval(timer));
  return socket;
}

experiment('R26', 'hundreds of clients that trickle', { engines: ['sqlite'] }, async ({ row, where }) => {
  const server = await serve(where, { settings: { 'http.header_timeout': '1s', 'http.request_timeout': '2s', 'http.max_connections': 400 } });
  const root = await rootOf(server);
  const load = new Load(server, { root, ledger: new Ledger(), workers: 2, rest: 5 }).start();
  await pause(1_000);
  const before = socketsOf(server.pid);
  const kinds = [['GET / HTTP/1.1\r\nHost: x\r\n', 'X-A: b\r\n'], ['POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n', '{'], ['', '']];
  const ends = performance.now() + (LONG ? 30_000 : 3_000);
  const slow = new Set();
  let most = 0;
  while (performance.now() < ends) {
    while (slow.size < 390) {
      const socket = trickle(server.port, ...kinds[row.rounds++ % kinds.length]);
      slow.add(socket);
      socket.on('close', () => slow.delete(socket));
    }
    most = Math.max(most, socketsOf(server.pid));
    await pause(50);
  }
  slow.forEach((socket) => socket.destroy());
  await load.stop();
  load.assertHonest();
  await until(() => socketsOf(server.pid) <= before, { what: `the sockets to be given back: ${before} before, ${socketsOf(server.pid)} now` });
  row.note = `${row.rounds} slow clients, at most ${most} sockets, ${before} before; ${load.summary()}`;
});
