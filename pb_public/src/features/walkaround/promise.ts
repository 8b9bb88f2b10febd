// Times to offer for a promise (E-05), each later than the one before. The earliest is the rule's (rules/promise.ts); the
// advisor decides. Pure.

const twoHours = 2 * 3_600_000;

/**
 * The earliest honest time, two hours on, the close of today and the next morning (`closing` and `morning` are instants of
 * the shop's day). A wished time that can be kept comes among them; what is past or too early does not.
 */
export function proposals(first: number, closing: number, morning: number, wished: number): number[] {
  const times = [first, first + twoHours, closing, morning, wished].filter((ms) => ms >= first);
  return [...new Set(times)].sort((a, b) => a - b).slice(0, 4);
}
