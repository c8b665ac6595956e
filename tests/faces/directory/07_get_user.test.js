// Document 003, Users API 3 and 4: get a user by id, get my info.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { assertError, assertResult, assertUser, MODES, NOBODY, register, startDirectory, USER_ROLE, withRoles } from '../../lib/directory.js';
import { createAdmin } from '../../lib/edge.js';

const JOHN = { firstName: 'John', lastName: 'Doe', dob: '1990-01-01' };

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startDirectory(mode)));

    const get = (id, token) => call(server, 'GET', `/users/${id}`, { token });

    test('the printed request answers as printed', async () => {
      const { id, username } = await register(server, JOHN);
      const user = assertUser(assertResult(await get(id, server.token)));
      assert.deepEqual(user, { id, username, ...JOHN, roles: [USER_ROLE] });
    });

    test('my info is mine, and the same', async () => {
      const { id, username, token } = await register(server, JOHN);
      const mine = assertUser(assertResult(await call(server, 'GET', '/users/my-info', { token })));
      assert.deepEqual(mine, { id, username, ...JOHN, roles: [USER_ROLE] });
      assert.deepEqual(mine, assertResult(await get(id, token)));
    });

    test('my info asks for a token, open or not', async () => {
      assertError(await call(server, 'GET', '/users/my-info'), 4010, 'authentication required');
      assertError(await call(server, 'GET', '/users/my-info', { token: 'rubbish' }), 4011);
    });

    test('another user may not be read, nor may anybody be sought so', async () => {
      const [one, other] = [await register(server), await register(server)];
      const there = await get(other.id, one.token);
      assertError(there, 4030, 'forbidden');
      assert.equal((await get(NOBODY, one.token)).text, there.text);
    });

    test('who administers reads all of them', async () => {
      const admin = await withRoles(server, 'ADMIN');
      const { id } = await register(server);
      assert.equal(assertResult(await get(id, admin.token)).id, id);
    });

    test('an id that nobody has is 404, and so is what is no id', async () => {
      assertError(await get(NOBODY, server.token), 4041, 'not found');
      for (const id of ['1', 'mine', 'user-id-123', NOBODY.slice(1), `${NOBODY}0`, `${NOBODY}%20`, "'%20OR%201=1", '']) {
        assertError(await get(id, server.token), 4041);
      }
      for (const path of ['%00', '%2e%2e', '%2f']) {
        assert.equal((await get(path, server.token)).status, 400, `${path} is no path at all`);
      }
    });

    test('an id is told by its value, whatever the case of its letters', async () => {
      const { id } = await register(server);
      const { status } = await get(id.toUpperCase(), server.token);
      assert.ok([200, 404].includes(status));
    });

    test('an administrator of another face is a user here', async () => {
      const { username } = await createAdmin(server, server.root);
      const found = assertResult(await call(server, 'GET', '/users?limit=100', { token: server.token })).result
        .find((user) => user.username === username);
      assert.deepEqual(found.roles.map((role) => role.name), ['ADMIN']);
    });

    test('without a token it is 401, unless the face is open', async () => {
      const { id } = await register(server);
      const answer = await get(id);
      if (mode === 'dev') {
        assertResult(answer);
      } else {
        assertError(answer, 4010);
      }
    });
  });
}
