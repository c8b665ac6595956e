// What a running server has given up, as the kernel tells it; what becomes of a call that it gave up is tried
// in src/confine/serving_test.c, from inside.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';

import { call } from '../lib/client.js';
import { makeGyms, register, UNCOUNTED } from '../lib/fitnexa.js';
import { png, upload } from '../lib/pictures.js';
import { end, freePort, run, tempDir } from '../lib/place.js';
import { binary, cli, dataWithAdmin, startSignet, storeOf } from '../lib/signet.js';

const KEEPER = { username: 'keeper', password: 'seventeen green kites', email: 'keeper@example.com' };
const NONE = '0000000000000000';
const root = process.getuid() === 0;
const asRoot = { skip: root ? false : 'only root becomes somebody else' };
const nobody = Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }));
/** A build with a sanitizer loads no filter, and says so. */
const sanitized = (await cli(['check', '--data', join(tempDir(), 'data')])).stdout.includes('this build has a sanitizer');

/** What /proc says of a process or thread: {name: value}. */
const statusIn = (folder) =>
  Object.fromEntries(readFileSync(`${folder}/status`, 'utf8').split('\n').filter(Boolean).map((line) => line.split(/:\s*/)));
const threads = (pid) => readdirSync(`/proc/${pid}/task`).map((task) => statusIn(`/proc/${pid}/task/${task}`));
const children = (pid) =>
  readdirSync(`/proc/${pid}/task`).flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean));

function assertGivenUp(status) {
  assert.equal(status.NoNewPrivs, '1', status.Name);
  for (const set of ['CapEff', 'CapPrm', 'CapInh', 'CapAmb', ...(root ? ['CapBnd'] : [])]) {
    assert.equal(status[set], NONE, `${set} of ${status.Name}`);
  }
}

function assertConfined(pid) {
  const all = threads(pid);
  assert.ok(all.length > 5, 'it has its threads');
  for (const status of all) {
    assertGivenUp(status);
    assert.equal(status.Seccomp, sanitized ? '0' : '2', status.Name);
  }
}

async function metric(server, name) {
  const { text } = await call(server, 'GET', '/metrics');
  return Number(text.match(new RegExp(`^${name} (\\d+)$`, 'm'))?.[1]);
}

for (const mode of ['serve', 'dev']) {
  test(`every thread of signet ${mode} is shut in and has no privileges, and so have its processes`, async () => {
    const server = await startSignet({ mode, settings: { 'metrics.from': '127.0.0.1' } });
    assertConfined(server.pid);
    const begun = children(server.pid);
    assert.equal(begun.length, 1, 'what begins those that draw pictures');
    assertGivenUp(statusIn(`/proc/${begun[0]}`));
    assert.equal(await metric(server, 'signet_confined'), sanitized ? 0 : 1);
    assert.equal(await metric(server, 'signet_refused_system_calls_total'), 0);
    server.signal('SIGHUP');
    assert.equal((await call(server, 'GET', '/livez')).status, 200);
  });
}

test('without pictures there is no other process', async () => {
  const server = await startSignet({ mode: 'serve', settings: { 'face.fitnexa.enabled': 'no' } });
  assert.deepEqual(children(server.pid), []);
});

test('what begins children ends with its server', async () => {
  const server = await startSignet();
  const begun = children(server.pid);
  await server.stop();
  for (const child of begun) {
    assert.throws(() => readFileSync(`/proc/${child}/status`), 'it has ended with its server');
  }
});

test('switched off, privileges go all the same, and log and check say so', async () => {
  const server = await startSignet({ mode: 'serve', settings: { 'process.confine': 'no' } });
  for (const status of threads(server.pid)) {
    assertGivenUp(status);
    assert.equal(status.Seccomp, '0');
  }
  assert.match(server.logs(), /"warning"[^\n]*not confined: process\.confine is no/);
  const check = (value) => cli(['check', '--data', server.dir, '--set', `process.confine=${value}`]);
  assert.match((await check('no')).stdout, /^warn process\.confine is no/m);
  assert.match((await check('yes')).stdout, sanitized ? /^warn a server cannot be confined/m : /^ok {3}a server gives up system calls/m);
});

test('required, it starts where it can be done and nowhere else', async () => {
  if (!sanitized) {
    assertConfined((await startSignet({ mode: 'serve', settings: { 'process.confine': 'required' } })).pid);
    return;
  }
  const { code, stderr } = await cli(['serve', '--data', join(tempDir(), 'data'), '--listen', '127.0.0.1:0', '--set', 'process.confine=required']);
  assert.equal(code, 1);
  assert.match(stderr, /process\.confine is required, but this build has a sanitizer/);
});

