// A server, and everybody who asks it for something in the matrix.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { call } from '../lib/client.js';
import { login, forwardAuth } from '../lib/edge.js';
import { awaitState, putLetter } from '../lib/mail.js';
import { tempDir, until } from '../lib/place.js';
import { SETTING } from '../lib/settings.js';
import { cli, startSignet } from '../lib/signet.js';

const PASSWORD = 'seventeen green kites';
export const ORGANIZATIONS = { iron: '01a1feec-0000-7000-8000-000000000001', gold: '01a1feec-0000-7000-8000-000000000002' };

/** What the service key allows. */
const SERVICE = ['users:*', 'orgs:*', 'roles:assign', 'service-keys:read'];

// Hundreds of requests come from one address, and nobody is to wait for hashes.
const SETTINGS = {
  'password.memory': '8192',
  'password.passes': '1',
  [SETTING.failuresOfNetwork]: '0',
  'login.network_hour': '0',
  'login.network_total': '0',
  'password.refuse_common': 'no',
  'register.network_hour': '0',
  'links.per_address': '0',
  'links.network_hour': '0',
  'links.network_minute': '0',
};

async function command(data, args, options) {
  const { code, stderr } = await cli([...args, '--data', data], options);
  assert.equal(code, 0, `signet ${args.join(' ')}: ${stderr}`);
}

async function makeAccount(data, username, role) {
  await command(data, ['admin', 'create', username, '--email', `${username}@example.com`, '--role', role,
    '--set', 'password.memory=8192', '--set', 'password.passes=1'], { stdin: `${PASSWORD}\n` });
  return { username, password: PASSWORD };
}

/** No face registers users without a role yet, and no command makes them: the role is taken away by hand. */
function takeRole(data, { username }) {
  const user = `(SELECT id FROM users WHERE username_key = '${username}')`;
  execFileSync('sqlite3', [join(data, 'signet.db'), '-cmd', '.timeout 5000',
    `DELETE FROM assignments WHERE user_id = ${user}; DELETE FROM admins WHERE user_id = ${user};`]);
}

async function logIn(server, account) {
  const { status, text, json } = await login(server, account.username, account.password);
  assert.equal(status, 200, `${account.username} cannot log in: ${text}`);
  account.authorization = `Bearer ${json.token}`;
  account.token = json.token;
}

/** Made by hand, before the server reads the store: their ids are known beforehand. */
function makeOrganizations(data, names) {
  const rows = names.map((name) => `INSERT INTO organizations (id, name, slug, state, created_at, updated_at)
    VALUES ('${ORGANIZATIONS[name]}', '${name}', '${name}', 1, 0, 0);`);
  execFileSync('sqlite3', [join(data, 'signet.db'), '-cmd', '.timeout 5000', rows.join('\n')]);
}

/** Whoever is of an organization, and holds a role there if one is given. */
function settle(data, { username }, organization, role) {
  const id = ORGANIZATIONS[organization] ?? organization;
  const user = `(SELECT id FROM users WHERE username_key = '${username}')`;
  const grant = role === undefined ? '' : `INSERT INTO assignments (user_id, role_id, organization_id, granted_at)
    VALUES (${user}, (SELECT id FROM roles WHERE name = '${role}'), '${id}', 0);`;
  execFileSync('sqlite3', [join(data, 'signet.db'), '-cmd', '.timeout 5000',
    `UPDATE users SET organization_id = '${id}' WHERE id = ${user}; ${grant}`]);
}

/** Its token was good, and has expired by the time this is over. */
async function logInForAMoment(data, account) {
  const server = await startSignet({ mode: 'serve', dataDir: data, settings: { ...SETTINGS, [SETTING.edgeTokenLife]: '1s' } });
  await logIn(server, account);
  await server.stop();
}

/** Everybody of the matrix over a data folder of their own, at a server in this mode; `settings` beside those above, `args` and `env`. */
export async function cast(mode, settings = {}, args = [], env = {}) {
  const data = join(tempDir(), 'data');
  mkdirSync(data, { mode: 0o700 });
  const root = await makeAccount(data, 'root', 'SUPER_ADMIN');
  const actors = { nobody: {}, garbage: { authorization: 'Bearer rubbish' } };
  for (const name of ['ended', 'expired', 'super', 'stopped']) {
    actors[name] = await makeAccount(data, name, 'SUPER_ADMIN');
  }
  for (const name of ['plain', 'gym', 'admin']) {
    actors[name] = await makeAccount(data, name, 'ADMIN');
  }
  const bystander = await makeAccount(data, 'bystander', 'ADMIN');
  takeRole(data, actors.plain);
  takeRole(data, actors.gym);
  takeRole(data, bystander);
  makeOrganizations(data, ['iron', 'gold']);
  settle(data, actors.gym, 'iron', 'GYM_ADMIN');
  await logInForAMoment(data, actors.expired);

  const server = await startSignet({ mode, args, env, dataDir: data, settings: { ...SETTINGS, ...settings } });
  for (const name of ['ended', 'stopped', 'plain', 'gym', 'admin', 'super']) {
    await logIn(server, actors[name]);
  }
  await command(data, ['session', 'end', '--all', 'ended']);
  await command(data, ['admin', 'disable', 'stopped']);
  for (const name of ['ended', 'stopped', 'expired']) {
    await until(async () => (await forwardAuth(server, actors[name].token)).status === 401, { what: `${name} to be refused` });
  }

  const made = await cli(['service-key', 'create', 'service', ...SERVICE.flatMap((name) => ['--permission', name]), '--data', data]);
  assert.equal(made.code, 0, made.stderr);
  actors.service = { key: made.stdout.trimEnd() };
  await until(async () => (await call(server, 'GET', '/users', { headers: { 'x-service-key': actors.service.key } })).status === 200);

  const letter = mode === 'dev' ? await putLetter(server, 'ada@example.com') : undefined;
  if (letter) {
    await awaitState(server, letter, 'sent');
  }

  let targets = 0;
  const newName = () => `target${++targets}`;
  const makeAdmin = (role) => makeAccount(data, newName(), role);
  const ask = async (method, path, json) => {
    const answer = await call(server, method, path, { token: actors.super.token, json });
    assert.equal(answer.status, 200, `${method} ${path}: ${answer.text}`);
    return answer.json.result;
  };
  /** A new user through the directory: of a role, in an organization, or neither. */
  const makeUser = async ({ role = 'USER', organization } = {}) => {
    const username = newName();
    const { id } = await ask('POST', '/users/createUser', { username, password: PASSWORD, roles: [role] });
    if (organization !== undefined) {
      settle(data, { username }, organization);
    }
    return { id, username };
  };
  for (const name of ['plain', 'gym', 'admin', 'super']) {
    const answer = await call(server, 'GET', '/users/my-info', { token: actors[name].token });
    actors[name].id = answer.json.result.id;
  }
  Object.assign(actors.admin, { role: 'ADMIN' });
  Object.assign(actors.super, { role: 'SUPER_ADMIN' });
  return {
    server, root, actors, bystander, letter, newName, logIn: (account) => logIn(server, account), makeAdmin, makeUser, ask,
    move: (user, organization) => settle(data, user, organization),
    mustBeActive: [], mustNotBe: [], mustBeThere: [], mustNotBeThere: [],
  };
}
