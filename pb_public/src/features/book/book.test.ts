import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Refused, shippedPolicy, tables, type Rows } from "../../db";
import { theStore, useStore } from "../../db/store";
import { slotMark } from "../../rules/capacity";
import { as, close, ids, open, people } from "../order/testing/day";
import { allowOverbooking, arrive, book, cancel, confirm, missed, move, prepare, remind, spoken, startOf, told } from "./actions";
import { loadOne } from "./load";
import { bayMinutes, blankDraft, count, emptyLine, labourFen, missing, missRate, priced, sums, toPrepare, type Draft } from "./model";
import { expectedWaits, inOrder } from "./queue";
import { dueBy, matching, type Standard } from "./standard";

const row = { shop: "shoppudong00001", version: 1, created: "", updated: "", created_by: "", updated_by: "", device: "", captured_at: "", flags: null };
const line = { ...emptyLine, work: "前刹车片更换", labour_minutes: 48, labour_fen: 19200, parts: [{ name: "前刹车片", number: "5Q0698151", quantity_milli: 1000, unit: "套", unit_fen: 38000, origin: "shop" as const, grade: "genuine" as const }] };
const draft = (over: Partial<Draft> = {}): Draft => ({ ...blankDraft("2030-03-04", 540, people.chen.id), vehicle: ids.vehicle, customer: ids.customer, needs: "刹车响。\n顺便保养。", lines: [line], ...over });

async function prepareShop(): Promise<void> {
  await open("released");
  await tables.capacities.put({ ...row, id: "capacity0000001", revision: 1, from_day: "2020-01-01", until_day: "", weekdays: "1234567", opens: 540, closes: 1080, slot_minutes: 60, bays: 2, technicians: 3, bookable_percent: 100, note: "", active: true });
  await tables.templates.put({ ...row, id: "template0000001", kind: "walkaround", revision: 1, title: {}, items: [], codes: {}, active: true });
  await theStore().set("letter", "A");
  as("chen");
}

