// Document 003, Users API 5: update a user.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { call } from '../../lib/client.js';
import { assertError, assertResult, assertUser, createPermission, createRole, getUser, isValid, logIn, MODES, NOBODY, register, startDirectory, tokenOf, update, withRoles } from '../../lib/directory.js';

const EXAMPLE = { password: 'newpassword123', firstName: 'John', lastName: 'Doe', dob: '1990-01-01', roles: ['USER', 'ADMIN'] };
const names = (user) => user.roles.map((role) => role.name);

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startDirectory(mode)));

    test('the printed example answers as printed', async () => {
      const { id, username, token } = await register(server);
      const user = assertUser(assertResult(await update(server, server.token, id, EXAMPLE)));
      assert.deepEqual([user.id, user.username, user.firstName, user.lastName, user.dob], [id, username, 'John', 'Doe', '1990-01-01']);
      assert.deepEqual(names(user), ['ADMIN', 'USER']);
      assert.deepEqual(await getUser(server, id), user);
      assertError(await logIn(server, username), 4012);
      await tokenOf(server, username, EXAMPLE.password);
      assert.equal(await isValid(server, token), false, 'another password ends what there was');
    });

    test('what is not named stays, and null clears what may be empty', async () => {
      const { id, token } = await register(server, { firstName: 'John', lastName: 'Doe', dob: '1990-01-01' });
      const before = await getUser(server, id);
      assert.deepEqual(assertResult(await update(server, token, id, {})), before);
      assert.deepEqual(assertResult(await update(server, token, id, { firstName: 'Jack' })), { ...before, firstName: 'Jack' });
      const cleared = assertResult(await update(server, token, id, { firstName: null, dob: null, password: null, roles: null }));
      assert.deepEqual(cleared, { ...before, firstName: null, dob: null });
      assert.equal(await isValid(server, token), true);
    });

    test('a password lets in who waited for an activation', async () => {
      const email = `waiting-${mode}@example.com`;
      const made = await call(server, 'POST', '/id/api/users', { token: server.root, json: { email } });
      assert.equal(made.json.data.status, 'pending', made.text);
      assertResult(await update(server, server.root, made.json.data.id, { password: EXAMPLE.password }));
      await tokenOf(server, email, EXAMPLE.password);
    });

    test('one may update oneself, password too, and the session in which one does it goes on', async () => {
      const { id, username, token } = await register(server);
      const elsewhere = await tokenOf(server, username);
      assertResult(await update(server, token, id, { lastName: 'Roe', password: 'another password 1' }));
      assert.equal(await isValid(server, token), true);
      assert.equal(await isValid(server, elsewhere), false);
      await tokenOf(server, username, 'another password 1');
    });

    test('nobody gives roles to themself', async () => {
      const { id, token } = await register(server);
      for (const roles of [['ADMIN'], ['SUPER_ADMIN'], ['USER', 'ADMIN'], ['MEMBER'], ['USER'], []]) {
        assertError(await update(server, token, id, { roles, firstName: 'Mallory' }), 4030, 'forbidden');
      }
      const user = await getUser(server, id);
      assert.deepEqual([user.firstName, names(user)], [null, ['USER']], 'nor has anything else of it happened');
    });

    test('who administers gives what they hold, and no more', async () => {
      const admin = await withRoles(server, 'ADMIN');
      const { id } = await register(server);
      assert.deepEqual(names(assertResult(await update(server, admin.token, id, { roles: ['ADMIN'] }))), ['ADMIN']);
      assertError(await update(server, admin.token, id, { roles: ['SUPER_ADMIN'] }), 4030);
      assertError(await update(server, admin.token, admin.id, { roles: ['SUPER_ADMIN'] }), 4030);
      assert.deepEqual(names(await getUser(server, id)), ['ADMIN']);
    });

    test('nor what is somebody else\'s permission and not theirs', async () => {
      const admin = await withRoles(server, 'ADMIN');
      await createPermission(server, 'VAULT_OPEN');
      await createRole(server, 'VAULT_KEEPER', ['VAULT_OPEN']);
      const { id } = await register(server);
      assertError(await update(server, admin.token, id, { roles: ['VAULT_KEEPER'] }), 4030);
      assert.deepEqual(names(assertResult(await update(server, server.root, id, { roles: ['VAULT_KEEPER'] }))), ['VAULT_KEEPER']);
      assertError(await update(server, admin.token, id, { firstName: 'Mallory' }), 4030, 'forbidden');
    });

    test('nobody acts upon somebody who holds more', async () => {
      const admin = await withRoles(server, 'ADMIN');
      const boss = await withRoles(server, 'SUPER_ADMIN');
      for (const asker of [admin.token, server.mode === 'dev' ? undefined : admin.token]) {
        for (const json of [{ password: 'taken over 12' }, { firstName: 'Mallory' }, { roles: ['USER'] }, { roles: [] }]) {
          assertError(await update(server, asker, boss.id, json), 4030);
        }
      }
      assert.equal((await logIn(server, boss.username)).status, 200);
    });

    test('a role that is taken away is refused at the next request', async () => {
      const admin = await withRoles(server, 'ADMIN');
      assert.equal((await call(server, 'GET', '/users', { token: admin.token })).status, 200);
      assertResult(await update(server, server.root, admin.id, { roles: ['USER'] }));
      assertError(await call(server, 'GET', '/users', { token: admin.token }), 4030);
    });

    test('a role that there is not changes nothing', async () => {
      const { id } = await register(server);
      assertError(await update(server, server.root, id, { firstName: 'X', roles: ['ADMIN', 'NO_SUCH'] }), 4008, 'no such role: NO_SUCH');
      const user = await getUser(server, id);
      assert.deepEqual([user.firstName, names(user)], [null, ['USER']]);
    });

    test('the last super administrator stays one', async () => {
      const place = await startDirectory(mode);
      const [root] = assertResult(await call(place, 'GET', '/users', { token: place.root })).result;
      assertError(await update(place, place.root, root.id, { roles: ['USER'] }), 4093);
      assertError(await update(place, place.root, root.id, { roles: [] }), 4093);
      assert.deepEqual(names(await getUser(place, root.id)), ['SUPER_ADMIN']);
    });

    test('members that the document does not have here change nothing', async () => {
      const { id, username, token } = await register(server);
      const before = await getUser(server, id);
      const json = { id: NOBODY, username: 'mallory', email: 'mallory@example.com', status: 0, phone: '1', avatar: 'x',
        role: 'ADMIN', permissions: ['*'], state: 'suspended', emailVerified: true, organizationId: NOBODY };
      assert.deepEqual(assertResult(await update(server, token, id, json)), before);
      assert.deepEqual(await getUser(server, id), before);
      assert.equal((await logIn(server, username)).status, 200);
      assertError(await logIn(server, 'mallory@example.com'), 4012);
    });

    test('another user may not be changed', async () => {
      const [one, other] = [await register(server), await register(server)];
      assertError(await update(server, one.token, other.id, { firstName: 'Mallory' }), 4030);
      assertError(await update(server, one.token, NOBODY, { firstName: 'Mallory' }), 4030);
      assertError(await update(server, server.token, NOBODY, { firstName: 'Mallory' }), 4041);
      assertError(await update(server, server.token, 'user-id-123', { firstName: 'Mallory' }), 4041);
      assert.equal((await getUser(server, other.id)).firstName, null);
    });

    test('what cannot be is refused and named, and nothing is changed', async () => {
      const { id } = await register(server);
      const wrong = [
        [{ dob: '1990-02-30' }, 4004, /^dob /], [{ firstName: 'x'.repeat(101) }, 4004, /^firstName /], [{ firstName: 7 }, 4003, /^firstName /],
        [{ roles: 'ADMIN' }, 4003, /^roles /], [{ password: 'short' }, 4005, /8/], [{ password: '' }, 4005, /8/],
        [{ password: 'x'.repeat(300) }, 4006, /256/],
      ];
      for (const [json, code, message] of wrong) {
        assertError(await update(server, server.token, id, { lastName: 'Mallory', ...json }), code, message);
      }
      assert.equal((await getUser(server, id)).lastName ?? null, null);
    });

    test('many at once leave one of them whole', async () => {
      const { id } = await register(server);
      const sets = [['ADMIN'], ['MEMBER', 'USER'], ['GYM_ADMIN'], []];
      const answers = await Promise.all([...sets, ...sets].map((roles) => update(server, server.root, id, { roles, firstName: roles.join() })));
      assert.ok(answers.every(({ status }) => status === 200 || status === 503), answers.map(({ text }) => text).join());
      const user = await getUser(server, id);
      assert.equal(user.firstName, names(user).join());
    });
  });
}

// A hash that takes its time: whoever changes another member meanwhile has long been answered.
test('what others change while a password is hashed is kept', async () => {
  const server = await startDirectory('dev', { settings: { 'password.memory': '65536', 'password.passes': '10' } });
  const { id } = await register(server);
  const slow = update(server, server.token, id, { password: 'newpassword123', firstName: 'John' });
  await pause(50);
  assertResult(await update(server, server.token, id, { lastName: 'Doe' }));
  assertResult(await slow);
  const { firstName, lastName } = await getUser(server, id);
  assert.deepEqual([firstName, lastName], ['John', 'Doe']);
});
