// A whole reception on a real store with the real rules, as the screens do it.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import shipped from "../../../../internal/setup/templates/walkaround.json";
import { act, newId, tables, why } from "../../db/index.ts";
import { storeInUse } from "../../db/store.ts";
import { as, close, ids, open, people, propose } from "../order/testing/day.ts";
import { countersign, giveConsents, settle } from "../sign/actions.ts";
import { decided, orderPaper, precheckPaper, signedAs } from "../sign/papers.ts";
import * as walk from "./actions.ts";
import { answers, groupsOf, itemsOf, restOf, unseen, type Item } from "./model.ts";

const at = "2026-11-21 01:00:00.000Z";
const items = itemsOf({ items: shipped.items });
const item = (code: string): Item => items.find((i) => i.code === code)!;

let place: walk.Place;

beforeEach(async () => {
  await open("open");
  await tables.key_tags.clear();
  await tables.consents.clear();
  const template = { id: "template0000001", shop: "shoppudong00001", version: 1, created: at, kind: "walkaround", revision: 1, title: shipped.title, items: shipped.items, codes: shipped.codes, active: true };
  await tables.templates.put(template as never);
  as("chen");
  place = { visit: (await tables.visits.get(ids.visit))!, template: (await tables.templates.get(template.id))! };
});
afterEach(close);

const intents = async () => (await storeInUse()!.outbox.orderBy("seq").toArray()).map((e) => e.intent);
const found = async () => answers(await tables.findings.where("visit").equals(ids.visit).toArray());
const visit = async () => (await tables.visits.get(ids.visit))!;
const spot: walk.MarkSpot = { view: "left", x: 0.42, y: 0.7, zone: "left.front_door", area: "10", code_version: 1 };

async function lookAtEverything(): Promise<void> {
  for (const group of groupsOf(items)) await walk.answerRest(place, restOf(group, await found()), "fuel");
  await walk.record(place, item("interior.energy"), 60, "good");
  await walk.record(place, item("interior.odometer"), 48260, "good");
}

async function talk(fault = false): Promise<void> {
  const id = await walk.addConcern(ids.visit, "过减速带的时候，右前有咯噔一声。", 1);
  await walk.changeConcern((await tables.concerns.get(id))!, { confirmed_at: at, is_fault: fault });
  await walk.anythingElse(ids.visit, "没有了。");
}

async function things(): Promise<void> {
  await walk.changeVisit(ids.visit, { covers_pieces: 5, covers_fitted_at: at, valuables_exit_at: at, valuables_boot_at: at, valuables_end_at: at, storage: "none", belongings_at: at });
  await walk.setKey(ids.visit, undefined, people.chen.id, { tag: "A07", hook: "12" });
}

