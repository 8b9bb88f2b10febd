import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Refused, tables } from "../../db";
import { theStore } from "../../db/store";
import { as, close, ids, open, people } from "../order/testing/day";
import { blank, type Draft } from "./draft.svelte";
import { findCustomers, findTwin, loadKnown, standardsInForce } from "./load";
import { registerArrival } from "./register";

const row = { shop: "shoppudong00001", version: 1, created: "", updated: "", created_by: "", updated_by: "", device: "", captured_at: "", flags: null };
const around = (over = {}) => ({ advisor: people.chen.id, vehicle: null, template: "template0000002", policy: "policy000000001", ...over });
const fresh: Draft = { ...blank, fresh: true, plate: "粤B12345D", vin: "1M8GDM9AXKP042788", energy: "electric", make: "比亚迪", model: "海豹", name: "周敏", phone: "13900010002", purpose: "maintenance", odometer: 12345, level: 60 };

beforeEach(async () => {
  await open("released");
  for (const [id, revision, active] of [["template0000001", 1, true], ["template0000002", 2, true], ["template0000003", 3, false]] as const) {
    await tables.templates.put({ ...row, id, kind: "walkaround", revision, title: {}, items: [], codes: {}, active });
  }
  await tables.policies.put({ ...row, id: "policy000000001", kind: "service_lane", revision: 1, data: {}, active: true });
  await theStore().set("letter", "A");
  as("chen");
});
afterEach(close);

describe("registering an arrival", () => {
  test("R-01 R-05 customer, vehicle, visit with its ticket and the inspection are one act", async () => {
    const before = await theStore().outbox.count();
    const { id, number } = await registerArrival(fresh, around());
    expect(number).toMatch(/^A\d\d$/);
    const [entry, ...more] = (await theStore().outbox.toArray()).slice(before);
    expect(more).toEqual([]);
    expect(entry?.ops.map((o) => o.collection).sort()).toEqual(["customers", "inspections", "vehicles", "visits"]);
    const visit = (await tables.visits.get(id))!;
    expect(visit).toMatchObject({ number, state: "open", purpose: "maintenance", advisor: people.chen.id, odometer_km: 12345, energy_level: 60, policy: "policy000000001" });
    expect(await tables.vehicles.get(visit.vehicle)).toMatchObject({ plate: "粤B12345D", energy: "electric", odometer_km: 12345, customer: visit.customer });
    expect(await tables.inspections.where("visit").equals(id).toArray()).toMatchObject([{ template: "template0000002" }]);
  });

  test("O-04 every arrival has another number, also when nobody receives it yet", async () => {
    const one = await registerArrival(fresh, around());
    const two = await registerArrival({ ...fresh, plate: "粤B12346D" }, around({ advisor: "" }));
    expect(two.number).not.toBe(one.number);
    expect((await tables.visits.get(two.id))?.advisor).toBe("");
  });

  test("V-01 a known vehicle gets no second file; its odometer moves forward only", async () => {
    const vehicle = (await tables.vehicles.get(ids.vehicle))!;
    await registerArrival({ ...blank, vehicle: vehicle.id, purpose: "repair", odometer: 50000 }, around({ vehicle }));
    expect(await tables.vehicles.count()).toBe(1);
    expect((await tables.vehicles.get(vehicle.id))?.odometer_km).toBe(50000);
    const now = (await tables.vehicles.get(vehicle.id))!;
    await registerArrival({ ...blank, vehicle: vehicle.id, purpose: "repair", odometer: 40000 }, around({ vehicle: now }));
    expect((await tables.vehicles.get(vehicle.id))?.odometer_km).toBe(50000);
  });

  test("V-02 the car has changed hands: the new customer stands on the file, the old one keeps theirs", async () => {
    const vehicle = (await tables.vehicles.get(ids.vehicle))!;
    const { id } = await registerArrival({ ...blank, vehicle: vehicle.id, other: true, name: "王建国", purpose: "repair" }, around({ vehicle }));
    const customer = (await tables.visits.get(id))!.customer;
    expect(customer).not.toBe(ids.customer);
    expect((await tables.vehicles.get(vehicle.id))?.customer).toBe(customer);
    expect(await tables.customers.get(ids.customer)).toMatchObject({ name: "李思远" });
  });

  test("V-06 a VIN that is none is refused on its field; a wrong check digit is not", async () => {
    await expect(registerArrival({ ...fresh, vin: "1M8GDM9AXKP04278" }, around())).rejects.toMatchObject({ code: "vehicle.vin", field: "vin" });
    expect(await tables.vehicles.count()).toBe(1);
    const { id } = await registerArrival({ ...fresh, vin: "1M8GDM9A1KP042788" }, around());
    expect(await tables.visits.get(id)).toBeTruthy();
  });

  test("a refusal writes nothing at all", async () => {
    as("guo");
    const before = [await theStore().outbox.count(), await tables.visits.count(), await tables.customers.count()];
    await expect(registerArrival(fresh, around())).rejects.toBeInstanceOf(Refused);
    expect([await theStore().outbox.count(), await tables.visits.count(), await tables.customers.count()]).toEqual(before);
  });

  test("R-15 the active template of the highest revision is the one in force", async () => {
    expect(await standardsInForce()).toEqual({ template: "template0000002", policy: "policy000000001", ready: true });
    await tables.templates.clear();
    expect((await standardsInForce()).ready).toBe(false);
  });

  test("E-07 what was declined before is offered again, unless it was done meanwhile", async () => {
    const job = { ...row, visit: ids.visit, work_order: ids.order, origin: "estimate", parts: [], payer: "customer" };
    await tables.jobs.bulkPut([
      { ...job, id: "job000000000001", work: "更换空调滤芯", state: "declined" },
      { ...job, id: "job000000000002", work: "更换雨刮", state: "declined" },
      { ...job, id: "job000000000003", work: "更换雨刮", state: "passed" },
    ] as never);
    const known = await loadKnown(ids.vehicle);
    expect(known?.declined.map((j) => j.work)).toEqual(["更换空调滤芯"]);
    expect(known).toMatchObject({ open: null, last: { id: ids.visit } });
    expect(await loadKnown("nothing")).toBeNull();
  });

  test("the same plate or VIN is noticed before a second file is made", async () => {
    await tables.vehicles.update(ids.vehicle, { vin: "1M8GDM9AXKP042788" });
    expect((await findTwin("沪A8K359", ""))?.vehicle.id).toBe(ids.vehicle);
    expect((await findTwin("", "1M8GDM9AXKP042788"))?.vehicle.id).toBe(ids.vehicle);
    expect(await findTwin("沪A8K35", "1M8")).toBeNull();
    expect(await findTwin("沪A8K358", "")).toBeNull();
  });

  test("customers are found by phone or name, not by a single letter", async () => {
    await tables.customers.update(ids.customer, { phone: "13812346021" });
    expect(await findCustomers("6021")).toHaveLength(1);
    expect(await findCustomers("思远")).toHaveLength(1);
    expect(await findCustomers("6")).toHaveLength(0);
  });
});
