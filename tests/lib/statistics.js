// Whether two lots of times are one lot: the test of Mann and Whitney, which asks only which is larger, so that one
// long wait counts no more than one.

/** The standard normal distribution up to z, from above: how likely it is to be beyond (Abramowitz and Stegun 7.1.26). */
export function beyond(z) {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * Math.exp(-x * x) / 2;
  return z >= 0 ? tail : 1 - tail;
}

/** Both lots in one order: how the ranks of the first add up, those of equals shared, and what the equals take off the variance. */
function ranks(a, b) {
  const all = [...a.map((value) => [value, 0]), ...b.map((value) => [value, 1])].sort(([x], [y]) => x - y);
  let [sum, ties] = [0, 0];
  for (let from = 0, to; from < all.length; from = to) {
    for (to = from + 1; to < all.length && all[to][0] === all[from][0]; to++);
    const equals = to - from;
    ties += equals ** 3 - equals;
    sum += all.slice(from, to).filter(([, lot]) => lot === 0).length * ((from + to + 1) / 2);
  }
  return { sum, ties };
}

/**
 * {u, z, p, effect}: `p` is how likely so large a difference is, either way, if there is none; `effect` how often one of `a` is larger
 * than one of `b`, of all pairs, less how often it is smaller: 0 is no difference, 1 and -1 are the largest.
 */
export function mannWhitney(a, b) {
  const [n, m] = [a.length, b.length];
  const { sum, ties } = ranks(a, b);
  const u = sum - (n * (n + 1)) / 2;
  const variance = ((n * m) / 12) * (n + m + 1 - ties / ((n + m) * (n + m - 1)));
  const distance = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5);
  const z = variance > 0 ? Math.sign(u - (n * m) / 2) * (distance / Math.sqrt(variance)) : 0;
  return { u, z, p: Math.min(1, 2 * beyond(Math.abs(z))), effect: (2 * u) / (n * m) - 1 };
}

export function median(values) {
  const sorted = [...values].sort((x, y) => x - y);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

/** By how much all of a lot have to be larger for `differ`, which judges what mannWhitney gives, to tell them from the lot itself. */
export function leastSeen(values, differ) {
  const seen = (more) => differ(mannWhitney(values.map((value) => value + more), values));
  let [below, above] = [0, 1e-6];
  while (!seen(above) && Number.isFinite(above)) {
    [below, above] = [above, 2 * above];
  }
  for (let step = 0; step < 10; step++) {
    const middle = (below + above) / 2;
    [below, above] = seen(middle) ? [below, middle] : [middle, above];
  }
  return above;
}

/** The line through points [x, y] by least squares: {slope, error: of the slope, one standard deviation, first, last: y at its ends, count}. */
export function slope(points) {
  const count = points.length;
  const mean = (at) => points.reduce((sum, point) => sum + point[at], 0) / count;
  const [x, y] = [mean(0), mean(1)];
  const spread = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  const rise = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / spread;
  const on = (at) => y + rise * (at - x);
  const rest = points.reduce((sum, point) => sum + (point[1] - on(point[0])) ** 2, 0);
  return { slope: rise, error: Math.sqrt(rest / (count - 2) / spread), first: on(points[0][0]), last: on(points.at(-1)[0]), count };
}
