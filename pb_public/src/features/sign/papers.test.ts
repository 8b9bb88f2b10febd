import { describe, expect, test } from "vitest";
import { jobHash } from "../../rules/consent";
import * as papers from "./papers";
import { fromPad, isSignature, readStrokes, toPad } from "./strokes";

type Job = Parameters<typeof papers.isCovered>[0] & Record<string, unknown>;
const at = "2026-11-21 02:00:00.000Z";
const base = {
  shop: { id: "s", name: "店" }, visit: { id: "v", shop: "s", number: "A07", vehicle: "ve", customer: "cu", odometer_km: 48260, energy_level: 50, anything_else: "没有了。", covers_pieces: 5, covers_rear: false },
  vehicle: { plate: "沪A8K359", vin: "", make: "大众", model: "帕萨特" }, customer: { name: "李思远" },
} as unknown as papers.Case;
const order = { id: "o", number: "SH-261121-A03", visit: "v", state: "presented", promised_at: at } as Parameters<typeof papers.settlement>[0];

function job(id: string, more: object = {}): Parameters<typeof papers.settlement>[1][number] {
  const row = { id, work: `项目 ${id}`, detail: "", diagnosis_only: false, labour_minutes: 30, labour_fen: 9000, parts: [], labour_range_percent: 10, parts_range_percent: 0, payer: "customer", not_guaranteed: false, origin: "estimate", state: "proposed", position: 1, ...more };
  return { ...row, sha256: jobHash(row) } as unknown as Parameters<typeof papers.settlement>[1][number];
}
function consent(jobs: papers.SignedDocument["jobs"], decision: papers.Decision, more: object = {}): Parameters<typeof papers.settlement>[2][number] {
  return { id: "c", state: "given", document_kind: "estimate", sha256: "", jobs: jobs.map((j) => ({ ...j, decision })), ...more } as unknown as Parameters<typeof papers.settlement>[2][number];
}
const named = (j: Job) => [{ id: j.id, sha256: j.sha256 }];

