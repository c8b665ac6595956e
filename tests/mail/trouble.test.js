// An SMTP server that is down, slow or refuses, and a Signet that is killed: requests do not wait, nothing
// is lost, nothing is sent twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { awaitFailure, awaitState, listLetters, putLetter, startSender } from '../lib/mail.js';
import { freePort, pause, until } from '../lib/place.js';
import { cli } from '../lib/signet.js';
import { startSmtp } from '../lib/smtp.js';

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 4);
const LETTERS = 8;
const idOf = ({ raw }) => raw.match(/^Message-ID: <([0-9a-f-]{36})@/m)[1];

function countById(letters) {
  const counts = new Map();
  for (const letter of letters) {
    counts.set(idOf(letter), (counts.get(idOf(letter)) ?? 0) + 1);
  }
  return counts;
}

async function milliseconds(work) {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function causes(server, prefix) {
  const took = [];
  for (let i = 0; i < 7; i++) {
    took.push(await milliseconds(() => putLetter(server, `${prefix}${i}@example.com`)));
  }
  return median(took);
}

test('whoever causes a letter does not wait for a server that hangs', async () => {
  let hang = false;
  const smtp = await startSmtp({ mail: () => (hang ? pause(60_000) : undefined) });
  const server = await startSender(smtp);
  const well = await causes(server, 'well');
  hang = true;
  const hanging = await causes(server, 'hanging');
  const health = await milliseconds(() => fetch(`${server.url}/health`));
  assert.ok(hanging < well * 2 + 100, `${well} ms with a server that is well, ${hanging} ms with one that hangs`);
  assert.ok(health < 1_000, `/health took ${health} ms`);
  const begun = performance.now();
  await server.stop(); // in the middle of a session
  assert.ok(performance.now() - begun < 3_000, 'it stops all the same');
});

test('a server that is down is asked again, and then gets every letter once', async () => {
  const port = await freePort();
  const server = await startSender({ port });
  const ids = [];
  for (let i = 0; i < 4; i++) {
    ids.push(await putLetter(server, `down${i}@example.com`));
  }
  const { error } = await awaitFailure(server, ids[0]);
  assert.match(error, /connect/i);
  const smtp = await startSmtp({ port });
  await until(() => smtp.letters.length === ids.length, { limit: 60_000, what: 'all letters' });
  assert.deepEqual([...countById(smtp.letters).keys()].sort(), ids.toSorted());
});

test('refused for now is tried again; refused for good is dead, until an operator says otherwise', async () => {
  const verdicts = new Map([['later@example.com', { code: 451, text: 'come back' }], ['never@example.com', { code: 550, text: 'no such user' }]]);
  const smtp = await startSmtp({ rcpt: ({ address }) => verdicts.get(address) });
  const server = await startSender(smtp);
  const later = await putLetter(server, 'later@example.com');
  const never = await putLetter(server, 'never@example.com');
  assert.match((await awaitFailure(server, later)).error, /^451.*come back/);
  assert.match((await awaitState(server, never, 'dead')).error, /^550.*no such user/);
  verdicts.clear();
  assert.equal((await awaitState(server, later, 'sent')).attempts, '2');
  await pause(500);
  assert.equal((await listLetters(server)).get(never).state, 'dead');
  const { stdout } = await cli(['mail', 'retry', '--data', server.dir]);
  assert.equal(stdout, '1 letter will be tried again\n');
  await awaitState(server, never, 'sent');
  assert.equal((await cli(['mail', 'drop', never, '--data', server.dir])).code, 1, 'what was sent is not dropped');
});

test('refused after its text came is tried again, too', async () => {
  const verdicts = [{ code: 452, text: 'disk full' }, { code: 554, text: 'spam' }];
  const smtp = await startSmtp({ end: () => verdicts.shift() });
  const server = await startSender(smtp);
  const id = await putLetter(server, 'ada@example.com');
  assert.match((await awaitFailure(server, id)).error, /^452/);
  assert.match((await awaitState(server, id, 'dead')).error, /^554/);
});

test('no answer after the end of a letter: it is not sent again, and says so', async () => {
  const smtp = await startSmtp({ end: () => pause(60_000) });
  const server = await startSender(smtp);
  const id = await putLetter(server, 'ada@example.com');
  assert.match((await awaitState(server, id, 'dead')).error, /nobody knows/);
  assert.equal((await cli(['mail', 'retry', '--data', server.dir])).stdout, '0 letters will be tried again\n');
  assert.equal((await cli(['mail', 'drop', id, '--data', server.dir])).code, 0);
  assert.equal((await listLetters(server)).size, 0);
});

test('the outbox is bounded', async () => {
  const server = await startSender({ port: await freePort() });
  const args = ['mail', 'test', 'ada@example.com', '--data', server.dir, '--set', 'mail.queue=2'];
  assert.equal((await cli(args)).code, 0);
  assert.equal((await cli(args)).code, 0);
  const { code, stderr } = await cli(args);
  assert.equal(code, 1);
  assert.match(stderr, /mail\.queue/);
});

test('killed before the end of a letter was sent: it is sent after the restart, once', async () => {
  let hang = true;
  const asked = [];
  const smtp = await startSmtp({ rcpt: ({ address }) => { asked.push(address); return hang ? pause(60_000) : undefined; } });
  let server = await startSender(smtp);
  const id = await putLetter(server, 'ada@example.com');
  await until(() => asked.length > 0, { what: 'the letter to be on its way' });
  await server.kill9();
  hang = false;
  server = await startSender(smtp, { dataDir: server.dir });
  assert.equal((await awaitState(server, id, 'sent', 30_000)).attempts, '2');
  assert.equal(smtp.letters.length, 1);
});

test('killed while the server was taking the end: nobody knows, and it is not sent again', async () => {
  const smtp = await startSmtp({ end: () => pause(60_000) });
  let server = await startSender(smtp);
  const id = await putLetter(server, 'ada@example.com');
  await until(() => smtp.letters.length > 0, { what: 'the text' });
  await server.kill9();
  server = await startSender(smtp, { dataDir: server.dir });
  assert.match((await awaitState(server, id, 'dead', 30_000)).error, /nobody knows/);
  await pause(1_000);
  assert.equal(smtp.letters.length, 1);
});

test(`killed ${ROUNDS} times while sending: each letter came once, or is dead because nobody knows`, async (t) => {
  const smtp = await startSmtp({ end: () => pause(30) });
  const ids = [];
  let server = await startSender(smtp);
  for (let round = 0; round < ROUNDS; round++) {
    const put = Promise.all(Array.from({ length: LETTERS }, (_, i) => putLetter(server, `r${round}n${i}@example.com`)));
    await pause(150 + Math.random() * 300);
    await server.kill9();
    ids.push(...(await put));
    server = await startSender(smtp, { dataDir: server.dir });
  }
  await until(async () => [...(await listLetters(server)).values()].every(({ state }) => state === 'sent' || state === 'dead'),
    { limit: 60_000, step: 500, what: 'every letter to be settled' });
  const counts = countById(smtp.letters);
  const rows = await listLetters(server);
  assert.equal(rows.size, ids.length);
  let unknown = 0;
  for (const id of ids) {
    const { state, error } = rows.get(id);
    assert.ok((counts.get(id) ?? 0) <= 1, `${id} came ${counts.get(id)} times`);
    if (state === 'sent') {
      assert.equal(counts.get(id), 1, `${id} is sent and did not come`);
    } else {
      assert.match(error, /nobody knows/);
      unknown++;
    }
  }
  assert.ok(unknown <= ROUNDS, 'one for each time it was killed at most');
  t.diagnostic(`${ids.length} letters, ${counts.size} came, ${unknown} of which nobody knows`);
});
