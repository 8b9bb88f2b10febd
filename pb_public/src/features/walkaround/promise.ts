// When the car can be promised (E-05): from the labour planned, with a margin, on the next quarter of an hour. Pure;
// a proposal to tap, the advisor decides.

/** Minutes kept in hand beyond the planned labour, for washing, the final check and the way to the counter. */
export const marginMinutes = 45;

const quarter = 15 * 60_000;

/** The earliest honest promise in milliseconds: now, the labour and the margin, rounded up to the quarter hour. */
export function earliest(now: number, labourMinutes: number): number {
  return Math.ceil((now + (labourMinutes + marginMinutes) * 60_000) / quarter) * quarter;
}

/**
 * Times to offer, each later than the one before: the earliest, two hours on, the close of today and the next morning
 * (`closing` and `morning` are instants of the shop's day). A wished time that can be kept comes in its place.
 */
export function proposals(now: number, labourMinutes: number, closing: number, morning: number, wished: number): number[] {
  const first = earliest(now, labourMinutes);
  const times = [first, first + 8 * quarter, closing, morning, wished].filter((ms) => ms >= first);
  return [...new Set(times)].sort((a, b) => a - b).slice(0, 4);
}
