// R08. There is no memory: the n-th allocation fails, alone or with all that follow, while it starts and under each
// endpoint. Signet never falls; it says so and ends, or answers 503, and is itself again when there is memory.
import assert from 'node:assert/strict';

import { forwardAuth, listAdmins } from '../lib/edge.js';
import { end, freePort, pause, run, until } from '../lib/place.js';
import { binary } from '../lib/signet.js';
import { experiment, LONG, rootOf, serve, times } from './lib/experiment.js';
import { audit } from './lib/ledger.js';
import { ask, Load } from './lib/load.js';
import { Shim } from './lib/shim.js';

/** Starts it once, with this allocation failing: how it ended, or that it serves. It answers a little earlier. */
async function startWith(where, shim, rule) {
  const port = await freePort();
  shim.fail('allocate', { ...rule, error: 'ENOMEM' });
  const process_ = run(binary, ['dev', '--data', where.data, '--listen', `127.0.0.1:${port}`], { env: { ...process.env, ...shim.env } });
  for (let tries = 0; tries < 400 && process_.running(); tries++) {
    if ((await ask(undefined, { port }, 'GET', '/livez', { limit: 500 })).status === 200) {
      break;
    }
    await pause(15);
  }
  await until(() => !process_.running() || process_.logs().includes(' serves '), { what: 'it to serve or to end' });
  const serves = process_.running();
  shim.heal();
  return { serves, ...(await end(process_)), logs: process_.logs() };
}

experiment('R08', 'no memory while it starts', { engines: ['sqlite'] }, async ({ row, where }) => {
  const shim = new Shim();
  assert.equal((await startWith(where, shim, {})).code, 0);
  const all = shim.calls('allocate');
  const count = times(8, 600);
  let refused = 0;
  for (; row.rounds < count; row.rounds++) {
    const after = row.rounds < count / 2 ? row.rounds + 1 : 1 + Math.floor(Math.random() * all);
    const { serves, code, signal, logs } = await startWith(where, shim, { after, forever: row.rounds % 2 === 1 });
    assert.equal(signal, null, `allocation ${after} of ${all}: ended by ${signal}\n${logs}`);
    assert.ok(serves ? code === 0 : code !== 0, `allocation ${after}: ${code}\n${logs}`);
    refused += serves ? 0 : 1;
  }
  row.note = `${all} allocations, ${refused} starts refused`;
});

// One request each, by the load's own hands, so that the ledger knows of it; and what may be said when there is memory.
const REQUESTS = {
  login: { right: 200, ask: (load, { account }) => load.login(account) },
  wrong: { right: 401, ask: (load) => load.ask('wrong', 'POST', '/api/v1/login', { json: { username: 'nobody', password: 'wrong password' } }) },
  auth: { right: 200, ask: (load, { account }) => load.auth(account) },
  list: { right: 200, ask: (load) => load.list() },
  keys: { right: 200, ask: (load) => load.ask('keys', 'GET', '/.well-known/jwks.json') },
  none: { right: 401, ask: (load) => load.ask('none', 'DELETE', '/api/v1/admin/nobody', { token: 'x' }) },
  create: { right: 201, ask: (load) => load.create(undefined, []) },
  password: { right: 200, changes: true, ask: (load, { account }) => load.password(account) },
  end: { right: 200, changes: true, ask: (load, { account }) => load.end(account) },
};

async function newAccount(load) {
  const made = [];
  assert.equal((await load.create(undefined, made)).status, 201);
  assert.equal((await load.login(made[0])).status, 200);
  return made[0];
}

/** Which allocations fail in turn: all that a request makes in the long form, some of them in the short one. */
function whichOf(all, most) {
  const count = Math.min(all, most);
  return Array.from({ length: count }, (_, at) => 1 + Math.floor((at * all) / count));
}

/** The same request again and again, each time with another allocation failing, alone or with all after it. */
async function failEach({ server, shim, load, name, row, seen }) {
  const { right, ask: request, changes } = REQUESTS[name];
  let account = await newAccount(load);
  const before = shim.calls('allocate');
  assert.equal((await request(load, { account })).status, right, name);
  const all = shim.calls('allocate') - before;
  for (const after of whichOf(all, times(6, 1_000))) {
    for (const forever of [false, true]) {
      account = changes ? await newAccount(load) : account;
      shim.fail('allocate', { after, forever, error: 'ENOMEM' });
      const { status } = await request(load, { account });
      shim.heal();
      const what = `${name}, allocation ${after} of ${all}${forever ? ' and all after it' : ''}`;
      assert.ok(server.running(), `${what}: it fell\n${server.logs()}`);
      // 500 is where a library has not said that memory was what it lacked.
      assert.ok([0, right, 500, 503].includes(status), `${what}: ${status}\n${server.logs().slice(-1500)}`);
      seen[status] = (seen[status] ?? 0) + 1;
      row.rounds++;
    }
  }
  return `${name} ${all}`;
}

experiment('R08', 'no memory while it serves', { engines: ['sqlite'] }, async ({ row, ledger, where }) => {
  const shim = new Shim();
  const server = await serve(where, { env: shim.env });
  const root = await rootOf(server);
  const hands = new Load(server, { root, ledger });
  const seen = {};
  const allocations = [];
  for (const name of Object.keys(REQUESTS)) {
    allocations.push(await failEach({ server, shim, load: hands, name, row, seen }));
  }
  await hands.stop();
  shim.fail('allocate', { chance: 0.001, error: 'ENOMEM' });
  const load = new Load(server, { root, ledger }).start();
  await pause(LONG ? 60_000 : 1_000);
  shim.heal();
  await load.stop();
  load.assertHonest({ also: [0, 500] });
  row.note = `allocations: ${allocations.join(', ')}; ${JSON.stringify(seen)}; one in a thousand under load: ${load.summary()}`;
  const healed = performance.now();
  await until(async () => (await forwardAuth(server, root)).status === 200, { what: 'it to be well again' });
  row.recovery.push(performance.now() - healed);
  assert.ok((await listAdmins(server, root)).length > 0);
  await audit(ledger, { server, root, store: where.store, row });
});
