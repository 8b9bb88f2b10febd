import { flushSync } from "svelte";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { lang } from "../../i18n/index.svelte";
import { close, ids, open } from "../order/testing/day";
import { tables } from "../../db";
import { clear, show } from "../../testing/show";
import ConflictCard from "./ConflictCard.svelte";
import RefusedCard from "./RefusedCard.svelte";
import Ways from "./Ways.svelte";

const at = (box: HTMLElement, testid: string) => box.querySelector<HTMLElement>(`[data-testid="${testid}"]`);
const settled = () => new Promise((done) => setTimeout(done, 120));

beforeEach(() => open("working"));
afterEach(async () => {
  clear();
  lang.set("zh");
  await close();
});

const names = new Map([["guo", "郭涛"], ["wu", "吴志强"]]);
const entry = (over: object = {}) => ({
  key: "k", kind: "edit", intent: "visit.change", at: Date.parse("2026-11-21T01:31:00Z"), state: "rejected", visit: ids.visit,
  refused: {
    code: "field.range", message: "", fields: { odometer_km: { code: "field.range", message: "" } },
    ops: [{ op: "patch", collection: "visits", id: ids.visit, data: { odometer_km: 9_999_999_999 } }],
    server: { [`visits/${ids.visit}`]: { odometer_km: 48260, updated_by: "wu" } },
    others: [{ key: `visits/${ids.visit}`, by: "guo", at: "2026-11-21 01:28:00.000Z", op: "update", values: { wash: "yes" } }, { key: `visits/${ids.visit}`, by: "wu", at: "2026-11-21 01:29:00.000Z", op: "update", values: { odometer_km: 48260 } }],
  },
  ...over,
});

describe("X-04 a refused edit", () => {
  test("X-04 says the reason, all who touched it, both values with their authors, what depended on it, and four ways out", () => {
    const matter = { entry: entry(), after: [entry({ key: "k2", intent: "visit.hand_over" })] };
    const box = show(RefusedCard as never, { matter, vehicle: null, names } as never);
    expect(at(box, "reason")?.textContent).toContain("超出");
    expect([...at(box, "others")!.querySelectorAll("li")].map((li) => li.textContent?.slice(0, 3))).toEqual(["郭涛 ", "吴志强"]);
    expect(box.querySelector("table")?.textContent).toMatch(/9,999,999,999 km[\s\S]*48,260 km[\s\S]*吴志强/);
    expect(at(box, "after")?.textContent).toContain("交车间");
    for (const way of ["correct-open", "fix", "resend", "ask", "drop"]) expect(at(box, way), way).not.toBeNull();
    expect(at(box, "correct-open")?.classList.contains("p"), "a value is to blame: correcting comes first").toBe(true);
  });

  test("X-04 the value is corrected on the spot, with the rule's word under it in the language of the screen", () => {
    lang.set("en");
    const box = show(RefusedCard as never, { matter: { entry: entry(), after: [] }, vehicle: null, names } as never);
    at(box, "correct-open")!.click();
    flushSync();
    const input = box.querySelector<HTMLInputElement>('[data-testid="correct-odometer_km"]')!;
    expect(input.value).toBe("9999999999");
    expect(at(box, "correct")?.textContent).not.toMatch(/\p{Script=Han}/u);
    expect(at(box, "correct")?.textContent).toContain("now 48,260 km");
  });

  test("an edit that is still on its way asks for nothing", () => {
    const box = show(RefusedCard as never, { matter: { entry: entry({ state: "waiting" }), after: [] }, vehicle: null, names } as never);
    expect(at(box, "resend")).toBeNull();
    expect(at(box, "drop")).toBeNull();
    expect(at(box, "ask")).not.toBeNull();
  });

  test("X-04 dropping asks once, by a tap on a reason; asking copies words that stand alone", async () => {
    const ondrop = vi.fn();
    const box = show(Ways as never, { text: () => "沪A·8K359 …", what: "开工", ondrop } as never);
    at(box, "drop")!.click();
    flushSync();
    at(box, "drop-confirm")!.click();
    expect(ondrop).not.toHaveBeenCalled();
    at(box, "drop-twice")!.click();
    flushSync();
    at(box, "drop-confirm")!.closest("form")!.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    expect(ondrop).toHaveBeenCalledWith("重复了");
    const again = show(Ways as never, { text: () => "沪A·8K359 …" } as never);
    at(again, "ask")!.click();
    await settled();
    flushSync();
    expect(at(again, "asked")?.querySelector("textarea")?.value).toBe("沪A·8K359 …");
  });
});

describe("X-05 two values", () => {
  const conflict = (over: object = {}) => ({ id: "c1", shop: "s", collection: "visits", record: ids.visit, field: "odometer_km", merge: "last", kept: 48260, other: 48250, by: "guo", by_device: "", other_by: "wu", other_device: "", state: "open", created: "2026-11-21 01:40:00.000Z", captured_at: "", ...over });

  test("X-05 both values with their authors; either can be taken", async () => {
    const row = (await tables.visits.get(ids.visit)) as never;
    const box = show(ConflictCard as never, { item: { conflict: conflict(), row: { ...(row as object), odometer_km: 48260 }, visit: ids.visit }, vehicle: null, names } as never);
    await settled();
    flushSync();
    expect(box.textContent).toMatch(/48,260 km[\s\S]*郭涛[\s\S]*48,250 km[\s\S]*吴志强/);
    expect(at(box, "keep-shown")).not.toBeNull();
    expect(at(box, "take-other")?.getAttribute("aria-disabled")).toBeNull();
  });

  test("X-05 who may not change the field is told who decides, and can only ask", async () => {
    const item = { conflict: conflict({ collection: "work_orders", record: ids.order, field: "number", merge: "first", kept: "a", other: "b" }), row: { number: "a" }, visit: ids.visit };
    const box = show(ConflictCard as never, { item, vehicle: null, names } as never);
    await settled();
    flushSync();
    expect(at(box, "take-other")?.getAttribute("aria-disabled") ?? "absent").not.toBe("false");
    expect(at(box, "ask")).not.toBeNull();
  });
});
