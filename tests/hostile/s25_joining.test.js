// S25. Somebody has an account with the victim's address before the victim comes, through each face and by each way
// in: nobody shares it with them. In C: domain/federation_test.c, domain/magic_test.c, domain/recovery_test.c.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { activationToken, letterWith, stage } from './lib/stage.js';
import { statement } from './lib/statement.js';
import { query } from './lib/dump.js';

const ATTACKERS = 'the attacker chose this one';
const VICTIMS = 'the victim chose that one';

/** How an attacker gets an account with any address, by face: gives their tokens {access, refresh?}. */
const REGISTER = {
  fitnexa: async (place, email) => {
    const { json } = await post(place, '/auth/register', { email, password: ATTACKERS });
    return { access: json.token, refresh: json.refreshToken };
  },
  directory: async (place, email) => {
    await post(place, '/users/createUser', { username: email, email, password: ATTACKERS });
    return { access: (await post(place, '/auth/token', { username: email, password: ATTACKERS })).json.result.token };
  },
  corporate: async (place, email) => {
    await post(place, '/api/v1/auth/register', { fullName: 'Eve', email, password: ATTACKERS });
    return { access: (await post(place, '/api/v1/auth/login', { email, password: ATTACKERS })).json.token };
  },
  'a provider that has not verified it': async (place, email) => {
    const { json } = await post(place, '/id/api/auth/google', { id_token: await place.provider.mint({ sub: `eve of ${email}`, email, email_verified: false }) });
    return { access: json.data.accessToken, refresh: json.data.refreshToken, sub: `eve of ${email}` };
  },
};

const post = (place, path, json, headers) => call(place.server, 'POST', path, { json, headers });
const idOf = (place, email) => query(place.server, `SELECT id FROM users WHERE email_key = '${email.toLowerCase()}'`).trim();
let made = 0;
const newAddress = () => `victim${++made}@example.com`;

/** Everything by which the attacker came in. */
async function assertDead(place, email, eve, { passwordToo = true } = {}) {
  const statuses = {
    access: (await call(place.server, 'GET', '/users/me', { token: eve.access })).status,
    forwardAuth: (await call(place.server, 'GET', '/api/v1/auth', { token: eve.access })).status,
    renewal: (await post(place, '/auth/refresh', { token: eve.access })).status,
    refresh: eve.refresh ? (await post(place, '/id/api/auth/refresh', { refreshToken: eve.refresh })).status : 401,
  };
  assert.deepEqual(statuses, { access: 401, forwardAuth: 401, renewal: 401, refresh: 401 });
  if (passwordToo) {
    for (const [path, json] of [['/auth/login', { email, password: ATTACKERS }], ['/id/api/auth/login', { email, password: ATTACKERS }], ['/auth/token', { username: email, password: ATTACKERS }], ['/api/v1/login', { username: email, password: ATTACKERS }]]) {
      assert.equal((await post(place, path, json)).status, 401, path);
    }
    assert.equal((await post(place, '/api/v1/auth/login', { email, password: ATTACKERS })).status, 400);
  }
}

const bySignature = (place, name, claims) => place.provider.mint(claims).then((id_token) => post(place, `/id/api/auth/${name}`, { id_token }));

