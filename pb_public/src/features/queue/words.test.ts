import { describe, expect, test } from "vitest";
import { has } from "../../i18n/index.svelte";
import { differences, intentText, photoText, placeOf, valueText } from "./words";

const sources = import.meta.glob<string>(["../../**/*.ts", "../../**/*.svelte", "!../../**/*.test.ts"], { eager: true, query: "?raw", import: "default" });

describe("X-04 the queue in people's words", () => {
  test("every act of the app has its name", () => {
    const unnamed = Object.values(sources).flatMap((text) => [...text.matchAll(/\bact\(\s*"([\w.]+)"/g)].map((m) => m[1] ?? "")).filter((intent) => !has(`intents.${intent.replace(/\W/g, "_")}`));
    expect([...new Set(unnamed)]).toEqual([]);
    expect(intentText("something.new")).toBe(intentText("other.thing"));
  });
  test("both values stand side by side, without bookkeeping and without what is the same", () => {
    const op = { collection: "jobs", id: "j1", data: { state: "in_progress", pause_reason: "", version: 4, work: "同" } };
    expect(differences(op, { "jobs/j1": { state: "paused", pause_reason: "", work: "同" } })).toEqual([{ field: "state", mine: "in_progress", theirs: "paused", known: true }]);
    expect(differences(op, undefined)[0]).toMatchObject({ known: false });
  });
  test("values are read as people read them", () => {
    expect(valueText("labour_fen", 128000)).toBe("¥1,280.00");
    expect(valueText("state", "paused")).toBe("暂停");
    expect(valueText("technicians", ["s1", "s2"], new Map([["s1", "杨帆"], ["s2", "郭涛"]]))).toBe("杨帆、郭涛");
    expect(valueText("note", "")).toBe("空");
  });
  test("the way out leads to the screen where it can be put right", () => {
    expect(placeOf("jobs", "j", { work_order: "o" })).toBe("/order/o");
    expect(placeOf("damage_marks", "m", { visit: "v" })).toBe("/visit/v/car");
    expect(placeOf("vehicles", "x", {})).toBe("/files/x");
    expect(placeOf("staff", "x", {})).toBe("");
  });
  test("a photo is named for what it shows", () => {
    expect(photoText("near", "left.front_door")).toContain("左前门");
    expect(photoText("", "")).toBe("照片");
  });
});
