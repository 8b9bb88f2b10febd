import fc from "fast-check";
import { describe, expect, test } from "vitest";
import basesJSON from "../../../internal/flow/testdata/vectors/bases.json";
import generated from "../../../internal/flow/testdata/vectors/files_generated.json";
import files from "../../../internal/flow/testdata/vectors/files.json";
import { mergeUnchained } from "./guards/files.ts";
import { judge, type Bases, type Vector } from "./vectors.ts";

const sets = Object.entries(files.bases as Record<string, Record<string, unknown>>);
const bases = { ...basesJSON, ...Object.fromEntries(sets.map(([name, set]) => [name, { over: "day", set }])) } as unknown as Bases;

describe("the tablet's rules of files answer as the server's", () => {
  for (const v of files.rules as unknown as Vector[]) {
    test(v.name, () => {
      expect(judge(bases, v)).toMatchObject({ code: "", flags: [], kept: false, ...v.want });
    });
  }
});

test("V-05 V-07 Q-04 both sides agree on generated cases near every edge", () => {
  const nothing = { transition: "", code: "", field: "", params: {}, flags: [], kept: false };
  for (const v of generated as unknown as Vector[]) expect(judge(bases, v), v.name).toEqual({ ...nothing, ...v.want });
  expect(generated.length).toBeGreaterThanOrEqual(400);
});

test("V-05 whatever is merged and taken back in whatever order, there is no chain and no circle", () => {
  const file = fc.constantFrom("a", "b", "c", "d", "e");
  fc.assert(fc.property(fc.array(fc.record({ kept: file, folded: file, undo: fc.nat(3) }), { maxLength: 30 }), (acts) => {
    const standing: { id: string; kept: string; folded: string; kept_name: string }[] = [];
    acts.forEach(({ kept, folded, undo }, i) => {
      if (undo === 0) standing.splice(0, 1);
      const after = { id: `m${i}`, kept, folded };
      if (kept !== folded && !mergeUnchained({ entity: "merge", now: "", actor: { id: "a", name: "a", roles: ["advisor"] }, after, files: { merges: standing } })) standing.push({ ...after, kept_name: kept });
      const folds = standing.map((m) => m.folded);
      expect(new Set(folds).size).toBe(folds.length);
      expect(standing.some((m) => folds.includes(m.kept))).toBe(false);
    });
  }));
});
