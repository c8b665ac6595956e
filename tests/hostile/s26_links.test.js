// S26. Whatever a request says of where it was sent to and by whom, on every route, the letters that come of it
// lead to http.public_url, and so does every address in an answer.
import assert from 'node:assert/strict';

import { operations } from './lib/operations.js';
import { quiet } from './lib/dump.js';
import { goodRequest, MAGIC_RETURN, newUser, PUBLIC_URL, sendable, stage } from './lib/stage.js';
import { LONG, statement } from './lib/statement.js';
import { ask } from './lib/wire.js';
import { parse } from '../lib/smtp.js';

const TRUSTED = '127.0.0.7';
const EVIL = 'evil.example';
const ADDRESS = /\bhttps?:\/\/[^\s"'<>)\]]+/g;

/** Ways to say that we are somebody else. */
const SPOOFS = {
  Host: { Host: EVIL }, 'Host with a port': { Host: `${EVIL}:443` }, 'X-Forwarded-Host': { 'X-Forwarded-Host': EVIL, 'X-Forwarded-Proto': 'http', 'X-Forwarded-Port': '666', 'X-Forwarded-Server': EVIL },
  Forwarded: { Forwarded: `for=1.2.3.4;host=${EVIL};proto=http;by=${EVIL}` }, 'X-Host': { 'X-Host': EVIL, 'X-Original-Host': EVIL, 'X-HTTP-Host-Override': EVIL, 'X-Original-URL': `https://${EVIL}/`, 'X-Forwarded-Prefix': `//${EVIL}`, 'X-Script-Name': `//${EVIL}`, Base: `https://${EVIL}/` },
  Origin: { Origin: `https://${EVIL}`, Referer: `https://${EVIL}/page`, Referrer: `https://${EVIL}/` }, 'several at once': { Host: EVIL, 'X-Forwarded-Host': EVIL, Forwarded: `host=${EVIL}`, Origin: `https://${EVIL}`, Referer: `https://${EVIL}/` },
};

/** Members by which other services let themselves be told where to lead. */
const MEMBERS = Object.fromEntries(['redirect', 'redirectTo', 'redirectUrl', 'redirect_url', 'returnTo', 'return_to', 'returnUrl', 'callback', 'callbackUrl', 'callback_url', 'baseUrl', 'base_url', 'url', 'link', 'host', 'domain_url', 'next', 'continue', 'emailRedirectTo', 'appUrl', 'frontendUrl']
  .map((name) => [name, `https://${EVIL}/${name}`]));

function assertNothingEvil(answer) {
  assert.ok(answer.status < 400, `${answer.status}: ${answer.text}`);
  assert.ok(!`${answer.head}${answer.text}`.includes('evil'), `${answer.head}${answer.text}`);
}

statement('S26', async (tries) => {
  const place = await stage({ settings: { 'http.trusted_proxies': TRUSTED } });
  const first = place.smtp.letters.length;
  for (const operation of operations()) {
    const spoofs = LONG ? Object.entries(SPOOFS) : [['several at once', SPOOFS['several at once']]];
    for (const [what, headers] of operation.face === 'pages' && operation.method === 'POST' ? [] : spoofs) { // S35: they look like forms of another site
      for (const from of ['127.0.0.9', TRUSTED]) {
        await tries(`${operation.name}: ${what}${from === TRUSTED ? ' by a proxy' : ''}`, async () => {
          const request = sendable(await goodRequest(place, operation));
          const proxied = from === TRUSTED ? { 'X-Forwarded-For': '203.0.113.9' } : {};
          assertNothingEvil(await ask(place.server, { ...request, headers: { ...request.headers, ...headers, ...proxied } }, { from }));
        });
      }
    }
    if (operation.type === 'application/json') {
      await tries(`${operation.name}: members that lead elsewhere`, async () => {
        const request = await goodRequest(place, operation);
        assertNothingEvil(await ask(place.server, { ...request, json: { ...MEMBERS, ...request.json } }));
      });
    }
    await tries(`${operation.name}: a query that leads elsewhere`, async () => {
      const request = sendable(await goodRequest(place, operation));
      const query = new URLSearchParams(MEMBERS).toString();
      assertNothingEvil(await ask(place.server, { ...request, path: `${request.path}${request.path.includes('?') ? '&' : '?'}${query}` }));
    });
  }
  const letterRoutes = operations().filter(({ rate }) => rate === 'letter');
  await tries('every route that has a letter sent, by each spoof, for somebody there is', async () => {
    assert.ok(letterRoutes.length >= 3);
    for (const { path } of letterRoutes) {
      for (const headers of Object.values(SPOOFS)) {
        const { email } = await newUser(place);
        const before = place.smtp.letters.length;
        assertNothingEvil(await ask(place.server, { method: 'POST', path, json: { ...MEMBERS, email }, headers }));
        await quiet(place.server);
        assert.ok(place.smtp.letters.length > before, `no letter of ${path}`);
      }
    }
  });
  await quiet(place.server);
  const letters = place.smtp.letters.slice(first);
  await tries(`${letters.length} letters lead to us`, async () => {
    assert.ok(letters.length > 50, `${letters.length}`);
    const kinds = new Set();
    for (const letter of letters) {
      const { subject, text, html, headers } = await parse(letter);
      assert.ok(!letter.raw.includes('evil') && !text.includes('evil') && !html.includes('evil'));
      assert.match(headers.get('message-id'), /@id\.example\.com>$/);
      const links = [...text.matchAll(ADDRESS), ...html.replaceAll('&amp;', '&').matchAll(ADDRESS)].map(([link]) => link);
      assert.ok(links.length > 0 || /was changed$/.test(subject), subject);
      for (const link of links) {
        assert.ok(link.startsWith(`${PUBLIC_URL}/`), link);
        kinds.add(new URL(link).pathname);
      }
    }
    assert.deepEqual([...kinds].sort(), ['/activate', '/api/v1/auth/verify-email', '/magic-link', '/reset-password']);
  });
  await tries('the page of a link leads on to where it is set to', async () => {
    const operation = operations().find(({ name }) => name === 'pages POST /magic-link');
    const request = sendable(await goodRequest(place, operation));
    const { status, headers } = await ask(place.server, { ...request, headers: { ...request.headers, Host: EVIL, 'X-Forwarded-Host': EVIL } });
    assert.equal(status, 303);
    assert.ok(headers.location.startsWith(`${MAGIC_RETURN}?token=`));
  });
});
