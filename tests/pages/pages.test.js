// The pages /activate and /reset-password: as they are sent, and as people see them.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { assertAccessible, assertFits, missing, openWindow, takePicture } from '../lib/browser.js';
import { call } from '../lib/client.js';
import { forgot, GOLD, letterTo, logIn, makeGymAdmin, me, MODES, PASSWORD, register, startMailing } from '../lib/fitnexa.js';
import { sql } from '../lib/gateway_face.js';

const CHOSEN = 'another password for the gym';
const NONE = 'a'.repeat(64);

const get = (server, path, token) => call(server, 'GET', `${path}?token=${token}`);
const post = (server, path, fields, headers = {}) =>
  call(server, 'POST', path, { body: new URLSearchParams(fields).toString(), headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers } });

function assertPage(answer, status, heading) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8');
  assert.match(answer.text, new RegExp(`<h1>${heading}</h1>`));
  const nonce = answer.text.match(/<style nonce="([0-9a-f]{32})">/)[1];
  assert.equal(answer.headers['content-security-policy'],
    `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'`);
  assert.deepEqual(
    ['cache-control', 'referrer-policy', 'x-frame-options', 'x-content-type-options', 'cross-origin-opener-policy'].map((name) => answer.headers[name]),
    ['no-store', 'no-referrer', 'DENY', 'nosniff', 'same-origin'],
  );
  assert.doesNotMatch(answer.text, /<script|\son\w+=|javascript:|https?:\/\//i);
}

async function resetToken(server, given) {
  const { email } = await register(server, given);
  assert.equal((await forgot(server, email)).status, 202);
  return { email, ...(await letterTo(server, email, '/reset-password')) };
}

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startMailing(mode)));

    test('looking at the link of an activation uses nothing up; its form does, once', async () => {
      const { email, activationToken: token } = await makeGymAdmin(server);
      for (const method of ['HEAD', 'GET', 'GET']) {
        assert.equal((await call(server, method, `/activate?token=${token}`)).status, 200);
      }
      const shown = await get(server, '/activate', token);
      assertPage(shown, 200, 'Activate your account');
      assert.ok(shown.text.includes(`value="${email}"`) && shown.text.includes('iron temple'));
      assert.equal((await logIn(server, email)).status, 401);
      assertPage(await post(server, '/activate', { token, password: PASSWORD }), 200, 'Your account is active');
      assert.equal((await logIn(server, email)).status, 200);
      assertPage(await post(server, '/activate', { token, password: CHOSEN }), 400, 'This link does not work');
      assertPage(await get(server, '/activate', token), 400, 'This link does not work');
    });

    test('who was given a password goes on with that one', async () => {
      const { email, activationToken: token } = await makeGymAdmin(server, { password: PASSWORD });
      assert.doesNotMatch((await get(server, '/activate', token)).text, /type="password"/);
      assertPage(await post(server, '/activate', { token }), 200, 'Your account is active');
      assert.equal((await logIn(server, email)).status, 200);
    });

    test('the link to a new password likewise, and all sessions end', async () => {
      const { email, token } = await resetToken(server);
      const { token: session } = (await logIn(server, email)).json;
      assertPage(await get(server, '/reset-password', token), 200, 'Choose a new password');
      assert.equal((await me(server, session)).status, 200);
      assertPage(await post(server, '/reset-password', { token, password: CHOSEN }), 200, 'Your password was changed');
      assert.equal((await me(server, session)).status, 401);
      assert.equal((await logIn(server, email, CHOSEN)).status, 200);
      assertPage(await post(server, '/reset-password', { token, password: PASSWORD }), 400, 'This link does not work');
    });

    test('a password that will not do is told on the page, and the link still counts', async () => {
      const { activationToken } = await makeGymAdmin(server);
      const { token } = await resetToken(server);
      for (const [path, link, heading] of [['/activate', activationToken, 'Activate your account'], ['/reset-password', token, 'Choose a new password']]) {
        for (const [password, words] of [['shrt!', 'too short'], ['x'.repeat(257), 'too long'], ['', 'Enter a password']]) {
          const answer = await post(server, path, { token: link, password });
          assertPage(answer, 400, heading);
          assert.match(answer.text, /<title>Error: /);
          assert.match(answer.text, new RegExp(`role="alert">[^<]*${words}`));
          assert.ok(password === '' || !answer.text.includes(password));
        }
        assert.equal((await get(server, path, link)).status, 200);
      }
    });

    test('a token of one page is none of the other', async () => {
      const { activationToken } = await makeGymAdmin(server);
      const { token } = await resetToken(server);
      assertPage(await get(server, '/reset-password', activationToken), 400, 'This link does not work');
      assertPage(await get(server, '/activate', token), 400, 'This link does not work');
      assertPage(await post(server, '/activate', { token, password: CHOSEN }), 400, 'This link does not work');
    });

    test('what is no link is one page', async () => {
      for (const path of ['/activate', '/reset-password']) {
        for (const query of [`?token=${NONE}`, '?token=', '', '?token=%3Cscript%3E', `?token=a&token=b`, `?token=${'x'.repeat(1025)}`]) {
          assertPage(await call(server, 'GET', `${path}${query}`), 400, 'This link does not work');
        }
      }
      assertPage(await call(server, 'GET', `/activate?token=${'x'.repeat(9000)}`), 414, 'That did not work');
      assertPage(await call(server, 'GET', '/activate/more'), 404, 'There is no such page');
      assertPage(await call(server, 'PUT', '/activate'), 405, 'That did not work');
    });

    test('a form of another site is refused, and has done nothing', async () => {
      const { activationToken: token } = await makeGymAdmin(server);
      const fields = { token, password: PASSWORD };
      for (const headers of [{ 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': 'same-site' }, { Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'cross-site', Origin: server.url }]) {
        assertPage(await post(server, '/activate', fields, headers), 403, 'That did not work');
      }
      assertPage(await call(server, 'POST', '/activate', { json: fields }), 415, 'That did not work');
      assertPage(await post(server, '/activate', fields, { Origin: server.url, 'Sec-Fetch-Site': 'same-origin' }), 200, 'Your account is active');
    });
  });
}

