// R08. There is no memory: the n-th allocation fails, alone or with all that follow, while it starts and under each
// endpoint. Signet never falls; it says so and ends, or answers 503, and is itself again when there is memory.
import assert from 'node:assert/strict';

import { forwardAuth, listAdmins } from '../lib/edge.js';
import { call } from '../lib/client.js';
import { end, freePort, pause, run, until } from '../lib/place.js';
import { binary } from '../lib/signet.js';
import { experiment, LONG, rootOf, serve, times } from './lib/experiment.js';
import { audit } from './lib/ledger.js';
import { ask, Load } from './lib/load.js';
import { Shim } from './lib/shim.js';

/** Starts it once, with this allocation failing: how it ended, or that it answers. */
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
  const answered = process_.running();
  shim.heal();
  return { answered, ...(await end(process_)), logs: process_.logs() };
}

experiment('R08', 'no memory while it starts', { engines: ['sqlite'] }, async ({ row, where }) => {
  const shim = new Shim();
  assert.equal((await startWith(where, shim, {})).code, 0);
  const all = shim.calls('allocate');
  const count = times(8, 600);
  let refused = 0;
  for (; row.rounds < count; row.rounds++) {
    const after = row.rounds < count / 2 ? row.rounds + 1 : 1 + Math.floor(Math.random() * all);
    const { answered, code, signal, logs } = await startWith(where, shim, { after, forever: row.rounds % 2 === 1 });
    assert.equal(signal, null, `allocation ${after} of ${all}: ended by ${signal}\n${logs}`);
    assert.ok(answered ? code === 0 : code !== 0, `allocation ${after}: ${code}\n${logs}`);
    refused += answered ? 0 : 1;
  }
  row.note = `${all} allocations, ${refused} starts refused`;
});

const REQUESTS = {
  login: (server) => call(server, 'POST', '/api/v1/login', { json: { username: 'admin', password: 'your_password' }, plain: true }),
  auth: (server, root) => call(server, 'GET', '/api/v1/auth', { token: root, plain: true }),
  list: (server, root) => call(server, 'GET', '/api/v1/admin/list', { token: root, plain: true }),
  wrong: (server) => call(server, 'POST', '/api/v1/login', { json: { username: 'nobody', password: 'wrong password' }, plain: true }),
  keys: (server) => call(server, 'GET', '/.well-known/jwks.json', { plain: true }),
  none: (server) => call(server, 'DELETE', '/api/v1/admin/nobody', { token: 'x', plain: true }),
};

// What each says when there is memory. 500 is where a library has not said that memory was what it lacked.
const RIGHT = { login: 200, auth: 200, list: 200, wrong: 401, keys: 200, none: 401 };

experiment('R08', 'no memory while it serves', { engines: ['sqlite'] }, async ({ row, ledger, where }) => {
  const shim = new Shim();
  const server = await serve(where, { env: shim.env });
  const root = await rootOf(server);
  const seen = {};
  for (const [name, request] of Object.entries(REQUESTS)) {
    for (let after = 1; after <= times(15, 200); after++, row.rounds++) {
      shim.fail('allocate', { after, forever: after % 3 === 0, error: 'ENOMEM' });
      const status = await request(server, root).then((answer) => answer.status, () => 0);
      shim.heal();
      await pause(1);
      assert.ok(server.running(), `${name}, allocation ${after}: it fell\n${server.logs()}`);
      assert.ok([0, RIGHT[name], 500, 503].includes(status), `${name}, allocation ${after}: ${status}\n${server.logs().slice(-1500)}`);
      seen[status] = (seen[status] ?? 0) + 1;
    }
  }
  shim.fail('allocate', { chance: 0.001, error: 'ENOMEM' });
  const load = new Load(server, { root, ledger }).start();
  await pause(LONG ? 60_000 : 1_000);
  shim.heal();
  await load.stop();
  load.assertHonest({ also: [0, 500] });
  row.note = `${JSON.stringify(seen)}; one in a thousand under load: ${load.summary()}`;
  const healed = performance.now();
  await until(async () => (await forwardAuth(server, root)).status === 200, { what: 'it to be well again' });
  row.recovery.push(performance.now() - healed);
  assert.ok((await listAdmins(server, root)).length > 0);
  await audit(ledger, { server, root, store: where.store, row });
});
