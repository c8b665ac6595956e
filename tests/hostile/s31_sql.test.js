// S31. SQL in every place of every route that takes text: it is text, or it is refused. That statements are prepared
// and their names come from tables in the code is held by src/store/sql and store/statement.h.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { query, quiet } from './lib/dump.js';
import { isOpen, operations } from './lib/operations.js';
import { goodRequest, newUser, placesOf, sendable, stage } from './lib/stage.js';
import { LONG, statement } from './lib/statement.js';
import { ask } from './lib/wire.js';

/** Two of a kind each: what would be true, and what would be false. */
const PAIRS = {
  quotes: ["x' OR '1'='1", "x' OR '1'='2"], 'quotes and a comment': ["x' OR 1=1 -- ", "x' OR 1=2 -- "], 'double quotes': ['x" OR "1"="1', 'x" OR "1"="2'], numbers: ['1 OR 1=1', '1 OR 1=2'],
  brackets: ["x') OR ('1'='1", "x') OR ('1'='2"], union: ["x' UNION SELECT id FROM users WHERE '1'='1", "x' UNION SELECT id FROM users WHERE '1'='2"],
};
const TEXTS = {
  'a table that goes': "x'; DROP TABLE users; --", 'a row that goes': "x'; DELETE FROM sessions; --", 'a row that comes': "x'; INSERT INTO roles VALUES ('x'); --", 'a role for oneself': "x', 'SUPER_ADMIN'); --", 'time': "x' AND length(hex(randomblob(900000000))) --", 'time elsewhere': "x'; SELECT pg_sleep(20); --",
  'a stack': "x'); ATTACH DATABASE '/tmp/evil.db' AS evil; --", 'a wildcard': '%', 'a mark': '_', 'a NUL that cuts': "x\0' OR 1=1", 'a wide quote': 'x\uff07 OR 1=1', 'a backslash': "x\\' OR 1=1 -- ", 'a parameter': '$1', 'another parameter': '?1', 'a named one': ':id', 'a brace': '{user}', dollars: '$$ OR 1=1 $$',
};
const SLOW = 8_000; // what SQL that waits would take, and nothing else does
const SHARES = 3;
/** Words by which lists elsewhere let themselves be ordered. */
const ORDERS = ['sort', 'sortBy', 'sort_by', 'order', 'orderBy', 'order_by', 'fields', 'select', 'columns', 'group', 'filter', 'where', 'cursor', 'after', 'before', 'expand', 'include', 'q', 'query'];

const schema = (server) => query(server, 'SELECT * FROM sqlite_schema ORDER BY name');
/** What nobody here has a right to change: how many hold everything, and who they are. */
const canary = (server) => query(server, "SELECT id, username, email, state FROM users WHERE username_key IN ('root', 'plain', 'gym', 'admin', 'super', 'stopped'); SELECT name, permission_id FROM roles JOIN role_permissions ON role_id = roles.id WHERE built_in; SELECT count(*) FROM assignments WHERE role_id = '00000000-0000-7000-8000-000000000001'; SELECT count(*) FROM signing_keys");

let made = 0;
const unique = (json) => json && { ...json, ...Object.fromEntries(['email', 'username', 'name'].filter((name) => typeof json[name] === 'string').map((name) => [name, name === 'email' ? `sql${++made}@example.com` : `sql${++made}`])) };

