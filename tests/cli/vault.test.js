// What keeps an installation: backup, restore, copy, and migrations that are rehearsed or cut short.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { call } from '../lib/client.js';
import { createAdmin, forwardAuth, listAdmins, login, tokenOf } from '../lib/edge.js';
import { pause, run, tempDir } from '../lib/place.js';
import { newDatabase, psql } from '../lib/postgres.js';
import { binary, cli, startSignet, storeOf } from '../lib/signet.js';
import { settingVariable, SETTING } from '../lib/settings.js';

const KEEPER = { username: 'keeper', password: 'grey otter 41 lantern', email: 'keeper@fitness-center.local' };
const PASSPHRASE = 'nine violet anchors';
const ENGINES = {
  SQLite: { url: () => 'sqlite:signet.db' },
  PostgreSQL: { url: newDatabase, skip: existsSync('/usr/lib/postgresql') ? false : 'PostgreSQL is not installed' },
};

/** A data folder on a store of that engine, with nothing in it. */
async function newData(engine) {
  const data = join(tempDir(), 'data');
  await storeOf(data, await ENGINES[engine].url());
  return data;
}

async function newKeeper(engine) {
  const data = await newData(engine);
  await done(['admin', 'create', KEEPER.username, '--email', KEEPER.email, '--data', data], `${KEEPER.password}\n`);
  return data;
}

