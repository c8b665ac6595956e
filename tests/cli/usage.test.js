// What the command line says of itself, and to who mistypes.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { run, tempDir } from '../lib/place.js';
import { SETTING, settingVariable } from '../lib/settings.js';
import { binary, cli, dataWithAdmin, startSignet } from '../lib/signet.js';

const ADMIN = { username: 'keeper', password: 'grey otter 41 lantern', email: 'keeper@fitness-center.local' };
const COMMANDS = ['dev', 'serve', 'admin', 'user', 'session', 'role', 'permission', 'mail', 'key', 'migrate', 'backup', 'restore', 'copy', 'check', 'config', 'routes', 'openapi', 'version'];

test('version tells the name and the version, and no more than a line', async () => {
  const { code, stdout, stderr } = await cli(['version']);
  assert.equal(code, 0);
  assert.match(stdout, /^signet \d+\.\d+\.\d+[^\n]*\n$/);
  assert.equal(stderr, '');
  assert.equal((await cli(['--version'])).stdout, stdout);
});

test('help goes to standard output, fits a terminal and names every command', async () => {
  const { code, stdout } = await cli(['--help']);
  assert.equal(code, 0);
  for (const command of COMMANDS) {
    assert.match(stdout, new RegExp(`\\b${command}\\b`));
  }
  assert.ok(stdout.split('\n').every((line) => line.length <= 100), 'lines of at most 100 letters');
  assert.equal((await cli(['help'])).stdout, stdout);
});

test('each command has a help of its own', async () => {
  for (const command of COMMANDS) {
    const { code, stdout } = await cli([command, '--help']);
    assert.equal(code, 0, command);
    assert.match(stdout, new RegExp(`signet ${command}`), command);
  }
});

test('a mistake in the command line is status 2, on standard error, and points to help', async () => {
  const mistakes = [[], ['fly'], ['serve', '--nonsense'], ['admin'], ['admin', 'create'], ['admin', 'create', 'x'], ['admin', 'fly'],
    ['serve', '--listen'], ['serve', '--listen', 'nowhere'], ['serve', '--listen', '127.0.0.1:99999'], ['serve', '--set', 'nonsense'],
    ['version', 'extra'], ['session', 'end'], ['role', 'grant', 'x'], ['user', 'list', '--limit', '0']];
  for (const mistake of mistakes) {
    const { code, stdout, stderr } = await cli(mistake);
    assert.equal(code, 2, `signet ${mistake.join(' ')}: ${stderr}`);
    assert.equal(stdout, '');
    assert.match(stderr, /help|usage/i);
  }
});

test('a setting that nobody knows is refused, with the nearest one that somebody knows', async () => {
  const wrong = SETTING.headerDeadline.slice(0, -1);
  const { code, stderr } = await cli(['config', '--data', join(tempDir(), 'data'), '--set', `${wrong}=5`]);
  assert.notEqual(code, 0);
  assert.ok(stderr.includes(wrong));
  assert.ok(stderr.includes(SETTING.headerDeadline));
});

test('a setting out of its range is refused, with the range', async () => {
  const { code, stderr } = await cli(['config', '--data', join(tempDir(), 'data'), '--set', `${SETTING.headerDeadline}=999999999`]);
  assert.notEqual(code, 0);
  assert.ok(stderr.includes(SETTING.headerDeadline));
  assert.match(stderr, /\d+.*\d+/);
});