describe("R-05 the walk-around", () => {
  test("R-05 'the rest is good' is one act for a whole group and leaves nothing of it unseen", async () => {
    const left = groupsOf(items).find((g) => g.key === "left")!;
    const made = await walk.answerRest(place, left.items, "fuel");
    expect(made).toHaveLength(left.items.length);
    expect(unseen(left.items, await found())).toEqual([]);
    expect(await intents()).toEqual(["finding.rest_good"]);
  });

  test("R-05 what was answered by mistake a moment ago can be taken back", async () => {
    const made = await walk.answerRest(place, groupsOf(items)[1]!.items, "fuel");
    await walk.takeBack(ids.visit, made);
    expect((await found()).size).toBe(0);
  });

  test("R-05 quick taps make one inspection and one answer each", async () => {
    await Promise.all([
      walk.answer(place, item("left.sill"), "good"), walk.answer(place, item("left.sill"), "bad"), walk.answer(place, item("left.mirror"), "good"),
      walk.answerRest(place, groupsOf(items)[1]!.items, "fuel"),
    ]);
    expect(await tables.inspections.count()).toBe(1);
    expect(await tables.findings.count()).toBe(groupsOf(items)[1]!.items.length);
    expect((await found()).get("left.sill")?.result).toBe("bad");
  });

  test("R-05 one item unseen stops the completion, on the tablet, too", async () => {
    await talk();
    await things();
    await lookAtEverything();
    const last = (await found()).get("roof.panel")!;
    await walk.takeBack(ids.visit, [last.id]);
    await expect(walk.completeInspection(await visit(), undefined)).rejects.toMatchObject({ code: "visit.inspection_incomplete" });
    await walk.answer(place, item("roof.panel"), "good");
    await walk.completeInspection(await visit(), (await tables.inspections.toArray())[0]);
    expect((await visit()).state).toBe("inspected");
    expect((await tables.inspections.toArray())[0]?.completed_at).not.toBe("");
  });

  test("V-01 what the odometer read stands on the vehicle's file once the walk-around is complete, and never runs backwards", async () => {
    await talk();
    await things();
    await lookAtEverything();
    await walk.completeInspection(await visit(), undefined);
    expect((await tables.vehicles.get(ids.vehicle))!.odometer_km).toBe(48260);
    await walk.reopenInspection(ids.visit);
    await walk.record(place, item("interior.odometer"), 4826, "good");
    await walk.completeInspection(await visit(), undefined);
    expect((await tables.vehicles.get(ids.vehicle))!.odometer_km).toBe(48260);
  });

  test("R-08 R-09 the inspection is not complete before free storage was offered, nor without the box's number", async () => {
    await talk();
    await things();
    await lookAtEverything();
    await walk.changeVisit(ids.visit, { storage: "" });
    await expect(walk.completeInspection(await visit(), undefined)).rejects.toMatchObject({ code: "visit.storage_unasked" });
    await walk.changeVisit(ids.visit, { storage: "stored" });
    await expect(walk.completeInspection(await visit(), undefined)).rejects.toMatchObject({ code: "visit.storage_box_missing" });
    await walk.changeVisit(ids.visit, { storage_box: "B3" });
    await walk.completeInspection(await visit(), undefined);
    expect((await visit()).state).toBe("inspected");
  });

  test("R-05 the charge and the odometer stand on the visit as well", async () => {
    await walk.record(place, item("interior.energy"), 60, "good");
    await walk.record(place, item("interior.odometer"), 48260, "good");
    expect(await visit()).toMatchObject({ energy_level: 60, odometer_km: 48260 });
  });
});

describe("R-06 marks", () => {
  test("R-06 an attention and its mark land together; the code list's version is kept", async () => {
    const id = await walk.answer(place, item("left.front_door"), "attention", spot);
    expect(await intents()).toEqual(["finding.set"]);
    expect(await tables.damage_marks.get(id!)).toMatchObject({ ...spot, vehicle: ids.vehicle, visit: ids.visit });
    await walk.changeMark((await tables.damage_marks.get(id!))!, { kind: "scratch", severity: "to_15", note: "上周蹭的" });
    expect(await tables.damage_marks.get(id!)).toMatchObject({ kind: "scratch", severity: "to_15", note: "上周蹭的" });
  });

  test("R-06 a mark of the last visit that is still there is tied to it", async () => {
    const old = { id: "mark00000000001", ...spot, kind: "dent", severity: "to_3", note: "", visit: "visit0000000000", captured_at: at } as never;
    const id = await walk.stillThere(place, item("left.front_door"), old);
    expect(await tables.damage_marks.get(id!)).toMatchObject({ seen_before: "mark00000000001", kind: "dent", x: 0.42 });
    expect((await found()).get("left.front_door")?.result).toBe("attention");
  });

  test("R-06 removing the marks can make the part good again in the same act", async () => {
    const id = await walk.answer(place, item("left.front_door"), "bad", spot);
    await walk.removeMarks(ids.visit, [(await tables.damage_marks.get(id!))!], (await found()).get("left.front_door"));
    expect(await tables.damage_marks.count()).toBe(0);
    expect((await found()).get("left.front_door")?.result).toBe("good");
  });
});

