// Fifty at once, by every way there is, for each thing that counts once: at one node on SQLite, and half of them at each of two on PostgreSQL.
// The store's own races are held in src/domain/race_test.c, link_test.c and refresh_test.c.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { pause } from '../lib/place.js';
import { BACK, Browser } from '../lib/provider.js';
import { LONG, statement } from './lib/statement.js';
import {
  asRoot, entered, FACES, GOLD, IRON, logIn, magicLink, newName, newUser, noNodes, PASSWORD, postForm, resetLink, startNodes, startWorld, tokenOf, unverified,
  verificationLink, waiting,
} from './lib/world.js';

const MANY = 50;
const ROUNDS = LONG ? 10 : 1;
const post = (path, json, headers = {}) => (node) => call(node, 'POST', path, { json, headers });
const chosen = (i) => `eleven purple herons ${i}`;

async function fromProvider(server, name) {
  const person = newName('subject');
  server[name].people.set(person, { email: `${person}@example.com`, email_verified: true });
  server[name].person = person;
  const browser = new Browser();
  const answer = await browser.go(`${server.url}/id/api/auth/${name}/authorize?redirect_uri=${encodeURIComponent(BACK)}`);
  const back = await browser.follow(answer.headers.get('location'));
  return { ...back, headers: { Cookie: browser.header(server.url) } };
}

/** What counts once: `make` gives the ways to use it, each (i) => (node) => answer; `after` what has to be true then. */
const THINGS = {
  'a magic link': async (server) => {
    const { email } = await newUser(server);
    const { token, code } = await magicLink(server, email);
    return { ways: [() => post('/id/api/auth/verify-magic-link', { token }), () => post('/api/auth/verify-magic-link', { email, code })] };
  },
  'a magic link on its page': async (server) => {
    const { email } = await newUser(server);
    const { token, code, cookie } = await magicLink(server, email);
    return {
      ways: [
        () => post('/id/api/auth/verify-magic-link', { token }),
        () => (node) => postForm(node, '/magic-link', { token }, { Cookie: cookie }),
        () => (node) => postForm(node, '/magic-link', { token, code }),
      ],
    };
  },
  'the code of a magic link': async (server) => {
    const { email } = await newUser(server);
    const { code } = await magicLink(server, email);
    return { ways: [() => post('/id/api/auth/verify-magic-link', { email, code })] };
  },
  'a link of a verification': async (server) => {
    const { email } = await unverified(server);
    const token = await verificationLink(server, email);
    return { ways: [() => (node) => call(node, 'GET', `/api/v1/auth/verify-email?token=${token}`)] };
  },
  'a link to a new password': async (server) => {
    const { email } = await newUser(server);
    const token = await resetLink(server, email);
    return {
      ways: [(i) => post('/auth/reset-password', { token, password: chosen(i) }), (i) => (node) => postForm(node, '/reset-password', { token, password: chosen(i) })],
      after: (winner) => onePassword(server, email, winner),
    };
  },
  'an activation': async (server) => {
    const { email, token } = await waiting(server);
    return {
      ways: [(i) => post('/users/activate', { token, password: chosen(i) }), (i) => (node) => postForm(node, '/activate', { token, password: chosen(i) })],
      after: (winner) => onePassword(server, email, winner),
    };
  },
  'a state with its id_token': async (server) => {
    const { state, id_token, headers } = await fromProvider(server, 'google');
    return { ways: [() => post('/id/api/auth/google', { id_token, state }, headers)] };
  },
  'an id_token': async (server) => {
    const { id_token } = await fromProvider(server, 'google');
    return { ways: [() => post('/id/api/auth/google', { id_token }), () => post('/api/auth/google', { id_token })] };
  },
  'a code of a provider': async (server) => {
    const { code, state, headers } = await fromProvider(server, 'linkedin');
    return { ways: [() => post('/id/api/auth/linkedin', { code, redirect_uri: BACK, state }, headers)] };
  },
  'an access token that is renewed': async (server) => {
    const token = await tokenOf(server, 'directory', (await newUser(server)).username);
    return { ways: [() => post('/auth/refresh', { token })], most: 1, least: 0 }; // those who come too late have stolen it: then nobody keeps one
  },
  'an address': async () => {
    const email = `${newName('one')}@example.com`;
    return {
      ways: [
        () => post('/auth/register', { email, password: PASSWORD }),
        () => post('/api/v1/auth/register', { email: email.toUpperCase(), password: PASSWORD, fullName: 'Ann Lee' }),
        () => post('/users/createUser', { username: email, password: PASSWORD }),
      ],
    };
  },
  'the name of a role': async (server) => {
    const name = newName('ROLE_');
    const headers = { Authorization: `Bearer ${server.root}` };
    return { ways: [() => post('/roles', { name }, headers), () => post('/id/api/roles', { name }, headers)] };
  },
  'the domain of an organization': async (server) => {
    const domain = `${newName('gym')}.example`;
    return { ways: [(i) => post('/id/api/organizations', { name: `${domain} ${i}`, domain }, { Authorization: `Bearer ${server.root}` })] };
  },
  'the name of a service key': async (server) => {
    const name = newName('key');
    return { ways: [() => post('/id/api/service-keys', { name, permissions: ['users:read'] }, { Authorization: `Bearer ${server.root}` })] };
  },
};

