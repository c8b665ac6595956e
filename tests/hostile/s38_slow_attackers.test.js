// Many clients that are slow, silent, greedy or deaf, and beside them those who work: these are all answered, the others are told
// off and closed in time, and memory and descriptors are as before. How much slower the work gets is for `make hostile`.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { call } from '../lib/client.js';
import { forwardAuth } from '../lib/edge.js';
import { introspect } from '../lib/directory.js';
import { pause, until } from '../lib/place.js';
import { ATTACKS, Crowd } from './lib/attackers.js';
import { LONG, statement } from './lib/statement.js';
import { startWorld, tokenOf } from './lib/world.js';

const MOST = 300; // connections that the server takes
const BEYOND = 400;
const TRIES = 6;
const FILES = 40; // that the store and its threads may open meanwhile
const TIMES = { header: 1_000, request: 2_000 };
const ROOM = 5_000; // for a machine that is busy with other things
const MEMORY = 64; // MiB that an attack may cost
const LASTS = LONG ? 6_000 : 1_500;

const SETTINGS = {
  'http.max_connections': MOST, 'http.header_timeout': '1s', 'http.request_timeout': '2s', 'http.idle_timeout': '1s', 'http.max_unfinished': '4m',
  'metrics.from': '127.0.0.1', 'log.requests': 'failures',
};

const memoryOf = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

async function gauge(server, name) {
  const { text } = await call(server, 'GET', '/metrics', { token: server.root, plain: true });
  return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)[1]);
}

/** A crowd that comes in the same moment may push out whoever has not spoken yet. */
async function patiently(ask) {
  for (let tries = 1; tries < TRIES; tries++) {
    try {
      return await ask();
    } catch {
      await pause(20);
    }
  }
  return ask();
}

/** Who works meanwhile: asks one after another, each time on a connection of its own; who is closed out tries again, for a fraction of a second. */
class Work {
  constructor(server, token) {
    Object.assign(this, { server, token, going: true, done: 0, failed: [] });
    this.loop = this.#go();
  }

  async #go() {
    while (this.going) {
      for (const ask of [forwardAuth, introspect]) {
        try {
          const { status, json } = await patiently(() => ask(this.server, this.token));
          this.done += 1;
          if (status !== 200 || json?.result?.valid === false) {
            this.failed.push(status);
          }
        } catch (error) {
          this.failed.push(error.message);
        }
        await pause(5);
      }
    }
  }

  async stop() {
    this.going = false;
    await this.loop;
  }
}

/** Some attacks at once, and work beside them, for so long: what became of everybody. */
async function under(server, token, attacks, size, lasts) {
  const before = memoryOf(server.pid);
  const work = new Work(server, token);
  const crowds = Object.entries(attacks).map(([name, attack]) => ({ name, attack, crowd: new Crowd(server.port, attack, size) }));
  await pause(lasts);
  const grown = memoryOf(server.pid) - before;
  await work.stop();
  const became = await Promise.all(crowds.map(async ({ name, attack, crowd }) => ({ name, attack, ...(await crowd.stop()) })));
  return { work, grown, became };
}

async function judge(tries, server, files, { work, grown, became }) {
  const all = became.length > 1 ? 'all at once' : became[0].name;
  await tries(`${all}: who works is served`, () => {
    assert.deepEqual(work.failed, []);
    assert.ok(work.done > 10, `only ${work.done} were`);
  });
  for (const { name, attack, closed, longest, late, statuses, summary } of became) {
    await tries(`${name}: they are told so and closed`, () => {
      assert.deepEqual(statuses.filter((status) => !attack.ends.includes(status)), []);
      assert.ok(closed > 0, summary);
    });
    await tries(`${name}: in time`, () => assert.ok(longest < (TIMES[attack.within] ?? 0) + ROOM + 2 * late, `${summary}; the machine stood still for ${late} ms`));
  }
  await tries(`${all}: memory has its bound`, () => assert.ok(grown < MEMORY, `${grown} MiB`));
  await tries(`${all}: nothing stays open`, () => until(async () => (await gauge(server, 'process_open_fds')) <= files + FILES, { what: () => `${files} descriptors` }));
}

statement('S38', async (tries, t) => {
  const server = await startWorld({ mail: false, settings: SETTINGS });
  const token = await tokenOf(server, 'directory', 'keeper');
  const files = await gauge(server, 'process_open_fds');
  for (const [name, attack] of Object.entries(ATTACKS)) {
    const found = await under(server, token, { [name]: attack }, BEYOND, LASTS);
    t.diagnostic(`${name}: ${found.became[0].summary}; ${found.work.done} others; ${found.grown.toFixed(1)} MiB more`);
    await judge(tries, server, files, found);
  }
}, 'more of them than may connect');

statement('S38', async (tries, t) => {
  const server = await startWorld({ mail: false, settings: SETTINGS });
  const token = await tokenOf(server, 'directory', 'keeper');
  const files = await gauge(server, 'process_open_fds');
  const slow = Object.fromEntries(Object.entries(ATTACKS).filter(([, { within }]) => within));
  const found = await under(server, token, slow, Math.floor(MOST / 2 / Object.keys(slow).length), 3 * TIMES.request);
  found.became.forEach(({ name, summary }) => t.diagnostic(`${name}: ${summary}`));
  await judge(tries, server, files, found);
  for (const { name, attack, statuses } of found.became) {
    await tries(`${name}: each is told why`, () => assert.deepEqual(statuses, attack.ends));
  }
}, 'within the limits, until their time is over');