describe("R-03, R-08, R-09, R-10 before the inspection is complete", () => {
  test("R-03 changed words have to be read back again", async () => {
    const id = await walk.addConcern(ids.visit, "异响", 1);
    await walk.changeConcern((await tables.concerns.get(id))!, { confirmed_at: at });
    await walk.rewordConcern((await tables.concerns.get(id))!, "右前异响");
    expect(await tables.concerns.get(id)).toMatchObject({ words: "右前异响", confirmed_at: "" });
  });

  test.each([
    ["R-03 words not read back", "visit.concern_unconfirmed", async () => { await walk.changeConcern((await tables.concerns.toArray())[0]!, { confirmed_at: "" }); }],
    ["R-03 'anything else?' not asked", "visit.anything_else_unasked", async () => { await walk.changeVisit(ids.visit, { anything_else_at: "" }); }],
    ["R-08 one reminder missing", "visit.valuables_unasked", async () => { await walk.changeVisit(ids.visit, { valuables_boot_at: "" }); }],
    ["R-09 belongings not asked", "visit.belongings_unasked", async () => { await walk.changeVisit(ids.visit, { belongings_at: "" }); }],
  ])("%s", async (_, code, spoil) => {
    await talk();
    await things();
    await lookAtEverything();
    await spoil();
    await expect(walk.completeInspection(await visit(), undefined)).rejects.toMatchObject({ code });
  });
});

