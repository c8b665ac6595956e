// schemathesis, which was not written here, reads each contract and makes requests of it: good ones, bad ones,
// and long ways through several. It holds the answers against the contract. It is installed from PyPI into a
// virtual environment below build/, once; without PyPI these tests are skipped.
// PROPERTIES_SECONDS is how long it tries, for all faces and both ways to
// run the service together.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { DEV, routes } from '../lib/contract.js';
import { tokenOf } from '../lib/edge.js';
import { tempDir } from '../lib/place.js';
import { SETTING } from '../lib/settings.js';
import { dataWithAdmin, DEV_ADMIN, startSignet } from '../lib/signet.js';

const here = dirname(fileURLToPath(import.meta.url));
const environment = resolve(here, '../../build/properties');
const requirements = join(here, 'requirements.txt');
const faces = [...new Set(routes().map(({ face }) => face))];
const MODES = ['serve', 'dev'];
const LEAST_SECONDS = 5;
const INSTALL_MS = 300_000;

// Thousands of requests come from one address, and nobody is to wait for hashes.
const SETTINGS = {
  'password.memory': '8192',
  'password.passes': '1',
  [SETTING.failuresOfNetwork]: '0',
  'login.network_hour': '0',
  'login.network_total': '0',
};

const execute = promisify(execFile);

/** Makes the virtual environment, unless it is there; gives what went wrong, in a line. */
async function install() {
  const wanted = readFileSync(requirements, 'utf8');
  const note = join(environment, 'installed');
  if (existsSync(note) && readFileSync(note, 'utf8') === wanted) {
    return undefined;
  }
  rmSync(environment, { recursive: true, force: true });
  try {
    await execute('python3', ['-m', 'venv', environment], { timeout: INSTALL_MS });
    await execute(join(environment, 'bin/pip'), ['install', '--quiet', '--retries', '1', '--timeout', '15', '-r', requirements],
      { timeout: INSTALL_MS });
    writeFileSync(note, wanted);
    return undefined;
  } catch (error) {
    return (error.stderr || error.message).trim().split('\n').at(-1);
  }
}

const installed = install();

/** Its own account of a run, without the bodies that fill a screen. */
const shortened = (text) => text.split('\n').map((line) => line.slice(0, 300)).join('\n');

async function schemathesis(args) {
  const command = join(environment, 'bin/schemathesis');
  try {
    const { stdout } = await execute(command, args, { cwd: tempDir(), maxBuffer: 1 << 28 });
    return { code: 0, stdout };
  } catch (error) {
    return { code: error.code, stdout: error.stdout ?? String(error) };
  }
}

const seconds = Number(process.env.PROPERTIES_SECONDS ?? 60);
const secondsEach = Math.max(LEAST_SECONDS, Math.round(seconds / (MODES.length * faces.length)));
// A change is judged by the same requests as the one before it; PROPERTIES_SEED=random looks for others.
const seed = process.env.PROPERTIES_SEED ?? '1';

/** A server and a token for everything that it has. */
async function start(mode) {
  const owner = mode === 'serve' ? { ...DEV_ADMIN, password: 'seven grey lanterns' } : DEV_ADMIN; // the usual one is too common there
  const dataDir = mode === 'serve' ? await dataWithAdmin(owner) : undefined;
  const server = await startSignet({ mode, dataDir, settings: SETTINGS });
  return { server, token: await tokenOf(server, owner.username, owner.password) };
}

for (const mode of MODES) {
  describe(`schemathesis on signet ${mode}`, () => {
    let missing;
    let server;
    let token;
    before(async () => {
      missing = await installed;
      if (!missing) {
        ({ server, token } = await start(mode));
      }
    });

    for (const face of faces.filter((one) => mode === 'dev' || one !== DEV)) {
      test(`finds nothing in the face ${face}`, async (t) => {
        if (missing) {
          t.skip(`schemathesis could not be installed from PyPI: ${missing}`);
          return;
        }
        const { code, stdout } = await schemathesis(['--config-file', join(here, 'schemathesis.toml'), 'run',
          `${server.url}/openapi/${face}.json`, '--url', server.url, '--header', `Authorization: Bearer ${token}`,
          '--exclude-path', '/auth/logout', // it would end the session that all the others are asked in
          ...(seed === 'random' ? [] : ['--seed', seed]),
          '--max-time', `${secondsEach}`]);
        assert.equal(code, 0, shortened(stdout));
        const tried = Number(/(\d+) generated/.exec(stdout)?.[1] ?? 0);
        assert.ok(tried > 0, `no request was made:\n${shortened(stdout)}`);
        t.diagnostic(`${tried} requests`);
        assert.ok(server.running());
      });
    }
  });
}
