// S22. Everything that could lead somewhere else, at every route and page: addresses in each parameter that any system of
// this kind has for them, in headers and in the path. Whatever answers with an address answers with one that is on the list; at
// the routes that lead on, found by walking all of them, each address that is not is refused, and those that are are followed.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { BACK } from '../lib/provider.js';
import { operations } from './lib/operations.js';
import { goodRequest, MAGIC_RETURN, PUBLIC_URL, sendable, stage } from './lib/stage.js';
import { LONG, statement } from './lib/statement.js';
import { ask, bytesOf } from './lib/wire.js';

const OTHER = 'https://other.example/'; // the other one on the list
const EVIL = 'evil.example';

/** None of them is on the list, whoever reads them as one that is. */
const PLACES = [
  `https://${EVIL}/`, `http://${EVIL}`, `//${EVIL}`, `///${EVIL}`, `////${EVIL}/`, `/\\${EVIL}`, `\\\\${EVIL}`, `/\t/${EVIL}`, `https:${EVIL}`, `https:/${EVIL}`, `https:///${EVIL}`, `https:\\\\${EVIL}`,
  `https://app.example@${EVIL}/back`, `https://app.example%40${EVIL}/back`, `https://app.example:443@${EVIL}/back`, `https://${EVIL}\\@app.example/back`, `https://${EVIL}#${BACK}`, `https://${EVIL}?${BACK}`, `https://${EVIL}/${BACK}`,
  `https://app.example.${EVIL}/back`, `https://app.example%2e${EVIL}/back`, `https://app.example%00.${EVIL}/back`, `https://app.example\\.${EVIL}/back`, `https://app-${EVIL}/back`, 'https://evilapp.example/back', 'https://app.example.evil/back', 'https://app.exampl/back', 'https://app.examplee/back',
  'https://user@app.example/back', 'https://:@app.example/back', 'https://app.example:8443/back', 'https://app.example:443/back', 'https://app.example:/back', 'http://app.example/back', 'HTTPS://app.example/back', 'https://APP.EXAMPLE/back', 'https://app.example./back', 'https://www.app.example/back', 'https://example/back',
  `${BACK}/`, `${BACK}?`, `${BACK}#`, `${BACK}?next=//${EVIL}`, `${BACK}#//${EVIL}`, `${BACK}/../x`, `${BACK}/..;/x`, `${BACK}%2f..%2fx`, `${BACK};x`, `${BACK}.html`, `${BACK}%00`, `${BACK}%20`, 'https://app.example//back', 'https://app.example/./back', 'https://app.example/Back', 'https://app.example/%62ack', 'https://app.example', 'https://app.example/',
  ` ${BACK}`, `${BACK} `, `\t${BACK}`, `${BACK}\n`, `${BACK}\r\nLocation: https://${EVIL}`, `${BACK}\0`, `${BACK}\u00a0`, `${BACK}\u2028`, `\ufeff${BACK}`, `${BACK} ${OTHER}`, `${OTHER} ${BACK}`, `${BACK},${OTHER}`, `${OTHER}back`,
  'https://app\u3002example/back', 'https://app\uff0eexample/back', 'https://app.ex\u0430mple/back', 'https://\u24d0pp.example/back', 'https\uff1a//app.example/back', 'https://app.example\uff0fback', 'https://app.example\u2044back', 'https://ap\u00adp.example/back',
  `%2f%2f${EVIL}`, '%68ttps://app.example/back', encodeURIComponent(BACK), encodeURIComponent(encodeURIComponent(BACK)), 'javascript:alert(1)', 'JaVaScRiPt:alert(1)', `javascript://app.example/back%0aalert(1)`, 'java\nscript:alert(1)', '\u0001javascript:alert(1)', 'data:text/html,<script>alert(1)</script>', 'vbscript:x', 'file:///etc/passwd', `blob:${BACK}`, 'about:blank', `view-source:${BACK}`, 'app.example:/back', 'com.example.app:/back',
  '', '/', '.', '*', 'null', '/back', 'back', 'https://*.example/back', 'https://*', 'https://', 'https://127.0.0.1/', 'https://[::1]/back', 'http://localhost/back', `https://${'a'.repeat(3_000)}.example/`, `${BACK}${'x'.repeat(3_000)}`,
];

