// S9. Everything opaque that any route or letter hands out, found by listening: it has one of the forms here, each of which
// says what it is by its beginning, its cookie or the address that it stands in, and has its random bits; and of thousands
// of them none, and no part of one, is in a store, however it might be written there.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { call } from '../lib/client.js';
import { newDatabase, psql } from '../lib/postgres.js';
import { BACK } from '../lib/provider.js';
import { parse } from '../lib/smtp.js';
import { searcher } from './lib/grains.js';
import { operations } from './lib/operations.js';
import { goodRequest, sendable, stage } from './lib/stage.js';
import { LONG, statement, together } from './lib/statement.js';
import { tap } from './lib/tap.js';
import { entered, magicLink, newName, newUser, noNodes, resetLink, serviceKey, startWorld, unverified, verificationLink, waiting } from './lib/world.js';

/** What is secret, by the form in which it stands somewhere: with what it is called there, and what of it nobody can guess. */
const SECRET = {
  'a refresh token': /^refresh_?token":"refresh_[0-9a-f]{40}([0-9a-f]{64})$/i,
  'a service key': /^key":"signet_[0-9a-f]{32}\.([0-9a-f]{64})[0-9a-f]{8}$/,
  'the cookie of a device': /^__Host-device=([0-9a-f]{96})$/,
  'the cookie of a magic link': /^__Host-magic=[0-9a-f]{16}([0-9a-f]{64})$/,
  'the cookie of a federation': /^__Host-federation=([0-9a-f]{64})$/,
  'a state': /^state=([0-9a-f]{64})[0-9a-f]{16}[0-9a-f]{64}$/,
  'a nonce': /^nonce=([0-9a-f]{64})$/,
  'a link in a letter or answer': /^(?:activate|reset-password|magic-link|verify-email|magic)\?token=([0-9a-f]{64})$/,
  'an activation in an answer': /^activationToken":"([0-9a-f]{64})$/,
  'a link in the form of its page': /^token" value="([0-9a-f]{64})$/,
  'an access token': /^(?:access)?token":"eyJ[\w-]+\.eyJ[\w-]+\.([\w-]{86})$/i,
};

