// Passwords that everybody tries first: `serve` refuses them, `dev` takes them and says so in its log.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { call } from '../../lib/client.js';
import { assertError, assertObject, listAdmins, login, tokenOf } from '../../lib/edge.js';
import { until } from '../../lib/place.js';
import { dataWithAdmin, startSignet } from '../../lib/signet.js';

const KEEPER = { username: 'keeper', password: 'seventeen green kites', email: 'keeper@fitness-center.local' };
const REFUSAL = /easy to guess/;
const CHEAP = { 'password.memory': '8192', 'password.passes': '1' };

const COMMON = ['password1', 'qwertyuiop', 'Trustno1!', 'P@ssw0rd2024', 'MICHELLE', '\uff50assword', '87654321', 'abcabcabc'];
const UNCOMMON = ['grey otter 41 lantern', 'kX9#vQ2m', 'p\u00e4ssw\u00f6rter', 'password of mine', 'sunshine209944'];

// What `penelope`, penelope@fitness-center.local, has at hand.
const OWN = ['penelope', 'Penelope1999!', 'penelope@fitness-center.local', 'fitness-center', 'p3nel0pe', 'signet2024'];

let strict;
let open;
before(async () => {
  strict = await startSignet({ mode: 'serve', dataDir: await dataWithAdmin(KEEPER), settings: CHEAP });
  strict.token = await tokenOf(strict, KEEPER.username, KEEPER.password);
  open = await startSignet({ settings: CHEAP });
  open.token = await tokenOf(open);
});

let made = 0;

function create(server, password, username = `athlete${++made}`) {
  const json = { username, password, email: `${username}@fitness-center.local` };
  return call(server, 'POST', '/api/v1/admin/create', { token: server.token, json });
}

function change(server, token, username, current_password, new_password) {
  return call(server, 'PUT', '/api/v1/admin/password', { token, json: { username, current_password, new_password } });
}

test('serve refuses common passwords and what is close to one, and makes no account', async () => {
  const count = (await listAdmins(strict, strict.token)).length;
  for (const password of COMMON) {
    assertError(await create(strict, password), 400, REFUSAL);
  }
  assert.equal((await listAdmins(strict, strict.token)).length, count);
});

test('serve refuses what is made of the account\'s own name or address', async () => {
  for (const password of OWN) {
    assertError(await create(strict, password, 'penelope'), 400, REFUSAL);
  }
});

test('another account\'s name is no reason to refuse it', async () => {
  assert.equal((await create(strict, 'penelope-athlete-2')).status, 201);
});

test('serve takes what nobody would try first', async () => {
  for (const password of UNCOMMON) {
    const answer = await create(strict, password);
    assert.equal(answer.status, 201, `${password}: ${answer.text}`);
  }
});

test('a change to a common password is refused, and the old one stays', async () => {
  const { username, password } = KEEPER;
  for (const next of ['password1', 'Keeper2024!']) {
    assertError(await change(strict, strict.token, username, password, next), 400, REFUSAL);
  }
  assert.equal((await login(strict, username, password)).status, 200);
});

test('neither the refusal nor the log repeats the password', async () => {
  const answer = await create(strict, 'iloveyou12');
  assertError(answer, 400, REFUSAL);
  assert.doesNotMatch(answer.text, /iloveyou/);
  await until(() => /ERR_PASSWORD_COMMON/.test(strict.logs()), { what: 'the line of the refusal' });
  assert.doesNotMatch(strict.logs(), /iloveyou/);
  assert.doesNotMatch(strict.logs(), /"warning":/);
});

test('dev takes them, and warns once for each in the line of the request', async () => {
  const warned = (server) => server.logs().split('\n').filter((line) => line.includes('"warning":'));
  const before = warned(open).length;
  for (const password of COMMON) {
    const username = `lenient${++made}`;
    assertObject(await create(open, password, username), 201, ['message']);
    assert.equal((await login(open, username, password)).status, 200);
  }
  assert.equal((await create(open, 'grey otter 41 lantern')).status, 201);
  await until(() => warned(open).length >= before + COMMON.length, { what: 'the warnings' });
  const lines = warned(open).slice(before).map((line) => JSON.parse(line));
  assert.equal(lines.length, COMMON.length);
  for (const line of lines) {
    assert.equal(line.level, 'warning');
    assert.equal(line.path, '/api/v1/admin/create');
    assert.match(line.warning, /common one, or close to one; it was accepted because password\.refuse_common is off/);
  }
  assert.ok(COMMON.every((password) => !open.logs().includes(password)));
});

test('what fails for another reason is not said to have been accepted', async () => {
  const count = () => open.logs().split('"warning":').length;
  const before = count();
  assertError(await create(open, 'password1', 'admin'), 409);
  assert.equal((await create(open, 'grey otter 41 lantern')).status, 201);
  await until(() => open.logs().includes('ERR_USERNAME_TAKEN'), { what: 'the line of the failure' });
  assert.equal(count(), before);
});
