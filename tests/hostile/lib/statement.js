// A statement of what must hold, and the cases that try to make it untrue. What is said of it stands in
// statements.tsv; how the cases went goes to `tests/hostile/run`, if that has started us.
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const SHOWN = 12; // a broken statement can have thousands of broken cases, of a few kinds

/** At length, as `make hostile` has it; otherwise what every change can wait for. */
export const LONG = process.env.HOSTILE_LONG === '1';

/** The rows of statements.tsv: {id, says, shownBy}. */
export function statements() {
  const lines = readFileSync(new URL('../statements.tsv', import.meta.url), 'utf8').split('\n');
  return lines.filter((line) => line && !line.startsWith('#')).map((line) => {
    const [id, says, shownBy, ...more] = line.split('\t');
    assert.ok(id && says && shownBy && !more.length, `a row of statements.tsv has three cells: ${line}`);
    return { id, says, shownBy };
  });
}

function report(row) {
  if (process.env.HOSTILE_ROWS) {
    appendFileSync(process.env.HOSTILE_ROWS, `${JSON.stringify(row)}\n`);
  }
}

/**
 * Tries statement `id`. `attack(tries)` makes the cases: `await tries(name, check)` runs one; what `check`
 * throws is remembered under its name and the others go on. `part` tells several attacks on one statement apart.
 */
export function statement(id, attack, part) {
  const { says } = statements().find((row) => row.id === id) ?? assert.fail(`statements.tsv has no ${id}`);
  test(`${id}: ${says}${part ? ` (${part})` : ''}`, async (t) => {
    const broken = [];
    let cases = 0;
    const began = Date.now();
    const tries = async (name, check) => {
      cases += 1;
      try {
        await check();
      } catch (error) {
        broken.push(`${name}: ${error.message}`);
      }
    };
    try {
      await attack(tries, t);
    } catch (error) {
      broken.push(`the attack itself: ${error.stack}`);
    }
    report({ id, part, says, cases, broken: broken.length, ms: Date.now() - began });
    t.diagnostic(`${cases} cases`);
    assert.equal(broken.length, 0, `${broken.length} of ${cases} cases:\n${broken.slice(0, SHOWN).join('\n')}`);
    assert.ok(cases > 0, 'no case was tried');
  });
}

/** Does all of this, a few at a time. */
export async function together(works, atOnce = 6) {
  const left = [...works];
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let work = left.shift(); work; work = left.shift()) {
      await work();
    }
  }));
}
