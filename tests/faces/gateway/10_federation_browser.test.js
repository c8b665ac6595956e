// The whole way of a login by a provider, in Chromium: an application behind a gateway, its page, the provider's
// pages, and back. Gateway and application are one origin, as document 001 has it.
import assert from 'node:assert/strict';
import http from 'node:http';
import { before, describe, test } from 'node:test';

import { missing, openWindow } from '../../lib/browser.js';
import { CHEAP, startDirectory } from '../../lib/directory.js';
import { atEnd, freePort } from '../../lib/place.js';
import { settingsFor, startProvider, TENANT } from '../../lib/provider.js';

// What an application does with what comes back: the fragment or the query, shown to the route of the provider.
const PAGE = (name) => `<!doctype html><title>App</title><a href="/id/api/auth/${name}/authorize?redirect_uri=REDIRECT">Log in</a>`;
const BACK = `<!doctype html><title>Back</title><output></output><script>
  const said = new URLSearchParams(location.hash.slice(1) || location.search);
  const [state, id_token, code] = ['state', 'id_token', 'code'].map((name) => said.get(name) ?? undefined);
  const name = location.pathname.split('/')[2];
  fetch('/id/api/auth/' + name, { method: 'POST', headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(code ? { code, state, redirect_uri: location.origin + location.pathname } : { id_token, state }) })
    .then((answer) => answer.json()).then((json) => (document.querySelector('output').textContent = JSON.stringify(json)));
</script>`;

/** An application at http://localhost, with Signet below /id. */
async function startApplication(port, upstream) {
  const origin = `http://localhost:${port}`;
  const server = http.createServer((request, response) => {
    if (request.url.startsWith('/id/')) {
      const onward = http.request({ host: '127.0.0.1', port: upstream(), method: request.method, path: request.url, headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode, answer.rawHeaders);
        answer.pipe(response);
      });
      request.pipe(onward);
      return;
    }
    const [, where, name] = request.url.split(/[/?]/);
    response.setHeader('Content-Type', 'text/html');
    response.end(where === 'back' ? BACK : PAGE(name).replace('REDIRECT', encodeURIComponent(`${origin}/back/${name}`)));
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  atEnd(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return origin;
}

describe('in Chromium', { skip: missing }, () => {
  let server;
  let origin;
  const providers = {};
  before(async () => {
    const port = await freePort();
    origin = await startApplication(port, () => server.port);
    const here = (name) => ({ back: `${origin}/back/${name}`, native: true });
    providers.google = await startProvider(here('google'));
    providers.microsoft = await startProvider({ tenants: true, ...here('microsoft') });
    providers.linkedin = await startProvider({ auth: 'client_secret_post', ...here('linkedin') });
    const required = Object.fromEntries(Object.keys(providers).map((name) => [`provider.${name}.require_state`, 'yes']));
    const lists = { 'oauth.redirect_uris': Object.keys(providers).map((name) => `${origin}/back/${name}`).join(' ') };
    server = await startDirectory('serve', { settings: { ...CHEAP, ...settingsFor(providers), ...required, ...lists } });
  });

  const come = (name, person) => {
    providers[name].people.set(person, { email: `${person}@example.com`, email_verified: true, tid: TENANT });
    providers[name].person = person;
  };
  const said = async (page) => JSON.parse(await page.locator('output:not(:empty)').textContent());

  for (const name of ['google', 'microsoft', 'linkedin']) {
    test(`${name}: from the application's page to the provider and back, logged in`, async () => {
      const page = await openWindow({ javaScript: true });
      come(name, `ann.${name}`);
      await page.goto(`${origin}/start/${name}`);
      await page.getByRole('link', { name: 'Log in' }).click();
      const { success, data } = await said(page);
      assert.ok(success, JSON.stringify(data));
      assert.equal(data.user.email, `ann.${name}@example.com`);
      const [cookie] = (await page.context().cookies()).filter(({ name: its }) => its === '__Host-federation');
      assert.deepEqual([cookie.httpOnly, cookie.secure, cookie.sameSite, cookie.path], [true, true, 'Lax', '/']);
      assert.equal(await page.evaluate(() => document.cookie), '', 'no script sees it');
      await page.reload(); // the same answer once more
      assert.equal((await said(page)).error.code, 'TOKEN_INVALID');
      await page.context().close();
    });
  }

  test('what was begun in one window does not end in another browser', async () => {
    const [mine, yours] = [await openWindow({ javaScript: true }), await openWindow({ javaScript: true })];
    come('google', 'mallory');
    await mine.route('**/back/**', (route) => route.abort());
    let address;
    mine.on('response', (response) => {
      const to = response.headers().location ?? '';
      address = to.startsWith(`${origin}/back/`) ? to : address; // with its fragment, which no request shows
    });
    await mine.goto(`${origin}/start/google`);
    await mine.getByRole('link', { name: 'Log in' }).click().catch(() => {});
    for (let i = 0; address === undefined && i < 100; i++) {
      await mine.waitForTimeout(100);
    }
    await yours.goto(address);
    const { error } = await said(yours);
    assert.deepEqual([error.code, error.details], ['FIELD_VALUE', { field: 'state' }]);
    await Promise.all([mine.context().close(), yours.context().close()]);
  });
});
