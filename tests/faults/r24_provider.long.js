// R24. An identity provider is silent, slow, talks nonsense, hangs up: whoever comes by it is told so within six seconds,
// and whoever comes by a password does not notice.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { pause, until } from '../lib/place.js';
import { BACK, Browser, settingsFor, startProvider } from '../lib/provider.js';
import { experiment, LONG, percentile, QUICK, rootOf, serve, times } from './lib/experiment.js';
import { Ledger } from './lib/ledger.js';
import { Load } from './lib/load.js';

const SPAN = LONG ? 15_000 : 2_000; // well, then broken, in turn: five minutes of each kind in the long run
const TURNS = times(1, 5);
const COMERS = 16;
const TOLD_WITHIN = 6_000;
const SLOWER_MOST = 1.2;
const BAD_DAYS = {
  silent: () => {},
  slow: (request, response) => setTimeout(() => response.end('{}'), 3_000),
  nonsense: (request, response) => response.end('<html>Welcome</html>'),
  'hanging up': (request) => request.socket.destroy(),
};

/** Somebody back from the provider with a code, of which only the provider can say that it is none. */
async function come(server) {
  const browser = new Browser();
  const began = performance.now();
  const begun = await browser.go(`${server.url}/id/api/auth/linkedin/authorize?redirect_uri=${encodeURIComponent(BACK)}`);
  if (begun.status !== 302) {
    return { status: begun.status, text: await begun.text(), began, took: performance.now() - began };
  }
  const state = new URL(begun.headers.get('location')).searchParams.get('state');
  const { status, text } = await call(server, 'POST', '/id/api/auth/linkedin', {
    json: { code: 'of-nobody', redirect_uri: BACK, state }, headers: { Cookie: browser.header(server.url) } });
  return { status, text, began, took: performance.now() - began };
}

/** They come without a pause; gives the way to end it. */
function startComing(server, answers) {
  let going = true;
  const all = Promise.all(Array.from({ length: COMERS }, async () => {
    while (going) {
      answers.push(await come(server));
      await pause(100);
    }
  }));
  return () => {
    going = false;
    return all;
  };
}

experiment('R24', 'an identity provider is no good', { engines: ['sqlite'] }, async ({ row, where }) => {
  const provider = await startProvider({ auth: 'client_secret_post', alg: 'ES256' });
  const server = await serve(where, { settings: { ...QUICK, ...settingsFor({ linkedin: provider }) } });
  const root = await rootOf(server);
  const logins = new Load(server, { root, ledger: new Ledger(), workers: 2, rest: 10, mix: { login: 1 } }).start();
  const answers = [];
  const stopComing = startComing(server, answers);
  const untilAsked = (since) => until(() => answers.some(({ status, began }) => status === 401 && began > since), { limit: 60_000, what: 'the provider to say that a code is none' });
  await untilAsked(0);
  const spans = { well: [], bad: [] };
  const spend = async (kind) => {
    const since = performance.now();
    await pause(SPAN);
    spans[kind].push({ since, until: performance.now() });
  };
  for (let turn = 0; turn < TURNS; turn++) {
    for (const answer of Object.values(BAD_DAYS)) {
      await spend('well');
      provider.answer = answer;
      await spend('bad');
      delete provider.answer;
      const healed = performance.now();
      await untilAsked(healed);
      row.recovery.push(performance.now() - healed);
      row.rounds++;
    }
  }
  await stopComing();
  await logins.stop();
  const took = (kind) => spans[kind].flatMap((span) => logins.times('login', span));
  const told = answers.filter(({ began }) => spans.bad.some(({ since, until: end }) => began >= since && began < end));
  const [well, bad] = ['well', 'bad'].map((kind) => percentile(took(kind), 0.99));
  const longest = Math.max(...told.map(({ took }) => took));
  row.note = `${told.length} were told, after ${Math.round(longest)} ms at most; password logins p99 ${well.toFixed(1)} ms, with it ${bad.toFixed(1)} ms`;
  assert.deepEqual(told.filter(({ status }) => ![401, 503].includes(status)).slice(0, 3), [], row.note);
  assert.ok(told.length >= COMERS && longest <= TOLD_WITHIN, row.note);
  assert.equal(logins.count((status) => ![200, 201].includes(status)), 0, logins.summary());
  assert.ok(bad <= SLOWER_MOST * well, row.note);
});