describe("booking", () => {
  beforeEach(prepareShop);
  afterEach(close);
  const get = async (id: string) => (await tables.appointments.get(id))!;

  test("B-01 B-03 a request with its quote and its preparation, then its confirmation: two acts", async () => {
    const { id, refused } = await book(draft());
    expect(refused).toBeNull();
    expect(await get(id)).toMatchObject({ state: "confirmed", starts_at: "2030-03-04 01:00:00.000Z", labour_fen: 19200, parts_fen: 38000, total_fen: 57200 });
    expect((await theStore().outbox.orderBy("seq").toArray()).map((e) => e.intent)).toEqual(["appointment.request", "appointment.confirm"]);
    expect((await tables.preparations.where("appointment").equals(id).toArray()).map((p) => p.kind).sort()).toEqual(["bay", "papers", "parts", "technician"]);
  });

  test("B-02 a full slot keeps the request and says so; a manager's word for exactly this one lets it in", async () => {
    await book(draft());
    await book(draft());
    const { id, refused } = await book(draft());
    expect(refused?.code).toBe("appointment.overbooked");
    expect((await get(id)).state).toBe("requested");
    await expect(allowOverbooking(await get(id), "急")).rejects.toMatchObject({ code: "flow.role" });
    useStore(theStore(), { id: "gaoyuan00000001", name: "高远", roles: ["manager"], shop: row.shop, skill: 0 });
    await allowOverbooking(await get(id), "老客户，急用");
    expect(await get(id)).toMatchObject({ state: "confirmed", overbook_slot: slotMark(await get(id)), overbook_reason: "老客户，急用" });
  });

  test("B-02 moving asks for room like a new booking, and its own place does not count", async () => {
    await book(draft());
    await book(draft());
    const { id } = await book(draft({ minute: 660 }));
    await expect(move(await get(id), { day: "2030-03-04", minute: 540, minutes: 60, hands: 1 })).rejects.toMatchObject({ code: "appointment.overbooked" });
    await move(await get(id), { day: "2030-03-04", minute: 690, minutes: 60, hands: 1 });
    expect((await get(id)).starts_at).toBe(startOf("2030-03-04", 690));
  });

  test("B-01 cancelling says why, and makes room", async () => {
    const first = await book(draft());
    await book(draft());
    await expect(cancel(await get(first.id), " ")).rejects.toMatchObject({ code: "appointment.cancel_reason" });
    await cancel(await get(first.id), "客户出差");
    expect((await book(draft())).refused).toBeNull();
  });

  test("B-04 what is missing is named, told, and only then reminded of", async () => {
    const { id } = await book(draft());
    const part = (await tables.preparations.where("appointment").equals(id).toArray()).find((p) => p.kind === "parts")!;
    await expect(prepare(part, "missing", " ")).rejects.toBeInstanceOf(Refused);
    await prepare(part, "missing", "刹车片周五才到");
    await expect(remind(await get(id))).rejects.toMatchObject({ code: "appointment.missing_untold" });
    await told([(await tables.preparations.get(part.id))!], "");
    await remind(await get(id));
    expect((await get(id)).state).toBe("reminded");
  });

  test("B-08 nobody is missed before the time", async () => {
    const { id } = await book(draft());
    await expect(missed(await get(id))).rejects.toMatchObject({ code: "appointment.not_yet" });
  });

  test("B-07 R-03 arrival is one act: reception, concerns word for word, order, jobs with parts, offline", async () => {
    const { id } = await book(draft({ purpose: "comeback" }));
    const before = await theStore().outbox.count();
    const made = await arrive((await loadOne(id))!, { vehicle: ids.vehicle, customer: ids.customer, plate: "", name: "", phone: "", odometer: 51200, original: "" }, { advisor: people.chen.id, template: "template0000001", policy: "" });
    const [entry, ...more] = (await theStore().outbox.orderBy("seq").toArray()).slice(before);
    expect(more).toEqual([]);
    expect(entry?.ops.map((o) => o.collection)).toEqual(["visits", "inspections", "concerns", "concerns", "work_orders", "jobs", "appointments"]);
    expect(await tables.visits.get(made.visit)).toMatchObject({ appointment: id, purpose: "comeback", number: made.number, odometer_km: 51200 });
    expect((await tables.concerns.where("visit").equals(made.visit).sortBy("position")).map((c) => c.words)).toEqual(["刹车响。", "顺便保养。"]);
    expect(await tables.work_orders.get(made.order)).toMatchObject({ state: "draft", kind: "comeback" });
    expect(await tables.jobs.where("visit").equals(made.visit).toArray()).toMatchObject([{ work: "前刹车片更换", labour_fen: 19200, state: "proposed", parts: line.parts }]);
    expect((await get(id)).state).toBe("arrived");
  });

  test("B-07 P-02 with the arrival the parts store has what to pick: what is there is frozen, what is not proposed to order", async () => {
    const [part] = line.parts;
    await tables.parts.put({ ...row, id: "part00000000001", number: part!.number, name: part!.name, unit: part!.unit, price_fen: part!.unit_fen, active: true, lead_days: 2, store_milli: part!.quantity_milli - 400, workshop_milli: 0 } as never);
    const { id } = await book(draft());
    const made = await arrive((await loadOne(id))!, { vehicle: ids.vehicle, customer: ids.customer, plate: "", name: "", phone: "", odometer: null, original: "" }, { advisor: people.chen.id, template: "template0000001", policy: "" });
    expect(await tables.reservations.toArray()).toMatchObject([{ work_order: made.order, quantity_milli: part!.quantity_milli - 400, state: "held" }]);
    expect(await tables.purchase_orders.toArray()).toMatchObject([{ work_order: made.order, quantity_milli: 400, state: "proposed" }]);
  });

  test("C-01 a comeback that was booked is asked from which job at its arrival", async () => {
    const old = { ...row, id: "visit0000000009", number: "A09", vehicle: ids.vehicle, customer: ids.customer, state: "released", purpose: "repair", arrived_at: "2029-12-01 01:00:00.000Z" };
    await tables.visits.put(old as never);
    await tables.jobs.put({ ...row, id: "job000000000009", visit: old.id, work_order: "order0000000009", position: 1, state: "passed", origin: "estimate", work: "前刹车片更换", payer: "customer" } as never);
    const { id } = await book(draft({ purpose: "comeback", lines: [] }));
    const who = { vehicle: ids.vehicle, customer: ids.customer, plate: "", name: "", phone: "", odometer: null, original: "job000000000009" };
    const made = await arrive((await loadOne(id))!, who, { advisor: people.chen.id, template: "template0000001", policy: "" });
    expect(await tables.visits.get(made.visit)).toMatchObject({ purpose: "comeback", comeback_of: "job000000000009" });
    const { id: other } = await book(draft({ purpose: "repair", lines: [], minute: 600 }));
    expect(await tables.visits.get((await arrive((await loadOne(other))!, who, { advisor: "", template: "template0000001", policy: "" })).visit)).toMatchObject({ comeback_of: "" });
  });

  test("B-07 a caller without a file gets customer and car in the same act", async () => {
    const { id } = await book(draft({ vehicle: "", customer: "", caller_name: "王女士", caller_phone: "13900010002", caller_plate: "沪B12345", lines: [] }));
    const made = await arrive((await loadOne(id))!, { vehicle: "", customer: "", plate: "沪B12345", name: "王女士", phone: "13900010002", odometer: null, original: "" }, { advisor: "", template: "template0000001", policy: "" });
    const visit = (await tables.visits.get(made.visit))!;
    expect(await tables.vehicles.get(visit.vehicle)).toMatchObject({ plate: "沪B12345", customer: visit.customer });
    expect(made.order).toBe("");
    expect(await get(id)).toMatchObject({ state: "arrived", vehicle: visit.vehicle, customer: visit.customer });
  });

  test("R-14 fetching the car is for gold within the radius; the request is refused whole", async () => {
    await expect(book(draft({ pickup: "both", pickup_km: 5 }))).rejects.toMatchObject({ code: "appointment.pickup_level" });
    await tables.customers.update(ids.customer, { member_level: "Gold" });
    await expect(book(draft({ pickup: "both", pickup_km: 21 }))).rejects.toMatchObject({ code: "appointment.pickup_far" });
    expect((await book(draft({ pickup: "both", pickup_km: 20 }))).refused).toBeNull();
  });

  test("B-01 a request is confirmed later, by whoever has the slot", async () => {
    await book(draft());
    const other = await book(draft());
    const { id } = await book(draft());
    await cancel(await get(other.id), "改天");
    await confirm(id);
    expect((await get(id)).state).toBe("confirmed");
  });
});

