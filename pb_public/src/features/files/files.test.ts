import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { groupOf, newId, searchCustomers, searchVehicles, tables, why, type Rows } from "../../db";
import { collectionNames } from "../../db/store";
import { findTwin, loadKnown } from "../arrival/load";
import { registerArrival } from "../arrival/register";
import { blank } from "../arrival/draft.svelte";
import { as, close, ids, open } from "../order/testing/day";
import { markFile, mergeFiles, undoMerge } from "./actions";
import { loadAsset, saveAsset, searchAssets } from "./assets";
import { candidates, compared } from "./candidates";
import { loadCustomer, loadHistory } from "./timeline";

const now = Date.parse("2026-11-21T06:00:00Z");
const other = { vehicle: "vehicle00000002", customer: "customer0000002", visit: "visit0000000002" };

beforeEach(async () => {
  await open("working");
  const base = await tables.vehicles.get(ids.vehicle);
  await tables.visits.update(ids.visit, { arrived_at: "2026-11-21 01:00:00.000Z" });
  await tables.customers.put({ ...(await tables.customers.get(ids.customer))!, id: other.customer, name: "李斯远", phone: "13900002222" });
  await tables.customers.update(ids.customer, { phone: "13800001111" });
  await tables.vehicles.put({ ...base!, id: other.vehicle, plate: "沪B12345", customer: other.customer });
  await tables.visits.put({ ...(await tables.visits.get(ids.visit))!, id: other.visit, number: "A01", vehicle: other.vehicle, customer: other.customer, state: "released", arrived_at: "2026-03-01 01:00:00.000Z" });
  await tables.jobs.put({ ...base, id: "job000000000009", visit: other.visit, work_order: "o", position: 1, work: "更换雨刮", state: "declined", origin: "estimate", parts: [], payer: "customer" } as never);
  as("chen");
});
afterEach(close);

const standing = async (): Promise<Rows["merges"]> => (await tables.merges.toArray()).find((m) => m.state === "done")!;
/** Every row of the store but the merges themselves. */
async function picture(): Promise<string> {
  const all = await Promise.all(collectionNames.filter((n) => n !== "merges").map(async (n) => [n, await tables[n].toArray()]));
  return JSON.stringify(all);
}

test("V-01 R-10 the file tells what the odometer read at each visit, newest first, and who has the key of the present stay", async () => {
  await tables.visits.update(ids.visit, { odometer_km: 48_213, arrived_at: "2026-11-21 01:00:00.000Z", state: "open" });
  await tables.visits.update(other.visit, { vehicle: ids.vehicle, odometer_km: 40_100, arrived_at: "2026-06-01 01:00:00.000Z", state: "released" });
  const history = await loadHistory(ids.vehicle, now);
  expect(history.readings.map((r) => r.km)).toEqual([48_213, 40_100]);
  expect(history.keys).toEqual([{ tag: "12", hook: "", kind: "cabinet", who: "" }]);
});

