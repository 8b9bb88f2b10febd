// What registering an arrival needs to know of the store.
import { groupOf, keptOf, searchCustomers, searchVehicles, tables, type Rows, type VehicleHit } from "../../db";
import { normalPlate, plateComplete } from "../../ui/plate";
import { normalVin } from "../../ui/vin";

/** The shop's walk-around template and service policy in force: the active one of the highest revision. */
export async function standardsInForce(): Promise<{ template: string; policy: string; ready: boolean }> {
  const [templates, policies] = await Promise.all([tables.templates.toArray(), tables.policies.toArray()]);
  const newest = <T extends { id: string; revision: number; active: boolean }>(rows: T[]): string =>
    rows.filter((r) => r.active).sort((a, b) => b.revision - a.revision)[0]?.id ?? "";
  const template = newest(templates.filter((t) => t.kind === "walkaround"));
  return { template, policy: newest(policies.filter((p) => p.kind === "service_lane")), ready: template !== "" };
}

export interface Known {
  vehicle: Rows["vehicles"];
  customer: Rows["customers"] | null;
  open: Rows["visits"] | null; // still in the shop
  last: Rows["visits"] | null; // the visit before
  declined: Rows["jobs"][]; // not done before, offered again (E-07)
}

const GONE = ["released", "left"];

export async function loadKnown(id: string): Promise<Known | null> {
  const group = id ? await groupOf("vehicles", id) : null;
  const vehicle = group ? await tables.vehicles.get(group.kept) : undefined;
  if (!group || !vehicle) return null;
  const owner = (await keptOf("customers", [vehicle.customer])).get(vehicle.customer) ?? vehicle.customer;
  const visits = (await tables.visits.where("vehicle").anyOf(group.ids).toArray()).sort((a, b) => b.arrived_at.localeCompare(a.arrived_at));
  const jobs = await tables.jobs.where("visit").anyOf(visits.map((v) => v.id)).toArray();
  const done = new Set(jobs.filter((j) => j.state === "passed" || j.state === "done").map((j) => j.work));
  return {
    vehicle,
    customer: owner ? ((await tables.customers.get(owner)) ?? null) : null,
    open: visits.find((v) => !GONE.includes(v.state)) ?? null,
    last: visits.find((v) => GONE.includes(v.state)) ?? null,
    declined: jobs.filter((j) => j.state === "declined" && !done.has(j.work)),
  };
}

/** The file that already holds this plate or VIN, so that no vehicle gets a second one. */
export async function findTwin(plate: string, vin: string): Promise<VehicleHit | null> {
  const asked = [plateComplete(plate) ? plate : "", vin.length === 17 ? vin : ""].filter(Boolean);
  for (const text of asked) {
    const same = (await searchVehicles(text, 5)).find((h) => [h.vehicle, h.through].some((v) => v && (normalPlate(v.plate) === text || normalVin(v.vin) === text)));
    if (same) return same;
  }
  return null;
}

/** Customers whose phone or name holds the fragment; the first eight. */
export async function findCustomers(fragment: string): Promise<Rows["customers"][]> {
  return fragment.trim().length < 2 ? [] : searchCustomers(fragment, 8);
}
