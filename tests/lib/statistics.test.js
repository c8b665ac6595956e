// The statistics against numbers that others have worked out.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { beyond, leastSeen, mannWhitney, median, slope } from './statistics.js';

const near = (found, wanted, room = 5e-4) => assert.ok(Math.abs(found - wanted) < room, `${found}, not ${wanted}`);

test('the normal distribution has the values of the tables', () => {
  near(beyond(0), 0.5);
  near(beyond(1.96), 0.025);
  near(beyond(2.5758), 0.005);
  near(beyond(-1.6449), 0.95);
  near(beyond(4), 3.167e-5, 1e-7);
});

test('the test of Mann and Whitney gives what R and SciPy give', () => {
  // wilcox.test(c(0.80,0.83,1.89,1.04,1.45,1.38,1.91,1.64,0.73,1.46), c(1.15,0.88,0.90,0.74,1.21), exact = FALSE): W = 35, p = 0.2449 (Hollander and Wolfe)
  const placenta = [[0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46], [1.15, 0.88, 0.9, 0.74, 1.21]];
  const { u, p, effect } = mannWhitney(...placenta);
  assert.equal(u, 35);
  near(p, 0.2449);
  near(effect, 0.4);
  // scipy.stats.mannwhitneyu([19, 22, 16, 29, 24], [20, 11, 17, 12], method='asymptotic'): U = 17, p = 0.1113
  const ages = mannWhitney([19, 22, 16, 29, 24], [20, 11, 17, 12]);
  assert.equal(ages.u, 17);
  near(ages.p, 0.1113);
});

test('equal values share their ranks', () => {
  // By hand: ranks 1.5 1.5 4 4 4 6, so that U = 1.5 + 4 + 4 - 6 = 3.5 and the variance 9/12 (7 - 30/30) = 4.5.
  const { u, z } = mannWhitney([1, 2, 2], [1, 2, 3]);
  assert.equal(u, 3.5);
  near(z, -(4.5 - 3.5 - 0.5) / Math.sqrt(4.5));
  const same = mannWhitney([1, 1], [1, 1]);
  assert.deepEqual([same.u, same.z, same.effect], [2, 0, 0]);
  near(same.p, 1);
});

test('one lot is told from another, either way, and one lot from itself is not', () => {
  const lot = (shift) => Array.from({ length: 400 }, (_, at) => ((at * 7919) % 1009) + shift);
  assert.ok(mannWhitney(lot(0), lot(200)).p < 1e-6);
  assert.ok(mannWhitney(lot(0), lot(200)).effect < -0.3);
  assert.ok(mannWhitney(lot(200), lot(0)).effect > 0.3);
  assert.ok(mannWhitney(lot(0), lot(0)).p > 0.9);
});

test('the median is in the middle', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
});

test('the least difference that is seen is where the judge begins to see it', () => {
  // Of 0 … 99 and as many that are d more, each is larger than the other's in as many pairs as it is smaller, but for those up to d apart.
  const values = Array.from({ length: 100 }, (_, at) => at);
  const effectOf = (d) => mannWhitney(values.map((value) => value + d), values).effect;
  const least = leastSeen(values, ({ effect }) => effect >= 0.3);
  near(effectOf(least), 0.3, 0.02);
  assert.ok(effectOf(least) >= 0.3 && effectOf(least * 0.99) < 0.3);
});

test('the line through points is that of R', () => {
  // summary(lm(dist ~ speed, cars[1:6, ])): speed 4 4 7 7 8 9, dist 2 10 4 22 16 10; by hand: 6 points, means 6.5 and 10.667, slope 32 / 21.5.
  const line = slope([[4, 2], [4, 10], [7, 4], [7, 22], [8, 16], [9, 10]]);
  near(line.slope, 32 / 21.5);
  near(line.first, 64 / 6 - 2.5 * (32 / 21.5));
  near(line.last, 64 / 6 + 2.5 * (32 / 21.5));
  const exact = slope([[0, 1], [1, 3], [2, 5]]);
  assert.deepEqual([exact.slope, exact.error, exact.first, exact.last], [2, 0, 1, 5]);
});