test('config shows every setting with where its value came from, later sources over earlier ones', async () => {
  const dir = tempDir();
  const file = join(dir, 'signet.conf');
  const [header, total, idle] = [SETTING.headerDeadline, SETTING.totalDeadline, SETTING.idleDeadline].map((name) => name.split('.')[1]);
  writeFileSync(file, `# a comment\n[http]\n${header} = 3\n${total} = 33\n${idle} = 43\n`);
  const shown = async (env, ...args) => {
    const { code, stdout, stderr } = await cli(['config', '--config', file, '--data', join(dir, 'data'), ...args], { env });
    assert.equal(code, 0, stderr);
    return (name) => stdout.split('\n').find((line) => line.startsWith(`${name} `)) ?? '';
  };
  const line = await shown({ [settingVariable(SETTING.totalDeadline)]: '34' }, '--set', `${SETTING.idleDeadline}=45`);
  assert.match(line(SETTING.headerDeadline), /= *3s?\b.*#.*signet\.conf:3\b/);
  assert.match(line(SETTING.totalDeadline), /= *34s?\b.*#.*environment/);
  assert.match(line(SETTING.idleDeadline), /= *45s?\b.*#.*--set/);
  assert.match(line(SETTING.identityHeaders), /= *no\b.*#.*default/);
});

test('config does not show a secret', async () => {
  const file = join(tempDir(), 'signet.conf');
  writeFileSync(file, '[store]\nurl = postgresql://signet:hush-hush@127.0.0.1/signet\n');
  const { stdout, stderr } = await cli(['config', '--config', file, '--data', join(tempDir(), 'data')]);
  assert.ok(!`${stdout}${stderr}`.includes('hush-hush'));
});

test('without libpq a store on PostgreSQL is refused in plain words, and one on SQLite is not', async () => {
  const libraries = tempDir();
  const data = join(tempDir(), 'data');
  writeFileSync(join(libraries, 'libpq.so.5'), 'found before the real one, and no library');
  const migrate = (url) => cli(['migrate', '--data', data, '--set', `${SETTING.storeUrl}=${url}`], { env: { LD_LIBRARY_PATH: libraries } });
  const { code, stderr } = await migrate('postgresql://127.0.0.1/signet');
  assert.notEqual(code, 0);
  assert.match(stderr, /PostgreSQL needs libpq\.so\.5.*Debian: libpq5/);
  const embedded = await migrate('sqlite:signet.db');
  assert.equal(embedded.code, 0, embedded.stderr);
});

test('a file that was named has to be there', async () => {
  const { code, stderr } = await cli(['config', '--config', '/nowhere/signet.conf', '--data', join(tempDir(), 'data')]);
  assert.notEqual(code, 0);
  assert.match(stderr, /\/nowhere\/signet\.conf/);
});

/** What `signet check` says of `data`; on a free port unless the test is about ports. */
function check(data, ...args) {
  return cli(['check', '--data', data, ...(args.length > 0 ? args : ['--listen', '127.0.0.1:0'])]);
}

test('check is content with a sound installation, and with one that is being served', async () => {
  const data = await dataWithAdmin(ADMIN);
  const { code, stdout, stderr } = await check(data);
  assert.equal(code, 0, stdout + stderr);
  assert.ok(stdout.trimEnd().split('\n').every((line) => /^(ok {3}|warn )/.test(line)), stdout);
  const server = await startSignet({ mode: 'serve', dataDir: data });
  const served = await check(data, '--listen', `127.0.0.1:${server.port}`);
  assert.equal(served.code, 0, served.stdout);
  assert.match(served.stdout, new RegExp(`process ${server.pid}\\b`));
});

test('check makes nothing', async () => {
  const data = join(tempDir(), 'data');
  const missing = await check(data);
  assert.equal(missing.code, 1);
  assert.match(missing.stdout, /^FAIL data directory .*does not exist/m);
  assert.ok(!existsSync(data));
});

test('check finds what is wrong with the settings', async () => {
  const data = await dataWithAdmin(ADMIN);
  const { code, stdout } = await check(data, '--set', `${SETTING.headerDeadline}=soon`);
  assert.equal(code, 1);
  assert.match(stdout, /^FAIL settings: /);
  assert.ok(stdout.includes(SETTING.headerDeadline));
  const face = await check(data, '--listen', '127.0.0.1:0=nobody');
  assert.equal(face.code, 1);
  assert.match(face.stdout, /^FAIL .*no face nobody/m);
});

test('check finds a port that somebody else has', async () => {
  const data = await dataWithAdmin(ADMIN);
  const other = await startSignet();
  const { code, stdout } = await check(data, '--listen', `127.0.0.1:${other.port}`);
  assert.equal(code, 1);
  assert.match(stdout, new RegExp(`^FAIL listener .*:${other.port}`, 'm'));
});

test('check finds a master key that is gone, and files that others may read', async () => {
  const data = (await startSignet({ mode: 'serve', dataDir: await dataWithAdmin(ADMIN) }).then(async (server) => {
    await server.stop();
    return server;
  })).dir;
  chmodSync(join(data, 'signet.db'), 0o644);
  const open = await check(data);
  assert.equal(open.code, 1);
  assert.match(open.stdout, /^FAIL .*signet\.db may be read by others/m);
  chmodSync(join(data, 'signet.db'), 0o600);
  rmSync(join(data, 'master.key'));
  const gone = await check(data);
  assert.equal(gone.code, 1);
  assert.match(gone.stdout, /^FAIL .*master\.key is missing/m);
  assert.ok(!existsSync(join(data, 'master.key')));
});

test('check finds a database that is none', async () => {
  const data = await dataWithAdmin(ADMIN);
  writeFileSync(join(data, 'signet.db'), 'this is no database '.repeat(1_000));
  const { code, stderr, stdout } = await check(data);
  assert.equal(code, 1);
  assert.match(stderr + stdout, /signet\.db|database/);
});

test('migrate --check tells before and after, and changes nothing by itself', async () => {
  const data = join(tempDir(), 'data');
  const before = await cli(['migrate', '--check', '--data', data]);
  assert.equal(before.code, 1, before.stdout + before.stderr);
  assert.ok(!existsSync(data));
  const migrated = await cli(['migrate', '--data', data]);
  assert.equal(migrated.code, 0, migrated.stderr);
  assert.match(migrated.stdout, /^migrated 0 → \d+\n$/);
  const after = await cli(['migrate', '--check', '--data', data]);
  assert.equal(after.code, 0, after.stdout + after.stderr);
  const again = await cli(['migrate', '--data', data]);
  assert.equal(again.code, 0, 'a second time is no mistake');
  assert.match(again.stdout, /^schema \d+, nothing to do\n$/);
});

test('the example file that config prints is one that it reads, and changes nothing', async () => {
  const file = join(tempDir(), 'signet.conf');
  const { code, stdout } = await cli(['config', '--form', 'example']);
  assert.equal(code, 0);
  writeFileSync(file, stdout.replace(/^#(?=\S)/gm, ''));
  const plain = await cli(['config']);
  const read = await cli(['config', '--config', file]);
  assert.equal(read.code, 0, read.stderr);
  const values = (text) => text.replace(/ *#.*$/gm, '');
  assert.equal(values(read.stdout), values(plain.stdout));
  assert.equal((await cli(['config', '--form', 'verse'])).code, 2);
});

test('a command whose output cannot be written has failed', async () => {
  const process_ = run('sh', ['-c', `exec "${binary}" --help >/dev/full`]);
  assert.equal((await process_.ended).code, 1);
  assert.match(process_.logs(), /standard output: No space left/);
});