describe('in Chromium', { skip: missing }, () => {
  let server;
  before(async () => {
    server = await startMailing('serve', { settings: { 'password.refuse_common': 'yes' } });
    await sql(server.dir, `UPDATE organizations SET name = 'Gold & <Söhne> Leibesübungsgenossenschaft', primary_color = '#ffe14d' WHERE id = '${GOLD}'`);
  });
  const local = (path, token) => `${server.url}${path}?token=${token}`;

  for (const [gymId, width] of [['iron', 320], ['gold', 320], ['gold', 1280]]) {
    test(`an account is activated without JavaScript, in the colours of ${gymId}, at ${width} pixels`, async () => {
      const { email, activationToken: token } = await makeGymAdmin(server, { gymId });
      const page = await openWindow({ width });
      await page.goto(local('/activate', token));
      await assertFits(page);
      await takePicture(page, `activate-${gymId}-${width}`);
      await assertAccessible(await page.content(), { width });

      await page.getByLabel('New password').fill('password');
      await page.getByRole('button', { name: 'Activate' }).click();
      await page.getByRole('alert').waitFor();
      await assertFits(page);
      await takePicture(page, `activate-error-${gymId}-${width}`);
      await assertAccessible(await page.content(), { width });
      assert.equal(await page.getByLabel('New password').getAttribute('aria-invalid'), 'true');

      await page.getByLabel('New password').fill(PASSWORD);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Your account is active' }).waitFor();
      await assertFits(page);
      await takePicture(page, `activated-${gymId}-${width}`);
      await assertAccessible(await page.content(), { width });
      assert.equal((await logIn(server, email)).status, 200);
      assert.deepEqual(page.complaints.filter((text) => !/status of 400/.test(text)), []);
      await page.context().close();
    });
  }

  test('a password is changed by keyboard alone, in what a browser fills in', async () => {
    const { email, token } = await resetToken(server, { gymId: 'iron' });
    const page = await openWindow();
    await page.goto(local('/reset-password', token));
    await assertFits(page);
    await takePicture(page, 'reset-password');
    await assertAccessible(await page.content());
    assert.equal(await page.getByLabel('Your address').inputValue(), email);
    assert.equal(await page.getByLabel('New password').getAttribute('autocomplete'), 'new-password');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type(CHOSEN);
    await page.keyboard.press('Tab');
    await takePicture(page, 'reset-password-focus');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your password was changed' }).waitFor();
    assert.equal((await logIn(server, email, CHOSEN)).status, 200);
    await page.context().close();
  });

  test('a link that does not count says so, and what to do', async () => {
    const page = await openWindow();
    const answer = await page.goto(local('/activate', NONE));
    assert.equal(answer.status(), 400);
    await assertFits(page);
    await takePicture(page, 'no-link');
    await assertAccessible(await page.content());
    await page.context().close();
  });

  test('the styles count: nothing on the page is against its own policy', async () => {
    const { activationToken: token } = await makeGymAdmin(server);
    const page = await openWindow({ javaScript: true });
    await page.goto(local('/activate', token));
    assert.equal(await page.getByRole('button').evaluate((one) => getComputedStyle(one).backgroundColor), 'rgb(122, 31, 43)');
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
});
