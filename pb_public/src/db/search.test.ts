import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { linesWith, Packer } from "./search-pack.ts";
import { onSearchRenewed, searchCustomers, searchVehicles } from "./search.ts";
import { Store, useStore } from "./store.ts";

const actor = { id: "", name: "陈佳宁", roles: ["advisor"], shop: "s", skill: 0 };
let store: Store;

async function open(user: string): Promise<void> {
  store = new Store(user);
  await store.open();
  useStore(store, { ...actor, id: user });
}
const car = (id: string, plate: string, customer = "") => ({ id, version: 1, plate, vin: `LSV${plate.slice(1)}`, customer }) as never;

beforeEach(() => open(`search-${Math.random()}`));
afterEach(async () => {
  useStore(null, null);
  await store.delete();
});

describe("V-06 the list kept between starts", () => {
  test("V-06 answers after a restart without reading the rows, and what changed meanwhile is found by whole plate, then by any part", async () => {
    await store.rows("vehicles").put(car("v1", "沪A12345"));
    expect(await searchVehicles("a123")).toHaveLength(1);
    const { user } = store;
    useStore(null, null);
    // Another tab writes while this one sleeps: its list is a little old.
    const other = new Store(user);
    await other.rows("vehicles").put(car("v2", "沪B67890"));
    await other.set("seq", 9);
    other.close();
    const renewed = new Promise<void>((done) => {
      const stop = onSearchRenewed(() => (stop(), done()));
    });
    await open(user);
    expect((await searchVehicles("沪B67890")).map((h) => h.vehicle.id)).toEqual(["v2"]);
    await renewed;
    expect((await searchVehicles("6789")).map((h) => h.vehicle.id)).toEqual(["v2"]);
    expect((await searchVehicles("a123")).map((h) => h.vehicle.id)).toEqual(["v1"]);
  });

  test("customers are found by name and phone, also those without a car", async () => {
    await store.rows("customers").bulkPut([{ id: "c1", version: 1, name: "李明", phone: "138 0000 0001" }, { id: "c2", version: 1, name: "王芳", phone: "139", phones: ["021-5555"] }] as never[]);
    expect((await searchCustomers("0000000")).map((c) => c.id)).toEqual(["c1"]);
    expect((await searchCustomers("0215555")).map((c) => c.id)).toEqual(["c2"]);
    await store.rows("customers").update("c2", { name: "王方" });
    expect((await searchCustomers("王")).map((c) => c.name)).toEqual(["王方"]);
  });

  test("a fragment in an id is no answer, and changed rows answer for themselves", () => {
    const packer = new Packer();
    packer.addCustomers([{ id: "c1", name: "李明", phone: "138" }]);
    packer.addVehicles([{ id: "a138", plate: "沪A1", customer: "c1" }, { id: "b138", plate: "沪B2" }]);
    const { vehicles } = packer.pack();
    expect(linesWith(vehicles, "138", new Set())).toEqual(["a138\t沪a1\t\t李明\t138"]);
    expect(linesWith(vehicles, "138", new Set(["a138"]))).toEqual([]);
    expect(linesWith("\n\n", "x", new Set())).toEqual([]);
  });
});
