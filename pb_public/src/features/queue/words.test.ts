import { describe, expect, test } from "vitest";
import { has } from "../../i18n/index.svelte";
import { fieldText, valueText } from "./values";
import { differences, intentText, othersText, photoText, placeOf, placeOfEntry } from "./words";
import table from "../../../../internal/flow/table.json";

const sources = import.meta.glob<string>(["../../**/*.ts", "../../**/*.svelte", "!../../**/*.test.ts", "!../buyer/**"], { eager: true, query: "?raw", import: "default" }); // the customer's page has an outbox of its own

describe("X-04 the queue in people's words", () => {
  test("every act of the app has its name", () => {
    const unnamed = Object.values(sources).flatMap((text) => [...text.matchAll(/\bact\(\s*"([\w.]+)"/g)].map((m) => m[1] ?? "")).filter((intent) => !has(`intents.${intent.replace(/\W/g, "_")}`));
    expect([...new Set(unnamed)]).toEqual([]);
    expect(intentText("something.new")).toBe(intentText("other.thing"));
  });
  test("both values stand side by side, without bookkeeping and without what is the same", () => {
    const op = { collection: "jobs", id: "j1", data: { state: "in_progress", pause_reason: "", version: 4, work: "同" } };
    expect(differences(op, { "jobs/j1": { state: "paused", pause_reason: "", work: "同" } })).toMatchObject([{ field: "state", mine: "in_progress", theirs: "paused", known: true }]);
    expect(differences(op, undefined)[0]).toMatchObject({ known: false });
  });
  test("values are read as people read them", () => {
    expect(valueText("jobs", "labour_fen", 128000)).toBe("¥1,280.00");
    expect(valueText("jobs", "labour_minutes", 90)).toBe("1 小时 30 分");
    expect(valueText("visits", "odometer_km", 48260)).toBe("48,260 km");
    expect(valueText("jobs", "technicians", ["s1", "s2"], new Map([["s1", "杨帆"], ["s2", "郭涛"]]))).toBe("杨帆、郭涛");
    expect(valueText("jobs", "parts", [{ name: "机油", quantity_milli: 4500, unit: "L", unit_fen: 6800 }])).toBe("机油 × 4.5 L ¥68.00");
    expect(valueText("photos", "drawing", { shapes: [] })).toBe("有标记");
    expect(valueText("consents", "strokes", [[1, 2]])).toBe("已签字");
    expect(valueText("damage_marks", "zone", "left.front_door")).toContain("左前门");
    expect(valueText("jobs", "note", "")).toBe("空");
    expect(valueText("vehicles", "purchased_on", "2024-03-01 00:00:00.000Z")).toBe("2024 年 3 月 1 日 周五");
    expect(valueText("later_collection", "anything", "x")).toBe("x");
  });
  test("states have the words of their own kind of record", () => {
    expect(valueText("jobs", "state", "paused")).toBe("暂停");
    expect(valueText("visits", "state", "left")).not.toBe(valueText("damage_marks", "view", "left"));
  });
  test("every field a person may change has a name in both languages", () => {
    const hidden = ["position", "template", "inspection", "subject_collection", "subject_record", "sha256", "bytes", "width", "height", "media", "x", "y", "code_version"];
    const fields = Object.values(table.entities).filter((e) => !["conflicts", "corrections"].includes(e.collection)).flatMap((e) => Object.entries(e.fields as Record<string, { derived?: boolean }>).filter(([, f]) => !f.derived).map(([name]) => name));
    expect([...new Set(fields)].filter((name) => !hidden.includes(name) && !has(`records.field_${name}`))).toEqual([]);
    expect(fieldText("promised_at")).toBe("约定完工时间");
  });
  test("all who touched the record are told, with what it became, and a deletion as such", () => {
    const names = new Map([["g", "郭涛"]]);
    const at = "2026-01-05 01:28:00.000Z";
    expect(othersText({ key: "jobs/j", by: "g", at, op: "update", values: { state: "in_progress", updated_by: "g" } }, names)).toMatch(/^郭涛 .*改了：状态 → /);
    expect(othersText({ key: "jobs/j", by: "x", at, op: "delete", values: {} }, names)).toMatch(/^同事 .*删了/);
    expect(othersText({ key: "jobs/j", by: "g", at, op: "update", values: { parts: null } }, names)).toContain("配件");
  });
  test("the way out leads to the screen where it can be put right", () => {
    expect(placeOf("jobs", "j", { work_order: "o" })).toBe("/order/o");
    expect(placeOf("damage_marks", "m", { visit: "v" })).toBe("/visit/v/car");
    expect(placeOf("vehicles", "x", {})).toBe("/files/x");
    expect(placeOf("staff", "x", {})).toBe("");
    const start = { key: "k", kind: "edit", intent: "job.start", at: 0, state: "rejected", visit: "v", refused: { code: "", message: "", fields: {}, others: [], ops: [{ op: "patch", collection: "jobs", id: "j", data: {} }], server: { "jobs/j": { work_order: "o" } } } } as const;
    expect(placeOfEntry(start as never, ["technician"])).toBe("/jobs/j");
    expect(placeOfEntry(start as never, ["advisor"])).toBe("/order/o");
  });
  test("a photo is named for what it shows", () => {
    expect(photoText("near", "left.front_door")).toContain("左前门");
    expect(photoText("", "")).toBe("照片");
  });
});