async function done(args, stdin = `${PASSPHRASE}\n`) {
  const result = await cli(args, { stdin });
  assert.equal(result.code, 0, `signet ${args.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

async function refused(args, stdin = `${PASSPHRASE}\n`) {
  const result = await cli(args, { stdin });
  assert.equal(result.code, 1, `signet ${args.join(' ')}: ${result.stdout}${result.stderr}`);
  return result.stderr;
}

function serve(dataDir) {
  return startSignet({ mode: 'serve', dataDir, settings: { [SETTING.failuresOfNetwork]: 0 } });
}

const names = (text) => text.trim().split('\n').map((line) => line.split('\t')[1]);

for (const [engine, { skip = false }] of Object.entries(ENGINES)) {
  describe(engine, { skip }, () => {
    test('a backup under writes is a prefix of what was acknowledged', async () => {
      const data = await newKeeper(engine);
      const server = await serve(data);
      const token = await tokenOf(server, KEEPER.username, KEEPER.password);
      const ledger = [KEEPER.username];
      let over = false;
      const writing = (async () => {
        while (!over) {
          ledger.push((await createAdmin(server, token)).username);
        }
      })();
      while (ledger.length < 5) {
        await pause(5);
      }
      const before = ledger.length;
      const file = join(tempDir(), 'signet.backup');
      const said = await done(['backup', file, '--data', data]);
      const after = ledger.length;
      over = true;
      await writing;
      assert.match(said, /: \d+ rows of \d+ tables, .*; read back and the same\n$/);
      assert.equal(statSync(file).mode & 0o777, 0o600);
      assert.ok(!readFileSync(file).includes('fitness-center'));

      const restored = await newData(engine);
      await done(['restore', file, '--data', restored]);
      const there = names(await done(['admin', 'list', '--data', restored]));
      assert.deepEqual(there, ledger.slice(0, there.length));
      assert.ok(there.length >= before && there.length <= after + 1, `${before} ≤ ${there.length} ≤ ${after + 1}`);
      assert.ok(after > before, 'nothing was written while the backup was made');
    });

    test('an old backup revives nothing, and everybody who was there can log in', async () => {
      const data = await newKeeper(engine);
      let server = await serve(data);
      const token = await tokenOf(server, KEEPER.username, KEEPER.password);
      const trainer = await createAdmin(server, token);
      const revoked = await tokenOf(server, trainer.username, trainer.password);
      const live = await tokenOf(server, trainer.username, trainer.password);
      const file = join(tempDir(), 'old.backup');
      await done(['backup', file, '--data', data]);
      const session = JSON.parse(Buffer.from(revoked.split('.')[1], 'base64url')).sid;
      await done(['session', 'end', session, '--data', data]);
      const since = await createAdmin(server, token);
      await server.stop();
      assert.match(await refused(['restore', file, '--data', data]), /the store is not empty: rows in .*users 3.*--force/);
      await done(['restore', file, '--data', data, '--force']);
      server = await serve(data);
      for (const old of [revoked, live, token]) {
        assert.equal((await forwardAuth(server, old)).status, 401);
      }
      const fresh = await tokenOf(server, trainer.username, trainer.password);
      assert.equal((await forwardAuth(server, fresh)).status, 200);
      assert.equal((await login(server, since.username, since.password)).status, 401);
      const root = await tokenOf(server, KEEPER.username, KEEPER.password);
      assert.equal((await listAdmins(server, root)).length, 2);
      const next = await createAdmin(server, root);
      assert.equal((await call(server, 'DELETE', `/api/v1/admin/${next.username}`, { token: root })).status, 200);
      assert.match(await refused(['restore', file, '--data', data, '--force']), /another signet \(process \d+\) already/);
    });

    test('what is damaged, cut off or sealed otherwise changes nothing', async () => {
      const data = await newKeeper(engine);
      const folder = tempDir();
      const file = join(folder, 'good');
      await done(['backup', file, '--data', data]);
      const good = readFileSync(file);
      const target = await newData(engine);
      const tried = async (bytes, stdin) => {
        writeFileSync(join(folder, 'bad'), bytes);
        const said = await refused(['restore', join(folder, 'bad'), '--data', target], stdin);
        assert.ok(!existsSync(target), 'the target was touched');
        return said;
      };
      for (const at of [72, 400, Math.floor(good.length / 2), good.length - 1]) {
        const bad = Buffer.from(good);
        bad[at] ^= 1;
        assert.match(await tried(bad), /damaged/);
      }
      assert.match(await tried(good.subarray(0, good.length - 100)), /cut off/);
      assert.match(await tried(good.subarray(0, 40)), /too short/);
      assert.match(await tried(Buffer.from('x'.repeat(400))), /no backup/);
      assert.match(await tried(good, 'nine violet anchorz\n'), /the passphrase is not the one/);
      await done(['restore', file, '--data', target]);
      assert.match(await refused(['backup', file, '--data', data]), /there already; --force/);
      assert.deepEqual(readFileSync(file), good);
      assert.deepEqual(readdirSync(folder).sort(), ['bad', 'good']);
      assert.match(await refused(['backup', join(folder, 'weak'), '--data', data], 'short\n'), /at least 12 characters/);
    });

    test('a store of a newer version is told and left alone', async () => {
      const data = await newKeeper(engine);
      const later = "INSERT INTO schema_version (version, name, applied_at) VALUES (99, 'later', ";
      if (engine === 'SQLite') {
        const text = `import sqlite3,sys; d=sqlite3.connect(sys.argv[1]); d.execute("${later} 0)"); d.commit()`;
        execFileSync('python3', ['-c', text, join(data, 'signet.db')]);
      } else {
        await psql((await storeOf(data))[settingVariable(SETTING.storeUrl)], `${later} now())`);
      }
      const newer = /newer signet.*99/;
      assert.match(await refused(['serve', '--data', data]), newer);
      assert.match(await refused(['migrate', '--data', data]), newer);
      assert.match(await refused(['migrate', '--check', '--data', data]), newer);
      assert.match(await refused(['backup', join(tempDir(), 'b'), '--data', data]), newer);
    });

    test('a migration that is killed leaves all of it or nothing', async () => {
      let halves = 0;
      for (let round = 0; round < 20; round++) {
        const data = await newData(engine);
        const env = { ...process.env, ...(await storeOf(data)) };
        const migrating = run(binary, ['migrate', '--data', data], { env });
        await pause(1 + round);
        migrating.child.kill('SIGKILL');
        await migrating.ended;
        const { code, stdout } = await cli(['migrate', '--check', '--data', data]);
        assert.match(stdout, code === 0 ? /up to date/ : /no store yet|schema 0, .*to be migrated/);
        halves += code === 1;
        assert.match(await done(['migrate', '--data', data]), /migrated 0 → \d+|nothing to do/);
        await done(['migrate', '--check', '--data', data]);
      }
      assert.ok(halves > 0, 'none was killed in time');
    });
  });
}

test('migrate --check runs what is pending on a copy, which goes', async () => {
  const data = await newData('SQLite');
  await done(['migrate', '--data', data]);
  writeFileSync(join(data, 'signet.db'), ''); // an empty database, as far as SQLite knows
  const { code, stdout } = await cli(['migrate', '--check', '--data', data]);
  assert.equal(code, 1);
  assert.match(stdout, /to be migrated\nrehearsed 0001_first: \d+ ms\n(rehearsed .*\n)*nothing was changed\n$/);
  assert.deepEqual(readdirSync(data).filter((name) => name.includes('rehearsal')), []);
  assert.match(await done(['migrate', '--data', data]), /^migrated 0 → /);
});

test('a copy there and back is the same, and sessions survive it', { skip: ENGINES.PostgreSQL.skip }, async () => {
  const data = await newKeeper('SQLite');
  let server = await serve(data);
  const token = await tokenOf(server, KEEPER.username, KEEPER.password);
  const ended = await tokenOf(server, KEEPER.username, KEEPER.password);
  for (let i = 0; i < 40; i++) {
    await createAdmin(server, token);
  }
  await done(['session', 'end', JSON.parse(Buffer.from(ended.split('.')[1], 'base64url')).sid, '--data', data]);
  await server.stop();
  const url = await newDatabase();
  const there = await done(['copy', '--from', 'sqlite:signet.db', '--to', url, '--data', data]);
  const back = await done(['copy', '--from', url, '--to', 'sqlite:again.db', '--data', data]);
  assert.equal(there, back);
  assert.match(there, /^users\t41\t[0-9a-f]{16}$/m);
  assert.match(await refused(['copy', '--from', 'sqlite:signet.db', '--to', url, '--data', data]), /--to: the store is not empty/);
  assert.match(await refused(['copy', '--from', 'sqlite:none.db', '--to', url, '--data', data]), /--from: there is no store there/);

  const elsewhere = join(tempDir(), 'data');
  await storeOf(elsewhere, url);
  execFileSync('mkdir', ['-m', '700', elsewhere]);
  copyFileSync(join(data, 'master.key'), join(elsewhere, 'master.key'));
  server = await serve(elsewhere);
  assert.equal((await forwardAuth(server, token)).status, 200);
  assert.equal((await forwardAuth(server, ended)).status, 401);
  await createAdmin(server, token);
});