statement('S31', async (tries) => {
  const place = await stage();
  const { server } = place;
  await quiet(server);
  const [before, known] = [schema(server), canary(server)];
  const send = async (request) => {
    const began = Date.now();
    const answer = await ask(server, sendable(request));
    assert.ok(answer.status < 500, `${answer.status}: ${answer.text}`);
    assert.doesNotMatch(answer.text, /sqlite|postgres|syntax error|SQLSTATE|near "|no such (table|column)|unrecognized token/i);
    assert.ok(Date.now() - began < SLOW, `${Date.now() - began} ms`);
    return answer;
  };
  for (const operation of operations()) {
    const base = await goodRequest(place, operation);
    for (const [which, { where }] of placesOf(operation, base).entries()) {
      const put = async (text) => {
        const fresh = operation.rate === 'link' ? await goodRequest(place, operation) : base; // its token counts once
        const request = { ...fresh, json: where.startsWith('member') ? unique(fresh.json) : fresh.json };
        return placesOf(operation, request).find((one) => one.where === where).put(text);
      };
      const share = (list) => Object.entries(list).filter((_, at) => LONG || at % SHARES === which % SHARES);
      for (const [what, pair] of share(PAIRS)) {
        await tries(`${operation.name}: ${where}: ${what}`, async () => {
          const [yes, no] = [await send(await put(pair[0])), await send(await put(pair[1]))];
          assert.ok(yes.status === no.status || [yes.status, no.status].includes(404) || [yes.status, no.status].includes(401), `${yes.status}, ${no.status}`);
          assert.ok(yes.status < 300 || yes.status >= 400, `${yes.status}`);
        });
      }
      for (const [what, text] of share(TEXTS)) {
        await tries(`${operation.name}: ${where}: ${what}`, async () => send(await put(text)));
      }
    }
    await tries(`${operation.name}: what it brought along`, () => {
      assert.equal(schema(server), before);
      assert.equal(canary(server), known);
    });
  }
  await tries('the file is whole', () => assert.equal(query(server, 'PRAGMA integrity_check').trim(), 'ok'));
  await tries('super administrators still come in, and nobody else is one', async () => {
    assert.equal((await call(server, 'GET', '/users/all', { token: place.actors.super.token })).status, 200);
    assert.equal((await call(server, 'GET', '/users/all', { token: place.actors.plain.token })).status, 403);
  });
});

/** What a list answers, without what is of the moment. */
const shown = ({ status, text }) => ({ status, text: text.replace(/"(timestamp|requestId)":"[^"]*",?/g, '') });

statement('S31', async (tries) => {
  const place = await stage();
  const { server } = place;
  await newUser(place);
  await quiet(server);
  const lists = operations().filter((one) => one.method === 'GET' && !isOpen(one) && one.query.length > 0);
  for (const operation of lists) {
    const { path, token } = await goodRequest(place, operation);
    const [plain] = path.split('?');
    const asked = async (more) => shown(await ask(server, { path: `${plain}?${more}`, token }));
    const usual = await asked('');
    await tries(`${operation.name}: nothing else orders, picks or widens it`, async () => {
      for (const name of ORDERS.filter((one) => !operation.query.includes(one))) {
        for (const value of ['password', 'id DESC', 'id; DROP TABLE users', '(SELECT sealed FROM signing_keys)', '*', '1']) {
          assert.deepEqual(await asked(`${name}=${encodeURIComponent(value)}`), usual, `${name}=${value}`);
        }
      }
    });
    await tries(`${operation.name}: places in it are numbers`, async () => {
      for (const name of operation.query.filter((one) => ['limit', 'offset', 'page'].includes(one))) {
        for (const value of ['1 OR 1=1', '1;', '-1', '0x10', '1e2', '(SELECT 1)', '99999999999999999999', "1'"]) {
          assert.equal((await asked(`${name}=${encodeURIComponent(value)}`)).status, 400, `${name}=${value}`);
        }
      }
    });
  }
  await tries('a search finds what it says, and nothing by signs', async () => {
    const found = async (text) => (await call(server, 'GET', `/users/all?search=${encodeURIComponent(text)}`, { token: place.actors.super.token })).json;
    assert.ok((await found('plain')).total >= 1);
    for (const text of ['%', '_', '%%', '%a%', 'p_ain', 'pl%', "' OR '1'='1", '*', '.*', '[a-z]', '\\']) {
      assert.equal((await found(text)).total, 0, text);
    }
  });
  await tries('lists were among them', () => assert.ok(lists.length >= 8, `${lists.length}`));
}, 'lists');
