// A refresh token that was used and is shown again, by whichever way it was had and however far its family has come: the family is dead, at every
// node, and so are the access tokens that came of it. The chain itself is held in src/domain/refresh_test.c and renewal_test.c.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { until } from '../lib/place.js';
import { LONG, statement } from './lib/statement.js';
import { entered, magicLink, MINE, newName, newUser, noNodes, PASSWORD, startNodes, startWorld } from './lib/world.js';

const LIMIT = LONG ? 1_000 : 5_000; // a second is what is promised; a machine that also compiles has more
const STEPS = [1, 2, 5];

const asFamily = ({ json }) => {
  const { accessToken, token, refreshToken } = json.data ?? json;
  return { access: accessToken ?? token, refresh: refreshToken };
};
const use = (node, refreshToken, headers = {}) => call(node, 'POST', '/id/api/auth/refresh', { json: { refreshToken }, headers });
const renew = (node, token, headers = {}) => call(node, 'POST', '/auth/refresh', { json: { token }, headers });

/** The ways to come by one: (server) => {access, refresh}. */
const WAYS = {
  'the log-in of gateway': async (server) => asFamily(await entered(server, 'gateway', (await newUser(server)).username)),
  'the log-in of fitnexa': async (server) => asFamily(await entered(server, 'fitnexa', (await newUser(server)).username)),
  'a registration': async (server) => asFamily(await call(server, 'POST', '/auth/register', { json: { email: `${newName('reg')}@example.com`, password: PASSWORD } })),
  'a magic link': async (server) => {
    const { token } = await magicLink(server, (await newUser(server)).email);
    return asFamily(await call(server, 'POST', '/id/api/auth/verify-magic-link', { json: { token } }));
  },
};

const isIn = async (node, token) => (await call(node, 'GET', MINE.gateway, { token })).status === 200;

/** All of a family is refused at all nodes: each access token soon, the newest refresh token at once. */
async function assertDead(nodes, tokens, told) {
  for (const node of nodes) {
    for (const token of tokens) {
      await until(async () => !await isIn(node, token), { limit: Math.max(1, told + LIMIT - Date.now()), step: 5, what: 'an access token of it to be refused' });
    }
  }
}

async function triesFamily(tries, nodes, name, make) {
  for (const steps of STEPS) {
    for (const which of ['the first', 'the one before the last']) {
      await tries(`${which} of ${steps + 1} of ${name}`, async () => {
        const chain = [await make()];
        for (let step = 0; step < steps; step++) {
          const answer = await use(nodes[step % nodes.length], chain.at(-1).refresh);
          assert.equal(answer.status, 200, answer.text);
          chain.push(asFamily(answer));
        }
        assert.ok(await isIn(nodes.at(-1), chain.at(-1).access));
        const shown = which === 'the first' ? chain[0] : chain.at(-2);
        assert.equal((await use(nodes[0], shown.refresh)).status, 401);
        const told = Date.now();
        assert.equal((await use(nodes.at(-1), chain.at(-1).refresh)).status, 401, 'the newest one');
        await assertDead(nodes, chain.map(({ access }) => access), told);
        assert.equal((await renew(nodes[0], chain.at(-1).access)).status, 401, 'nor can an access token of it be renewed');
      });
    }
  }
}

/** The access tokens of directory, which are renewed by themselves. */
async function triesRenewal(tries, server, nodes) {
  for (const steps of STEPS) {
    await tries(`a token of directory that was renewed ${steps} times`, async () => {
      const chain = [(await entered(server, 'directory', (await newUser(server)).username)).json.result.token];
      for (let step = 0; step < steps; step++) {
        const answer = await renew(nodes[step % nodes.length], chain.at(-1));
        assert.equal(answer.status, 200, answer.text);
        chain.push(answer.json.result.token);
      }
      assert.equal((await renew(nodes[0], chain[0])).status, 401);
      const told = Date.now();
      await assertDead(nodes, chain, told);
      assert.equal((await renew(nodes.at(-1), chain.at(-1))).status, 401);
    });
  }
}

/** What may be repeated, for as long as an answer may have been lost: to the same address, and the last one only. */
async function triesGrace(tries, server, nodes) {
  const from = (address) => ({ 'X-Forwarded-For': address });
  const start = async () => asFamily(await call(server, 'POST', '/id/api/auth/login', { json: { email: (await newUser(server)).email, password: PASSWORD }, headers: from('192.0.2.1') }));
  await tries('the same address is told the same successor', async () => {
    const { refresh } = await start();
    const [one, other] = [await use(nodes[0], refresh, from('192.0.2.1')), await use(nodes.at(-1), refresh, from('192.0.2.1'))];
    assert.deepEqual([one.status, other.status], [200, 200]);
    assert.equal(asFamily(one).refresh, asFamily(other).refresh);
  });
  await tries('another address ends it', async () => {
    const first = await start();
    const second = asFamily(await use(nodes[0], first.refresh, from('192.0.2.1')));
    assert.equal((await use(nodes.at(-1), first.refresh, from('198.51.100.7'))).status, 401);
    const told = Date.now();
    assert.equal((await use(nodes[0], second.refresh, from('192.0.2.1'))).status, 401);
    await assertDead(nodes, [first.access, second.access], told);
  });
  await tries('one that is two behind ends it, from the same address too', async () => {
    const first = await start();
    const second = asFamily(await use(nodes[0], first.refresh, from('192.0.2.1')));
    const third = asFamily(await use(nodes.at(-1), second.refresh, from('192.0.2.1')));
    assert.equal((await use(nodes[0], first.refresh, from('192.0.2.1'))).status, 401);
    const told = Date.now();
    await assertDead(nodes, [first.access, second.access, third.access], told);
  });
}

async function triesAll(tries, start) {
  const strict = await start({ settings: { 'refresh.repeat': '0' } });
  const strictNodes = strict.other ? [strict, strict.other] : [strict];
  for (const [name, make] of Object.entries(WAYS)) {
    await triesFamily(tries, strictNodes, name, () => make(strict));
  }
  await triesRenewal(tries, strict, strictNodes);
  await Promise.all(strictNodes.map((node) => node.stop()));
  const mild = await start({ settings: { 'http.trusted_proxies': '127.0.0.1', 'refresh.repeat': '1m' } });
  const mildNodes = mild.other ? [mild, mild.other] : [mild];
  await triesGrace(tries, mild, mildNodes);
  await Promise.all(mildNodes.map((node) => node.stop()));
}

statement('S12', (tries) => triesAll(tries, startWorld), 'one node');

if (!noNodes) {
  statement('S12', (tries) => triesAll(tries, startNodes), 'two nodes');
}
