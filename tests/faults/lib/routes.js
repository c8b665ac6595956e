// A request to each route of each face that is right in itself, and what a fault under it must leave behind: the whole
// effect or none, an answer as the contract has it, and a server that goes on.
import assert from 'node:assert/strict';

import { assertSignetAnswer, call } from '../../lib/client.js';
import { assertContract } from '../../lib/contract.js';
import { forwardAuth } from '../../lib/edge.js';
import { until } from '../../lib/place.js';
import { cast } from '../../matrix/cast.js';
import { nameOf, requestOf, table } from '../../matrix/requests.js';
import { difference, openImage } from './image.js';

const MAY_FAIL = [500, 503, 'bare 503'];

/** Of each route one row of the matrix: one that succeeds, and is about somebody else than who asks, where there is one. */
export function rowsOfRoutes() {
  const statusOf = (row) => Number(row.super.split('/').at(-1));
  const own = (row) => row.object.startsWith('own') || row.object === 'all';
  const worth = (row) => (statusOf(row) < 300 ? 0 : 2) + (own(row) ? 1 : 0);
  const best = new Map();
  for (const row of table.filter(({ mode }) => mode !== 'serve')) {
    const known = best.get(nameOf(row));
    if (!known || worth(row) < worth(known)) {
      best.set(nameOf(row), row);
    }
  }
  return [...best.values()].map((row) => ({ ...row, name: nameOf(row), right: statusOf(row) }));
}

/** The cast of the matrix, and the rows of its store. */
export async function stage(shim, settings) {
  const place = await cast('dev', settings, [], shim.env);
  return { place, shim, image: openImage(place.server.dir) };
}

/** Where not even the face's words for it found memory, the status tells alone. */
const isBare = ({ status, bytes, headers }) => status === 503 && bytes.length === 0 && headers['retry-after'] !== undefined;

/** Sends it; what the server breaks off has the status 0. Every other answer is as the contract of its face has it. */
async function send({ place }, row, request) {
  const { token } = place.actors.super;
  const type = request.form ? 'application/x-www-form-urlencoded' : request.type;
  const [method, path] = [row.method === 'ANY' ? 'GET' : row.method, request.path ?? row.path];
  try {
    const answer = await call(place.server, method, path, {
      token, headers: type ? { 'Content-Type': type } : {}, json: request.json, body: request.body ?? request.form, plain: true,
    });
    assertSignetAnswer(answer);
    if (isBare(answer)) {
      return { ...answer, status: 'bare 503' };
    }
    assertContract(method, path, request.json, answer);
    return answer;
  } catch (error) {
    if (['ECONNRESET', 'EPIPE', 'ECONNREFUSED'].includes(error.code)) {
      return { status: 0, text: '' };
    }
    throw error;
  }
}

/** What is sent next; whoever asks has lost their session if the last request ended it. */
async function prepare(on, row) {
  const at = { place: on.place, actor: on.place.actors.super };
  try {
    return await requestOf(row, at);
  } catch {
    await on.place.logIn(at.actor);
    return requestOf(row, at);
  }
}

/** A server that has not heard for ten seconds of what others ended lets nobody in until it has. */
export async function letFeedBeRead({ place }) {
  await until(async () => (await call(place.server, 'GET', '/readyz')).status === 200, { what: 'the feed to be read' });
}

const COUNTED = ['allocate', 'map', 'statement', 'connect', 'send', 'receive'];

/** One request without any fault: {effect, calls}, the calls by their kind. */
export async function askWell(on, row) {
  const request = await prepare(on, row);
  const before = await on.image.take();
  const began = COUNTED.map(on.shim.calls);
  const answer = await send(on, row, request);
  const calls = Object.fromEntries(COUNTED.map((kind, at) => [kind, on.shim.calls(kind) - began[at]]));
  const effect = difference(before, await on.image.take());
  assert.equal(answer.status, row.right, `${row.name} without a fault: ${answer.text}`);
  await request.done?.();
  return { effect, calls };
}

/** Sends it under a fault, and nothing else. */
async function sendUnder(on, row, request, { kind, ...rule }) {
  on.shim.fail(kind, rule);
  try {
    return await send(on, row, request);
  } finally {
    on.shim.heal();
  }
}

export const say = ({ kind, after, forever, error }) => `${kind} ${after}${forever ? ' and all after it' : ''} (${error})`;

/**
 * One request under a fault. Its answer is right or tells of a failure, as the contract of its face has it; the store has
 * all of its effect (one of `effects`) or nothing of it, and all if the answer is right; the next request is answered, at once
 * or as soon as the feed was read. The status.
 */
export async function askUnder(on, row, effects, fault) {
  const request = await prepare(on, row);
  const before = await on.image.take();
  const answer = await sendUnder(on, row, request, fault);
  const effect = difference(before, await on.image.take());
  const says = `${row.name}, ${say(fault)}: ${answer.status}, ${effect || 'no effect'}`;
  const { server } = on.place;
  assert.ok(server.running(), `${says}: it fell\n${server.logs().slice(-3000)}`);
  assert.ok([0, row.right, ...MAY_FAIL].includes(answer.status), `${says}: ${answer.text}`);
  const whole = effects.has(effect);
  assert.ok(whole || (effect === '' && answer.status !== row.right), `${says}; without a fault: ${[...effects].join(' or ')}`);
  if (whole && effect !== '') {
    await request.done?.();
  }
  const next = () => forwardAuth(server, on.place.actors.super.token);
  if ((await next()).status !== 200) {
    await letFeedBeRead(on);
    assert.equal((await next()).status, 200, `${says}: the next request`);
  }
  return answer.status;
}

/** Whoever asked may have ended their session by it, or have another password since. */
async function logInAgain(on, request) {
  const { actors, logIn } = on.place;
  await logIn(actors.super).catch(async () => {
    await request.done?.();
    await logIn(actors.super);
  });
}

const NO_FAULT = { kind: 'allocate', error: 'ENOMEM' };

/** The same so many times; after what came through, another request. How many came through. */
async function repeat(on, row, fault, times) {
  let request = await prepare(on, row);
  let through = 0;
  for (let i = 0; i < times; i++) {
    const { status } = await sendUnder(on, row, request, fault);
    if (MAY_FAIL.includes(status)) {
      await letFeedBeRead(on);
      continue;
    }
    await (status === row.right ? request.done?.() : logInAgain(on, request));
    through += status === row.right ? 1 : 0;
    request = await prepare(on, row);
  }
  return through;
}

/**
 * Of `times` under a fault, how many failed, and how many blocks of memory stay out for them: without what stays for as
 * many that come through, which is what they are for. What else goes on makes it waver.
 */
export async function left(on, row, fault, times) {
  await repeat(on, row, fault, 3); // what is kept for good is there after these
  const before = on.shim.blocks();
  const through = await repeat(on, row, fault, times);
  const between = on.shim.blocks();
  await repeat(on, row, NO_FAULT, through);
  return { failed: times - through, blocks: 2 * between - before - on.shim.blocks() };
}
