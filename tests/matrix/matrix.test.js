// Who may do what: every route with every actor, as tests/matrix/matrix.tsv has it. The list of routes
// is the server's own.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { call } from '../lib/client.js';
import { cli } from '../lib/signet.js';
import { cast } from './cast.js';
import { nameOf, requestOf, table } from './requests.js';

const ACTORS = ['nobody', 'garbage', 'ended', 'expired', 'plain', 'gym', 'admin', 'super', 'stopped', 'service'];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** One cell: the actor asks, and gets the status of the table. */
async function assertCell(place, mode, row, actorName, method) {
  const actor = place.actors[actorName];
  const request = await requestOf(row, { place, actor });
  const answer = await call(place.server, method, request.path ?? row.path, {
    headers: {
      ...(actor.authorization ? { Authorization: actor.authorization } : {}),
      ...(request.type ? { 'Content-Type': request.type } : {}),
      ...(actor.key ? { 'x-service-key': actor.key } : {}),
      ...(request.form ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}),
    },
    json: request.json,
    body: request.body ?? request.form,
  });
  const what = `${method} ${row.path} (${row.object}) by ${actorName}`;
  const [closed, open = closed] = row[actorName].split('/');
  assert.equal(answer.status, Number(mode === 'dev' ? open : closed), `${what}: ${answer.text}`);
  if (answer.status < 300) {
    await request.done?.();
    return;
  }
  // What is refused has no effect.
  place.mustBeActive.push(...[request.stops].filter(Boolean));
  place.mustNotBe.push(...[request.makes].filter(Boolean));
  place.mustBeThere.push(...[request.removes].filter(Boolean));
  place.mustNotBeThere.push(...[request.creates].filter(Boolean));
}

function methodsOf(row) {
  if (row.method === 'ANY') {
    return METHODS;
  }
  return row.method === 'GET' ? ['GET', 'HEAD'] : [row.method];
}

test('every route has a row, and every row a route', async () => {
  const { code, stdout, stderr } = await cli(['routes']);
  assert.equal(code, 0, stderr);
  const routes = stdout.trimEnd().split('\n').map((line) => line.split('\t').slice(0, 3).join(' '));
  const rows = new Set(table.map(nameOf));
  assert.deepEqual(routes.filter((route) => !rows.has(route)), [], 'routes without a row');
  assert.deepEqual([...rows].filter((row) => !routes.includes(row)), [], 'rows without a route');
});

for (const mode of ['serve', 'dev']) {
  describe(`signet ${mode}`, () => {
    let place;
    before(async () => (place = await cast(mode)));

    const rows = table.filter((row) => row.mode === mode || row.mode === 'both');
    for (const row of rows) {
      test(`${row.method} ${row.path}${row.object === '-' ? '' : `, ${row.object}`}`, async () => {
        for (const actor of ACTORS) {
          for (const method of methodsOf(row)) {
            await assertCell(place, mode, row, actor, method);
          }
        }
      });
    }

    test('every route has a row in this mode', () => {
      const here = new Set(rows.map(nameOf));
      assert.deepEqual(table.map(nameOf).filter((name) => !here.has(name)), []);
    });

    test('what was refused has had no effect', async () => {
      const { json } = await call(place.server, 'GET', '/api/v1/admin/list', {
        headers: { Authorization: place.actors.super.authorization },
      });
      const active = new Map(json.admins.map((admin) => [admin.username, admin.is_active]));
      const spared = place.mustBeActive.filter((name) => active.has(name)); // the others never were admins
      assert.ok(spared.length > 0 && place.mustNotBe.length > 0);
      for (const username of spared) {
        assert.equal(active.get(username), true, `${username} was stopped`);
      }
      assert.deepEqual(place.mustNotBe.filter((name) => active.has(name)), []);
    });

    test('nor have users come or gone by it', async () => {
      const users = [];
      for (let page = 1, pages = 1; page <= pages; page++) {
        const found = await place.ask('GET', `/users?limit=100&page=${page}`);
        users.push(...found.result);
        pages = found.totalPages;
      }
      const [ids, names] = [new Set(users.map(({ id }) => id)), new Set(users.map(({ username }) => username))];
      assert.ok(place.mustBeThere.length > 0 && place.mustNotBeThere.length > 0);
      assert.deepEqual(place.mustBeThere.filter((id) => !ids.has(id)), []);
      assert.deepEqual(place.mustNotBeThere.filter((name) => names.has(name)), []);
    });
  });
}
