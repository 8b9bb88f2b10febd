import { beforeEach, describe, expect, test } from "vitest";
import { has } from "../../i18n/index.svelte";
import { blank, fromSearch, loadDraft, missing, saveDraft } from "./draft.svelte";

const ready = { customer: true, template: true };
beforeEach(() => localStorage.clear());

describe("an arrival before it is a visit", () => {
  test("X-01 a reload finds the entries as they were, each person their own", () => {
    saveDraft("a", { ...blank, fresh: true, plate: "沪A8K359", odometer: 48260 });
    expect(loadDraft("a")).toMatchObject({ fresh: true, plate: "沪A8K359", odometer: 48260 });
    expect(loadDraft("b")).toEqual(blank);
    saveDraft("a", blank);
    expect(localStorage.length).toBe(0);
  });
  test("a draft that cannot be read begins anew", () => {
    localStorage.setItem("aftercare.arrival.a", "{oops");
    expect(loadDraft("a")).toEqual(blank);
  });
  test.each([
    ["沪A8K359", { plate: "沪A8K359" }], ["沪a·8k", { plate: "沪A8K" }], ["1M8GDM9AXKP042788", { vin: "1M8GDM9AXKP042788" }], ["13812346021", { phone: "13812346021", other: true }], ["李思远", { name: "李思远", other: true }], ["?", {}],
  ])("what was searched for is not typed twice: %s", (text, expected) => {
    expect(fromSearch(text)).toEqual({ fresh: true, vehicle: "", ...expected });
  });
  test("says the first thing that is missing, each with its sentence", () => {
    const steps = [
      missing(blank, ready),
      missing({ ...blank, fresh: true }, ready),
      missing({ ...blank, fresh: true, plate: "沪A8K359" }, { ...ready, customer: false }),
      missing({ ...blank, vehicle: "v" }, ready),
      missing({ ...blank, vehicle: "v", purpose: "comeback" }, ready),
      missing({ ...blank, vehicle: "v", purpose: "repair" }, { ...ready, template: false }),
    ];
    expect(steps).toEqual(["arrival.why_vehicle", "arrival.why_plate", "arrival.why_customer", "arrival.why_purpose", "arrival.why_original", "arrival.why_template"]);
    for (const key of steps) expect(has(key ?? "")).toBe(true);
    expect(missing({ ...blank, vehicle: "v", purpose: "repair" }, ready)).toBeNull();
  });
  test("V-02 somebody else brings the car: the file's customer does not stand in for them", () => {
    expect(missing({ ...blank, vehicle: "v", purpose: "repair", other: true }, ready)).toBe("arrival.why_customer");
    expect(missing({ ...blank, vehicle: "v", purpose: "repair", other: true, name: "王" }, ready)).toBeNull();
  });
});
