// The page /magic-link: one press in the browser that asked, the code of the letter in another.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { assertAccessible, assertFits, missing, openWindow, takePicture } from '../lib/browser.js';
import { call } from '../lib/client.js';
import { newAddress, register, startCorporate } from '../lib/corporate.js';
import { assertDone, assertError, assertLogin } from '../lib/gateway_face.js';
import { until } from '../lib/place.js';
import { parse } from '../lib/smtp.js';

const PATH = '/magic-link';
const BACK = 'https://app.example/login?from=letter';
const RETURN = { 'links.magic_return': BACK };

const get = (server, token, cookie = '') => call(server, 'GET', `${PATH}?token=${token}`, { headers: { Cookie: cookie } });
const post = (server, fields, headers = {}) => call(server, 'POST', PATH, {
  body: new URLSearchParams(fields).toString(), headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
});
const verify = (server, json) => call(server, 'POST', '/id/api/auth/verify-magic-link', { json });

async function letterTo(server, address) {
  const to = () => server.smtp.letters.filter(({ envelope }) => envelope.rcptTo[0].address === address);
  await until(() => to().length > 0, { what: `a letter to ${address}` });
  const { text } = await parse(to().at(-1));
  return { token: text.match(/\/magic-link\?token=(\S+)/)[1], code: text.match(/: (\d{8})$/m)[1] };
}

/** Asks as a browser does: {email, cookie, token, code}. */
async function asked(server) {
  const { email } = await register(server);
  const answer = await call(server, 'POST', '/id/api/auth/magic-link', { json: { email } });
  assertDone(answer);
  const [line] = answer.headers['set-cookie'];
  assert.match(line, /^__Host-magic=[0-9a-f]{80}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=600$/);
  return { email, cookie: line.split(';')[0], ...(await letterTo(server, email)) };
}

/** The token with which a browser was led on to the application. */
function tokenOf(answer) {
  assert.equal(answer.status, 303, answer.text);
  assert.ok(answer.headers.location.startsWith(`${BACK}&token=`), answer.headers.location);
  return answer.headers.location.slice(`${BACK}&token=`.length);
}

describe('with an application to lead on to', () => {
  let server;
  before(async () => (server = await startCorporate('serve', { settings: RETURN })));

  test('in the browser that asked, one press leads on with a token that logs in, once', async () => {
    const { email, cookie, token } = await asked(server);
    const page = await get(server, token, cookie);
    assert.equal(page.status, 200, page.text);
    assert.ok(page.text.includes(email) && page.text.includes('You asked for this link here.'));
    assert.doesNotMatch(page.text, /name="code"/);
    assert.match(page.headers['content-security-policy'], /form-action 'self' https:\/\/app\.example; /);
    const fresh = tokenOf(await post(server, { token }, { Cookie: cookie }));
    assert.notEqual(fresh, token);
    assertError(await verify(server, { token }), 400, 'LINK_INVALID');
    assert.equal(assertLogin(await verify(server, { token: fresh })).user.email, email);
    assertError(await verify(server, { token: fresh }), 400, 'LINK_INVALID');
  });

  test('in another, the code is asked for', async () => {
    const { token, code } = await asked(server);
    const page = await get(server, token);
    assert.match(page.text, /name="code"/);
    const wrong = await post(server, { token, code: code === '00000000' ? '00000001' : '00000000' });
    assert.equal(wrong.status, 400);
    assert.match(wrong.text, /<title>Error: [^]*role="alert">This is not the code\./);
    assert.equal((await post(server, { token })).status, 400);
    assertLogin(await verify(server, { token: tokenOf(await post(server, { token, code })) }));
  });

  test('five wrong codes, and the right one counts no more there', async () => {
    const { token, code, cookie } = await asked(server);
    for (let i = 0; i < 5; i++) {
      assert.equal((await post(server, { token, code: '1' })).status, 400);
    }
    assert.equal((await post(server, { token, code })).status, 400);
    tokenOf(await post(server, { token }, { Cookie: cookie }));
  });

  test('the cookie of somebody else, or a made-up one, is another browser', async () => {
    const [mine, yours] = [await asked(server), await asked(server)];
    for (const cookie of [yours.cookie, '__Host-magic=', `__Host-magic=${'0'.repeat(80)}`, `${mine.cookie.slice(0, -1)}x`, `${mine.cookie}; ${mine.cookie}`]) {
      assert.match((await get(server, mine.token, cookie)).text, /name="code"/);
      assert.equal((await post(server, { token: mine.token }, { Cookie: cookie })).status, 400);
    }
    tokenOf(await post(server, { token: mine.token }, { Cookie: mine.cookie }));
  });

  test('an address that nobody has gets a cookie alike', async () => {
    const answer = await call(server, 'POST', '/id/api/auth/magic-link', { json: { email: newAddress() } });
    assert.match(answer.headers['set-cookie'][0], /^__Host-magic=[0-9a-f]{80};/);
  });

  test('looking at it uses nothing up, and no other site presses', async () => {
    const { token, cookie } = await asked(server);
    for (const method of ['HEAD', 'GET', 'GET']) {
      assert.equal((await call(server, method, `${PATH}?token=${token}`, { headers: { Cookie: cookie } })).status, 200);
    }
    assert.equal((await post(server, { token }, { Cookie: cookie, 'Sec-Fetch-Site': 'cross-site' })).status, 403);
    tokenOf(await post(server, { token }, { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' }));
    assert.equal((await get(server, token, cookie)).status, 400);
  });

  test('is for everybody', { skip: missing }, async () => {
    const { token, cookie, code } = await asked(server);
    const page = await openWindow();
    await page.goto(`${server.url}${PATH}?token=${token}`);
    await assertFits(page);
    await takePicture(page, 'magic-link-code');
    for (const given of ['', cookie]) {
      await assertAccessible((await get(server, token, given)).text);
    }
    await assertAccessible((await post(server, { token, code: '1' })).text);
    let led;
    await page.route('https://app.example/**', (route) => {
      led = route.request().url();
      return route.fulfill({ body: 'the application' });
    });
    await page.getByLabel('Code of the letter').fill(code);
    await page.getByRole('button', { name: 'Log in' }).click();
    await until(() => led, { what: 'to be led on' });
    assertLogin(await verify(server, { token: new URL(led).searchParams.get('token') }));
    await page.context().close();
  });
});

describe('without one', () => {
  let server;
  before(async () => (server = await startCorporate('serve')));

  test('the code is typed where it was asked for', async () => {
    const { email, cookie, token, code } = await asked(server);
    const page = await get(server, token, cookie);
    assert.equal(page.status, 200);
    assert.ok(page.text.includes('type the eight digits') && !page.text.includes('<form'));
    assert.equal((await post(server, { token }, { Cookie: cookie })).status, 400);
    assertLogin(await verify(server, { email, code }));
  });
});
