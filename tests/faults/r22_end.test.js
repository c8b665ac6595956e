// R22 and R32. SIGTERM under load: what is under way is finished, the log is emptied into the file, exit status 0. A
// second SIGTERM ends it at once, and that loses nothing either. Then everybody who was connected comes back at once.
import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';

import { forwardAuth } from '../lib/edge.js';
import { atEnd, pause, until } from '../lib/place.js';
import { experiment, LONG, rootOf, serve, times } from './lib/experiment.js';
import { audit } from './lib/ledger.js';
import { Load } from './lib/load.js';

const DRAINED_WITHIN = 10_000;

experiment('R22', 'SIGTERM under load', { engines: LONG ? ['sqlite', 'postgres'] : ['sqlite'] }, async ({ row, ledger, where, engine }) => {
  let server = await serve(where);
  const root = await rootOf(server);
  for (; row.rounds < times(2, 40); row.rounds++) {
    const load = new Load(server, { root, ledger, workers: 8 }).start();
    await pause(300 + Math.random() * 200);
    const began = performance.now();
    server.signal('SIGTERM');
    const twice = row.rounds % 2 === 1;
    if (twice) {
      await pause(Math.random() * 20);
      server.signal('SIGTERM');
    }
    const { code, signal } = await server.ended;
    assert.ok(performance.now() - began < DRAINED_WITHIN);
    await server.kill9(); // it has ended, well or at once
    await load.stop();
    assert.ok(code === 0 || (twice && signal === 'SIGTERM'), `${code} ${signal}\n${server.logs().slice(-500)}`);
    if (engine === 'sqlite' && code === 0) {
      const log = join(where.data, 'signet.db-wal');
      assert.ok(!existsSync(log) || statSync(log).size === 0, 'the log is not emptied');
    }
    const again = performance.now();
    server = await serve(where);
    row.recovery.push(performance.now() - again);
    await audit(ledger, { server, root, store: where.store, row });
  }
});

/** So many clients that keep their connection, ask now and then, and come back when it breaks. */
class Crowd {
  constructor(port, token, size) {
    Object.assign(this, { port, token, size, going: true, answered: 0, refused: 0, last: [] });
    this.clients = Array.from({ length: size }, (_, at) => this.#client(at));
  }

  async #client(at) {
    while (this.going) {
      await new Promise((done) => {
        const socket = net.connect({ host: '127.0.0.1', port: this.port });
        const say = () => socket.write(`GET /api/v1/auth HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${this.token}\r\n\r\n`);
        const timers = [];
        socket.on('connect', say);
        socket.on('data', (bytes) => {
          const status = Number(bytes.toString('latin1', 9, 12));
          this.answered += status === 200 ? 1 : 0;
          this.refused += status === 200 ? 0 : 1;
          this.last[at] = performance.now();
          timers.push(setTimeout(say, 2_000 + Math.random() * 4_000));
        });
        socket.on('error', () => {});
        socket.on('close', () => {
          timers.forEach(clearTimeout);
          done();
        });
        this.stops ??= [];
        this.stops[at] = () => socket.destroy();
      });
      await pause(50);
    }
  }

  async stop() {
    this.going = false;
    this.stops.forEach((stop) => stop());
    await Promise.all(this.clients);
  }
}

experiment('R32', 'everybody comes back at once after a restart', { engines: ['sqlite'] }, async ({ row, where }) => {
  let server = await serve(where);
  const root = await rootOf(server);
  const crowd = new Crowd(server.port, root, times(1_000, 8_000));
  atEnd(() => crowd.stop());
  const allSince = (since) => crowd.last.filter((time) => time > since).length === crowd.size;
  await until(() => allSince(0), { limit: 60_000, what: 'everybody to be served' });
  for (; row.rounds < (LONG ? 5 : 1); row.rounds++) {
    await server.kill9();
    const killed = performance.now();
    server = await serve(where, { port: server.port });
    const back = performance.now();
    assert.equal((await forwardAuth(server, root)).status, 200);
    await until(() => allSince(killed), { limit: 60_000, what: 'everybody to be served again' });
    row.recovery.push(performance.now() - back);
  }
  row.note = `${crowd.size} clients, ${crowd.answered} answers, ${crowd.refused} refused`;
  assert.equal(crowd.refused, 0);
  await crowd.stop();
});
