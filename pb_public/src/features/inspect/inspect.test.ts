// Inspections outside a reception, on a real store with the real rules, as the screens do them.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import device from "../../../../internal/setup/templates/device_check.json";
import delivery from "../../../../internal/setup/templates/new_vehicle.json";
import goods from "../../../../internal/setup/templates/goods_receiving.json";
import { tables, type PreparedPhoto } from "../../db";
import { as, close, ids, open as openShop, row } from "../order/testing/day";
import { loadHistory } from "../files/timeline";
import * as inspect from "./actions";
import { loadCase, ofFile, ofShop } from "./load";
import { inForce, offered, open, pointsOf, proposal, sectionsOf, titleOf, wrong, type Kind, type Point } from "./model";

const asset = "asset0000000001";
const points = (kind: keyof typeof shipped): Point[] => pointsOf(shipped[kind]);
const shipped = { device_check: device, new_vehicle: delivery, goods_receiving: goods };

async function list(kind: keyof typeof shipped, revision = 1, id = `${kind}00000`.slice(0, 13) + `0${revision}`): Promise<void> {
  await row("templates", { id, kind, revision, title: shipped[kind].title, items: shipped[kind].items, codes: shipped[kind].codes, active: true } as never);
}

beforeEach(async () => {
  await openShop("working");
  await tables.visits.update(ids.visit, { arrived_at: "2026-11-21 01:00:00.000Z" });
  for (const kind of Object.keys(shipped) as (keyof typeof shipped)[]) await list(kind);
  await row("assets", { id: asset, kind: "goods", name: "行车记录仪", order_number: "2026112200017" });
  as("guo");
});
afterEach(close);

const found = async (id: string) => (await loadCase(id)).found;
const of = (kind: keyof typeof shipped, code: string): Point => points(kind).find((p) => p.code === code)!;

describe("R-15 the shipped lists", () => {
  test("R-15 thirty-nine points, each once, in groups that follow each other", () => {
    expect(points("device_check")).toHaveLength(39);
    for (const kind of Object.keys(shipped) as (keyof typeof shipped)[]) {
      const codes = points(kind).map((p) => p.code);
      expect(new Set(codes).size).toBe(codes.length);
      expect(sectionsOf(shipped[kind]).flatMap((s) => s.points.map((p) => p.code))).toEqual(codes);
      for (const s of sectionsOf(shipped[kind])) expect(s.label.zh, s.key).toMatch(/\p{Script=Han}/u);
      for (const p of points(kind)) expect(p.label.zh && p.label.en, p.code).toBeTruthy();
    }
  });
  test("R-15 who begins what on which file", () => {
    const lists = Object.keys(shipped).map((kind) => ({ kind: kind as Kind, active: true }));
    expect(offered("vehicle", ["technician"], lists)).toEqual(["device_check", "new_vehicle"]);
    expect(offered("asset", ["warehouse"], lists)).toEqual(["device_check", "goods_receiving"]);
    expect(offered("vehicle", ["cashier"], lists)).toEqual([]);
    expect(offered("vehicle", ["technician"], lists.map((l) => ({ ...l, active: false })))).toEqual([]);
  });
});

