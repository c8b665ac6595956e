// R37. A call to another service fails: the n-th connection, the n-th piece sent, the n-th piece received, once or from
// there on, towards a mail server and towards an identity provider. A login by a provider succeeds or says that the provider
// does not answer, and its effect is whole or none; a letter arrives once, but for the one
// whose arrival nobody has told of, which is not sent again; and both go on afterwards.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { forwardAuth, tokenOf } from '../lib/edge.js';
import { awaitState, listLetters, putLetter, startSender } from '../lib/mail.js';
import { BACK, Browser, settingsFor, startProvider } from '../lib/provider.js';
import { pause, until } from '../lib/place.js';
import { startSignet } from '../lib/signet.js';
import { startSmtp } from '../lib/smtp.js';
import { experiment, LONG, QUICK } from './lib/experiment.js';
import { difference, openImage } from './lib/image.js';
import { say } from './lib/routes.js';
import { Shim } from './lib/shim.js';

const KINDS = ['connect', 'send', 'receive'];
const ERRORS = { connect: 'ECONNREFUSED', send: 'EPIPE', receive: 'ECONNRESET' };

/** Each call of each kind that a good run makes, failing alone and with all after it; in the short form one in so many, alone. */
function faultsOf(calls, pick) {
  const all = [false, true].flatMap((forever) => KINDS.flatMap((kind) =>
    Array.from({ length: calls[kind] }, (_, at) => ({ kind, after: at + 1, forever, error: ERRORS[kind] }))));
  return LONG ? all : all.filter(({ forever }, at) => !forever && at % pick === 0);
}

const counts = (shim) => Object.fromEntries(KINDS.map((kind) => [kind, shim.calls(kind)]));
const since = (shim, began) => Object.fromEntries(KINDS.map((kind) => [kind, shim.calls(kind) - began[kind]]));

const IDLE = 200; // so that every letter begins with a connection

let people = 0;

/** A browser on its way back from the provider, as somebody who was never there; and what its page then shows. */
async function goTo({ server, provider }) {
  const person = `subject-${++people}`;
  provider.people.set(person, { email: `${person}@example.com`, email_verified: true, given_name: 'Ann', family_name: 'Lee' });
  provider.person = person;
  const browser = new Browser();
  const begun = await browser.go(`${server.url}/id/api/auth/linkedin/authorize?redirect_uri=${encodeURIComponent(BACK)}`);
  assert.equal(begun.status, 302, await begun.text());
  return { browser, ...(await browser.follow(begun.headers.get('location'))) };
}

/** The page asks us, and we ask the provider: its metadata and keys, if they are not known, and the token for the code. */
const enter = ({ server }, { browser, code, state }) =>
  call(server, 'POST', '/id/api/auth/linkedin', { json: { code, redirect_uri: BACK, state }, headers: { Cookie: browser.header(server.url) } });

experiment('R37', 'a call to an identity provider', { engines: ['sqlite'], own: true }, async ({ row }) => {
  const shim = new Shim();
  const provider = await startProvider({ auth: 'client_secret_post', alg: 'ES256' });
  const server = await startSignet({ settings: { ...QUICK, ...settingsFor({ linkedin: provider }) }, env: shim.env });
  const on = { server, provider };
  const image = openImage(server.dir);
  await enter(on, await goTo(on)); // what is learnt once is learnt
  const began = counts(shim);
  const way = await goTo(on);
  const before = await image.take();
  assert.equal((await enter(on, way)).status, 200);
  const whole = difference(before, await image.take());
  const calls = since(shim, began);
  assert.ok(KINDS.every((kind) => calls[kind] > 0), JSON.stringify(calls));
  const seen = {};
  for (const fault of faultsOf(calls, 2)) {
    const next = await goTo(on);
    const then = await image.take();
    shim.fail(fault.kind, fault);
    const answer = await enter(on, next);
    shim.heal();
    const effect = difference(then, await image.take());
    const says = `${say(fault)}: ${answer.status}, ${effect || 'no effect'}`;
    assert.ok([200, 503].includes(answer.status), `${says}: ${answer.text}\n${server.logs().slice(-1000)}`);
    assert.equal(effect, answer.status === 200 ? whole : '', says);
    seen[answer.status] = (seen[answer.status] ?? 0) + 1;
    // One that did not answer is left alone for a moment.
    const failed = performance.now();
    await until(async () => (await enter(on, await goTo(on))).status === 200, { step: 200, what: `${says}: the next one to be well` });
    row.recovery.push(performance.now() - failed);
    row.rounds++;
  }
  assert.ok(seen[503] > 0, 'no call failed');
  row.note = `${JSON.stringify(calls)}; ${seen[200] ?? 0} entered all the same, ${seen[503]} × 503`;
});

experiment('R37', 'a call to the mail server', { engines: ['sqlite'], own: true }, async ({ row }) => {
  const shim = new Shim();
  const smtp = await startSmtp({ socketTimeout: IDLE });
  const server = await startSender(smtp, { env: shim.env, settings: QUICK });
  const token = await tokenOf(server);
  const began = counts(shim);
  await awaitState(server, await putLetter(server, 'first@example.com'), 'sent');
  const calls = since(shim, began);
  assert.ok(KINDS.every((kind) => calls[kind] > 0), JSON.stringify(calls));
  const times = new Map();
  for (const fault of faultsOf(calls, 5)) {
    const to = `letter${row.rounds}@example.com`;
    const hits = shim.hits(fault.kind);
    await pause(2 * IDLE);
    shim.fail(fault.kind, fault);
    const id = await putLetter(server, to);
    await until(() => shim.hits(fault.kind) > hits, { what: `${say(fault)} to fail` });
    assert.equal((await forwardAuth(server, token)).status, 200, 'others are served meanwhile');
    shim.heal();
    times.set(to, { id, fault });
    row.rounds++;
  }
  const states = {};
  const settled = ({ state }) => ['sent', 'dead'].includes(state);
  const letters = await until(async () => {
    const all = await listLetters(server);
    return [...times.values()].every(({ id }) => settled(all.get(id))) ? all : undefined;
  }, { limit: 120_000, step: 200, what: 'every letter to be sent' });
  for (const [to, { id, fault }] of times) {
    const copies = smtp.letters.filter(({ envelope, taken }) => taken && envelope.rcptTo[0].address === to).length;
    const { state, error } = letters.get(id);
    const says = `${say(fault)}: ${to} is ${state} (${error}), and got ${copies}`;
    assert.ok(copies <= 1, says);
    assert.ok(state === 'sent' ? copies === 1 : /^nobody knows/.test(error), says);
    states[state] = (states[state] ?? 0) + 1;
  }
  row.note = `${JSON.stringify(calls)}; ${JSON.stringify(states)}`;
});
