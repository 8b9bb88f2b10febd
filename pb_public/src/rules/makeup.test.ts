import { describe, expect, test } from "vitest";
import basesJSON from "../../../internal/flow/testdata/vectors/bases.json";
import generated from "../../../internal/flow/testdata/vectors/makeup_generated.json";
import makeup from "../../../internal/flow/testdata/vectors/makeup.json";
import { calendarOf } from "./calendar.ts";
import { shippedPolicy } from "./figures.ts";
import { guards } from "./guards.ts";
import { makeupDue } from "./makeup.ts";
import { factsOf, judge, type Bases, type Vector } from "./vectors.ts";

const sets = Object.entries(makeup.bases as Record<string, Record<string, unknown>>);
const bases = { ...basesJSON, ...Object.fromEntries(sets.map(([name, set]) => [name, { over: "day", set }])) } as unknown as Bases;
type Asked = { name: string; guard: string; base: string; set: Record<string, unknown>; code: string };
const ask = (c: Asked): string => guards[c.guard]!(factsOf(bases, c.base, c.set))?.code ?? "";

describe("the tablet's rules of make-up parts answer as the server's", () => {
  for (const v of makeup.rules as unknown as Vector[]) test(v.name, () => expect(judge(bases, v)).toMatchObject({ code: "", flags: [], kept: false, ...v.want }));
  for (const c of makeup.guards as unknown as Asked[]) test(c.name, () => expect(ask(c)).toBe(c.code));
});

test("P-03 P-04 both sides agree on generated cases near every edge", () => {
  const nothing = { transition: "", code: "", field: "", params: {}, flags: [], kept: false };
  for (const v of generated.steps as unknown as Vector[]) expect(judge(bases, v), v.name).toEqual({ ...nothing, ...v.want });
  for (const c of generated.guards as unknown as Asked[]) expect(ask(c), c.name).toBe(c.code);
  expect(generated.steps.length + generated.guards.length).toBeGreaterThanOrEqual(400);
});

type Time = { name: string; policy?: Record<string, number>; row: Record<string, unknown>; due: string; from?: string; ready?: string; assumed?: boolean };
const said = (at: number | null): string => (at === null ? "" : new Date(at).toISOString().replace("T", " "));

describe("due times in working days, as the server counts them", () => {
  const days = calendarOf();
  for (const c of makeup.times as unknown as Time[]) {
    test(c.name, () => {
      const got = makeupDue(c.row, { ...shippedPolicy, ...c.policy }, days, "Asia/Shanghai");
      expect([said(got.due), said(got.from), said(got.ready), got.assumed]).toEqual([c.due, c.from ?? "", c.ready ?? "", c.assumed ?? false]);
    });
  }
});