/** Runs its arguments where the call that loads filters is kept back, as by a unit or a container from before. */
const KEPT_BACK = `
import ctypes, os, sys
library = ctypes.CDLL("libseccomp.so.2")
library.seccomp_init.restype = ctypes.c_void_p
rules = ctypes.c_void_p(library.seccomp_init(0x7FFF0000))
assert library.seccomp_rule_add_array(rules, 0x00050001, library.seccomp_syscall_resolve_name(b"seccomp"), 0, None) == 0
assert library.seccomp_load(rules) == 0
os.execv(sys.argv[1], sys.argv[1:])`;

test('where filters are kept back it says so and serves, or does not start when it is required', async () => {
  const dataDir = join(tempDir(), 'data');
  const port = await freePort();
  const server = run('python3', ['-c', KEPT_BACK, binary, 'serve', '--data', dataDir, '--listen', `127.0.0.1:${port}`]);
  while (server.running() && !(await fetch(`http://127.0.0.1:${port}/livez`).then((answer) => answer.ok, () => false))) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const expected = sanitized ? /not confined: this build has a sanitizer/ : /"warning"[^\n]*not confined: the kernel, or what confines/;
  assert.match(server.logs(), expected);
  assert.deepEqual(await end(server), { code: 0, signal: null });
  const refused = run('python3', ['-c', KEPT_BACK, binary, 'serve', '--data', dataDir, '--set', 'process.confine=required']);
  assert.equal((await refused.ended).code, 1);
  assert.match(refused.logs(), /process\.confine is required, but/);
});

describe('process.user', () => {
  /** Gives a data folder with all that is in it to nobody, who may pass through the one above it. */
  function give(data) {
    chmodSync(dirname(data), 0o711);
    for (const file of ['', ...readdirSync(data, { recursive: true })]) {
      chownSync(join(data, file), nobody, statSync('/').gid);
    }
    return data;
  }

  test('root becomes that user with all threads, serves, keeps its files and draws', asRoot, async () => {
    const made = await dataWithAdmin(KEEPER);
    await makeGyms(made);
    const dataDir = give(made);
    const server = await startSignet({ mode: 'serve', dataDir, settings: { ...UNCOUNTED, 'process.user': 'nobody' } });
    assertConfined(server.pid);
    for (const status of [...threads(server.pid), ...children(server.pid).map((child) => statusIn(`/proc/${child}`))]) {
      assert.deepEqual(status.Uid.split('\t').map(Number), Array(4).fill(nobody), status.Name);
    }
    const user = await register(server);
    assert.equal((await upload(server, user.token, png(64, 48))).status, 200);
    for (const file of readdirSync(dataDir, { recursive: true })) {
      assert.equal(statSync(join(dataDir, file)).uid, nobody, file);
    }
  });

  test('a low port is bound before', asRoot, async () => {
    const dataDir = give(await dataWithAdmin(KEEPER));
    for (let port = 700; port < 720; port++) {
      const process_ = run(binary, ['serve', '--data', dataDir, '--listen', `127.0.0.1:${port}`, '--set', 'process.user=nobody'], {
        env: { ...process.env, ...(await storeOf(dataDir)) },
      });
      for (let tries = 0; process_.running() && tries < 400; tries++) {
        const up = await fetch(`http://127.0.0.1:${port}/livez`).then((answer) => answer.ok, () => false);
        if (up) {
          assertConfined(process_.pid);
          assert.deepEqual(await end(process_), { code: 0, signal: null });
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      assert.match(process_.logs(), /in use/i, process_.logs());
    }
    assert.fail('no port below 1024 is free');
  });

  test('one who is not there is refused in plain words', async () => {
    const port = await freePort();
    const { code, stderr } = await cli(['serve', '--data', join(tempDir(), 'data'), '--listen', `127.0.0.1:${port}`, '--set', 'process.user=no-such-user']);
    assert.equal(code, 1);
    assert.match(stderr, /process\.user: there is no user no-such-user on this machine/);
  });

  test('root that stays root is told', asRoot, async () => {
    const server = await startSignet({ mode: 'serve' });
    assert.match(server.logs(), /"warning"[^\n]*runs as root, without its privileges/);
    assert.match((await cli(['check', '--data', server.dir])).stdout, /^warn a server that root starts stays root/m);
    assert.doesNotMatch((await cli(['check', '--data', server.dir, '--set', 'process.user=nobody'])).stdout, /stays root/);
  });
});
