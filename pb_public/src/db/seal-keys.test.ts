import { afterEach, beforeEach, expect, test } from "vitest";
import vectors from "../../../internal/consent/testdata/vectors/seals.json";
import { close, open, row } from "../features/order/testing/day.ts";
import { pinnedKeys } from "./seal-keys.ts";

const first = Object.entries(vectors.keys as Record<string, string>);
const handed = vectors.handover.map((handover) => ({ key: handover.statement.next, public: handover.statement.public, handover }));
const offer = (key: string, text: string, handover: unknown = null) => row("seal_keys", { id: `k${key}`.slice(0, 15), key, public: text, handover });

beforeEach(() => open());
afterEach(close);

test("S-03 the first keys are pinned, later ones only when a pinned key hands over to them", async () => {
  expect(await pinnedKeys()).toEqual({});
  for (const [key, text] of first) await offer(key, text);
  expect(await pinnedKeys()).toEqual(Object.fromEntries(first));
  const stranger = handed.filter((k) => !vectors.trusted.includes(k.key));
  for (const k of handed) await offer(k.key, k.public, k.handover);
  await offer("feedfeedfeedfeed", first[0]![1]);
  expect(Object.keys(await pinnedKeys()).sort()).toEqual([...vectors.trusted].sort());
  for (const k of stranger) expect(await pinnedKeys()).not.toHaveProperty(k.key);
});