describe("the quote", () => {
  test("B-03 E-01 labour and parts apart, in fen, and their sum", () => {
    expect(sums([line, { ...line, parts: [] }])).toEqual({ labour: 38400, parts: 38000, total: 76400 });
  });
  test("E-02 standard minutes cost the rate of their class, half a fen up", () => {
    expect(labourFen(shippedPolicy, "mechanical", 48)).toBe(19200);
    expect(labourFen({ ...shippedPolicy, rate_body_fen: 1 }, "body", 30)).toBe(1);
    expect(labourFen(shippedPolicy, "paint", 0)).toBe(0);
  });
  test("E-01 by symptom a risk allowance is added and told apart", () => {
    const s = { id: "s", name: "前刹车片更换", job_class: "mechanical", minutes: 60, risk_percent: 20 } as const;
    expect(priced(shippedPolicy, s, "item")).toMatchObject({ labour_fen: 24000, risk_fen: 0 });
    expect(priced(shippedPolicy, s, "symptom")).toMatchObject({ labour_fen: 28800, risk_fen: 4800, method: "symptom" });
  });
  test("B-03 what is missing before it can be booked", () => {
    expect(missing(draft())).toBeNull();
    expect(missing(draft({ vehicle: "", customer: "" }))).toBe("book.why_who");
    expect(missing(draft({ vehicle: "", customer: "", caller_name: "王" }))).toBe("book.why_phone");
    expect(missing(draft({ needs: " " }))).toBe("book.why_needs");
    expect(missing(draft({ lines: [{ ...line, work: "" }] }))).toBe("book.why_line");
    expect(missing(draft({ minute: -1 }))).toBe("book.why_slot");
  });
  test("B-02 the time in a bay follows the labour and the hands, in quarters of an hour", () => {
    expect(bayMinutes([line], 1)).toBe(60);
    expect(bayMinutes([{ ...line, labour_minutes: 150 }], 2)).toBe(75);
    expect(bayMinutes([], 1)).toBe(15);
  });
  test("B-04 the list is what this appointment needs", () => {
    expect(toPrepare({ lines: [], documents: [], courtesy_car: "none", courtesy_note: "", tools: "" }).map((p) => p.kind)).toEqual(["bay", "technician"]);
    expect(toPrepare(draft({ courtesy_car: "promised", tools: "拉马" })).map((p) => p.kind)).toEqual(["bay", "technician", "parts", "tools", "courtesy_car", "papers"]);
  });
  test("R-03 each line of the words is a concern, empty ones none", () => expect(spoken("一。\n\n 二。 \n")).toEqual(["一。", "二。"]));
});

