// Document 004, Send Verification Email: what is answered, and what an SMTP server gets of it.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { assertError, assertTooMany, letterTo, MODES, newAddress, PATH, register, send, startCorporate } from '../../lib/corporate.js';
import { pause } from '../../lib/place.js';
import { cli } from '../../lib/signet.js';

const EXAMPLE = { email: 'sammed@email.com' };
const sentTo = (email) => ({ status: 'success', message: `Verification email sent successfully to ${email}` });

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startCorporate(mode)));

    test('the printed example answers as printed, and the letter comes', async () => {
      await register(server, EXAMPLE);
      const answer = await call(server, 'POST', PATH.send, { json: EXAMPLE });
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.text, JSON.stringify(sentTo(EXAMPLE.email)));
      const { parsed, link, token } = await letterTo(server, EXAMPLE.email);
      assert.match(token, /^[0-9a-f]{64}$/);
      assert.ok(parsed.html.includes(link), 'the link is in both parts');
      assert.equal(parsed.to.text, EXAMPLE.email);
    });

    test('an unknown address gets the same answer and no letter', async () => {
      const known = await register(server);
      const unknown = newAddress();
      const answers = [await send(server, known.email), await send(server, unknown)];
      assert.deepEqual(answers.map(({ json }) => json), [sentTo(known.email), sentTo(unknown)]);
      assert.deepEqual(...answers.map(({ headers }) => Object.keys(headers).sort()));
      await letterTo(server, known.email);
      await pause(300);
      assert.deepEqual(server.smtp.letters.filter(({ envelope }) => envelope.rcptTo[0].address === unknown), []);
    });

    test('the letter goes to the address as it is kept', async () => {
      const { email } = await register(server);
      assert.deepEqual((await send(server, email.toUpperCase())).json, sentTo(email.toUpperCase()));
      await letterTo(server, email);
    });

    test('what is no address is named', async () => {
      const post = (json) => call(server, 'POST', PATH.send, { json });
      assertError(await post({}), 400, PATH.send, 'email is required');
      for (const email of ['sammed', 'a@b@c.example', 'a@b.example\nBcc: c@d.example']) {
        assertError(await post({ email }), 400, PATH.send, 'email has a value that is not allowed');
      }
    });

    test('a Host that was made up is in no link', async () => {
      const { email } = await register(server);
      await send(server, email, { headers: { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example' } });
      assert.ok(!(await letterTo(server, email)).parsed.text.includes('evil'));
    });

    test('what was asked for survives that nobody can be reached', async () => {
      const away = await startCorporate(mode, { settings: { 'mail.transport': 'smtp://127.0.0.1:1' } });
      const { email } = await register(away);
      assert.equal((await send(away, email)).status, 200);
      const listed = async () => (await cli(['mail', 'list', '--data', away.dir])).stdout;
      for (let tries = 0; !(await listed()).includes(email) && tries < 50; tries++) {
        await pause(100);
      }
      assert.match(await listed(), new RegExp(`verify-email\t${email}\twaiting`));
      await away.stop();
    });

    test('three for one address in fifteen minutes, known or not; the fourth is the printed 409', async () => {
      const counting = await startCorporate(mode, { settings: { 'links.per_address': '3' } });
      const known = await register(counting);
      for (const email of [known.email, newAddress()]) {
        for (let i = 0; i < 3; i++) {
          assert.equal((await send(counting, email)).status, 200);
        }
        const wait = assertTooMany(await send(counting, email.toUpperCase()), PATH.send);
        assert.ok(wait > 890 && wait <= 900, `${wait} s`);
      }
      assert.equal((await send(counting, newAddress())).status, 200);
      await counting.stop();
    });
  });
}

test('Retry-After is true to the second', async () => {
  const server = await startCorporate('dev', { settings: { 'links.per_address': '1', 'links.period': '3s' } });
  const email = newAddress();
  assert.equal((await send(server, email)).status, 200);
  const wait = assertTooMany(await send(server, email), PATH.send);
  assert.ok(wait >= 1 && wait <= 3);
  await pause(wait * 1000);
  assert.equal((await send(server, email)).status, 200);
  await server.stop();
});

test('the registered status, for who prefers it, is in the contract too', async () => {
  const server = await startCorporate('serve', { settings: { 'links.per_address': '1', 'face.corporate.too_many': '429' } });
  const ask = () => call(server, 'POST', PATH.send, { json: EXAMPLE, plain: true }); // the contract of the defaults has 409
  assert.equal((await ask()).status, 200);
  assertTooMany(await ask(), PATH.send, 429);
  const { json } = await call(server, 'GET', '/openapi/corporate.json');
  const { responses } = json.paths[PATH.send].post;
  assert.ok(responses[429] && !responses[409]);
  await server.stop();
});

test('one network asks for twenty an hour', async () => {
  const server = await startCorporate('serve', { settings: { 'links.network_hour': '20' } });
  for (let i = 0; i < 20; i++) {
    assert.equal((await send(server, newAddress())).status, 200);
  }
  assertTooMany(await send(server, newAddress()), PATH.send);
});
