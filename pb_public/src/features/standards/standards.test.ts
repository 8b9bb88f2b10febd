import { afterEach, beforeEach, expect, test } from "vitest";
import { tables } from "../../db";
import { as, close, open } from "../order/testing/day";
import { allStandards, blank, saveStandard, shown } from "./standards";

const pads = { ...blank, code: "BR-01", name: "更换前刹车片", system: "brake" as const, job_class: "mechanical" as const, minutes: 60, symptoms: "刹车异响" };

beforeEach(async () => {
  await open();
  as("wu");
  await saveStandard(null, pads);
});
afterEach(close);

test("E-02 the leader adds a standard time and changes its minutes offline; its code stays", async () => {
  const [row] = await allStandards();
  await saveStandard(row!, { ...pads, code: "BR-99", minutes: 75 });
  expect((await allStandards())[0]).toMatchObject({ code: "BR-01", minutes: 75, name: "更换前刹车片" });
});
test("E-02 a code is used once", async () => {
  await expect(saveStandard(null, { ...pads, code: " BR-01 " })).rejects.toMatchObject({ code: "field.taken", field: "code" });
  expect(await tables.standard_times.count()).toBe(1);
});
test("E-02 a technician changes no standard time", async () => {
  as("guo");
  const [row] = await allStandards();
  await expect(saveStandard(row!, { ...pads, minutes: 1 })).rejects.toMatchObject({ code: "flow.role" });
  await expect(saveStandard(null, { ...pads, code: "X" })).rejects.toMatchObject({ code: "flow.role" });
});
test("E-01 E-02 found by code, name and symptom; what is out of use only when asked for", async () => {
  await saveStandard(null, { ...blank, code: "AC-07", name: "空调滤芯", system: "air_conditioning", active: false });
  const all = await allStandards();
  for (const text of ["br-0", "刹车片", "异响"]) expect(shown(all, { text, system: "", off: false }).map((s) => s.code)).toEqual(["BR-01"]);
  expect(shown(all, { text: "", system: "air_conditioning", off: false })).toEqual([]);
  expect(shown(all, { text: "", system: "", off: true }).map((s) => s.code)).toEqual(["AC-07", "BR-01"]);
});
