// Document 000, Admin Routes: POST /users/create-gym-admin.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { withRoles } from '../../lib/directory.js';
import { assertError, assertUser, createGymAdmin, gymAdmin, IRON, JSON_TYPE, letterTo, logIn, makeGymAdmin, MODES, newAddress, NOBODY, PASSWORD, register, startMailing, TIME } from '../../lib/fitnexa.js';
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

    test('ten who name the same new gym at once are of one gym', async () => {
      const made = await Promise.all(Array.from({ length: 10 }, () => makeGymAdmin(server, { gymId: `rush-${mode}` })));
      assert.deepEqual([...new Set(made.map(({ user }) => user.gymId))], [`rush-${mode}`]);
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

    test('what is missing, wrong or taken is named', async () => {
      const { email } = await makeGymAdmin(server);
      assertError(await createGymAdmin(server, { email, gymId: 'iron' }), 409, 'email already exists');
      assertError(await createGymAdmin(server, { gymId: 'iron' }), 400, 'email is required');
      assertError(await createGymAdmin(server, { email: newAddress() }), 400, 'gymId is required');
      assertError(await createGymAdmin(server, { email: newAddress(), gymId: 'iron', password: 'short' }), 400, /at least 8/);
      assertError(await createGymAdmin(server, { email: newAddress(), gymId: 'iron', sendEmail: 'yes' }), 400, 'sendEmail has the wrong type');
    });
  });
}
