// R33. The kernel gives no random bytes. Nothing is issued that would need them, and nothing weak in their place.
import assert from 'node:assert/strict';

import { createAdmin, forwardAuth, login } from '../lib/edge.js';
import { call } from '../lib/client.js';
import { freePort, run } from '../lib/place.js';
import { binary } from '../lib/signet.js';
import { experiment, LONG, rootOf, serve, times } from './lib/experiment.js';
import { audit } from './lib/ledger.js';
import { Shim } from './lib/shim.js';

experiment('R33', 'the kernel gives no random bytes', { engines: LONG ? ['sqlite', 'postgres'] : ['sqlite'] }, async ({ row, ledger, where }) => {
  const shim = new Shim();
  const server = await serve(where, { env: shim.env });
  const root = await rootOf(server);
  const admin = await createAdmin(server, root);
  shim.fail('random', { after: 1, forever: true, error: 'EIO' });
  const before = await where.store.rows('SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM sessions)');
  for (; row.rounds < times(5, 50); row.rounds++) {
    const made = await call(server, 'POST', '/api/v1/admin/create', { token: root, json: { username: `weak${row.rounds}`, email: `weak${row.rounds}@example.com`, password: 'grey otter 41 lantern' } });
    assert.ok(made.status >= 500, made.text);
    assert.ok((await login(server, admin.username, admin.password)).status >= 500, 'nothing is issued');
    assert.equal((await forwardAuth(server, root)).status, 200, 'what needs no chance goes on');
  }
  assert.deepEqual(await where.store.rows('SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM sessions)'), before);
  shim.heal();
  assert.equal((await login(server, admin.username, admin.password)).status, 200);
  await audit(ledger, { server, root, store: where.store, row });

  shim.fail('random', { after: 1, forever: true, error: 'EIO' });
  const fresh = run(binary, ['dev', '--data', `${where.data}-fresh`, '--listen', `127.0.0.1:${await freePort()}`], { env: { ...process.env, ...shim.env } });
  assert.equal((await fresh.ended).code, 1, 'without them it makes no keys');
});