statement('S25', async (tries) => {
  const place = await stage();
  for (const [face, register] of Object.entries(REGISTER)) {
    await tries(`${face}: who comes by a provider is not let into it`, async () => {
      const email = newAddress();
      const eve = await register(place, email);
      for (const claims of [{ email, email_verified: true }, { email: email.toUpperCase(), email_verified: true }, { email, email_verified: true, sub: 'x'.repeat(200) }]) {
        assert.equal((await bySignature(place, 'google', claims)).status, 409);
      }
      assert.equal((await bySignature(place, 'google', { email, email_verified: false })).status, 409);
      assert.equal((await call(place.server, 'GET', '/users/me', { token: eve.access })).status, 200);
      assert.equal(query(place.server, `SELECT count(*) FROM identities WHERE user_id = '${idOf(place, email)}'`).trim(), eve.sub ? '1' : '0');
    });
    await tries(`${face}: the victim comes by a magic link, and the attacker is out`, async () => {
      const email = newAddress();
      const eve = await register(place, email);
      assert.equal((await post(place, '/id/api/auth/magic-link', { email })).status, 200);
      const { token } = await letterWith(place, email, '/magic-link');
      const { status, json } = await post(place, '/id/api/auth/verify-magic-link', { token });
      assert.equal(status, 200);
      await assertDead(place, email, eve);
      if (eve.sub) {
        const again = await bySignature(place, 'google', { sub: eve.sub, email, email_verified: false });
        assert.notEqual(again.json.data?.user.id, json.data.user.id, 'their identity still leads into it');
      }
      assert.equal((await call(place.server, 'GET', '/users/me', { token: json.data.accessToken })).status, 200);
      const joined = await bySignature(place, 'google', { email, email_verified: true });
      assert.deepEqual([joined.status, joined.json.data?.user.id], [200, json.data.user.id], 'now both have verified it');
      await assertDead(place, email, eve);
    });
    await tries(`${face}: the victim chooses a password by letter, and the attacker is out`, async () => {
      const email = newAddress();
      const eve = await register(place, email);
      assert.equal((await post(place, '/auth/forgot-password', { email })).status, 202);
      const { token } = await letterWith(place, email, '/reset-password');
      assert.equal((await post(place, '/auth/reset-password', { token, password: VICTIMS })).status, 200);
      await assertDead(place, email, eve);
      if (eve.sub) {
        const mine = idOf(place, email);
        const again = await bySignature(place, 'google', { sub: eve.sub, email, email_verified: false });
        assert.notEqual(again.json.data?.user.id, mine, 'their identity still leads into it');
      }
      assert.equal((await post(place, '/auth/login', { email, password: VICTIMS })).status, 200);
    });
    await tries(`${face}: a second account with the address there is not`, async () => {
      const email = newAddress();
      await register(place, email);
      for (const [path, json] of [['/auth/register', { email, password: VICTIMS }], ['/auth/register', { email: email.toUpperCase(), password: VICTIMS }], ['/api/v1/auth/register', { fullName: 'Vic', email, password: VICTIMS }], ['/users/createUser', { username: 'victim', email, password: VICTIMS }]]) {
        const { status } = await post(place, path, json);
        assert.ok(status >= 400 && status < 500, `${path}: ${status}`);
      }
      assert.equal(query(place.server, `SELECT count(*) FROM users WHERE email_key = '${email}'`).trim(), '1');
    });
  }

  await tries('who links the victim\'s account of a provider to their own gets no more than that', async () => {
    const [email, mine] = [newAddress(), newAddress()];
    const eve = await REGISTER.fitnexa(place, mine);
    const linked = await call(place.server, 'POST', '/id/api/users/me/identities', { token: eve.access, json: { provider: 'google', id_token: await place.provider.mint({ sub: 'linked', email, email_verified: true }) } });
    assert.equal(linked.status, 201);
    assert.equal(idOf(place, email), '', 'no account has that address by it');
    const vic = await bySignature(place, 'google', { sub: 'of the victim', email, email_verified: true });
    assert.deepEqual([vic.status, vic.json.data.user.email], [200, email]);
    assert.notEqual(vic.json.data.user.id, idOf(place, mine));
  });
  await tries('one subject of two issuers is two people, and of two providers too', async () => {
    const sub = 'the same subject';
    const first = await bySignature(place, 'google', { sub });
    assert.equal(first.status, 200);
    assert.equal((await bySignature(place, 'google', { sub, iss: 'https://accounts.google.com' })).status, 401);
    for (const other of ['THE SAME SUBJECT', 'the same subject ', ' the same subject', 'the same subject\u0000', 'the same\u00a0subject']) {
      const found = await bySignature(place, 'google', { sub: other });
      assert.notEqual(found.json.data?.user.id, first.json.data.user.id, JSON.stringify(other));
    }
  });
  await tries('an address that a provider changes leads nowhere else', async () => {
    const [email, theirs] = [newAddress(), newAddress()];
    const victim = await bySignature(place, 'google', { sub: 'vic', email, email_verified: true });
    const eve = await bySignature(place, 'google', { sub: 'eve', email: theirs, email_verified: true });
    const again = await bySignature(place, 'google', { sub: 'eve', email, email_verified: true });
    assert.deepEqual([again.json.data.user.id, again.json.data.user.email], [eve.json.data.user.id, theirs]);
    assert.notEqual(eve.json.data.user.id, victim.json.data.user.id);
  });
  await tries('who waits for their activation is not joined', async () => {
    await activationToken(place);
    const email = query(place.server, "SELECT email FROM users WHERE state = 1 AND email IS NOT NULL ORDER BY created_at DESC LIMIT 1").trim();
    const { status } = await bySignature(place, 'google', { email, email_verified: true });
    assert.ok([403, 409].includes(status), `${status}`);
  });
  await tries('addresses that look alike are two', async () => {
    const email = newAddress();
    await bySignature(place, 'google', { sub: 'alike', email, email_verified: true });
    for (const like of [email.replace('i', '\u0456'), email.replace('@', '+x@'), `${email}.`, email.replace('victim', 'v\u00adictim'), ` ${email}`, `${email}, x@example.com`, `<${email}>`]) {
      const found = await bySignature(place, 'google', { sub: `like ${like}`, email: like, email_verified: true });
      assert.ok(found.status >= 400 || found.json.data.user.email !== email, like);
    }
  });
});