describe("V-05 two files become one, and back", () => {
  test("V-05 both files' history stands on one timeline, found by fragments of either", async () => {
    await mergeFiles("vehicles", ids.vehicle, other.vehicle, "VIN 相同");
    for (const id of [ids.vehicle, other.vehicle]) {
      const history = await loadHistory(id, now);
      expect(history.vehicle?.id).toBe(ids.vehicle);
      expect(history.visits.map((v) => v.visit.id)).toEqual([ids.visit, other.visit]);
      expect(history.declined.map((j) => j.work)).toEqual(["更换雨刮"]);
      expect(history.merges).toHaveLength(1);
    }
    for (const fragment of ["A8K", "B123"]) expect((await searchVehicles(fragment)).map((h) => h.vehicle.id)).toEqual([ids.vehicle]);
    expect((await searchVehicles("B123"))[0]?.through?.plate).toBe("沪B12345");
    await tables.vehicles.toCollection().modify({ vin: "" });
    expect((await findTwin("沪B12345", ""))?.vehicle.id).toBe(ids.vehicle);
    expect((await loadKnown(other.vehicle))?.declined.map((j) => j.work)).toEqual(["更换雨刮"]);
  });
  test("V-05 two files of one person: cars, receptions and phones of both", async () => {
    await mergeFiles("customers", ids.customer, other.customer, "同一身份证");
    expect((await searchVehicles("13800001111")).map((h) => h.vehicle.id).sort()).toEqual([ids.vehicle, other.vehicle]);
    expect((await searchVehicles("13900002222")).map((h) => h.customer?.id)).toEqual([ids.customer, ids.customer]);
    expect((await searchCustomers("李斯")).map((c) => c.id)).toEqual([ids.customer]);
    const file = await loadCustomer(other.customer);
    expect(file.customer?.id).toBe(ids.customer);
    expect(file.vehicles.map((v) => v.id).sort()).toEqual([ids.vehicle, other.vehicle]);
    expect(file.visits.map((v) => v.visit.id)).toEqual([ids.visit, other.visit]);
  });
  test("V-05 a car of a merged customer is received for the kept one, and keeps its own owner", async () => {
    await mergeFiles("customers", ids.customer, other.customer, "同一身份证");
    const known = (await loadKnown(other.vehicle))!;
    const made = await registerArrival({ ...blank, vehicle: other.vehicle, purpose: "repair" }, { advisor: "", vehicle: known.vehicle, owner: known.customer?.id, template: newId(), policy: "" });
    expect((await tables.visits.get(made.id))?.customer).toBe(ids.customer);
    expect((await tables.vehicles.get(other.vehicle))?.customer).toBe(other.customer);
  });
  test("V-05 merge and undo, in any order and number, leave every row as it was", async () => {
    const before = await picture();
    const history = JSON.stringify(await loadHistory(ids.vehicle, now));
    await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom("a", "b"), { minLength: 1, maxLength: 4 }), async (ways) => {
      for (const way of ways) {
        const [kept, folded] = way === "a" ? [ids.vehicle, other.vehicle] : [other.vehicle, ids.vehicle];
        await mergeFiles("vehicles", kept, folded, "VIN 相同");
        const one = await loadHistory(folded, now);
        expect(new Set(one.visits.map((v) => v.visit.id))).toEqual(new Set([ids.visit, other.visit]));
        expect(await picture()).toBe(before);
        await undoMerge(await standing());
        expect(await picture()).toBe(before);
        expect(JSON.stringify(await loadHistory(ids.vehicle, now))).toBe(history);
      }
    }), { numRuns: 4 });
  });
  test("V-05 nothing new on the folded file, and the sentence names the kept one; also offline", async () => {
    await mergeFiles("vehicles", ids.vehicle, other.vehicle, "VIN 相同");
    const refused = await why("visits", newId(), { number: "A99", vehicle: other.vehicle, purpose: "repair", state: "open", arrived_at: "2026-11-21 01:00:00.000Z" });
    expect([refused?.code, refused?.params]).toEqual(["file.folded", { kept: "沪A8K359" }]);
    expect(await why("appointments", newId(), { vehicle: other.vehicle, state: "requested", source: "passive", purpose: "repair", needs: "保养", starts_at: "2026-11-22 01:00:00.000Z", minutes: 60 })).toMatchObject({ code: "file.folded" });
    expect(await why("visits", newId(), { number: "A99", vehicle: ids.vehicle, purpose: "repair", state: "open", arrived_at: "2026-11-21 01:00:00.000Z" })).toBeNull();
  });
  test("V-05 no chain, no circle, not without a reason, not by the technician", async () => {
    await mergeFiles("vehicles", ids.vehicle, other.vehicle, "VIN 相同");
    await expect(mergeFiles("vehicles", other.vehicle, ids.vehicle, "x")).rejects.toMatchObject({ code: "merge.kept_folded" });
    await expect(mergeFiles("customers", ids.customer, other.customer, " ")).rejects.toMatchObject({ field: "reason" });
    as("guo");
    await expect(mergeFiles("customers", ids.customer, other.customer, "x")).rejects.toMatchObject({ code: "flow.role" });
    await expect(undoMerge(await standing())).rejects.toMatchObject({ code: "flow.role" });
  });
  test("V-05 the other file is sought without those that are this one already", async () => {
    expect((await candidates("vehicles", ids.vehicle, "B12")).map((r) => r.id)).toEqual([other.vehicle]);
    const [a, b] = [(await tables.vehicles.get(ids.vehicle))!, (await tables.vehicles.get(other.vehicle))!];
    expect(compared("vehicles", a, b)[0]).toEqual({ field: "plate", a: "沪A8K359", b: "沪B12345", same: false });
    await mergeFiles("vehicles", ids.vehicle, other.vehicle, "VIN 相同");
    expect(await candidates("vehicles", ids.vehicle, "B12")).toEqual([]);
    expect((await groupOf("vehicles", other.vehicle)).ids).toEqual([ids.vehicle, other.vehicle]);
  });
});