/** What such a parameter is called anywhere. */
const NAMES = [
  'redirect', 'redirect_url', 'redirectUrl', 'redirectUri', 'return', 'returnTo', 'return_to', 'return_url', 'returnUrl', 'next', 'url', 'uri', 'rd', 'r', 'u', 'rurl', 'goto', 'continue', 'target', 'dest', 'destination', 'callback', 'callback_url', 'back', 'backurl', 'from',
  'forward', 'to', 'out', 'link', 'ref', 'referer', 'page', 'view', 'path', 'host', 'origin', 'domain_hint', 'RelayState', 'service', 'post_logout_redirect_uri', 'success', 'success_url', 'error_url', 'cancel_url', 'login_url', 'logout', 'jump', 'location', 'magic_return', 'public_url', 'base', 'base_url', 'issuer', 'action',
];

/** How a place is named in headers, by proxies and browsers. */
const HEADERS = {
  Host: EVIL, 'X-Forwarded-Host': EVIL, 'X-Forwarded-Server': EVIL, 'X-Forwarded-Proto': 'javascript', 'X-Forwarded-Port': '8443', 'X-Forwarded-Prefix': `//${EVIL}`, 'X-Forwarded-Uri': `//${EVIL}/`, 'X-Forwarded-Path': `//${EVIL}`, 'X-Original-Host': EVIL, 'X-Original-URL': `//${EVIL}/`,
  'X-Original-URI': `//${EVIL}/`, 'X-Rewrite-URL': `//${EVIL}/`, 'X-Host': EVIL, 'X-HTTP-Host-Override': EVIL, 'X-Backend-Host': EVIL, Forwarded: `for=127.0.0.1;host=${EVIL};proto=https`, Referer: `https://${EVIL}/`, Destination: `https://${EVIL}/`, From: `a@${EVIL}`, 'X-Url-Scheme': 'javascript',
};

/** Every address that an answer leads to by itself, or has somebody press. */
function ledTo({ headers, text }) {
  const named = ['location', 'refresh', 'content-location', 'link', 'sourcemap'].map((name) => headers[name]).filter((value) => value !== undefined);
  const inPage = (headers['content-type'] ?? '').startsWith('text/html') ? [...text.matchAll(/\s(?:href|src|action|formaction|content|data|srcset|poster)\s*=\s*"([^"]*)"/gi)].map(([, value]) => value) : [];
  return [...named, ...inPage.filter((value) => /[:/\\]/.test(value))];
}

/** Those that are on some list: our own, an application's, a provider's. */
function isListed(address, place) {
  const own = /^\/(?![/\\])[\w/-]*(\?token=[0-9a-f]{64})?$/.test(address) || address.startsWith(`${PUBLIC_URL}/`);
  return own || new RegExp(`^${MAGIC_RETURN}\\?token=[0-9a-f]{64}$`).test(address) || (address.startsWith(`${place.provider.own}/auth?`) && [BACK, OTHER].includes(new URL(address).searchParams.get('redirect_uri')));
}

function assertNowhere(answer, place, head = '') {
  assert.ok(answer.status < 500, `${answer.status} ${answer.text}`);
  assert.deepEqual(ledTo(answer).filter((address) => !isListed(address, place)), []);
  assert.ok(!`${head}${answer.text}`.toLowerCase().includes(EVIL), 'it names the place');
}

/** The request with this in a parameter of every name, in its query and its body. */
function everywhere(request, text) {
  const more = Object.fromEntries(NAMES.map((name) => [name, text]));
  const query = new URLSearchParams(more).toString();
  const path = `${request.path}${request.path.includes('?') ? '&' : '?'}${query}`;
  const json = request.json && { ...more, ...request.json };
  const form = typeof request.form === 'object' ? { ...more, ...request.form } : request.form;
  return { ...request, path: path.length > 8_000 ? request.path : path, json, form };
}

const rot = (list, at, count) => (LONG ? list : Array.from({ length: count }, (_, i) => list[(at * count + i) % list.length]));

