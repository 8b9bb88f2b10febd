import { describe, expect, test } from "vitest";
import type { QueueEntry } from "../../sync/queue";
import { askText } from "./ask";
import { blamesValue, correctable, corrections } from "./correct";
import { mattersOf } from "./matters";

type Op = NonNullable<QueueEntry["refused"]>["ops"][number];
const op = (kind: string, collection: string, id: string, data: Record<string, unknown> = {}): Op => ({ op: kind, collection, id, data });
const refused = (key: string, intent: string, ops: Op[], over: Partial<NonNullable<QueueEntry["refused"]>> = {}): QueueEntry =>
  ({ key, kind: "edit", intent, at: 0, state: "rejected", refused: { code: "job.running", message: "", fields: {}, ops, others: [], ...over } });

describe("X-04 refused edits", () => {
  test("what stood on a refused edit is shown with it, and other edits by themselves", () => {
    const found = mattersOf([
      refused("a", "order.create", [op("create", "work_orders", "o1")]),
      refused("b", "job.add", [op("create", "jobs", "j1", { work_order: "o1" })]),
      refused("c", "job.edit", [op("patch", "jobs", "j1", { work: "x" })]),
      refused("d", "job.start", [op("patch", "jobs", "j9", { state: "in_progress" })]),
      refused("e", "job.finish", [op("patch", "jobs", "j9", { state: "done" })]),
      refused("f", "visit.change", [op("patch", "visits", "v1", { wash: "yes" })]),
      refused("g", "visit.covers", [op("patch", "visits", "v1", { covers_pieces: 4 })]),
    ]);
    expect(found.map((m) => [m.entry.key, m.after.map((e) => e.key)])).toEqual([["a", ["b", "c"]], ["d", ["e"]], ["f", []], ["g", []]]);
  });

  test("plain values can be corrected on the spot, the one the rule disliked first", () => {
    const entry = refused("a", "visit.change", [op("patch", "visits", "v1", { odometer_km: 99999999, state: "working", advisor: "s1" })],
      { code: "field.range", fields: { odometer_km: { code: "field.range", message: "太大" }, storage_box: { code: "field.required", message: "要填" } } });
    const lines = correctable(entry);
    expect(lines.map((l) => [l.field, l.editor, l.fault])).toEqual([["storage_box", "text", "要填"], ["odometer_km", "number", "太大"]]);
    expect(blamesValue(entry, lines)).toBe(true);
    expect(blamesValue(refused("b", "job.start", [op("patch", "jobs", "j", { state: "done" })], { code: "flow.transition" }), [])).toBe(false);
    expect(corrections(lines, { storage_box: "B3", odometer_km: 99999 })).toEqual({ "visits/v1": { storage_box: "B3", odometer_km: 99999 } });
    expect(corrections(lines, { odometer_km: 99999999 })).toEqual({});
  });

  test("what goes to a colleague says car, act, reason, others and both values", () => {
    const entry = refused("a", "job.edit", [op("patch", "jobs", "j", { labour_fen: 30000 })], {
      message: "这一项已经开工。", server: { "jobs/j": { labour_fen: 28000, updated_by: "g" } },
      others: [{ key: "jobs/j", by: "g", at: "2026-11-21 01:28:00.000Z", op: "update", values: { labour_fen: 28000 } }],
    });
    const text = askText({ entry, after: [] }, { plate: "沪A8K359", make: "大众", model: "帕萨特" } as never, new Map([["g", "郭涛"]]), "杨帆");
    for (const part of ["改项目", "沪A·8K359", "杨帆", "这一项已经开工。", "郭涛", "¥300.00", "¥280.00"]) expect(text).toContain(part);
  });
});
