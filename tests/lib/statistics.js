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
