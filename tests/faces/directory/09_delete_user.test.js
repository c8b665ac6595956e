// Document 003, Users API 6: delete a user.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../../lib/client.js';
import { assertError, assertResult, getUser, isValid, logIn, MODES, NOBODY, register, startDirectory, withRoles } from '../../lib/directory.js';
import { forwardAuth } from '../../lib/edge.js';

for (const mode of MODES) {
  describe(`signet ${mode}`, () => {
    let server;
    before(async () => (server = await startDirectory(mode)));

    const remove = (token, id, place = server) => call(place, 'DELETE', `/users/${id}`, { token });

    test('the printed request answers as printed, and everything of theirs is refused', async () => {
      const { id, username, token } = await register(server);
      assert.equal((await remove(server.token, id)).text, '{"result":"User has been deleted"}');
      assertError(await call(server, 'GET', `/users/${id}`, { token: server.token }), 4041);
      assertError(await logIn(server, username), 4012);
      assertError(await call(server, 'GET', '/users/my-info', { token }), 4011);
      assert.equal(await isValid(server, token), false);
      assert.equal((await forwardAuth(server, token)).status, 401);
    });

    test('a second time there is nobody', async () => {
      const { id } = await register(server);
      assertResult(await remove(server.token, id));
      assertError(await remove(server.token, id), 4041, 'not found');
      assertError(await remove(server.token, NOBODY), 4041);
      assert.equal((await call(server, 'DELETE', '/users/my-info', { token: server.token, plain: true })).status, 405); // a word, and no id
    });

    test('of many at once one is told so', async () => {
      const { id } = await register(server);
      const answers = await Promise.all(Array.from({ length: 8 }, () => remove(server.root, id)));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(7).fill(404)]);
    });

    test('the name is free again, for somebody else', async () => {
      const first = await register(server, { username: 'again@example.com' });
      assertResult(await remove(server.token, first.id));
      const second = await register(server, { username: 'again@example.com' });
      assert.notEqual(second.id, first.id);
      assert.equal(await isValid(server, first.token), false);
    });

    test('a user deletes nobody, not even themself', async () => {
      const [one, other] = [await register(server), await register(server)];
      assertError(await remove(one.token, other.id), 4030);
      assertError(await remove(one.token, one.id), 4030);
      assertError(await remove('rubbish', one.id), 4011);
      assert.equal((await getUser(server, one.id)).id, one.id);
    });

    test('nobody deletes somebody who holds more', async () => {
      const admin = await withRoles(server, 'ADMIN');
      const boss = await withRoles(server, 'SUPER_ADMIN');
      assertError(await remove(admin.token, boss.id), 4030);
      if (mode === 'dev') {
        assertError(await remove(undefined, boss.id), 4030);
      }
      assertResult(await remove(server.root, boss.id));
    });

    test('the last super administrator stays', async () => {
      const place = await startDirectory(mode);
      const [root] = assertResult(await call(place, 'GET', '/users', { token: place.root })).result;
      assertError(await remove(place.root, root.id, place), 4093);
      assert.equal(await isValid(place, place.root), true);
    });

    test('of two super administrators who delete each other at once, one stays', async () => {
      const place = await startDirectory(mode);
      const other = await withRoles(place, 'SUPER_ADMIN');
      const [root] = assertResult(await call(place, 'GET', '/users', { token: place.root })).result;
      const answers = await Promise.all([remove(place.root, other.id, place), remove(other.token, root.id, place)]);
      assert.equal(answers.filter(({ status }) => status === 200).length, 1, answers.map(({ text }) => text).join());
    });
  });
}