/** What looks like it and may be known to everybody. */
const KNOWN = [
  /^(?:\w*id":")?[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i, // an id
  /^[0-9a-f]{32}\.webp$/, // the name of a picture
  /^(?:code_challenge=|(?:x|y|kid)":")[\w-]{43}$/, // what is published
  /^nonce(?:-|=")[0-9a-f]{32}$/, // of a page, for itself
];

const WORDS = /(?:[\w-]+\?)?(?:[\w-]+(?:=|":"|="|" value="))?[\w.~+-]{20,}/g;
const isRandom = (word) => /[0-9a-f]{20}/.test(word) || /[0-9].*[0-9]/.test(word.replace(/^.*["=]/, ''));

const formOf = (word) => Object.entries(SECRET).find(([, form]) => form.test(word))?.[0];
const secretOf = (word) => SECRET[formOf(word)].exec(word)[1];
const bitsOf = (secret) => secret.length * (/^[0-9a-f]+$/.test(secret) ? 4 : 6);

statement('S9', async (tries) => {
  const place = await stage();
  const { port, heard } = await tap(place.server.port);
  Object.assign(place.server, { port, url: `http://127.0.0.1:${port}` });
  for (const operation of operations().filter(({ path }) => !path.startsWith('/openapi/'))) { // which is the same for everybody
    const request = sendable(await goodRequest(place, operation));
    await tries(`${operation.name} answers`, async () => assert.ok((await call(place.server, request.method, request.path, request)).status < 400));
  }
  const letters = (await Promise.all(place.smtp.letters.map(parse))).flatMap(({ text, html }) => [text, html]);
  const words = [...new Set([...heard, ...letters].flatMap((text) => text.match(WORDS) ?? []))].filter(isRandom);
  for (const word of words.filter((one) => formOf(one) || !KNOWN.some((form) => form.test(one)))) {
    await tries(word, () => {
      assert.ok(formOf(word), `"${word}" was handed out, and what is it?`);
      assert.ok(bitsOf(secretOf(word)) >= 128, word);
    });
  }
  const kinds = new Set(words.map(formOf));
  await tries('each form was handed out', () => assert.deepEqual(Object.keys(SECRET).filter((kind) => !kinds.has(kind)), []));
  await place.server.stop();
}, 'whatever is handed out');

const COUNT = LONG ? 800 : 120;
const FEW = LONG ? 100 : 12; // of what goes by letters

/** So many of something. */
async function many(count, make) {
  const made = [];
  await together(Array(count).fill(async () => made.push(await make())), 12);
  return made;
}

const begin = async (server) => {
  const path = `/id/api/auth/google/authorize?redirect_uri=${encodeURIComponent(BACK)}`;
  const { status, json, headers, text } = await call(server, 'GET', path, { headers: { Accept: 'application/json' } });
  assert.equal(status, 200, text);
  const { searchParams } = new URL(json.data.authorizeUrl);
  return { state: searchParams.get('state'), nonce: searchParams.get('nonce'), cookie: headers['set-cookie'][0].split(/[=;]/)[1] };
};

/** Many of each kind, none of them used: {kind: [what of it nobody can guess, …]}. */
async function samples(server, count) {
  const logins = await many(count, async () => {
    const { json, headers } = await entered(server, 'gateway', (await newUser(server)).username);
    return { access: json.data.accessToken.split('.')[2], refresh: json.data.refreshToken.slice(-64), device: headers['set-cookie'][0].split(/[=;]/)[1] };
  });
  const begun = await many(count, () => begin(server));
  const magic = await many(FEW, async () => magicLink(server, (await newUser(server)).email));
  return {
    'signatures of access tokens': logins.map(({ access }) => access),
    'refresh tokens': logins.map(({ refresh }) => refresh),
    'cookies of devices': logins.map(({ device }) => device),
    'random parts of states': begun.map(({ state }) => state.slice(0, 64)),
    'seals of states': begun.map(({ state }) => state.slice(-64)),
    nonces: begun.map(({ nonce }) => nonce),
    'cookies of federations': begun.map(({ cookie }) => cookie),
    'service keys': (await many(count, () => serviceKey(server, 'users:read'))).map(({ key }) => key.slice(40, 104)),
    activations: (await many(count, () => waiting(server, { sendEmail: false }))).map(({ token }) => token),
    resets: await many(FEW, async () => resetLink(server, (await newUser(server)).email)),
    verifications: await many(FEW, async () => verificationLink(server, (await unverified(server)).email)),
    'magic links': magic.map(({ token }) => token),
    'cookies of magic links': magic.map(({ cookie }) => cookie.slice(-64)),
    codes: magic.map(({ code }) => code),
  };
}

/** The largest chi-square of any place, over the digits that stand there: of 15 degrees of freedom for hexadecimal ones. */
function oddity(tokens) {
  const places = Array.from({ length: tokens[0].length }, () => new Map());
  tokens.forEach((token) => [...token].forEach((digit, at) => places[at].set(digit, (places[at].get(digit) ?? 0) + 1)));
  const expected = tokens.length / 16;
  const empty = (counts) => (16 - counts.size) * expected;
  return Math.max(...places.map((counts) => empty(counts) + [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)));
}

/** Beyond this a place that is random comes once in 10^12. */
const ODD = 92;
const WINDOW = 16;
const windows = (token) => Array.from({ length: Math.floor(token.length / WINDOW) }, (_, at) => token.slice(at * WINDOW, (at + 1) * WINDOW));

async function triesRandom(tries, kinds) {
  for (const [kind, tokens] of Object.entries(kinds).filter(([name]) => name !== 'codes')) {
    await tries(`${kind} are no two alike, nor any 64 bits of them`, () => {
      const all = tokens.flatMap(windows);
      assert.equal(new Set(all).size, all.length);
    });
    await tries(`${kind} have 128 bits`, () => assert.ok(tokens.every((token) => bitsOf(token) >= 128)));
    if (tokens.length >= COUNT && !kind.startsWith('signatures')) {
      await tries(`${kind} have every digit in every place alike`, () => assert.ok(oddity(tokens) < ODD, `${oddity(tokens)}`));
    }
  }
}

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** All that a store holds, as bytes: `read()`. */
async function triesStored(tries, kinds, read) {
  const { codes, ...secrets } = kinds;
  const stored = await read();
  const links = ['activations', 'resets', 'verifications', 'magic links'];
  await tries('what is looked for is found where it is: digests of links', () => {
    const digests = Object.fromEntries(links.map((kind) => [kind, secrets[kind].map(sha256)]));
    assert.deepEqual(searcher(digests)(stored).sort(), links.sort());
  });
  await tries('no token is stored, and no part of one', () => assert.deepEqual(searcher(secrets)(stored), []));
  await tries('no digest of what has a seed or a seal is, either', () => {
    const unkept = Object.fromEntries(Object.entries(secrets).filter(([kind]) => !links.includes(kind)).map(([kind, tokens]) => [kind, tokens.map(sha256)]));
    assert.deepEqual(searcher(unkept)(stored), []);
  });
  await tries('no code is, nor a digest of one that could be counted through', () => {
    assert.deepEqual(searcher({ codes: codes.map(sha256) })(stored), []);
    const words = new Set(stored.toString('latin1').match(/(?<![\d.])\d{8}(?!\d)/g));
    assert.deepEqual(codes.filter((code) => words.has(code)), []);
  });
}

const files = (server) => Buffer.concat(readdirSync(server.dir).filter((name) => name.startsWith('signet.db')).map((name) => readFileSync(join(server.dir, name))));

async function rows(url) {
  const tables = (await psql(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).split('\n');
  return Buffer.from((await Promise.all(tables.map((name) => psql(url, `SELECT t::text FROM ${name} t`)))).join('\n'));
}

statement('S9', async (tries) => {
  const server = await startWorld({ providers: true });
  const kinds = await samples(server, COUNT);
  await triesRandom(tries, kinds);
  await triesStored(tries, kinds, () => files(server));
  await server.stop();
  await tries('nor after the end', () => assert.deepEqual(searcher(kinds)(files(server)), []));
}, 'SQLite');

if (!noNodes) {
  statement('S9', async (tries) => {
    const url = await newDatabase();
    const server = await startWorld({ providers: true, url });
    await triesStored(tries, await samples(server, FEW), () => rows(url));
    await server.stop();
  }, 'PostgreSQL');
}
