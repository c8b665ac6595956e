// S35. No cookie opens anything by itself; and what the forms of our pages send is taken from our own pages only,
// and with the token that stands in them.
import assert from 'node:assert/strict';

import { isOpen, operations } from './lib/operations.js';
import { assertUnchanged, dump, query, quiet } from './lib/dump.js';
import { goodRequest, newUser, sendable, stage } from './lib/stage.js';
import { statement } from './lib/statement.js';
import { ask } from './lib/wire.js';

const HOST = 'id.example.com';
const COOKIES = ['token', 'access_token', 'accessToken', 'jwt', 'session', 'sid', 'signet', 'Authorization', 'authorization', 'bearer', 'refresh_token', '__Host-sid', '__Host-session', '__Host-token', '__Host-device', '__Host-magic', '__Host-federation', '__Secure-fa', 'x-service-key'];

/** How a request of another site looks to a server, in newer browsers and older ones. */
const STRANGE = {
  ...Object.fromEntries(['cross-site', 'same-site', 'none', 'SAME-ORIGIN', 'same-origin, cross-site', 'same-origin ,', 'x', 'samesite', 'same-originx'].map((site) => [`Sec-Fetch-Site: ${site}`, [['Sec-Fetch-Site', site]]])),
  'a site and then our own': [['Sec-Fetch-Site', 'cross-site'], ['Sec-Fetch-Site', 'same-origin']],
  ...Object.fromEntries(['https://evil.example', `https://${HOST}.evil.example`, `https://evil.example/${HOST}`, `https://x${HOST}`, `https://${HOST}:444`, `https://${HOST}@evil.example`, `https://evil.example#${HOST}`, `https://${HOST}/`, `https://${HOST} https://evil.example`, `ftp://${HOST}`, `${HOST}`, `//${HOST}`, 'https://', 'https:', 'NULL', 'null, null', `https://www.${HOST}`]
    .map((origin) => [`Origin: ${origin}`, [['Origin', origin]]])),
  'of another site, said to be of ours': [['Sec-Fetch-Site', 'cross-site'], ['Origin', `https://${HOST}`]], 'a site in the Referer': [['Sec-Fetch-Site', 'cross-site'], ['Referer', `https://${HOST}/activate`]],
};
const OURS = { 'Sec-Fetch-Site: same-origin': [['Sec-Fetch-Site', 'same-origin'], ['Origin', `https://${HOST}`]], 'Origin alone': [['Origin', `https://${HOST}`]], 'Origin in other letters': [['Origin', `https://${HOST.toUpperCase()}`]], 'neither, as programs send it': [] };

const forms = operations().filter(({ face, method }) => face === 'pages' && method === 'POST');
const audited = (server) => query(server, 'SELECT count(*) FROM events');
const lines = (headers, more) => [['Host', HOST], ...Object.entries(headers), ...more];

statement('S35', async (tries) => {
  const place = await stage();
  const user = await newUser(place);
  for (const operation of operations().filter((one) => !isOpen(one))) {
    await tries(`${operation.name}: no cookie opens it`, async () => {
      const { token: _, ...request } = sendable(await goodRequest(place, operation));
      const before = await quiet(place.server);
      for (const [value, key] of [[place.actors.super.token, place.actors.service.key], [`Bearer ${user.token}`, place.actors.service.key]]) {
        const cookies = COOKIES.map((name) => `${name}=${name.includes('key') ? key : value}`);
        for (const Cookie of [cookies.join('; '), ...cookies]) {
          assert.equal((await ask(place.server, { ...request, headers: { ...request.headers, Cookie } })).status, 401, Cookie.split('=')[0]);
        }
      }
      assertUnchanged(before, dump(place.server));
    });
  }
  for (const operation of forms) {
    const request = sendable(await goodRequest(place, operation));
    for (const [what, more] of Object.entries(STRANGE)) {
      await tries(`${operation.name}: ${what}`, async () => {
        const before = await quiet(place.server);
        const told = audited(place.server);
        const { status, text } = await ask(place.server, { ...request, headers: lines(request.headers, more) });
        assert.ok([400, 403].includes(status), `${status}`);
        assert.ok(!text.includes('has been') || status >= 400);
        assertUnchanged(before, dump(place.server));
        assert.equal(audited(place.server), told, 'no stranger fills the audit log');
      });
    }
    for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/json', '']) {
      await tries(`${operation.name}: the type ${type}, which no form of ours has`, async () => {
        const before = await quiet(place.server);
        const { status } = await ask(place.server, { ...request, headers: lines({ ...request.headers, 'Content-Type': type }, OURS['Origin alone']) });
        assert.ok([400, 415].includes(status), `${status}`);
        assertUnchanged(before, dump(place.server));
      });
    }
    await tries(`${operation.name}: without its token, or with another's`, async () => {
      const before = await quiet(place.server);
      for (const token of [undefined, '', 'a'.repeat(64), user.token]) {
        const body = new URLSearchParams({ password: 'grey otter 41 lantern', ...(token === undefined ? {} : { token }) }).toString();
        assert.equal((await ask(place.server, { ...request, body, headers: lines(request.headers, OURS['Origin alone']) })).status, 400);
      }
      assertUnchanged(before, dump(place.server));
    });
    await tries(`${operation.name}: the same form of ours is taken, after all that`, async () => {
      const { status, text } = await ask(place.server, { ...request, headers: lines(request.headers, OURS['Sec-Fetch-Site: same-origin']) });
      assert.ok(status < 400, `${status}: ${text}`);
    });
    for (const [what, more] of Object.entries(OURS)) {
      await tries(`${operation.name}: ${what} is ours`, async () => {
        const fresh = sendable(await goodRequest(place, operation));
        const { status, text } = await ask(place.server, { ...fresh, headers: lines(fresh.headers, more) });
        assert.ok(status < 400, `${status}: ${text}`);
      });
    }
  }
  await tries('forms were among them', () => assert.equal(forms.length, 3));
});