describe("S-02 the papers on this tablet", () => {
  test("S-02 the estimate holds every standing job of the estimate with its hash", () => {
    const jobs = [job("b", { position: 2 }), job("a"), job("x", { origin: "supplement" }), job("y", { state: "declined" })];
    const paper = papers.orderPaper("estimate", base, order, jobs, []);
    expect(paper.jobs).toEqual([{ id: "a", sha256: jobs[1]!.sha256 }, { id: "b", sha256: jobs[0]!.sha256 }]);
    expect(paper.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(papers.orderPaper("estimate", base, { ...order, promised_at: "" }, jobs, []).sha256).not.toBe(paper.sha256);
  });

  test("S-05 a supplement holds only what is not covered yet", () => {
    const signed = job("s1", { origin: "supplement", state: "approved" }), fresh = job("s2", { origin: "supplement" });
    const paper = papers.orderPaper("supplement", base, order, [job("a"), signed, fresh], [consent(named(signed), "approved")]);
    expect(paper.jobs.map((j) => j.id)).toEqual(["s2"]);
  });

  test("R-12 the pre-check sheet changes with everything that is on it", () => {
    const sheet = {
      concerns: [{ id: "c", words: "异响", confirmed_at: at, position: 1 }], findings: [{ item: "left.sill", result: "good", level: 0, note: "" }],
      marks: [{ id: "m", view: "left", x: 0.1234, y: 0.5, zone: "left.sill", kind: "scratch", severity: "to_3", note: "" }],
      photos: [{ sha256: "b" }, { sha256: "a" }, { sha256: "j", subject_collection: "jobs" }], belongings: [], keys: [{ tag: "A07", keys: 1, hook: "3" }],
    } as unknown as papers.Sheet;
    const paper = papers.precheckPaper(base, sheet);
    expect(paper.document).toMatchObject({ kind: "precheck", photos: ["a", "b"], odometer_km: 48260, marks: [{ x_milli: 123, y_milli: 500 }], concerns: [{ words: "异响", confirmed: true }], covers: { pieces: 5, rear: false } });
    expect(papers.precheckPaper({ ...base, visit: { ...base.visit, anything_else: "还有" } }, sheet).sha256).not.toBe(paper.sha256);
    expect(papers.precheckPaper(base, { ...sheet, photos: [...sheet.photos].reverse() }).sha256).toBe(paper.sha256);
  });

  test("S-02 a paper counts as signed only with this very hash and not when voided", () => {
    const paper = papers.orderPaper("estimate", base, order, [job("a")], []);
    expect(papers.signedAs(paper, [consent([], "approved", { sha256: paper.sha256 })])).not.toBeNull();
    expect(papers.signedAs(paper, [consent([], "approved", { sha256: paper.sha256, state: "void" })])).toBeNull();
    expect(papers.signedAs(paper, [consent([], "approved", { sha256: "other" })])).toBeNull();
  });
});

describe("S-01 what decisions make of an order", () => {
  const [a, b] = [job("a"), job("b")];
  test("S-01 approved jobs are approved, declined ones declined, and the order is authorised", () => {
    const given = consent(named(a), "approved"), no = consent(named(b), "declined");
    expect(papers.settlement(order, [a, b], [given, no])).toEqual({ jobs: [{ id: "a", to: "approved" }, { id: "b", to: "declined" }], order: "authorised" });
  });

  test("S-02 a job that changed since stays proposed", () => {
    expect(papers.settlement(order, [job("a", { labour_fen: 9100 })], [consent(named(a), "approved")])).toEqual({ jobs: [], order: null });
  });

  test("S-06 everything declined declines the order; a declined paper is declined", () => {
    expect(papers.settlement(order, [a], [consent(named(a), "declined", { state: "declined" })])).toEqual({ jobs: [{ id: "a", to: "declined" }], order: "declined" });
    const online = consent(named(a), "declined", { state: "declined", kind: "portal", signed_at: "2026-11-21 03:00:00.000Z" });
    expect(papers.settlement(order, [a], [online]).jobs, "told by the customer's own page").toEqual([{ id: "a", to: "declined", online: online.signed_at }]);
    const paper = papers.orderPaper("estimate", base, order, [a, b], []);
    expect(papers.stateOf(papers.decided(paper, new Set(["a", "b"])))).toBe("declined");
    expect(papers.stateOf(papers.decided(paper, new Set(["a"])))).toBe("given");
    expect(papers.stateOf([])).toBe("given");
  });

  test("S-05 a supplement of a running order changes no state of the order", () => {
    const extra = job("s", { origin: "supplement" });
    expect(papers.settlement({ ...order, state: "in_progress" }, [job("a", { state: "in_progress" }), extra], [consent(named(extra), "approved")])).toEqual({ jobs: [{ id: "s", to: "approved" }], order: null });
  });

  test("S-02 a voided consent decides nothing", () => {
    expect(papers.settlement(order, [a], [consent(named(a), "approved", { state: "void" })])).toEqual({ jobs: [], order: null });
  });
});

describe("S-03 a signature as data", () => {
  const groups = [{ points: Array.from({ length: 20 }, (_, i) => ({ x: i * 10, y: 50 + i, time: 1000 + i, pressure: 0.5 })) }, { points: [] }];
  test("S-03 strokes keep their points and time at any size of the pad", () => {
    const strokes = fromPad(groups, 400);
    expect(strokes).toHaveLength(1);
    expect(strokes[0]!.points[19]).toEqual({ x: 475, y: 173, time: 1019 });
    expect(fromPad(toPad(strokes, 800), 800)).toEqual(strokes);
  });

  test("S-03 a dot is no signature", () => {
    expect(isSignature(fromPad(groups, 400))).toBe(true);
    expect(isSignature([{ points: [{ x: 1, y: 1, time: 0 }] }])).toBe(false);
    expect(isSignature([])).toBe(false);
  });

  test("R-05 a half-written signature that cannot be read is no signature", () => {
    expect(readStrokes("{")).toEqual([]);
    expect(readStrokes(null)).toEqual([]);
    expect(readStrokes('[{"points":[]},{"x":1}]')).toEqual([{ points: [] }]);
  });
});