describe("R-15 an inspection, offline", () => {
  test("R-15 every point answered in a few taps; complete only when none is left; then it stands on the car's timeline", async () => {
    const id = await inspect.begin("device_check", { vehicle: ids.vehicle });
    await inspect.answer(id, of("device_check", "seat.horn"), "bad");
    await inspect.note(id, of("device_check", "seat.horn"), " 不响 ");
    await inspect.answer(id, of("device_check", "seat.roof"), "none");
    const { inspection } = await loadCase(id);
    await expect(inspect.complete(inspection!)).rejects.toMatchObject({ code: "inspection.unanswered", field: "completed_at", params: { count: 37, item: "seat.instruments" } });
    for (const s of sectionsOf(device)) await inspect.answerRest(id, s.points);
    expect(open(points("device_check"), await found(id))).toEqual([]);
    await inspect.complete(inspection!);
    expect(wrong(points("device_check"), await found(id)).map((w) => [w.point.code, w.finding.note])).toEqual([["seat.horn", "不响"]]);
    const history = await loadHistory(ids.vehicle, Date.parse("2026-11-21T06:00:00Z"));
    expect(history.entries.flatMap((e) => ("check" in e ? [[e.check.wrong, e.check.answered, e.check.total]] : []))).toEqual([[1, 39, 39]]);
  });
  test("R-15 quick taps on one point leave one answer, and the rest keeps what was answered", async () => {
    const id = await inspect.begin("device_check", { vehicle: ids.vehicle });
    const horn = of("device_check", "seat.horn");
    await Promise.all([inspect.answer(id, horn, "good"), inspect.answer(id, horn, "bad"), inspect.answerRest(id, sectionsOf(device)[0]!.points)]);
    const rows = await tables.findings.where("inspection").equals(id).toArray();
    expect(rows.filter((f) => f.item === "seat.horn").map((f) => f.result)).toEqual(["bad"]);
    expect(rows).toHaveLength(sectionsOf(device)[0]!.points.length);
    expect(rows.every((f) => !f.visit)).toBe(true);
  });
  test("R-15 it keeps the revision it was begun with, the next one goes by the new list", async () => {
    const first = await inspect.begin("device_check", { vehicle: ids.vehicle });
    await list("device_check", 2);
    const second = await inspect.begin("device_check", { vehicle: ids.vehicle });
    const made = async (id: string) => (await loadCase(id)).inspection?.template_revision;
    expect([await made(first), await made(second)]).toEqual([1, 2]);
    expect(inForce(await tables.templates.toArray(), "device_check")?.revision).toBe(2);
  });
  test("R-15 a photo belongs to its point, also where none was answered", async () => {
    const id = await inspect.begin("device_check", { vehicle: ids.vehicle });
    const photo: PreparedPhoto = { bytes: new Uint8Array([1]).buffer, sha256: "a".repeat(64), width: 4, height: 3, media: "image/jpeg", taken_at: "2026-11-21 02:00:00.000Z", orientation: 1 } as never;
    await inspect.photograph(id, of("device_check", "engine.leaks"), photo);
    const c = await loadCase(id);
    expect(c.photos.map((p) => [p.subject_collection, p.subject_record])).toEqual([["findings", c.found.get("engine.leaks")!.id]]);
  });
  test("R-15 V-07 goods are received by a list on their own file, by the warehouse and nobody else", async () => {
    await expect(inspect.begin("goods_receiving", { asset })).rejects.toMatchObject({ code: "inspection.role" });
    await expect(inspect.begin("goods_receiving", { vehicle: ids.vehicle })).rejects.toMatchObject({ code: "inspection.subject", field: "vehicle" });
    as("qian");
    const id = await inspect.begin("goods_receiving", { asset });
    expect((await ofFile({ asset })).map((l) => l.inspection.id)).toEqual([id]);
    expect((await ofShop(9)).running.map((l) => titleOf(l.template).zh)).toEqual(["到货验收"]);
    await inspect.discard(id);
    expect(await tables.inspections.count()).toBe(0);
  });
});

describe("S-05 R-15 what is not in order goes to the customer", () => {
  async function horn(): Promise<string> {
    const id = await inspect.begin("device_check", { vehicle: ids.vehicle });
    await inspect.answer(id, of("device_check", "seat.horn"), "bad");
    await inspect.note(id, of("device_check", "seat.horn"), "不响");
    return id;
  }
  test("S-05 on the order, as a job without a price that nobody works on yet", async () => {
    await tables.work_orders.update(ids.order, { state: "in_progress" });
    const c = await loadCase(await horn());
    expect(inspect.placeOf(c, ["technician"])).toBe("job");
    expect(inspect.placeOf(c, ["cashier"])).toBeNull();
    const [one] = wrong(points("device_check"), c.found);
    await inspect.propose(c, "job", one!.point, one!.finding, "zh");
    expect((await tables.jobs.toArray()).map((j) => [j.work, j.state, j.origin, j.safety, j.priced_at])).toEqual([["喇叭：不响", "proposed", "supplement", true, ""]]);
    expect((await loadCase(c.inspection!.id)).said).toContain(proposal(one!.point, one!.finding, "zh"));
  });
  test("R-03 among the concerns of a reception without an order, to be confirmed with the customer", async () => {
    await tables.work_orders.clear();
    await tables.visits.update(ids.visit, { state: "open" });
    const c = await loadCase(await horn());
    expect(inspect.placeOf(c, ["technician"])).toBeNull();
    as("chen");
    expect(inspect.placeOf(c, ["advisor"])).toBe("concern");
    const [one] = wrong(points("device_check"), c.found);
    await inspect.propose(c, "concern", one!.point, one!.finding, "zh");
    expect((await tables.concerns.toArray()).map((x) => [x.words, x.confirmed_at, x.is_fault])).toEqual([["喇叭：不响", "", true]]);
  });
  test("R-15 nowhere when the car is not in the shop", async () => {
    await tables.visits.update(ids.visit, { state: "released" });
    expect(inspect.placeOf(await loadCase(await horn()), ["advisor", "manager"])).toBeNull();
  });
});
