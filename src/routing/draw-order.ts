import type { Member } from './router.ts';

/**
 * Draws all members one after another, without replacement, each draw weighted among those left: P(first = i) = wᵢ ÷
 * Σw.
 */
export function drawOrder(members: readonly Member[], random: () => number): Member[] {
  const left = [...members];
  const order: Member[] = [];
  while (left.length > 0) {
    let point = numberFrom(random) * left.reduce((sum, { weight }) => sum + weight, 0);
    const index = left.findIndex(({ weight }) => (point -= weight) < 0);
    order.push(...left.splice(index, 1)); // -1 takes the last one: after a rounding error, or if `random` returned 1 or NaN
  }
  return order;
}

/** A `random` that throws must not break the call. */
function numberFrom(random: () => number): number {
  try {
    return random();
  } catch {
    return Math.random();
  }
}