describe("R-11, R-12, R-13, S-01 to the workshop", () => {
  const base = async () => ({ shop: await tables.shops.get("shoppudong00001"), visit: await visit(), vehicle: await tables.vehicles.get(ids.vehicle), customer: await tables.customers.get(ids.customer) });
  const order = async () => (await tables.work_orders.get(ids.order))!;
  const jobs = () => tables.jobs.where("work_order").equals(ids.order).toArray();
  const consents = () => tables.consents.where("visit").equals(ids.visit).toArray();
  const signer = { name: "李思远", relation: "self" as const, place: "浦东店" };
  const strokes = [{ points: Array.from({ length: 9 }, (_, i) => ({ x: i * 20, y: 40, time: i })) }];
  const sheet = async () => ({
    concerns: await tables.concerns.toArray(), findings: await tables.findings.toArray(), marks: await tables.damage_marks.toArray(), photos: await tables.photos.toArray(),
    belongings: await tables.belongings.toArray(), keys: await tables.key_tags.toArray(),
  });

  test("R-11 a fault nobody has listened to keeps the estimate back", async () => {
    await talk(true);
    await propose();
    await act("order.revise", (w) => w.patch("work_orders", ids.order, { state: "draft" }));
    expect(await why("work_orders", ids.order, { state: "presented" })).toMatchObject({ name: "Refused" });
    await expect(walk.presentOrder(ids.visit, ids.order)).rejects.toMatchObject({ name: "Refused" });
  });

  test("R-12, S-01, S-03 signed, countersigned, decided, handed over: each its own act, the signature first", async () => {
    await talk();
    await things();
    await lookAtEverything();
    await walk.completeInspection(await visit(), (await tables.inspections.toArray())[0]);
    const [yes, no] = [await propose(), await propose({ position: 2, work: "雨刮片" })];
    const before = (await intents()).length;
    const precheck = precheckPaper(await base(), await sheet()), estimate = orderPaper("estimate", await base(), await order(), await jobs(), []);
    await giveConsents(ids.visit, ids.order, [
      { kind: "precheck", paper: precheck, jobs: [] }, { kind: "estimate", paper: estimate, jobs: decided(estimate, new Set([no])) },
    ], signer, { kind: "signature", strokes });
    expect((await jobs()).map((j) => j.state)).toEqual(["proposed", "proposed"]);
    expect(signedAs(precheckPaper(await base(), await sheet()), await consents())).toMatchObject({ document_kind: "precheck", strokes, place: "浦东店" });
    await expect(walk.handOver(ids.visit, people.wu.id, undefined, {})).rejects.toMatchObject({ code: "visit.precheck_not_countersigned" });

    await countersign(ids.visit, people.chen.id);
    await settle(await order(), people.chen.id);
    expect(await tables.jobs.get(yes)).toMatchObject({ state: "approved" });
    expect(await tables.jobs.get(no)).toMatchObject({ state: "declined", declined_told_by: people.chen.id });
    expect((await order()).state).toBe("authorised");
    await settle(await order(), people.chen.id); // a second tap changes nothing

    await walk.handOver(ids.visit, people.wu.id, (await tables.key_tags.toArray())[0], { holder_kind: "staff", holder: people.wu.id });
    expect(await visit()).toMatchObject({ state: "handed_over", received_by: people.wu.id });
    expect((await tables.key_tags.toArray())[0]).toMatchObject({ holder: people.wu.id });
    expect((await intents()).slice(before)).toEqual(["consent.sign", "consent.countersign", "order.decide", "visit.hand_over"]);
  });

  test("E-03 who approves a line that says it is not guaranteed knows it; a line with the customer's own part must say so", async () => {
    const own = [{ name: "雨刮片", number: "", quantity_milli: 1000, unit: "副", unit_fen: 0, origin: "customer" as const, grade: "aftermarket" as const }];
    const id = await propose({ work: "装雨刮片", parts: own });
    await act("order.revise", (w) => w.patch("work_orders", ids.order, { state: "draft" }));
    expect(await why("work_orders", ids.order, { state: "presented" })).toMatchObject({ code: "order.guarantee_unsaid" });
    await act("job.edit", (w) => w.patch("jobs", id, { not_guaranteed: true }));
    await tables.work_orders.update(ids.order, { state: "presented" });
    const paper = orderPaper("estimate", await base(), await order(), await jobs(), []);
    await giveConsents(ids.visit, ids.order, [{ kind: "estimate", paper, jobs: decided(paper, new Set()) }], signer, { kind: "signature", strokes });
    expect(await why("jobs", id, { state: "approved" })).toMatchObject({ code: "order.guarantee_unacknowledged" });
    await settle(await order(), people.chen.id);
    expect(await tables.jobs.get(id)).toMatchObject({ state: "approved" });
    expect((await tables.jobs.get(id))!.not_guaranteed_acknowledged_at).not.toBe("");
  });

  test("S-05 a phone consent carries who called whom, when, and the words", async () => {
    const id = await propose({ origin: "supplement" });
    const paper = orderPaper("supplement", await base(), await order(), await jobs(), []);
    const call = { caller: people.chen.id, number: "13812346021", at, words: "换吧。" };
    await expect(giveConsents(ids.visit, ids.order, [{ kind: "supplement", paper, jobs: decided(paper, new Set()) }], signer, { kind: "phone", call: { ...call, words: "" } })).rejects.toMatchObject({ code: "consent.call_incomplete" });
    await giveConsents(ids.visit, ids.order, [{ kind: "supplement", paper, jobs: decided(paper, new Set()) }], signer, { kind: "phone", call });
    await settle(await order(), people.chen.id);
    expect((await tables.jobs.get(id))?.state).toBe("approved");
    expect((await consents())[0]).toMatchObject({ kind: "phone", caller: people.chen.id, call_number: "13812346021", call_words: "换吧。" });
  });

  test("S-02 a price changed after the signature leaves that job unsigned, and only that one", async () => {
    const [a, b] = [await propose(), await propose({ position: 2, work: "雨刮片" })];
    const paper = orderPaper("estimate", await base(), await order(), await jobs(), []);
    await giveConsents(ids.visit, ids.order, [{ kind: "estimate", paper, jobs: decided(paper, new Set()) }], signer, { kind: "signature", strokes });
    await act("job.edit", (w) => w.patch("jobs", a, { labour_fen: 30000 }));
    await settle(await order(), people.chen.id);
    expect([(await tables.jobs.get(a))?.state, (await tables.jobs.get(b))?.state]).toEqual(["proposed", "approved"]);
  });

  test("O-04 one order a visit, however often it is asked for", async () => {
    expect(await walk.makeOrder(ids.visit, "PD-261121-A09")).toBe(ids.order);
    await tables.work_orders.clear();
    const both = await Promise.all([walk.makeOrder(ids.visit, "PD-261121-A09"), walk.makeOrder(ids.visit, "PD-261121-A10")]);
    expect(new Set(both).size).toBe(1);
    expect(newId()).toHaveLength(15);
  });
});