describe("V-05 what became of a file", () => {
  test("V-05 a scrapped car is not received, and is again once the mark is taken back", async () => {
    const ask = () => why("visits", newId(), { number: "A99", vehicle: other.vehicle, purpose: "repair", state: "open", arrived_at: "2026-11-21 01:00:00.000Z" });
    const car = (await tables.vehicles.get(other.vehicle))!;
    await markFile("vehicles", car, "scrapped", "事故报废");
    expect((await ask())?.code).toBe("file.scrapped");
    expect((await tables.vehicles.get(other.vehicle))?.status_on).not.toBe("");
    await markFile("vehicles", car, "", "");
    expect(await ask()).toBeNull();
    as("guo");
    await expect(markFile("vehicles", car, "sold", "")).rejects.toMatchObject({ code: "flow.role" });
  });
});

describe("V-07 devices and goods have files", () => {
  const device = { kind: "device", brand: "海尔", model: "XQG100", serial: "SN-7788-01", label: "BQ-0017", configuration: "10 kg", customer: ids.customer } as const;
  test("V-07 a device is found by any fragment of its numbers and by whose it is, offline", async () => {
    const id = await saveAsset(null, device);
    const goods = await saveAsset(null, { kind: "goods", name: "行车记录仪", order_number: "2026112200017", batch_number: "P-2611", inspection_number: "JC-9" });
    for (const fragment of ["7788", "bq0017", "BQ-00", "xqg", "李思远"]) expect((await searchAssets(fragment)).map((h) => h.asset.id), fragment).toEqual([id]);
    for (const fragment of ["200017", "p-26", "jc9", "记录仪"]) expect((await searchAssets(fragment)).map((h) => h.asset.id), fragment).toEqual([goods]);
    expect(await searchAssets("没有")).toEqual([]);
  });
  test("V-07 each kind must have what it is known by", async () => {
    await expect(saveAsset(null, { kind: "device", brand: "海尔" })).rejects.toMatchObject({ code: "asset.unidentified", field: "serial" });
    await expect(saveAsset(null, { kind: "goods", order_number: "1" })).rejects.toMatchObject({ code: "asset.unidentified", field: "name" });
    const id = await saveAsset(null, device);
    await expect(saveAsset((await tables.assets.get(id))!, { kind: "device", serial: "", label: "" })).rejects.toMatchObject({ code: "asset.unidentified" });
    await saveAsset((await tables.assets.get(id))!, { kind: "device", label: "" });
    expect((await tables.assets.get(id))?.label).toBe("");
  });
  test("V-05 V-07 two files of one device are read as one", async () => {
    const [a, b] = [await saveAsset(null, device), await saveAsset(null, { kind: "device", model: "XQG100", serial: "SN-9999" })];
    await mergeFiles("assets", a, b, "换过主板");
    expect((await searchAssets("9999")).map((h) => h.asset.id)).toEqual([a]);
    expect((await loadAsset(b)).files.map((f) => f.serial)).toEqual(["SN-7788-01", "SN-9999"]);
    await undoMerge(await standing());
    expect((await loadAsset(b)).asset?.id).toBe(b);
  });
});