/** Of all passwords that were chosen, the one of who came first is the account's. */
async function onePassword(server, email, winner) {
  const right = await logIn(server, 'gateway', email, chosen(winner));
  assert.equal(right.status, 200, `the password of who was told yes: ${right.text}`);
  for (const i of [0, 1, 2, 3, 4].filter((one) => one !== winner)) {
    assert.equal((await logIn(server, 'gateway', email, chosen(i))).status, 401, 'the password of somebody else');
  }
}

const isYes = ({ status }) => status < 400;

/** All of `asks` at once, by turns at the nodes; who is told that there is no time now asks again a little later. */
async function atOnce(nodes, asks) {
  const ask = async (one, i) => {
    for (let again = 0; ; again++) {
      const answer = await one(nodes[i % nodes.length]);
      if (answer.status !== 503 || again === 20) {
        return answer;
      }
      await pause(100);
    }
  };
  return Promise.all(asks.map(ask));
}

async function triesThings(tries, server, nodes) {
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, make] of Object.entries(THINGS)) {
      await tries(name, async () => {
        const { ways, after, least = 1 } = await make(server);
        const asks = Array.from({ length: MANY }, (_, i) => ways[Math.floor(i / nodes.length) % ways.length](i));
        const answers = await atOnce(nodes, asks);
        const yes = answers.filter(isYes);
        assert.ok(answers.every(({ status }) => status < 500), `${answers.find(({ status }) => status >= 500)?.text}`);
        assert.ok(yes.length <= 1 && yes.length >= least, `${yes.length} succeeded: ${answers.map(({ status }) => status).join(' ')}`);
        await after?.(answers.findIndex(isYes));
        assert.ok(!isYes(await asks[0](nodes[0])), 'and once more');
      });
    }
  }
}

/** One successor, whoever asks: its answer may have been lost. It is the only head that there is. */
async function triesRefreshing(tries, server, nodes) {
  for (const face of ['gateway', 'fitnexa']) {
    await tries(`a refresh token of ${face}`, async () => {
      const { json } = await entered(server, face, (await newUser(server)).username);
      const first = (json.data ?? json).refreshToken;
      const answers = await atOnce(nodes, Array.from({ length: MANY }, () => post('/id/api/auth/refresh', { refreshToken: first })));
      assert.ok(answers.every(isYes), answers.map(({ status }) => status).join(' '));
      const heads = new Set(answers.map((answer) => answer.json.data.refreshToken));
      assert.equal(heads.size, 1, 'one successor');
      const next = await post('/id/api/auth/refresh', { refreshToken: [...heads][0] })(nodes.at(-1));
      assert.ok(isYes(next), next.text);
    });
  }
}

/** Tries that are counted: of wrong codes no more are looked at because they come at once. */
async function triesCounting(tries, server, nodes) {
  await tries('five tries at a code, and fifty at once use them up', async () => {
    const { email } = await newUser(server);
    const { code, token } = await magicLink(server, email);
    const wrong = (i) => `${(Number(code) + 1 + i) % 100_000_000}`.padStart(8, '0');
    const answers = await atOnce(nodes, Array.from({ length: MANY }, (_, i) => post('/id/api/auth/verify-magic-link', { email, code: wrong(i) })));
    assert.ok(answers.every(({ status }) => status === 400), answers.map(({ status }) => status).join(' '));
    assert.equal((await post('/id/api/auth/verify-magic-link', { email, code })(server)).status, 400, 'the right one counts no more');
    assert.ok(isYes(await post('/id/api/auth/verify-magic-link', { token })(server)), 'the link still does');
  });
}

/** Whoever moves, is given and is taken at once is in one place, and holds nothing twice. */
async function triesMoving(tries, server, nodes) {
  await tries('a role that is given fifty times is held once', async () => {
    const { id } = await newUser(server, { organizationId: IRON });
    const headers = { Authorization: `Bearer ${server.root}` };
    await atOnce(nodes, Array.from({ length: MANY }, (_, i) => (i % 3
      ? post('/id/api/roles/assign-by-name', { userId: id, roleName: 'GYM_ADMIN', organizationId: IRON }, headers)
      : (node) => call(node, 'PUT', `/id/api/users/${id}`, { json: { organizationId: i % 2 ? IRON : GOLD }, headers }))));
    const { items } = await asRoot(server, 'GET', `/roles/user/${id}?limit=100`);
    const held = items.map(({ id: role, name, organizationId }) => `${role ?? name} ${organizationId}`);
    assert.equal(new Set(held).size, held.length, held.join(', '));
  });
}

async function triesAll(tries, server, nodes) {
  await triesThings(tries, server, nodes);
  await triesRefreshing(tries, server, nodes);
  await triesCounting(tries, server, nodes);
  await triesMoving(tries, server, nodes);
  await tries('each face still lets people in', async () => {
    const { username } = await newUser(server);
    for (const face of FACES) {
      await entered(nodes.at(-1), face, username);
    }
  });
}

statement('S10', async (tries) => {
  const server = await startWorld({ providers: true });
  await triesAll(tries, server, [server]);
  await server.stop();
}, 'one node');

if (!noNodes) {
  statement('S10', async (tries) => {
    const server = await startNodes({ providers: true });
    await triesAll(tries, server, [server, server.other]);
    await server.other.stop();
    await server.stop();
  }, 'two nodes');
}
