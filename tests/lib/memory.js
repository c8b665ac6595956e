// The memory that a process holds.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const KEPT_BY_SANITIZER = 512 << 10; // KiB: it keeps for a while what was freed, to see who uses it still

/** KiB, by the name that the kernel has for it: VmRSS all, VmHWM the most there was, RssAnon what is neither of files nor shared. */
export function memoryOf({ pid }, name = 'VmRSS') {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
}

const isSanitized = ({ pid }) => /\/lib[at]san\./.test(readFileSync(`/proc/${pid}/maps`, 'utf8'));

/** That it holds less than `room` KiB more than `before`. */
export function assertGrewLess(process, before, room, name) {
  const grown = memoryOf(process, name) - before;
  assert.ok(grown < (isSanitized(process) ? KEPT_BY_SANITIZER : room), `${grown} KiB more`);
}