async function triesWalk(tries, place, operation, at) {
  const leads = [];
  for (const text of rot(PLACES.filter((one) => one.length < 60), at, 2)) {
    await tries(`${operation.name}: ${JSON.stringify(text)} in every parameter`, async () => {
      const request = sendable(everywhere(await goodRequest(place, operation), text));
      const answer = await call(place.server, request.method, request.path, request);
      assertNowhere(answer, place, JSON.stringify(answer.headers));
      leads.push(answer.status >= 300 && answer.status < 400);
    });
  }
  for (const [name, value] of rot(Object.entries(HEADERS), at, 3)) {
    await tries(`${operation.name}: ${name}: ${value}`, async () => {
      const request = sendable(await goodRequest(place, operation));
      const answer = await ask(place.server, { ...request, headers: { ...request.headers, [name]: value } });
      assertNowhere(answer, place, answer.head);
    });
  }
  return leads.some(Boolean);
}

/** A request that names where to go on, in each way that there is: {name: (place, address) => answer}. */
const NAMING = {
  ...Object.fromEntries(['google', 'microsoft', 'linkedin'].flatMap((name) => {
    const path = (address) => `/id/api/auth/${name}/authorize?redirect_uri=${encodeURIComponent(address)}`;
    return [
      [`${name}, GET`, ({ server }, address) => call(server, 'GET', path(address))],
      [`${name}, as JSON`, ({ server }, address) => call(server, 'GET', path(address), { headers: { Accept: 'application/json' } })],
      [`${name}, without /id`, ({ server }, address) => call(server, 'GET', path(address).slice(3))],
      [`${name}, HEAD`, ({ server }, address) => ask(server, { method: 'HEAD', path: path(address) })],
    ];
  })),
};

/** The same of what is shown afterwards, with a code that is none. */
const SHOWING = {
  'linkedin, a code': ({ server }, redirect_uri) => call(server, 'POST', '/id/api/auth/linkedin', { json: { code: 'x', redirect_uri } }),
  'linkedin, a code to link': ({ server, actors }, redirect_uri) => call(server, 'POST', '/id/api/users/me/identities', { token: actors.super.token, json: { provider: 'linkedin', code: 'x', redirect_uri } }),
};

async function triesLeading(tries, place) {
  for (const [name, naming] of Object.entries({ ...NAMING, ...SHOWING })) {
    for (const address of PLACES) {
      await tries(`${name}: ${JSON.stringify(address.slice(0, 100))}`, async () => {
        const answer = await naming(place, address);
        assert.equal(answer.status, 400, answer.headers.location);
        assertNowhere(answer, place);
      });
    }
    for (const address of [BACK, OTHER]) {
      await tries(`${name}: ${address}, which is on the list`, async () => {
        const answer = await naming(place, address);
        const led = answer.headers.location ?? answer.json?.data?.authorizeUrl;
        assert.ok(SHOWING[name] ? [401, 503].includes(answer.status) : isListed(led, place) && new URL(led).searchParams.get('redirect_uri') === address, `${answer.status} ${led}`);
      });
    }
  }
  for (const query of [`redirect_uri=${BACK}&redirect_uri=https://${EVIL}/`, `redirect_uri=https://${EVIL}/&redirect_uri=${BACK}`, `REDIRECT_URI=${BACK}`, `redirect_uri[]=${BACK}`, `redirect_uri.0=${BACK}`, `redirect_uri%00=${BACK}`, `redirect_uri=${BACK}%00`, `redirect_uri=${BACK}%0d%0aLocation:%20https://${EVIL}/`]) {
    for (const provider of ['google', 'microsoft', 'linkedin']) {
      await tries(`${provider}: ${query}`, async () => {
        const answer = await ask(place.server, { path: bytesOf(`/id/api/auth/${provider}/authorize?${query}`) });
        assert.equal(answer.status, 400, answer.head);
        assertNowhere(answer, place, answer.head);
      });
    }
  }
}

statement('S22', async (tries) => {
  const place = await stage({ settings: { 'http.trusted_proxies': '127.0.0.1' } });
  const leading = [];
  for (const [at, operation] of operations().entries()) {
    if (await triesWalk(tries, place, operation, at)) {
      leading.push(operation.path);
    }
  }
  await tries('those that lead on are those that are tried with every address', () => {
    const tried = ['google', 'microsoft', 'linkedin'].map((name) => `/id/api/auth/${name}/authorize`);
    assert.deepEqual(leading.filter((path) => path !== '/magic-link').sort(), tried.sort());
  });
  await tries('the page of a magic link leads to the one that is set', () => assert.ok(leading.includes('/magic-link')));
  await triesLeading(tries, place);
  await place.server.stop();
});
