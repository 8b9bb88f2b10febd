import { describe, expect, test } from "vitest";
import vectors from "../../../internal/pass/testdata/passes.json";
import { checkPass } from "./pass.ts";
import { Refused } from "./refused.ts";
import type { Keys } from "./seal.ts";

describe("the phone judges a gate pass as the server does", () => {
  for (const v of vectors) {
    test(v.name, async () => {
      const got = await checkPass(v.token, v.keys as unknown as Keys);
      if (got instanceof Refused) expect(got.code).toBe(v.code);
      else expect({ code: "", plate: got.pass.plate, by: got.by?.device ?? "" }).toEqual({ code: v.code, plate: v.plate, by: v.by });
    });
  }

  test("D-07 a single altered character fails", async () => {
    const { token, keys } = vectors[1]!;
    for (let i = 0; i < token.length; i += 7) {
      const other = token[i] === "A" ? "B" : "A";
      expect(await checkPass(token.slice(0, i) + other + token.slice(i + 1), keys as unknown as Keys), `character ${i}`).toBeInstanceOf(Refused);
    }
  });
});
