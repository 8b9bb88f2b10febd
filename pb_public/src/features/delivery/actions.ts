// Delivery 交车 step by step: each is saved as it is done, and the customer's signature closes it (D-01 … D-05).
import { act, newId, serverTime, tables, why, type Rows } from "../../db/index.ts";
import { session } from "../../db/session.svelte.ts";
import type { Signed } from "../money/actions.ts";
import { deliveryPaper, type SignedDocument } from "../sign/papers.ts";

export type Delivery = Rows["deliveries"];
export type Visit = Rows["visits"];

/** The moments that are ticked, by the part of the delivery they belong to. */
export const moments = {
  prepare: ["washed_at", "handed_in_at", "keys_at", "papers_at"],
  show: ["result_shown_at", "old_parts_at", "spare_tools_at", "compared_at", "next_service_at"],
  give: ["covers_off_at", "belongings_at"],
} as const;
export type Moment = (typeof moments)[keyof typeof moments][number];

/** Which moments this visit has: no wash that nobody wished, no covers that were never fitted. */
export function asked(visit: Visit, moment: Moment): boolean {
  if (moment === "washed_at") return visit.wash === "yes";
  if (moment === "old_parts_at") return visit.old_parts === "keep" || visit.old_parts === "show";
  return moment !== "covers_off_at" || Boolean(visit.covers_fitted_at);
}

/** Saves what was filled in; the delivery begins with the first of it. */
export async function note(visit: Visit, delivery: Delivery | null, data: Partial<Delivery>): Promise<void> {
  await act("delivery.note", (w) => {
    if (delivery) w.patch("deliveries", delivery.id, data);
    else w.create("deliveries", { visit: visit.id, state: "open", ...data }, newId());
  });
}

/** Ticks a moment, or takes the tick back. The covers' moment stands on the visit as well (R-04). */
export async function tick(visit: Visit, delivery: Delivery | null, moment: Moment, done: boolean): Promise<void> {
  const at = done ? serverTime(Date.now()) : "";
  const by: Partial<Delivery> = moment === "handed_in_at" ? { handed_in_by: done ? (session.user?.id ?? "") : "" } : {};
  await note(visit, delivery, { [moment]: at, ...by });
  if (moment === "covers_off_at" && !(await why("visits", visit.id, { covers_removed_at: at }))) {
    await act("visit.covers_off", (w) => w.patch("visits", visit.id, { covers_removed_at: at }));
  }
}

/** The day so many months after a day of the shop, or the month's last where it has no such day. */
export function monthsOn(day: string, months: number): string {
  const [y = 0, m = 1, d = 1] = day.split("-").map(Number);
  const last = new Date(Date.UTC(y, m + months, 0)).getUTCDate();
  return new Date(Date.UTC(y, m - 1 + months, Math.min(d, last))).toISOString().slice(0, 10);
}

/** At which odometer the next service is due: the interval on from what was read at this visit, else what the file says if that lies ahead; 0 for neither (V-01). */
export function nextKm(visit: Visit, vehicle: Rows["vehicles"] | null): number {
  const read = Math.max(visit.odometer_km || 0, vehicle?.odometer_km || 0);
  if (vehicle?.service_interval_km && read) return read + vehicle.service_interval_km;
  return (vehicle?.next_service_km || 0) > read ? vehicle!.next_service_km : 0;
}

/** The next service goes to the vehicle's file as well, where reminders look for it (V-01, D-03). */
export async function nextService(visit: Visit, delivery: Delivery | null, on: string, km: number): Promise<void> {
  await act("delivery.next_service", (w) => {
    if (delivery) w.patch("deliveries", delivery.id, { next_service_at: on, next_service_km: km });
    else w.create("deliveries", { visit: visit.id, state: "open", next_service_at: on, next_service_km: km }, newId());
    w.patch("vehicles", visit.vehicle, { next_service_on: on, next_service_km: km });
  });
}

/** Orders whose work the customer takes back; each has a sheet of its own. */
export function taken(orders: Rows["work_orders"][]): Rows["work_orders"][] {
  return orders.filter((o) => o.state !== "declined" && o.state !== "cancelled");
}

/** The delivery sheets of a visit, as they are shown and signed: what each order tells the customer, the belongings, the next service. */
export async function sheets(delivery: Delivery): Promise<{ order: Rows["work_orders"]; paper: SignedDocument }[]> {
  const visit = await tables.visits.get(delivery.visit);
  if (!visit) return [];
  const [shop, vehicle, customer, belongings, orders] = await Promise.all([
    tables.shops.get(visit.shop), tables.vehicles.get(visit.vehicle), tables.customers.get(visit.customer),
    tables.belongings.where("visit").equals(visit.id).toArray(), tables.work_orders.where("visit").equals(visit.id).toArray(),
  ]);
  return taken(orders).map((order) => ({ order, paper: deliveryPaper({ shop, visit, vehicle, customer }, order, belongings, delivery) }));
}

/** The customer accepts car and belongings by signature (D-05), and with it what each order advises and warns of. */
export async function accept(delivery: Delivery, by: Signed): Promise<void> {
  const at = serverTime(Date.now());
  const papers = await sheets(delivery);
  const signed = { signer_name: by.name.trim(), signer_relation: by.relation, strokes: by.strokes as unknown as Delivery["strokes"], signed_at: at };
  await act("delivery.accept", (w) => {
    for (const { order, paper } of papers) {
      w.create("consents", {
        ...signed, visit: delivery.visit, work_order: order.id, kind: "signature", state: "given", document_kind: "delivery",
        document: paper.document, sha256: paper.sha256, jobs: [], countersigned_by: session.user?.id ?? "", countersigned_at: at,
      });
    }
    w.patch("deliveries", delivery.id, signed);
    w.patch("deliveries", delivery.id, { state: "accepted" });
  });
}

/** The protective covers come off before the customer's eyes. */
export async function coversOff(visit: Visit): Promise<void> {
  await act("visit.covers_off", (w) => w.patch("visits", visit.id, { covers_removed_at: serverTime(Date.now()) }));
}

/** E-08: the customer does not want the work; the car leaves. */
export async function leave(visit: Visit): Promise<void> {
  await act("visit.leave", (w) => w.patch("visits", visit.id, { state: "left" }));
}

/** Key tags and belongings handed back at the end. */
export async function keysBack(visit: Visit): Promise<void> {
  const tags = (await tables.key_tags.where("visit").equals(visit.id).toArray()).filter((k) => k.holder_kind !== "customer");
  if (tags.length === 0) return;
  const at = serverTime(Date.now());
  await act("key.hand_back", (w) => {
    for (const k of tags) w.patch("key_tags", k.id, { holder_kind: "customer", holder: "", held_at: at });
  });
}
