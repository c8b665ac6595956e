// Secrets that cannot be mistaken for anything else, and the search for them in whatever comes out.
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const MARK = 'Zx7kWq'; // in every secret that is made up here, so that one search finds them all
const SHOWN = 60;

/** Base64 of a text wherever it may begin, without the ends that depend on what stands beside it. */
function base64Cores(text) {
  return [0, 1, 2].map((shift) => {
    const cut = Math.floor((shift + Buffer.byteLength(text)) / 3) * 4;
    return Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]).toString('base64').slice(Math.ceil((shift * 8) / 6), cut);
  });
}

/** A text as it might come out, and as it is not easily recognised. */
function disguises(text) {
  const hex = Buffer.from(text).toString('hex');
  const cores = base64Cores(text).flatMap((core) => [core, core.replaceAll('+', '-').replaceAll('/', '_')]);
  return [...new Set([text, text.toLowerCase(), hex, hex.toUpperCase(), ...cores])];
}

const context = (text, at) => JSON.stringify(text.slice(Math.max(0, at - SHOWN), at + SHOWN));

/** What must not be seen: made here, or made by Signet and kept. */
export class Vault {
  #kept = new Map(); // what to look for, and what it is
  #made = 0;
  #marks = disguises(MARK);

  /** A new secret, which says of itself what it is for: letters and digits, at least 40 of them. */
  fresh(what = '') {
    return `${MARK}${++this.#made}${what.replaceAll(/\W/g, '')}${randomBytes(20).toString('hex')}`;
  }

  /** Remembers a secret that was not made here. Of a signed token the signature is what is secret. */
  keep(what, text) {
    if (typeof text !== 'string' || text.length < 8) {
      throw new Error(`${what} is no secret: ${text}`);
    }
    const part = text.split('.').length === 3 ? text.split('.')[2] : text;
    for (const disguise of text.length < 16 ? [part] : disguises(part)) {
      this.#kept.set(disguise, what);
    }
    return text;
  }

  /** What of it stands in a text, or in bytes: one line each. */
  found(content) {
    const text = Buffer.isBuffer(content) ? content.toString('latin1') : content;
    const marks = this.#marks.filter((mark) => text.includes(mark)).map((mark) => `a secret of ours: ${context(text, text.indexOf(mark))}`);
    const kept = [...this.#kept].filter(([needle]) => text.includes(needle));
    return [...marks, ...kept.map(([needle, what]) => `${what}: ${context(text, text.indexOf(needle))}`)];
  }

  /** The same for every file below a folder, but for those of these names. */
  foundBelow(folder, but = []) {
    return readdirSync(folder).filter((name) => !but.includes(name)).flatMap((name) => {
      const path = join(folder, name);
      const found = statSync(path).isDirectory() ? this.foundBelow(path, but) : this.found(readFileSync(path));
      return found.map((line) => `${path}: ${line}`);
    });
  }

  get size() {
    return this.#made + this.#kept.size;
  }
}
