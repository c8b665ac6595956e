// Signet as its users run it: the binary, a port, a data folder.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { atEnd, end, freePort, pause, run, tempDir } from './place.js';
import { newDatabase } from './postgres.js';
import { settingVariable, SETTING } from './settings.js';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const binary = resolve(process.env.SIGNET ?? join(root, 'build/signet'));

/** What a server logs of a system call that is not one of its own. */
const REFUSED_CALL = /refused the system call/;

/** What every test may rely on in `signet dev`. */
export const DEV_ADMIN = {
  username: 'admin',
  password: 'your_password',
  email: 'admin@fitness-center.local',
};

function settingArguments(settings) {
  return Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
}

const engine = process.env.SIGNET_TEST_STORE;
delete process.env.SIGNET_TEST_STORE; // it is no setting of Signet's
const stores = new Map();

/**
 * Where the store of a data folder is, as the environment says it. With SIGNET_TEST_STORE=postgres each
 * folder has a database of its own; otherwise nothing is said, and it is in the folder. Give `url` to say so
 * for one folder.
 */
export async function storeOf(data, url) {
  if (url !== undefined) {
    stores.set(data, url);
  } else if (!stores.has(data)) {
    stores.set(data, engine === 'postgres' ? newDatabase() : undefined);
  }
  const found = await stores.get(data);
  return found === undefined ? {} : { [settingVariable(SETTING.storeUrl)]: found };
}

async function answers(url) {
  try {
    return (await fetch(`${url}/livez`)).ok;
  } catch {
    return false;
  }
}

async function launch({ mode, args, settings, data, dir, env, port }) {
  const listen = ['--listen', `127.0.0.1:${port}`];
  const given = [mode, '--data', data, ...listen, ...settingArguments(settings), ...args];
  const process_ = run(binary, given, { cwd: dir, env: { ...process.env, ...(await storeOf(data)), ...env } });
  const url = `http://127.0.0.1:${port}`;
  for (const limit = Date.now() + 20_000; process_.running() && Date.now() < limit; await pause(20)) {
    if (await answers(url)) {
      return { process_, url };
    }
  }
  return { process_, url, failed: true };
}

/**
 * Starts the binary on a free port of 127.0.0.1 and waits until it answers. `stop()` asks it to
 * end by SIGTERM and insists on exit status 0; what is still running at the end of the file is stopped
 * that way too. Give `dataDir` to start again on the data of an earlier one, `port` to take its place.
 */
export async function startSignet({ mode = 'dev', args = [], settings = {}, dataDir, env = {}, port } = {}) {
  const dir = tempDir();
  const data = dataDir ?? join(dir, 'data');
  let started;
  let taken;
  for (let tries = 0; tries < 3; tries++) {
    taken = port ?? (await freePort());
    started = await launch({ mode, args, settings, data, dir, env, port: taken });
    if (!started.failed) {
      break;
    }
    await end(started.process_, 'SIGKILL');
  }
  if (started.failed) {
    throw new Error(`signet ${mode} did not start:\n${started.process_.logs()}`);
  }
  const { process_, url } = started;
  let killed = false;

  const server = {
    url,
    port: taken,
    pid: process_.pid,
    dir: data,
    logs: process_.logs,
    running: process_.running,
    ended: process_.ended,
    signal: (name) => process_.child.kill(name),
    async stop() {
      const result = await end(process_);
      assert.deepEqual(result, { code: 0, signal: null }, `signet did not end well:\n${process_.logs()}`);
      assert.doesNotMatch(process_.logs(), REFUSED_CALL, `it made a system call that src/confine/serving_table.c does not have: ${/.*refused the system call.*/.exec(process_.logs())}`);
    },
    async kill9() {
      killed = true;
      await end(process_, 'SIGKILL');
    },
  };
  atEnd(() => (killed ? undefined : server.stop()));
  return server;
}

/** Runs one command of the binary to its end: {code, stdout, stderr}. */
export async function cli(args, { stdin = '', env = {}, cwd, limit = 30_000 } = {}) {
  const data = args.includes('--data') ? args[args.indexOf('--data') + 1] : undefined;
  const store = data === undefined ? {} : await storeOf(data);
  const process_ = run(binary, args, {
    cwd: cwd ?? tempDir(),
    env: { ...process.env, ...store, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  process_.child.stdout.on('data', (data) => (stdout += data));
  process_.child.stderr.on('data', (data) => (stderr += data));
  process_.child.stdin.on('error', () => {}); // a command that does not read its input is free to
  process_.child.stdin.end(stdin);
  const timer = setTimeout(() => process_.child.kill('SIGKILL'), limit);
  const { code, signal } = await process_.ended;
  clearTimeout(timer);
  return { code, signal, stdout, stderr };
}

/** A data folder with one administrator in it, as `signet serve` wants it; `url`, if given, says where its store is. */
export async function dataWithAdmin({ username, password, email }, url) {
  const data = join(tempDir(), 'data');
  mkdirSync(data, { mode: 0o700 });
  if (url !== undefined) {
    await storeOf(data, url);
  }
  const made = await cli(['admin', 'create', username, '--email', email, '--data', data], {
    stdin: `${password}\n`,
  });
  assert.equal(made.code, 0, `admin create failed: ${made.stderr}`);
  return data;
}
