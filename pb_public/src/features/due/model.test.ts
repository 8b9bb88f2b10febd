import { describe, expect, test } from "vitest";
import { has } from "../../i18n/index.svelte";
import { kinds } from "./model.ts";

describe("what is due says what it is", () => {
  test.each(kinds)("%s has its name and its sentence", (kind) => {
    expect([has(`due.kind_${kind}`), has(`due.text_${kind}`)]).toEqual([true, true]);
  });
  test("L-14 whatever a claim waits for has its words", () => {
    for (const waits of ["evidence", "insist", "plan", "surprise", "difference", "payment"]) expect(has(`due.waits_${waits}`), waits).toBe(true);
    expect(kinds).toContain("claim_waits");
  });
});
