// Where a test lives: its own folders, its own ports, its own processes. Whatever a test makes
// here is gone when its file ends, also when it failed, and also when the test process was killed.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

const folders = [];
const children = new Set();
const endings = [];

/** A folder of its own, removed at the end. */
export function tempDir(name = 'signet-test') {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  folders.push(folder);
  return folder;
}

/** Runs `ending` when the file's tests are over; the last one given runs first. */
export function atEnd(ending) {
  endings.push(ending);
}

export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Calls `probe` until it gives something true, and gives that; throws after `limit` milliseconds; `what`, or what it tells then, says for what. */
export async function until(probe, { limit = 10_000, step = 25, what = 'it to happen' } = {}) {
  const end = Date.now() + limit;
  let last;
  do {
    try {
      const found = await probe();
      if (found) {
        return found;
      }
    } catch (error) {
      last = error;
    }
    await pause(step);
  } while (Date.now() < end);
  throw new Error(`waited ${limit} ms for ${typeof what === 'function' ? what() : what}${last ? `: ${last.message}` : ''}`);
}

export function portIsFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** A free port below the range from which the kernel takes the ports of outgoing connections. */
export async function freePort() {
  for (let tries = 0; tries < 100; tries++) {
    const port = 10_240 + Math.floor(Math.random() * 22_000);
    if (await portIsFree(port)) {
      return port;
    }
  }
  throw new Error('no free port found');
}

/**
 * Starts a process that dies with this one. Gives {child, pid, ended, logs()}; `ended` resolves to
 * {code, signal}.
 */
export function run(command, args, options = {}) {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });
  const said = [];
  child.stdout.on('data', (data) => said.push(data));
  child.stderr.on('data', (data) => said.push(data));
  children.add(child);
  const ended = new Promise((resolve) => {
    child.once('error', (error) => {
      said.push(Buffer.from(String(error)));
      children.delete(child);
      resolve({ code: 127, signal: null });
    });
    child.once('close', (code, signal) => {
      children.delete(child);
      resolve({ code, signal });
    });
  });
  const running = () => children.has(child) && child.exitCode === null && child.signalCode === null;
  return { child, pid: child.pid, ended, running, logs: () => Buffer.concat(said).toString() };
}

/** Sends the signal and waits for the end; a process that does not end in time is killed. */
export async function end(process_, signal = 'SIGTERM', limit = 15_000) {
  if (process_.running()) {
    process_.child.kill(signal);
  }
  const timer = setTimeout(() => process_.child.kill('SIGKILL'), limit);
  const result = await process_.ended;
  clearTimeout(timer);
  return result;
}

function sweep() {
  for (const child of children) {
    child.kill('SIGKILL');
  }
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true, force: true });
  }
}

after(async () => {
  const failures = [];
  for (const ending of endings.reverse()) {
    await Promise.resolve()
      .then(ending)
      .catch((error) => failures.push(error));
  }
  sweep();
  if (failures.length > 0) {
    throw new AggregateError(failures, failures.map((failure) => failure.message).join('\n'));
  }
});
process.once('exit', sweep);
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
