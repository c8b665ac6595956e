// R18. The links between two nodes, their PostgreSQL and their mail server break and heal in any order, by a cut or by
// silence: nothing that was acknowledged is lost, no letter comes twice, and all is well within ten seconds of the last mend.
import assert from 'node:assert/strict';

import { Cluster } from '../lib/cluster.js';
import { call } from '../lib/client.js';
import { forwardAuth, login } from '../lib/edge.js';
import { sendingTo } from '../lib/mail.js';
import { pause, until } from '../lib/place.js';
import { startSmtp } from '../lib/smtp.js';
import { besides, experiment, placeOn, QUICK, rootOf, serve, times } from './lib/experiment.js';
import { audit } from './lib/ledger.js';
import { Load } from './lib/load.js';
import { Proxy } from './lib/proxy.js';

const WELL_WITHIN = 10_000;
const PAUSE_MOST = 1_500;
const [SENT, DEAD] = ['4', '5']; // enum letter_state

const settings = (mail) => ({
  ...QUICK,
  'store.statement_timeout': 1_000,
  'store.connect_timeout': '2s',
  ...sendingTo(mail),
  'links.per_address': '0',
  'links.network_minute': '0',
  'links.network_hour': '0',
});

/** Two nodes, and each of their four links a wire that can be cut. */
async function world() {
  const cluster = await Cluster.start();
  const smtp = await startSmtp();
  const [dataA, dataB, mailA, mailB] = await Promise.all([cluster.port, cluster.port, smtp.port, smtp.port].map((port) => Proxy.start(port)));
  const first = await placeOn(cluster, { port: dataA.port });
  const a = await serve(first, { settings: settings(mailA) });
  const second = await besides(first, cluster.urlOf(first.database, { port: dataB.port }));
  const b = await serve(second, { settings: settings(mailB) });
  return { smtp, nodes: [a, b], links: [dataA, dataB, mailA, mailB], store: first.store };
}

const shuffled = (all) => all.map((one) => [Math.random(), one]).sort(([one], [other]) => one - other).map(([, one]) => one);
const moment = () => pause(Math.random() * PAUSE_MOST);

/** Some links break one after the other, and heal in another order. */
async function breakSome(links) {
  const broken = shuffled(links).slice(0, 1 + Math.floor(Math.random() * links.length));
  for (const link of broken) {
    if (Math.random() < 0.5) {
      link.blackhole();
    } else {
      link.cut();
    }
    await moment();
  }
  for (const link of shuffled(broken)) {
    link.heal();
    await moment();
  }
}

/** Milliseconds until both let people in and write. */
async function untilWell(nodes, root, admin) {
  const since = performance.now();
  for (const node of nodes) {
    const isWell = async () => (await forwardAuth(node, root)).status === 200 && (await login(node, admin.username, admin.password)).status === 200;
    await until(isWell, { limit: 60_000, what: 'a node to be well' });
  }
  return performance.now() - since;
}

/** Asks for letters, each to an address of its own, until told to stop; gives who was promised one. */
function startAsking(nodes, root) {
  let going = true;
  const promised = [];
  const asking = (async () => {
    for (let count = 0; going; count++) {
      const node = nodes[count % 2];
      const email = `reader${count}@example.com`;
      const made = await call(node, 'POST', '/api/v1/admin/create', { token: root, json: { username: `reader${count}`, email, password: 'grey otter 41 lantern' } });
      const asked = made.status === 201 ? await call(node, 'POST', '/id/api/auth/magic-link', { json: { email } }) : made;
      if (asked.status === 200) {
        promised.push(email);
      }
      await pause(200);
    }
  })();
  return async () => {
    going = false;
    await asking;
    return promised;
  };
}

/** Each letter that was promised came once; one that nobody knows of (it is dead) came once or not. Gives the dead. */
async function auditLetters(store, smtp, promised) {
  const rows = () => store.rows('SELECT recipient, state FROM outbox');
  const isOver = ([, state]) => [SENT, DEAD].includes(state);
  const settled = async () => {
    const all = await rows();
    return all.length >= promised.length && all.every(isOver);
  };
  await until(settled, { limit: 120_000, step: 500, what: 'every letter to be sent or dead' });
  const states = new Map(await rows());
  const came = (email) => smtp.letters.filter(({ envelope }) => envelope.rcptTo[0].address === email).length;
  const odd = promised.filter((email) => came(email) !== 1 && (came(email) > 1 || states.get(email) !== DEAD));
  assert.deepEqual(odd, [], 'letters that are lost, or came twice');
  return promised.filter((email) => states.get(email) === DEAD).length;
}

experiment('R18', 'links that break and heal in any order', { engines: ['postgres'], own: true }, async ({ row, ledger }) => {
  const { smtp, nodes, links, store } = await world();
  const root = await rootOf(nodes[0]);
  const loads = nodes.map((node) => new Load(node, { root, ledger, workers: 2, rest: 20 }).start());
  const stopAsking = startAsking(nodes, root);
  for (; row.rounds < times(3, 50); row.rounds++) {
    await breakSome(links);
    row.recovery.push(await untilWell(nodes, root, { username: 'admin', password: 'your_password' }));
  }
  await Promise.all(loads.map((load) => load.stop()));
  const promised = await stopAsking();
  const dead = await auditLetters(store, smtp, promised);
  row.note = `${promised.length} letters, ${dead} of unknown fate; ${loads.map((load) => load.summary()).join('; ')}`;
  loads.forEach((load) => load.assertHonest());
  await audit(ledger, { server: nodes[1], root, store, row });
  assert.ok(Math.max(...row.recovery) <= WELL_WITHIN, `${row.recovery.map(Math.round)}`);
});
