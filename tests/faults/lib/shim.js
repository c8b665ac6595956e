// The other end of tests/faults/shim.c: what Signet's calls into the C library are to do.
import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { atEnd, tempDir } from '../../lib/place.js';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const library = resolve(process.env.FAULTS_SHIM ?? join(root, 'build/tests/faults/libfaults.so'));

// As in shim.c, in the same order.
const CALLS = ['write', 'short', 'read', 'sync', 'open', 'truncate', 'unlink', 'map', 'random', 'allocate', 'statement', 'connect', 'send', 'receive'];
const RULE = ['calls', 'hits', 'after', 'forever', 'chance', 'error'];
const REST = ['clock', 'level', 'position', 'blocks', 'server'];
const SQLITE = { SQLITE_BUSY: 5, SQLITE_NOMEM: 7, SQLITE_IOERR: 10, SQLITE_FULL: 13 };
const LEVELS = { full: 0, normal: 1, off: 2 };
const SIZE = 8 * (CALLS.length * RULE.length + REST.length);

/**
 * What one server is started with. `fail('sync', {after: 3, error: 'EIO'})` lets the third call from now fail,
 * `{chance: 0.01}` one in a hundred, `{forever: true}` all from then on; `heal()` ends it all.
 */
export class Shim {
  constructor({ record } = {}) {
    assert.ok(existsSync(library), `${library} is not there: make build`);
    const control = join(tempDir('shim'), 'control');
    writeFileSync(control, Buffer.alloc(SIZE));
    this.file = openSync(control, 'r+');
    atEnd(() => closeSync(this.file));
    this.env = { LD_PRELOAD: library, FAULTS_CONTROL: control, ...(record && { FAULTS_RECORD: record }) };
  }

  #at(call, member) {
    assert.ok(call === undefined || CALLS.includes(call), call);
    return 8 * (call === undefined ? CALLS.length * RULE.length + REST.indexOf(member) : CALLS.indexOf(call) * RULE.length + RULE.indexOf(member));
  }

  get(call, member) {
    const bytes = Buffer.alloc(8);
    readSync(this.file, bytes, 0, 8, this.#at(call, member));
    return Number(bytes.readBigInt64LE());
  }

  #set(call, member, value) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    writeSync(this.file, bytes, 0, 8, this.#at(call, member));
  }

  /** `error` is one of the system's, or of SQLite's for a statement. */
  fail(call, { after = 0, forever = false, chance = 0, error = call === 'statement' ? 'SQLITE_IOERR' : 'EIO' }) {
    const number = call === 'statement' ? SQLITE[error] : constants.errno[error];
    assert.ok(number, error);
    this.#set(call, 'error', number);
    this.#set(call, 'forever', forever ? 1 : 0);
    this.#set(call, 'chance', Math.round(chance * 1e6));
    this.#set(call, 'after', after);
  }

  heal() {
    for (const call of CALLS) {
      this.fail(call, {});
    }
  }

  calls = (call) => this.get(call, 'calls');
  hits = (call) => this.get(call, 'hits');
  position = () => this.get(undefined, 'position');
  blocks = () => this.get(undefined, 'blocks');
  turnClock = (milliseconds) => this.#set(undefined, 'clock', milliseconds);
  promise = (level) => this.#set(undefined, 'level', LEVELS[level]);
}