describe("standard times", () => {
  const all = [
    { id: "1", code: "BR-01", name: "前刹车片更换", system: "brake", job_class: "mechanical", minutes: 48, symptoms: "刹车异响", risk_percent: 20, models: "", every_km: 0, active: true },
    { id: "2", code: "MT-05", name: "机油机滤更换", system: "maintenance", job_class: "maintenance", minutes: 36, symptoms: "", risk_percent: 0, models: "", every_km: 10000, active: true },
  ].map((s) => ({ ...row, ...s })) as unknown as Standard[];
  test("E-01 E-02 found by item, by system, by symptom", () => {
    expect(matching(all, "item", "刹车").map((s) => s.code)).toEqual(["BR-01"]);
    expect(matching(all, "item", "异响")).toEqual([]);
    expect(matching(all, "symptom", "异响").map((s) => s.code)).toEqual(["BR-01"]);
    expect(matching(all, "symptom", "").map((s) => s.code)).toEqual(["BR-01"]);
    expect(matching(all, "system", "", "maintenance").map((s) => s.code)).toEqual(["MT-05"]);
    expect(matching(all, "item", "ＢＲ-01").map((s) => s.code)).toEqual(["BR-01"]);
  });
  test("E-07 due by mileage a tenth before each interval, not after it", () => {
    const due = (km: number) => dueBy(all, km).map((s) => s.code);
    expect([due(8999), due(9000), due(9999), due(10000), due(0)]).toEqual([[], ["MT-05"], ["MT-05"], [], []]);
  });
});

describe("the arrival queue", () => {
  const at = (id: string, arrived_at: string, appointment = "") => ({ id, arrived_at, appointment, advisor: "" });
  test("R-01 appointments first, then order of arrival", () => {
    expect(inOrder([at("a", "09:00"), at("b", "09:10", "x"), at("c", "08:50"), at("d", "09:05", "y")]).map((w) => w.id)).toEqual(["d", "b", "c", "a"]);
  });
  test("R-01 the wait counts who is free, who is busy, and how long a reception takes", () => {
    expect(expectedWaits(3, 2, [], 15)).toEqual([0, 0, 15]);
    expect(expectedWaits(3, 2, [5], 15)).toEqual([0, 10, 15]);
    expect(expectedWaits(2, 1, [40], 15)).toEqual([0, 15]);
    expect(expectedWaits(1, 0, [], 15)).toEqual([0]);
  });
  test("R-01 nobody behind waits less than who is before", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 6 }), fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 6 }), fc.integer({ min: 1, max: 60 }), (n, advisors, busy, minutes) => {
      const waits = expectedWaits(n, advisors, busy, minutes);
      expect(waits).toHaveLength(n);
      expect(waits).toEqual([...waits].sort((a, b) => a - b));
    }), { numRuns: 100 });
  });
});

describe("statistics", () => {
  const states = (...s: Rows["appointments"]["state"][]) => s.map((state) => ({ state }));
  test("B-08 booked, kept, missed; what is to come is neither; a request was never booked", () => {
    const c = count(states("requested", "confirmed", "reminded", "arrived", "arrived", "arrived", "no_show", "cancelled"));
    expect(c).toEqual({ booked: 6, kept: 3, missed: 1, cancelled: 1, open: 2 });
    expect(missRate(c)).toBe(25);
    expect(missRate(count(states("confirmed")))).toBeNull();
  });
});
