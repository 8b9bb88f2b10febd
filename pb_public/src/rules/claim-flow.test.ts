import fc from "fast-check";
import { describe, expect, test } from "vitest";
import basesJSON from "../../../internal/flow/testdata/vectors/bases.json";
import claim from "../../../internal/flow/testdata/vectors/claim.json";
import generated from "../../../internal/flow/testdata/vectors/claim_generated.json";
import type { Shipment } from "./facts-claim.ts";
import { guards } from "./guards.ts";
import { inTime, later } from "./guards/claim-common.ts";
import { factsOf, judge, type Bases, type Vector } from "./vectors.ts";

const sets = Object.entries(claim.bases as Record<string, Record<string, unknown>>);
const bases = { ...basesJSON, ...Object.fromEntries(sets.map(([name, set]) => [name, { over: "day", set }])) } as unknown as Bases;
type Asked = { name: string; guard: string; base: string; set: Record<string, unknown>; code: string };
const ask = (c: Asked): string => guards[c.guard]!(factsOf(bases, c.base, c.set))?.code ?? "";

describe("the tablet's rules of claims answer as the server's", () => {
  for (const v of claim.rules as unknown as Vector[]) test(v.name, () => expect(judge(bases, v)).toMatchObject({ code: "", flags: [], kept: false, ...v.want }));
  for (const c of claim.guards as unknown as Asked[]) test(c.name, () => expect(ask(c)).toBe(c.code));
});

test("L-01 … L-13 both sides agree on generated cases near every edge", () => {
  const nothing = { transition: "", code: "", field: "", params: {}, flags: [], kept: false };
  for (const v of generated.steps as unknown as Vector[]) expect(judge(bases, v), v.name).toEqual({ ...nothing, ...v.want });
  for (const c of generated.guards as unknown as Asked[]) expect(ask(c), c.name).toBe(c.code);
  expect(generated.steps.length + generated.guards.length).toBeGreaterThanOrEqual(700);
});

test("L-08 extending never rejects what was sent in time, and heeds what a supervisor grants", () => {
  const time = fc.integer({ min: -4_320, max: 4_320 }).map((minutes) => new Date(Date.UTC(2026, 10, 22, 2, minutes)).toISOString().replace("T", " "));
  fc.assert(fc.property(time, time, time, (due, until, at) => {
    const sent: Shipment = { id: "in1", direction: "in", sent_at: at };
    expect(inTime(sent, { ship_back_due_at: due, extended_until: until })).toBe(inTime(sent, { ship_back_due_at: due }) || later(until, at));
  }));
});
