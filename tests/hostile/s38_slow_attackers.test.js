// Many clients that are slow, silent, greedy or deaf, and beside them those who work: these are all answered, the others are told
// off and closed in time, and memory and descriptors are as before. How much slower the work gets is for `make hostile`.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';

import { call } from '../lib/client.js';
import { forwardAuth } from '../lib/edge.js';
import { introspect } from '../lib/directory.js';
import { memoryOf } from '../lib/memory.js';
import { end, freePort, pause, portIsFree, run, until } from '../lib/place.js';
import { ATTACKS, Crowd, DistantCrowd } from './lib/attackers.js';
import { Line } from './lib/line.js';
import { LONG, statement } from './lib/statement.js';
import { startWorld, tokenOf } from './lib/world.js';

const MOST = 300; // connections that the server takes
const BEYOND = 400;
const TRIES = 6;
const FILES = 40; // that the store and its threads may open meanwhile
const TIMES = { header: 1_000, request: 2_000, idle: 1_000 };
const ROOM = 5_000; // for a machine that is busy with other things
const MEMORY = 64 << 10; // KiB that an attack may cost
const LASTS = LONG ? 6_000 : 1_500;

const SETTINGS = {
  'http.max_connections': MOST, 'http.header_timeout': '1s', 'http.request_timeout': '2s', 'http.idle_timeout': '1s', 'http.max_unfinished': '4m',
  'metrics.from': '127.0.0.1', 'log.requests': 'failures',
};

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
  const before = memoryOf(server);
  const work = new Work(server, token);
  const crowds = Object.entries(attacks).map(([name, attack]) => ({ name, attack, crowd: new Crowd(server.port, attack, size) }));
  await pause(lasts);
  const grown = memoryOf(server) - before;
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
  await tries(`${all}: memory has its bound`, () => assert.ok(grown < MEMORY, `${grown} KiB`));
  await tries(`${all}: nothing stays open`, () => until(async () => (await gauge(server, 'process_open_fds')) <= files + FILES, { what: () => `${files} descriptors` }));
}

statement('S38', async (tries, t) => {
  const server = await startWorld({ mail: false, settings: SETTINGS });
  const token = await tokenOf(server, 'directory', 'keeper');
  const files = await gauge(server, 'process_open_fds');
  for (const [name, attack] of Object.entries(ATTACKS)) {
    const found = await under(server, token, { [name]: attack }, BEYOND, LASTS);
    t.diagnostic(`${name}: ${found.became[0].summary}; ${found.work.done} others; ${(found.grown / 1024).toFixed(1)} MiB more`);
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

const CALLERS = 4; // who work, each with a connection that is kept
const PAUSE = 5; // milliseconds between two requests of one of them
const MEASURED = Number(process.env.S38_SECONDS ?? 10) * 1_000;
const SLOWER = 2;
const GRAIN = 0.25; // milliseconds, below which the clock of the clients is not to be trusted
// How many there are: what one machine can pretend to be. Those who only hold connections take all that there are.
const CROWDS = { 'connections that rest': 10_000, 'connections that say nothing': 9_000, 'requests by the hundred in one go': 50, 'logins of nobody': 50 };

const percentile = (values, part) => values.sort((one, other) => one - other)[Math.floor(values.length * part)];

/** Times of forward-auth and introspection by turns, by some who ask without haste: {p50, p99, count}. */
async function speed(server, token, lasts) {
  const times = [];
  const questions = [{ path: '/api/v1/auth', method: 'GET', token }, { path: '/auth/introspect', json: { token } }];
  const ends = performance.now() + lasts;
  await Promise.all(Array.from({ length: CALLERS }, async () => {
    const line = new Line(server.port);
    for (let asked = 0; performance.now() < ends; asked++) {
      const { status, milliseconds } = await line.ask(questions[asked % 2]);
      assert.equal(status, 200);
      times.push(milliseconds);
      await pause(PAUSE);
    }
    line.end();
  }));
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99), count: times.length };
}

const shown = ({ p50, p99, count }) => `p50 ${p50.toFixed(2)}, p99 ${p99.toFixed(2)} ms of ${count}`;

/** The speed while a crowd is at a port, who have had time to come. */
async function speedBeside(server, token, port, name) {
  const size = CROWDS[name] ?? 1_000;
  const held = memoryOf(server);
  const crowd = new DistantCrowd(port, name, size);
  await pause(size > 5_000 ? 8_000 : 2_000);
  const open = await gauge(server, 'process_open_fds');
  const grown = memoryOf(server) - held;
  const found = await speed(server, token, MEASURED);
  const { summary } = await crowd.stop();
  await pause(1_000);
  return { ...found, what: `${open} descriptors, ${(grown / 1024).toFixed(1)} MiB more; ${summary}` };
}

/** The same with the crowd at somebody else, who refuses it: what so many new connections do to the machine, and not to the server. */
async function speedElsewhere(server, token, name) {
  const port = await freePort();
  const sink = run('chrt', ['--idle', '0', process.execPath, fileURLToPath(new URL('./lib/attackers_sink.js', import.meta.url)), `${port}`]);
  await until(async () => !(await portIsFree(port)), { what: 'the sink' });
  const found = await speedBeside(server, token, port, name);
  await end(sink, 'SIGKILL');
  return found;
}

if (LONG) {
  const only = process.env.S38_ONLY ? new RegExp(process.env.S38_ONLY) : /./;
  statement('S38', async (tries, t) => {
    for (const name of Object.keys(ATTACKS).filter((attack) => only.test(attack))) {
      const server = await startWorld({ mail: false, settings: { 'metrics.from': '127.0.0.1', 'log.requests': 'failures' } });
      const token = await tokenOf(server, 'directory', 'keeper');
      await speed(server, token, 1_000);
      const alone = [await speed(server, token, MEASURED / 2)];
      const during = await speedBeside(server, token, server.port, name);
      alone.push(await speed(server, token, MEASURED / 2));
      const comesAnew = ATTACKS[name].within === undefined && CROWDS[name] === undefined;
      const elsewhere = comesAnew ? await speedElsewhere(server, token, name) : undefined;
      const base = Math.max(...[...alone, ...(elsewhere ? [elsewhere] : [])].map(({ p99 }) => p99));
      const line = `${name}: alone ${alone.map(shown).join(' and ')}, during ${shown(during)}; ${during.what}${elsewhere ? `; with them elsewhere ${shown(elsewhere)}; ${elsewhere.what}` : ''}`;
      t.diagnostic(line);
      await tries(name, () => assert.ok(during.p99 < SLOWER * base + GRAIN, line));
      await server.stop();
    }
  }, 'the speed of those who work');
}
