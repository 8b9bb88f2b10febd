import { describe, expect, test } from "vitest";
import basesJSON from "../../../internal/flow/testdata/vectors/bases.json";
import generated from "../../../internal/flow/testdata/vectors/inspections_generated.json";
import inspections from "../../../internal/flow/testdata/vectors/inspections.json";
import { inspectionAnswered } from "./guards/inspection.ts";
import { judge, type Bases, type Vector } from "./vectors.ts";

const sets = Object.entries(inspections.bases as Record<string, Record<string, unknown>>);
const bases = { ...basesJSON, ...Object.fromEntries(sets.map(([name, set]) => [name, { over: "day", set }])) } as unknown as Bases;

describe("the tablet's rules of inspections answer as the server's", () => {
  for (const v of inspections.rules as unknown as Vector[]) {
    test(v.name, () => {
      expect(judge(bases, v)).toMatchObject({ code: "", flags: [], kept: false, ...v.want });
    });
  }
});

test("R-15 both sides agree on generated cases near every edge", () => {
  const nothing = { transition: "", code: "", field: "", params: {}, flags: [], kept: false };
  for (const v of generated as unknown as Vector[]) expect(judge(bases, v), v.name).toEqual({ ...nothing, ...v.want });
  expect(generated.length).toBeGreaterThanOrEqual(400);
});

test("R-15 what is completed stays so; a walk-around is held by its visit's step", () => {
  const done = "2026-11-21 02:00:00.000Z";
  for (const [kind, before, after, want] of [
    ["device_check", "", done, "inspection.unanswered"], ["device_check", "", "", null], ["device_check", done, done, null], ["walkaround", "", done, null],
  ] as const) {
    const f = { entity: "inspection", now: "", actor: { id: "t", name: "t", roles: ["technician"], skill: 0 }, checklist: kind, items: ["seat.horn"], before: { completed_at: before }, after: { completed_at: after } };
    expect(inspectionAnswered(f)?.code ?? null, `${kind} ${before} ${after}`).toBe(want);
  }
});
