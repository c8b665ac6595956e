// R01 and R03. kill -9 at a random moment under load: whatever was acknowledged is there afterwards, nothing is half,
// and what was ended stays ended.
import { pause } from '../lib/place.js';
import { experiment, rootOf, serve, times } from './lib/experiment.js';
import { audit } from './lib/ledger.js';
import { Load } from './lib/load.js';

const READY_WITHIN = 2_000;

async function killedAndBack({ server, root, ledger, where, row, mix }) {
  const load = new Load(server, { root, ledger, mix, workers: 8 }).start();
  await pause(50 + Math.random() * 500);
  await server.kill9();
  await load.stop();
  const began = performance.now();
  const back = await serve(where);
  row.recovery.push(performance.now() - began);
  row.rounds++;
  return back;
}

function killing(id, what, mix) {
  experiment(id, what, {}, async (x) => {
    let server = await serve(x.where);
    const root = await rootOf(server);
    for (let round = 0; round < times(2, 200); round++) {
      server = await killedAndBack({ ...x, server, root, mix });
      await audit(x.ledger, { ...x, store: x.where.store, server, root });
    }
    await server.stop();
    const slow = x.row.recovery.filter((time) => time > READY_WITHIN).length;
    x.row.note = slow ? `${slow} restarts took longer than ${READY_WITHIN} ms` : '';
  });
}

killing('R01', 'kill -9 while administrators are made', { create: 8, login: 1 });
killing('R03', 'kill -9 while sessions, passwords and accounts are ended', { create: 2, login: 3, end: 3, password: 3 });
