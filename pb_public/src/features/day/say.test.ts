import { describe, expect, test } from "vitest";
import type { OrderCase } from "../order/load";
import { shapeOf, toSay } from "./say";

const now = Date.parse("2026-11-21T06:00:00Z");
const iso = (minutes: number) => new Date(now + minutes * 60_000).toISOString().replace("T", " ");
const job = (over: object) => ({ id: "j", state: "in_progress", origin: "estimate", work: "w", labour_minutes: 0, labour_fen: 100, parts: [], payer: "customer", sha256: "h", priced_at: "", ...over });
const one = (order: object, jobs: object[], id = "o1") => ({ order: { id, state: "in_progress", promised_at: iso(600), updated: iso(-5), ...order }, visit: null, vehicle: null, customer: null, jobs, consents: [], entries: [], checks: [] }) as unknown as OrderCase;
const kinds = (c: OrderCase) => toSay([c], now).map((s) => s.kind);

describe("what must be said to a customer", () => {
  test("W-06 past the promised time: late, with the time it was promised", () => {
    const [say] = toSay([one({ promised_at: iso(-20) }, [job({})])], now);
    expect(say).toMatchObject({ kind: "late", at: now - 20 * 60_000 });
    expect(shapeOf("late")).toBe("bad");
  });
  test("W-06 soon late, and nothing while there is time", () => {
    expect(kinds(one({ promised_at: iso(20) }, [job({})]))).toEqual(["soon"]);
    expect(kinds(one({}, [job({})]))).toEqual([]);
  });
  test("S-05 a supplement first waits for a price, then for the signature, with its sum", () => {
    const found = job({ id: "s", state: "proposed", origin: "supplement", labour_fen: 128000 });
    expect(kinds(one({}, [job({}), found]))).toEqual(["supplement_price"]);
    const [say] = toSay([one({}, [job({}), { ...found, priced_at: iso(-42) }])], now);
    expect(say).toMatchObject({ kind: "supplement_sign", fen: 128000, at: now - 42 * 60_000 });
  });
  test("an estimate that was presented waits for the signature; a draft does not", () => {
    const jobs = [job({ state: "proposed" })];
    expect(kinds(one({ state: "presented", promised_at: iso(-60) }, jobs))).toEqual(["estimate_sign"]);
    expect(kinds(one({ state: "draft" }, jobs))).toEqual([]);
  });
  test("a ready car is told, declined jobs are not asked again", () => {
    expect(kinds(one({ state: "ready", promised_at: iso(-60) }, [job({ state: "passed" })]))).toEqual(["ready"]);
    expect(kinds(one({}, [job({}), job({ id: "d", state: "declined", origin: "supplement" })]))).toEqual([]);
  });
  test("the most urgent comes first, the longest late before the others", () => {
    const says = toSay([one({ state: "ready" }, [job({ state: "passed" })], "a"), one({ promised_at: iso(-5) }, [job({})], "b"), one({ promised_at: iso(-50) }, [job({})], "c")], now);
    expect(says.map((s) => s.case.order.id)).toEqual(["c", "b", "a"]);
  });
});
