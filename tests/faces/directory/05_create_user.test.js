// Document 003, Users API 1: create a user.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { assertError, assertPage, assertResult, assertUser, createRole, getUser, logIn, MODES, PASSWORD, register, startDirectory, USER_ROLE, UUID, withRoles } from '../../lib/directory.js';
import { tempDir } from '../../lib/place.js';
import { cli } from '../../lib/signet.js';

const EXAMPLE = {
  username: 'user@example.com',
  password: 'password123',
  firstName: 'John',
  lastName: 'Doe',
  dob: '1990-01-01',
  email: 'user@example.com',
  phone: '0123456789',
  avatar: 'http://example.com/avatar.jpg',
  status: 1,
  roles: ['USER'],
};

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startDirectory(mode)));

    let made = 0;
    const someone = (given = {}) => ({ username: `someone${++made}`, password: PASSWORD, ...given });
    const create = (json, token) => call(server, 'POST', '/users/createUser', { json, token });
    const rolesOf = async (id) => (await getUser(server, id)).roles.map((role) => role.name);
    const total = async () => assertPage(await call(server, 'GET', '/users?limit=1', { token: server.root })).total;

    test('the printed example answers as printed, by nobody', async () => {
      const { id, ...rest } = assertUser(assertResult(await create(EXAMPLE)));
      assert.match(id, UUID);
      assert.deepEqual(rest, {
        username: 'user@example.com', firstName: 'John', lastName: 'Doe', dob: '1990-01-01', roles: [USER_ROLE],
      });
    });

    test('name and password are enough', async () => {
      const { id, username, ...rest } = assertUser(assertResult(await create(someone({ username: 'Enough.1' }))));
      assert.equal(username, 'Enough.1');
      assert.deepEqual(rest, { firstName: null, lastName: null, dob: null, roles: [USER_ROLE] });
      assert.equal((await logIn(server, 'enough.1')).status, 200);
    });

    test('the address is the username where that is one', async () => {
      assertResult(await create(someone({ username: 'Alone@Example.com' })));
      assertError(await create(someone({ email: 'alone@example.com' })), 4092, 'email already exists');
      assertError(await create(someone({ username: 'one@example.com', email: 'two@example.com' })), 4004, /^username /);
    });

    test('a name or an address that is taken is 409, in any case', async () => {
      const { username } = await register(server, { username: 'Taken.Name', email: 'taken@example.com' });
      assertError(await create(someone({ username: username.toUpperCase() })), 4091, 'username already exists');
      assertError(await create(someone({ email: 'TAKEN@example.com' })), 4092, 'email already exists');
      assertError(await create(someone({ username: 'taken@example.com' })), 4092, 'email already exists');
    });

    test('of many at once with one name one is made', async () => {
      const before = await total();
      const json = someone();
      const answers = await Promise.all(Array.from({ length: 10 }, () => create(json)));
      assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
      for (const answer of answers.filter(({ status }) => status !== 200)) {
        assertError(answer, 4091);
      }
      assert.equal(await total(), before + 1);
    });

    test('who shows no token names no role but USER, and nobody is made', async () => {
      const before = await total();
      for (const roles of [['ADMIN'], ['SUPER_ADMIN'], ['USER', 'ADMIN'], ['GYM_ADMIN'], ['MEMBER'], ['user'], ['NO_SUCH_ROLE']]) {
        assertError(await create(someone({ roles })), 4030, 'forbidden');
      }
      assert.equal(await total(), before);
      assert.deepEqual(await rolesOf(assertResult(await create(someone({ roles: ['USER', 'USER'] }))).id), ['USER']);
      assert.deepEqual(await rolesOf(assertResult(await create(someone({ roles: [] }))).id), []);
      assert.deepEqual(await rolesOf(assertResult(await create(someone({ roles: null }))).id), ['USER']);
    });

    test('nor does a user whose token may give none', async () => {
      const { token } = await register(server);
      assertError(await create(someone({ roles: ['ADMIN'] }), token), 4030);
      assertResult(await create(someone(), token));
    });

    test('who may give roles gives those they hold, and no more', async () => {
      const admin = await withRoles(server, 'ADMIN');
      await createRole(server, `PLAIN_${made}`);
      const { id } = assertResult(await create(someone({ roles: ['ADMIN', `PLAIN_${made}`] }), admin.token));
      assert.deepEqual(await rolesOf(id), ['ADMIN', `PLAIN_${made - 1}`]);
      assertError(await create(someone({ roles: ['SUPER_ADMIN'] }), admin.token), 4030);
      assertError(await create(someone({ roles: ['NO_SUCH_ROLE'] }), admin.token), 4008, 'no such role: NO_SUCH_ROLE');
      assertResult(await create(someone({ roles: ['SUPER_ADMIN'] }), server.root));
    });

    test('a token that is not good is refused, not passed over', async () => {
      for (const token of ['rubbish', 'a.b.c']) {
        assertError(await create(someone(), token), 4011);
      }
    });

    test('members that the document does not have change nothing', async () => {
      const json = someone({
        id: '00000000-0000-7000-8000-000000000001', state: 'suspended', createdAt: 0, organizationId: '1', permissions: ['*'],
        role: 'SUPER_ADMIN', isAdmin: true, authorities: ['ADMIN'], emailVerified: true, authenticated: true, 'roles[]': 'ADMIN',
      });
      const { id, roles } = assertUser(assertResult(await create(json)));
      assert.notEqual(id, json.id);
      assert.deepEqual(roles, [USER_ROLE]);
      assert.equal((await logIn(server, json.username)).status, 200);
    });

    test('status is 1 or 0, and who registers themself is active whatever it says', async () => {
      for (const status of [2, -1, 10]) {
        assertError(await create(someone({ status })), 4004, 'status has a value that is not allowed');
      }
      for (const status of ['1', true, 1.5, [1]]) {
        assertError(await create(someone({ status })), 4003, 'status has the wrong type');
      }
      const one = someone({ status: 1 });
      assertResult(await create(one, server.root));
      assert.equal((await logIn(server, one.username)).status, 200);
      const off = someone({ status: 0 });
      assertResult(await create(off, server.root));
      assertError(await logIn(server, off.username), 4031);
      const plain = await register(server);
      const self = someone({ status: 0 });
      assertResult(await create(self, plain.token));
      assert.equal((await logIn(server, self.username)).status, 200);
    });

    test('nobody is somebody who registers, unless the face is open', async () => {
      const json = someone({ status: 0 });
      assertResult(await create(json));
      assert.equal((await logIn(server, json.username)).status, mode === 'serve' ? 200 : 403);
    });

    test('what cannot be is refused and named', async () => {
      const wrong = {
        username: ['a b', '\u00fcser', '<script>', 'x'.repeat(300), '@', 'a@', '..'],
        email: ['none', 'a@b', '', 'a b@example.com', 'a@example.com\nbcc: b@example.com'],
        dob: ['1990-02-30', '01/01/1990', '', 'yesterday', '1990-1-1', '1990-01-01T00:00:00Z'],
        avatar: ['javascript:alert(1)', 'avatar.jpg', '//example.com/a', '', 'x'.repeat(3_000)],
        firstName: ['x'.repeat(101)],
        lastName: ['x'.repeat(101)],
        phone: ['0'.repeat(41)],
      };
      for (const [member, values] of Object.entries(wrong)) {
        for (const value of values) {
          assertError(await create(someone({ [member]: value })), 4004, `${member} has a value that is not allowed`);
        }
        assertError(await create(someone({ [member]: 7 })), 4003, `${member} has the wrong type`);
      }
      assertError(await create({ username: 'x1' }), 4002, 'password is required');
      assertError(await create({ password: PASSWORD }), 4002, 'username is required');
      assertError(await create(someone({ roles: 'USER' })), 4003, 'roles has the wrong type');
      assertError(await create(someone({ roles: [1] })), 4003, 'roles has the wrong type');
      assertError(await create(someone({ roles: [['USER']] })), 4003, 'roles has the wrong type');
      assertError(await create(someone({ password: 'short' })), 4005);
      assertError(await create(someone({ password: 'x'.repeat(257) })), 4006);
    });

    test('names may be in any script, and come back as they were', async () => {
      const given = { firstName: 'Nguy\u1ec5n \u{1f600}', lastName: '"\\<b>' };
      const { id } = assertResult(await create(someone(given)));
      const { firstName, lastName } = await getUser(server, id);
      assert.deepEqual({ firstName, lastName }, given);
    });

    test('no answer holds the password', async () => {
      assert.doesNotMatch((await create(someone())).text, /password/);
    });
  });
}

test('serve refuses a password that everybody tries first', async () => {
  const server = await startDirectory('serve', { settings: { 'password.refuse_common': 'yes' } });
  const json = { username: 'lazy@example.com', password: 'password123' };
  assertError(await call(server, 'POST', '/users/createUser', { json }), 4007, 'password is too easy to guess');
});

test('those who register are counted like logins, network by network', async () => {
  const server = await startDirectory('dev', { settings: { 'login.network_total': '5' } });
  const answers = [];
  for (let i = 0; i < 6; i++) {
    answers.push(await call(server, 'POST', '/users/createUser', { json: { username: `crowd${i}`, password: PASSWORD } }));
  }
  assertError(answers.at(-1), 4290);
  assert.match(answers.at(-1).headers['retry-after'], /^\d+$/);
});

test('a command knows who was made here', async () => {
  const server = await startDirectory('dev', { dataDir: `${tempDir()}/data` });
  const { id } = await register(server, { username: 'known@example.com' });
  const { code, stdout } = await cli(['user', 'show', 'known@example.com', '--data', server.dir]);
  assert.equal(code, 0);
  assert.match(stdout, new RegExp(id));
  assert.match(stdout, /USER/);
});
