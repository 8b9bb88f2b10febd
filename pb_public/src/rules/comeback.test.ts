import { describe, expect, test } from "vitest";
import basesJSON from "../../../internal/flow/testdata/vectors/bases.json";
import comeback from "../../../internal/flow/testdata/vectors/comeback.json";
import learn from "../../../internal/flow/testdata/vectors/learn.json";
import learnGenerated from "../../../internal/flow/testdata/vectors/learn_generated.json";
import generated from "../../../internal/flow/testdata/vectors/comeback_generated.json";
import { guards } from "./guards.ts";
import { factsOf, judge, type Bases, type Vector } from "./vectors.ts";

const sets = Object.entries({ ...comeback.bases, ...learn.bases } as Record<string, Record<string, unknown>>);
const bases = { ...basesJSON, ...Object.fromEntries(sets.map(([name, set]) => [name, { over: "day", set }])) } as unknown as Bases;
type Asked = { name: string; guard: string; base: string; set: Record<string, unknown>; code: string };
const ask = (c: Asked): string => guards[c.guard]!(factsOf(bases, c.base, c.set))?.code ?? "";

describe("the tablet's rules of comebacks, reports and claims answer as the server's", () => {
  for (const v of [...comeback.rules, ...learn.rules] as unknown as Vector[]) test(v.name, () => expect(judge(bases, v)).toMatchObject({ code: "", flags: [], kept: false, ...v.want }));
  for (const c of [...comeback.guards, ...learn.guards] as unknown as Asked[]) test(c.name, () => expect(ask(c)).toBe(c.code));
});

test("C-01 C-02 W-08 E-10 both sides agree on generated cases near every edge", () => {
  const nothing = { transition: "", code: "", field: "", params: {}, flags: [], kept: false };
  for (const v of [...generated.steps, ...learnGenerated.steps] as unknown as Vector[]) expect(judge(bases, v), v.name).toEqual({ ...nothing, ...v.want });
  for (const c of [...generated.guards, ...learnGenerated.guards] as unknown as Asked[]) expect(ask(c), c.name).toBe(c.code);
  expect(generated.steps.length + generated.guards.length).toBeGreaterThanOrEqual(400);
});
