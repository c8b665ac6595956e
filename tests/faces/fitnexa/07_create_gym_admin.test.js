// Document 000, Admin Routes: POST /users/create-gym-admin.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { withRoles } from '../../lib/directory.js';
import { activate, assertError, assertUser, createGymAdmin, gymAdmin, IRON, JSON_TYPE, letterTo, logIn, makeGymAdmin, MODES, newAddress, NOBODY, PASSWORD, register, startMailing, TIME } from '../../lib/fitnexa.js';
import { pause, until } from '../../lib/place.js';
import { cli } from '../../lib/signet.js';

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startMailing(mode)));

    test('an administrator who waits, a token, and until when it counts', async () => {
      const email = newAddress();
      const answer = await createGymAdmin(server, { email, gymId: 'iron', firstName: 'Ann', lastName: 'Lee', phone: '+49 30 1234' });
      assert.equal(answer.status, 201, answer.text);
      assert.equal(answer.headers['content-type'], JSON_TYPE);
      assert.deepEqual(Object.keys(answer.json), ['user', 'activationToken', 'expiresAt']);
      const { user, activationToken, expiresAt } = answer.json;
      const { id, createdAt, updatedAt, ...rest } = assertUser(user);
      assert.deepEqual(rest, {
        email, role: 'GYM_ADMIN', status: 'PENDING_ACTIVATION', gymId: 'iron', activatedAt: null, avatar: null, firstName: 'Ann', lastName: 'Lee', phone: '+49 30 1234',
      });
      assert.match(activationToken, /^[0-9a-f]{64}$/);
      assert.match(expiresAt, TIME);
      assert.ok(Math.abs(Date.parse(expiresAt) - Date.now() - 86_400_000) < 60_000, expiresAt);
      assert.ok(id && createdAt === updatedAt);
    });

    test('they cannot log in until they are activated, which is told after the right password alone', async () => {
      const { email } = await makeGymAdmin(server, { password: PASSWORD });
      assertError(await logIn(server, email), 403, 'the account is not active');
      assertError(await logIn(server, email, 'wrong password'), 401, 'invalid email or password');
    });

    test('a gym that is not there is made, once; one that is there is taken', async () => {
      const first = await makeGymAdmin(server, { gymId: `temple-${mode}` });
      const second = await makeGymAdmin(server, { gymId: `temple-${mode}` });
      const named = await makeGymAdmin(server, { gymId: 'Käse & Söhne' });
      const known = await makeGymAdmin(server, { gymId: IRON });
      assert.deepEqual([first, second, named, known].map(({ user }) => user.gymId), [`temple-${mode}`, `temple-${mode}`, 'kase-sohne', 'iron']);
      assertError(await createGymAdmin(server, { email: newAddress(), gymId: NOBODY }), 404);
    });

    test('a gym is found by what it was made of, however that is written', async () => {
      const gyms = async (...names) => {
        const slugs = [];
        for (const gymId of names) {
          slugs.push((await makeGymAdmin(server, { gymId })).user.gymId);
        }
        return slugs;
      };
      assert.deepEqual(await gyms('irontemple', 'IronTemple', 'IRONTEMPLE'), Array(3).fill('irontemple'));
      assert.deepEqual(await gyms('Öl & Söhne', 'Öl & Söhne', ' Öl & Söhne ', 'OL-sohne'), Array(4).fill('ol-sohne'));
      assert.deepEqual(await gyms('Ol Sohne', 'Öl & Söhne', 'Ol Sohne'), ['ol-sohne-2', 'ol-sohne', 'ol-sohne-2']);
    });

    test('ten who name the same new gym at once are of one gym', async () => {
      for (const [gymId, slug] of [[`rush-${mode}`, `rush-${mode}`], [`Rush & Söhne ${mode}`, `rush-sohne-${mode}`], [`RushHour${mode}`, `rushhour${mode}`]]) {
        const made = await Promise.all(Array.from({ length: 10 }, () => makeGymAdmin(server, { gymId })));
        assert.deepEqual([...new Set(made.map(({ user }) => user.gymId))], [slug]);
      }
    });

    test('sendEmail mails the link, to the page, in the gym’s name', async () => {
      const { email, activationToken } = await makeGymAdmin(server, { sendEmail: true });
      const { parsed, link, token } = await letterTo(server, email, '/activate');
      assert.equal(link, `https://id.example.com/activate?token=${activationToken}`);
      assert.equal(token, activationToken);
      assert.match(parsed.subject, /iron temple/);
      const quiet = await makeGymAdmin(server);
      await pause(300);
      assert.ok(!server.smtp.letters.some(({ envelope }) => envelope.rcptTo[0].address === quiet.email));
    });

    test('it is for those who may grant the role: nobody gives what they do not hold', async () => {
      const json = { email: newAddress(), gymId: 'iron' };
      assertError(await createGymAdmin(server, json, {}), 401, 'authentication required');
      for (const { token } of [await register(server, { gymId: 'iron' }), await gymAdmin(server), await withRoles(server, 'ADMIN')]) {
        assertError(await createGymAdmin(server, json, { token }), 403, 'forbidden');
      }
    });

    test('the orchestration calls with a service key that allows what the role does', async () => {
      const key = async (name, ...permissions) => {
        const made = await cli(['service-key', 'create', name, ...permissions.flatMap((one) => ['--permission', one]), '--data', server.dir]);
        assert.equal(made.code, 0, made.stderr);
        return { headers: { 'x-service-key': made.stdout.trimEnd() } };
      };
      const whole = await key('orchestration', 'users:*', 'orgs:read', 'orgs:write', 'roles:assign');
      const half = await key('half', 'users:*', 'orgs:write');
      const asked = () => ({ email: newAddress(), gymId: 'by-key' });
      const answer = await until(async () => {
        const tried = await createGymAdmin(server, asked(), whole);
        return tried.status === 401 ? undefined : tried;
      });
      assert.equal(answer.status, 201, answer.text);
      assert.equal(answer.json.user.gymId, 'by-key');
      await until(async () => (await createGymAdmin(server, asked(), half)).status === 403);
      assertError(await createGymAdmin(server, asked(), { headers: { 'x-service-key': 'rubbish' } }), 401);
    });

    test('who still waits gets a new link, and the old one counts no more', async () => {
      const first = await makeGymAdmin(server, { firstName: 'Anne', lastName: 'Lee' });
      const { email } = first;
      const again = await makeGymAdmin(server, { email: email.toUpperCase(), gymId: 'IRON', firstName: 'Ann', password: PASSWORD, sendEmail: true });
      assert.deepEqual(assertUser(again.user), { ...first.user, firstName: 'Ann', updatedAt: again.user.updatedAt });
      assert.notEqual(again.activationToken, first.activationToken);
      assert.equal((await letterTo(server, email, '/activate')).token, again.activationToken);
      assertError(await activate(server, { token: first.activationToken, password: PASSWORD }), 400, 'the link is invalid or has expired');
      assertError(await createGymAdmin(server, { email, gymId: 'gold' }), 409, 'email already exists');
      assertError(await createGymAdmin(server, { email, gymId: `not-there-${mode}` }), 409, 'email already exists');
      assertError(await createGymAdmin(server, { email, gymId: 'iron', password: 'short' }), 400, /at least 8/);
      assert.equal((await activate(server, { token: again.activationToken })).status, 200);
      assert.equal((await logIn(server, email)).status, 200);
    });

    test('of ten new links that are made at once one counts', async () => {
      const { email } = await makeGymAdmin(server);
      const made = await Promise.all(Array.from({ length: 10 }, () => makeGymAdmin(server, { email })));
      const answers = [];
      for (const { activationToken } of made) {
        answers.push((await activate(server, { token: activationToken, password: PASSWORD })).status);
      }
      assert.deepEqual(answers.sort(), [200, ...Array(9).fill(400)]);
    });

    test('another address voids the link, and one that counts goes there', async () => {
      const { user, email, activationToken } = await makeGymAdmin(server, { sendEmail: true });
      await letterTo(server, email, '/activate');
      const next = newAddress();
      const moved = await call(server, 'PUT', `/id/api/users/${user.id}`, { token: server.root, json: { email: next } });
      assert.deepEqual([moved.status, moved.json.data?.status], [200, 'pending'], moved.text);
      const { token } = await letterTo(server, next, '/activate');
      assertError(await activate(server, { token: activationToken, password: PASSWORD }), 400);
      assert.equal((await activate(server, { token, password: PASSWORD })).status, 200);
      assert.equal((await logIn(server, next)).status, 200);
    });

    test('what is missing, wrong or taken is named', async () => {
      const { email } = await gymAdmin(server);
      assertError(await createGymAdmin(server, { email, gymId: 'iron' }), 409, 'email already exists');
      assertError(await createGymAdmin(server, { gymId: 'iron' }), 400, 'email is required');
      assertError(await createGymAdmin(server, { email: newAddress() }), 400, 'gymId is required');
      assertError(await createGymAdmin(server, { email: newAddress(), gymId: 'iron', password: 'short' }), 400, /at least 8/);
      assertError(await createGymAdmin(server, { email: newAddress(), gymId: 'iron', sendEmail: 'yes' }), 400, 'sendEmail has the wrong type');
    });
  });
}
