/**
 * Upper end of the one-sided 95 % interval of Clopper and Pearson for a share of which `bad` of `all` were seen: the
 * share at which as few as that would be seen once in twenty times. For none of n it is about 3 / n.
 */
export function upperBound(bad: number, all: number): number {
  if (bad >= all) return 1;
  let [low, high] = [bad / all, 1];
  for (let round = 0; round < 60; round += 1) {
    const middle = (low + high) / 2;
    if (atMost(bad, all, middle) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}

/** Probability of at most `bad` in `all` draws of this share. */
function atMost(bad: number, all: number, share: number): number {
  let term = Math.exp(all * Math.log1p(-share));
  let sum = term;
  for (let count = 1; count <= bad; count += 1) {
    term *= ((all - count + 1) / count) * (share / (1 - share));
    sum += term;
  }
  return sum;
}
