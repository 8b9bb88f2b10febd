import { expect, test } from "vitest";
import { acts, Attempt } from "./attempt.svelte.ts";

/** Work that ends when it is told to. */
function work(done: string[], name: string): { run: () => Promise<void>; end: () => void } {
  let end = (): void => {};
  const ends = new Promise<void>((go) => (end = go));
  return { run: async () => { done.push(`${name} begins`); await ends; done.push(`${name} ends`); }, end: () => end() };
}

test("X-05 a second tap while the first still writes is not a second act", async () => {
  const attempt = new Attempt(), done: string[] = [], a = work(done, "a"), b = work(done, "b");
  const first = attempt.run(a.run);
  expect(await attempt.run(b.run)).toBe(false);
  a.end();
  expect(await first).toBe(true);
  expect(done).toEqual(["a begins", "a ends"]);
});

test("X-05 photos handed over while one is being prepared are all taken, one after the other, also when one of them fails", async () => {
  const attempt = new Attempt(), done: string[] = [], a = work(done, "a"), b = work(done, "b"), c = work(done, "c");
  const all = [attempt.run(a.run), attempt.inTurn(b.run), attempt.inTurn(() => Promise.reject(new Error("no picture"))), attempt.inTurn(c.run)];
  expect(acts.now, "what waits is not kept yet").toBe(4);
  for (const one of [a, b, c]) one.end();
  expect(await Promise.all(all)).toEqual([true, true, false, true]);
  expect(done).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  expect(acts.now).toBe(0);
  expect(attempt.busy).toBe(false);
});
