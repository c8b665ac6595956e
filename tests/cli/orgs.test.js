// Organizations by hand, beside a running server.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { call } from '../lib/client.js';
import { startDirectory, tokenOf, PASSWORD } from '../lib/directory.js';
import { forwardAuth } from '../lib/edge.js';
import { until } from '../lib/place.js';
import { cli } from '../lib/signet.js';

let server;
before(async () => {
  server = await startDirectory('serve');
});

async function run(args, code) {
  const result = await cli([...args, '--data', server.dir]);
  assert.equal(result.code, code, `signet ${args.join(' ')}: ${result.stdout}${result.stderr}`);
  return result;
}
const done = async (...args) => (await run(args, 0)).stdout;

async function refused(...args) {
  const { stdout, stderr } = await run(args, 1);
  assert.equal(stdout, '');
  return stderr;
}

/** The rows of the list, in a pipe, by their slugs. */
async function list() {
  const lines = (await done('org', 'list')).split('\n').filter(Boolean).map((line) => line.split('\t'));
  return new Map(lines.map(([slug, ...cells]) => [slug, cells]));
}

/** A member, made by the running server: {email, token}. */
async function member(organizationId) {
  const email = `member-of-${organizationId}@example.com`;
  const made = await call(server, 'POST', '/id/api/users', { token: server.root, json: { email, password: PASSWORD, organizationId } });
  assert.equal(made.status, 201, made.text);
  return { email, token: await tokenOf(server, email) };
}

const untilStatus = (token, status) =>
  until(async () => (await forwardAuth(server, token)).status === status, { limit: 1_000, step: 10, what: `${status}` });

test('one is made, with a slug of its name or of its own, and listed', async () => {
  assert.equal(await done('org', 'create', 'Iron  Temple\u00e9', '--domain', 'M\u00fcnchen.example'), 'organization iron-templee created\n');
  assert.equal(await done('org', 'create', 'Gold', '--slug', 'goldtemple'), 'organization goldtemple created\n');
  const rows = await list();
  assert.deepEqual(rows.get('iron-templee').slice(1, 3), ['active', 'xn--mnchen-3ya.example']);
  assert.match(rows.get('goldtemple')[3], /^[0-9a-f-]{36}$/);
  assert.deepEqual([...rows.keys()], [...rows.keys()].sort());
  assert.match(await refused('org', 'create', 'Gold', '--slug', 'goldtemple'), /already exists/);
  assert.match(await refused('org', 'create', 'Gold', '--slug', 'Gold Temple'), /slug/);
  assert.match(await refused('org', 'create', 'Gold', '--domain', 'nothing'), /domain/);
  assert.match(await refused('org', 'create', ' '), /name/);
});

test('members of a suspended one are kept out of a running server within a second, and let in again', async () => {
  await done('org', 'create', 'Silver');
  const [, , , id] = (await list()).get('silver');
  const { email, token } = await member(id);
  assert.match(await done('user', 'show', email), /organization\tsilver\n/);
  assert.match(await done('user', 'show', email), /roles\tMEMBER \(in silver\)\n/);
  assert.equal(await done('org', 'suspend', 'silver'), 'silver is suspended; its members cannot come in\n');
  await untilStatus(token, 401);
  assert.equal((await list()).get('silver')[1], 'suspended');
  assert.equal(await done('org', 'suspend', id), `${id} is suspended; its members cannot come in\n`);
  assert.equal(await done('org', 'resume', 'silver'), 'silver is active; its members can come in\n');
  await untilStatus(token, 200);
});

test('one with members is deleted by force alone, and they stay', async () => {
  await done('org', 'create', 'Bronze');
  const [, , , id] = (await list()).get('bronze');
  const { email, token } = await member(id);
  await done('org', 'suspend', 'bronze');
  await untilStatus(token, 401);
  assert.equal(await refused('org', 'delete', 'bronze'), 'signet: still in use\n');
  assert.equal(await done('org', 'delete', 'bronze', '--force'), 'bronze is deleted, with the roles that were held in it\n');
  await untilStatus(token, 200);
  assert.match(await done('user', 'show', email), /organization\t\n/);
  assert.equal((await list()).has('bronze'), false);
});

test('one that there is not is said to be none', async () => {
  for (const verb of ['suspend', 'resume', 'delete']) {
    for (const name of ['nothing', '01a1feec-ce90-7532-b6a3-ca184ff1da28']) {
      assert.equal(await refused('org', verb, name), `signet: no such organization: ${name}\n`);
    }
  }
});
