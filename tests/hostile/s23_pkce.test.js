// S23. Signet asks for codes, and gives out none: so what it sends along is S256 and nothing else, and a code without
// its verifier is worth nothing. In C: crypto/openid_test.c.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { routes } from '../lib/contract.js';
import { CHEAP, startDirectory } from '../lib/directory.js';
import { BACK, Browser, challengeOf, settingsFor, startProvider } from '../lib/provider.js';
import { statement } from './lib/statement.js';

const NAMES = ['google', 'microsoft', 'linkedin'];

statement('S23', async (tries) => {
  const provider = await startProvider({ auth: 'client_secret_post' });
  const required = Object.fromEntries(NAMES.map((name) => [`provider.${name}.require_state`, 'yes']));
  const server = await startDirectory('serve', { settings: { ...CHEAP, ...settingsFor({ google: provider, microsoft: provider, linkedin: provider }), ...required } });
  const authorize = async (name, more = '', headers = {}) => {
    const answer = await call(server, 'GET', `/id/api/auth/${name}/authorize?redirect_uri=${encodeURIComponent(BACK)}${more}`, { headers });
    return { answer, asked: new URL(answer.headers.location).searchParams };
  };
  for (const name of NAMES) {
    await tries(`${name}: S256, whatever else is asked for`, async () => {
      const seen = new Set();
      for (const more of ['', '&code_challenge_method=plain', '&code_challenge=x&code_challenge_method=plain', '&code_challenge=', '&pkce=no', '&response_type=token', '&response_mode=query']) {
        const { asked } = await authorize(name, more);
        assert.deepEqual(asked.getAll('code_challenge_method'), ['S256']);
        assert.match(asked.get('code_challenge'), /^[\w-]{43}$/);
        assert.deepEqual(asked.getAll('response_type'), [name === 'linkedin' ? 'code' : 'id_token']);
        seen.add(asked.get('code_challenge'));
      }
      assert.equal(seen.size, 7, 'a challenge twice');
    });
    await tries(`${name}: the challenge is made of nothing that goes with it`, async () => {
      const { answer, asked } = await authorize(name);
      const cookie = answer.headers['set-cookie'][0].split(/[=;]/)[1];
      for (const text of [asked.get('state'), asked.get('nonce'), cookie]) {
        assert.notEqual(asked.get('code_challenge'), challengeOf(text));
        assert.notEqual(asked.get('code_challenge'), text);
      }
    });
  }
  /** A code, and what is then sent for it. */
  const exchange = async (change = {}) => {
    const person = `subject-${Math.random()}`;
    provider.people.set(person, { email: `${person}@example.com`, email_verified: true });
    provider.person = person;
    const browser = new Browser();
    const { headers } = await browser.go(`${server.url}/id/api/auth/linkedin/authorize?redirect_uri=${encodeURIComponent(BACK)}`);
    const asked = new URL(headers.get('location'));
    for (const [name, value] of Object.entries(change)) {
      asked.searchParams.set(name, value);
    }
    const { code, state } = await browser.follow(asked.href);
    const answer = await call(server, 'POST', '/id/api/auth/linkedin', { json: { code, state, redirect_uri: BACK }, headers: { Cookie: browser.header(server.url) } });
    return { answer, code };
  };
  await tries('a code is exchanged with its verifier', async () => assert.equal((await exchange()).answer.status, 200));
  await tries('a code that was got for another challenge is refused', async () => assert.equal((await exchange({ code_challenge: challengeOf('somebody else has this verifier, of forty-three letters') })).answer.status, 401));
  await tries('a code without the state that it began with is refused', async () => {
    const { code } = await exchange();
    for (const json of [{ code, redirect_uri: BACK }, { code, redirect_uri: BACK, state: 'x' }, { code, redirect_uri: BACK, code_verifier: 'x'.repeat(43) }]) {
      assert.equal((await call(server, 'POST', '/id/api/auth/linkedin', { json })).status, 400);
    }
  });
  await tries('nobody can ask us for a code', () => assert.deepEqual(routes().filter(({ path }) => /\/(token|authorize)$/.test(path)).map(({ path }) => path).filter((path) => !/^\/auth\/token$|\/(google|microsoft|linkedin)\/authorize$/.test(path)), []));
});
