const firstMs = 1_000;
const lastMs = 15_000;

/** How long to wait before the n-th further try (0, 1, 2 …): twice as long each time, half of it by chance. */
export function backoff(n: number, chance: () => number = Math.random): number {
  const full = Math.min(lastMs, firstMs * 2 ** n);
  return full / 2 + (full / 2) * chance();
}
