import { describe, expect, test } from "vitest";
import { firstOpen, missing, stepState, type Progress } from "./steps";
import { reading } from "./summary";
import type { Finding, Item, Mark } from "./model";

const at = "2026-11-21 02:00:00.000Z";
function progress(visit: object = {}, more: Partial<Progress> = {}): Progress {
  return {
    visit: { state: "open", customer: "c", vehicle: "v", anything_else_at: "", valuables_exit_at: "", valuables_boot_at: "", valuables_end_at: "", belongings_at: "", storage: "none", storage_box: "", covers_fitted_at: "", ...visit } as Progress["visit"],
    concerns: [], items: 75, unseen: 75, keys: [], order: null, consents: [], ...more,
  };
}
const concern = (more: object) => ({ words: "x", confirmed_at: at, is_fault: false, expert_at: "", ...more }) as Progress["concerns"][number];

describe("steps of a reception", () => {
  test("R-03 words must be written, each read back, and 'anything else?' asked", () => {
    expect(missing("concerns", progress())).toEqual(["missing_concern", "missing_anything_else"]);
    expect(missing("concerns", progress({ anything_else_at: at }, { concerns: [concern({ confirmed_at: "" })] }))).toEqual(["missing_confirm"]);
    expect(missing("concerns", progress({ anything_else_at: at }, { concerns: [concern({})] }))).toEqual([]);
  });

  test("R-11 a fault waits for the expert; the advisor may go on meanwhile", () => {
    const p = progress({ anything_else_at: at }, { concerns: [concern({ is_fault: true })] });
    expect(missing("concerns", p)).toEqual(["missing_expert"]);
    expect(stepState("concerns", p, "car")).toBe("attention");
    expect(stepState("concerns", progress({ anything_else_at: at }, { concerns: [concern({ is_fault: true, expert_at: at })] }), "car")).toBe("done");
  });

  test("R-05 the walk-around is done when nothing is unseen, and never without a template", () => {
    expect(missing("car", progress({}, { unseen: 1 }))).toEqual(["missing_unseen"]);
    expect(missing("car", progress({}, { unseen: 0 }))).toEqual([]);
    expect(missing("car", progress({}, { items: 0, unseen: 0 }))).toEqual(["missing_unseen"]);
  });

  test("R-04 R-08 R-09 R-10 covers, three reminders, belongings and the key", () => {
    expect(missing("belongings", progress())).toEqual(["missing_covers", "missing_valuables", "missing_belongings", "missing_key"]);
    const asked = { covers_fitted_at: at, valuables_exit_at: at, valuables_boot_at: at, belongings_at: at };
    expect(missing("belongings", progress(asked, { keys: [{ tag: "A07" }] as Progress["keys"] }))).toEqual(["missing_valuables"]);
    expect(missing("belongings", progress({ ...asked, valuables_end_at: at }, { keys: [{ tag: "A07" }] as Progress["keys"] }))).toEqual([]);
  });

  test("R-08 R-09 free storage is offered, and what is stored is in a box with a number", () => {
    const asked = { covers_fitted_at: at, valuables_exit_at: at, valuables_boot_at: at, valuables_end_at: at, belongings_at: at };
    const lacks = (visit: object) => missing("belongings", progress({ ...asked, ...visit }, { keys: [{ tag: "A07" }] as Progress["keys"] }));
    expect(lacks({ storage: "" })).toEqual(["missing_storage"]);
    expect(lacks({ storage: "stored", storage_box: " " })).toEqual(["missing_storage"]);
    expect(lacks({ storage: "stored", storage_box: "B3" })).toEqual([]);
  });

  test("R-12 signing needs the pre-check sheet and the order", () => {
    const order = { state: "authorised" } as Progress["order"];
    expect(missing("sign", progress({}, { order }))).toEqual(["missing_precheck"]);
    expect(missing("sign", progress({}, { order, consents: [{ document_kind: "precheck", state: "given" }] as Progress["consents"] }))).toEqual([]);
    expect(missing("sign", progress({}, { order, consents: [{ document_kind: "precheck", state: "void" }] as Progress["consents"] }))).toEqual(["missing_precheck"]);
  });

  test("R-05 an interrupted reception goes on where something is missing", () => {
    expect(firstOpen(progress())).toBe("concerns");
    expect(firstOpen(progress({ anything_else_at: at }, { concerns: [concern({})] }))).toBe("car");
    expect(stepState("concerns", progress(), "concerns")).toBe("now");
    expect(stepState("car", progress(), "concerns")).toBe("unseen");
  });
});

test("R-12 what is read aloud names everything that is not good, with its marks", () => {
  const item = (code: string, zone?: string): Item => ({ code, group: "left", kind: "tri", zone, label: { zh: code, en: code } });
  const found = new Map([["a", { item: "a", result: "good" }], ["b", { item: "b", result: "bad" }]]) as unknown as Map<string, Finding>;
  const marks = [{ mark: { zone: "left.b" } as Mark, number: 1 }, { mark: { zone: "left.x" } as Mark, number: 2 }];
  const read = reading([item("a"), item("b", "left.b"), item("c")], found, marks, []);
  expect([read.items, read.seen, read.marks, read.poor.map((p) => [p.item.code, p.marks])]).toEqual([3, 2, 2, [["b", [1]]]]);
});
