// A disk that loses its power. What the shim has written down is done again on two images of each file: what the
// kernel holds, and what has reached the disk. A sync carries the changed pages over; one that fails lets the
// kernel call them clean, as Linux does, so that no later sync carries them. A cut keeps what has reached the disk
// and, sector by sector, any part of the rest, in any order.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = 4096;
const SECTOR = 512;
const HEADER = 32;
const FILES = { 1: 'signet.db', 2: 'signet.db-wal' };
const WHAT = { 0: 'write', 2: 'sync failed', 3: 'sync', 5: 'truncate', 6: 'unlink' };

/** The changes in the order in which they were made. */
export function* changesIn(path) {
  const bytes = readFileSync(path);
  for (let at = 0, position = 1; at < bytes.length; position++) {
    const [what, file, place, length] = [0, 8, 16, 24].map((member) => Number(bytes.readBigInt64LE(at + member)));
    at += HEADER;
    yield { position, what: WHAT[what], file, place, bytes: bytes.subarray(at, at + length) };
    at += length;
  }
}

class File {
  constructor() {
    this.size = 0;
    this.held = Buffer.alloc(PAGE);
    this.keptSize = 0;
    this.kept = Buffer.alloc(PAGE);
    this.changed = new Set();
  }

  #reach(name, size) {
    if (this[name].length < size) {
      const larger = Buffer.alloc(Math.max(size, 2 * this[name].length));
      this[name].copy(larger);
      this[name] = larger;
    }
  }

  write(place, bytes) {
    const end = place + bytes.length;
    this.#reach('held', end + PAGE);
    bytes.copy(this.held, place);
    this.size = Math.max(this.size, end);
    for (let page = Math.floor(place / PAGE); page * PAGE < end; page++) {
      this.changed.add(page);
    }
  }

  truncate(size) {
    if (size < this.size) {
      this.held.fill(0, size);
    }
    this.#reach('held', size);
    this.size = size;
  }

  sync() {
    this.#reach('kept', this.held.length);
    for (const page of this.changed) {
      this.held.copy(this.kept, page * PAGE, page * PAGE, (page + 1) * PAGE);
    }
    this.changed.clear();
    this.keptSize = this.size;
  }

  forget() {
    this.changed.clear();
  }

  /** What is found after the cut; `luck` says of each sector and of the size whether it made it. */
  after(luck) {
    const size = luck() ? this.size : this.keptSize;
    const found = Buffer.alloc(Math.max(size, this.held.length, this.kept.length));
    this.kept.copy(found, 0, 0, Math.min(this.kept.length, this.keptSize));
    for (const page of this.changed) {
      for (let at = page * PAGE; at < (page + 1) * PAGE; at += SECTOR) {
        if (luck()) {
          this.held.copy(found, at, at, at + SECTOR);
        }
      }
    }
    return found.subarray(0, size);
  }
}

export class Disk {
  files = { 1: new File(), 2: new File() };

  apply({ what, file, place, bytes }) {
    const target = this.files[file];
    if (what === 'write') {
      target.write(place, bytes);
    } else if (what === 'truncate') {
      target.truncate(place);
    } else if (what === 'sync') {
      target.sync();
    } else if (what === 'sync failed') {
      target.forget();
    } else if (what === 'unlink') {
      this.files[file] = new File();
    }
  }

  /** Leaves in `folder` what a restart would find. */
  cut(folder, luck) {
    for (const [file, name] of Object.entries(FILES)) {
      writeFileSync(join(folder, name), this.files[file].after(luck), { mode: 0o600 });
    }
  }
}
