// S36. There is no list of other origins to set yet: so no answer of any route, to any request that a browser
// sends for another origin, lets that read it; nor is there another way to read it from there.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { operations } from './lib/operations.js';
import { goodRequest, newUser, sendable, stage } from './lib/stage.js';
import { LONG, statement } from './lib/statement.js';
import { ask } from './lib/wire.js';

const ORIGINS = ['https://evil.example', 'null', 'https://id.example.com', 'https://id.example.com.evil.example', 'https://xid.example.com', 'https://sub.id.example.com', 'http://localhost', 'http://127.0.0.1:3007', 'https://app.example', '*', 'https://app.example,https://evil.example', 'file://', 'chrome-extension://x', 'https://APP.EXAMPLE'];
// Pages show pictures by plain links, whatever origin they are of: Cross-Origin-Resource-Policy lets them, and no script reads one by it.
const LETS_READ = /^(access-control-|timing-allow-origin|x-permitted-cross-domain)/im;
const SHARES = 4; // no route knows any origin: in the short form each is asked for its share of them

function assertClosed(answer) {
  assert.doesNotMatch(answer.head, LETS_READ, answer.head);
  for (const origin of ORIGINS.filter((one) => one.length > 4)) {
    assert.ok(!answer.head.toLowerCase().includes(`: ${origin.toLowerCase()}\r`), `${origin} comes back`);
  }
}

statement('S36', async (tries) => {
  const place = await stage();
  const cors = (Origin, more) => ({ Origin, 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'cors', ...more });
  for (const [which, operation] of operations().entries()) {
    const leaves = operation.face === 'pages' && operation.method === 'POST';
    await tries(`${operation.name}: an answer to another origin`, async () => {
      const request = sendable(await goodRequest(place, operation));
      const answer = await ask(place.server, { ...request, headers: { ...request.headers, ...cors(ORIGINS[0]) } });
      assertClosed(answer);
      assert.ok(leaves ? answer.status === 403 : answer.status < 400, `${answer.status}: ${answer.text}`);
    });
    const { path } = await goodRequest(place, operation);
    for (const origin of ORIGINS.filter((_, at) => LONG || at % SHARES === which % SHARES)) {
      await tries(`${operation.name}: asked before by ${origin}`, async () => {
        for (const wanted of LONG ? [operation.method, 'GET', 'POST', 'X'] : [operation.method]) {
          const headers = cors(origin, { 'Access-Control-Request-Method': wanted, 'Access-Control-Request-Headers': 'authorization, content-type', 'Access-Control-Request-Private-Network': 'true' });
          const answer = await ask(place.server, { method: 'OPTIONS', path, headers });
          assertClosed(answer);
          assert.ok([401, 404, 405].includes(answer.status), `${answer.status}`); // never a good one, which forward-auth would be for who shows a token
        }
      });
      await tries(`${operation.name}: an error told to ${origin}`, async () => {
        for (const request of [{ path, token: 'rubbish' }, { path: `${path.split('?')[0]}/nobody` }, { path, method: 'BREW' }].slice(0, LONG ? 3 : 2)) {
          assertClosed(await ask(place.server, { ...request, headers: cors(origin) }));
        }
      });
    }
    await tries(`${operation.name}: no answer is a script`, async () => {
      const query = 'callback=evil&jsonp=evil&cb=evil&format=js&_format=jsonp';
      const request = sendable(await goodRequest(place, operation));
      const answer = await ask(place.server, { ...request, path: `${request.path}${request.path.includes('?') ? '&' : '?'}${query}`, headers: { ...request.headers, Accept: 'application/javascript, text/javascript' } });
      assert.ok(answer.status < 400, answer.text);
      assert.doesNotMatch(answer.headers['content-type'] ?? '', /script/);
      assert.ok(!answer.text.startsWith('evil') && !answer.text.includes('evil('));
    });
  }
  await tries('forward-auth lets an OPTIONS in by its token alone', async () => {
    const { token } = await newUser(place);
    const preflight = cors(ORIGINS[0], { 'Access-Control-Request-Method': 'GET' });
    assert.equal((await ask(place.server, { method: 'OPTIONS', path: '/api/v1/auth', headers: preflight })).status, 401);
    assertClosed(await ask(place.server, { method: 'OPTIONS', path: '/api/v1/auth', headers: preflight, token }));
  });
  await tries('public keys are for servers', async () => assert.equal((await call(place.server, 'GET', '/.well-known/jwks.json')).status, 200));
});
