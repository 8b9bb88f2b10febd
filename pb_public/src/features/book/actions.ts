// What is done to an appointment. Each function is one act unless it says otherwise; a rule's no leaves nothing behind.
import { act, keptOf, newId, nextNumber, Refused, serverTime, tables, type Rows, type Writer } from "../../db/index.ts";
import { clockText, slotMark, type Capacity } from "../../rules/capacity.ts";
import { fromShopInput } from "../../ui/format";
import { reserveBeside } from "../parts/actions.ts";
import type { One } from "./load.ts";
import { toPrepare, type Appointment, type Draft, type Preparation } from "./model.ts";

/** The stored start of a slot of the shop's day. */
export function startOf(day: string, minute: number): string {
  return fromShopInput(`${day}T${clockText(minute)}`);
}

/**
 * Two acts: the request, with what must be prepared for it, which nothing refuses; then its confirmation, which needs room.
 * So that a customer's words are kept also when the slot is full, or turns out to have been when the tablet is back in
 * reach. Returns the refusal of the second, null when it is confirmed.
 */
export async function book(draft: Draft): Promise<{ id: string; refused: Refused | null }> {
  const id = newId();
  await act("appointment.request", (w) => {
    w.create("appointments", {
      source: draft.source, channel: draft.channel, vehicle: draft.vehicle, customer: draft.customer, caller_name: draft.caller_name.trim(),
      caller_phone: draft.caller_phone.trim(), caller_plate: draft.caller_plate.trim(), purpose: draft.purpose, needs: draft.needs.trim(), lines: tidy(draft.lines),
      starts_at: startOf(draft.day, draft.minute), minutes: draft.minutes, hands: draft.hands, advisor: draft.advisor, keeper: draft.keeper,
      documents: draft.documents, courtesy_car: draft.courtesy_car, courtesy_note: draft.courtesy_note.trim(),
      pickup: draft.pickup, pickup_address: draft.pickup_address.trim(), pickup_km: draft.pickup_km, note: draft.note.trim(), state: "requested",
    }, id);
    for (const line of toPrepare(draft)) w.create("preparations", { appointment: id, ...line, state: "open" });
  });
  return { id, refused: await tried(() => confirm(id)) };
}

/** Lines without the parts nobody named. */
function tidy(lines: Draft["lines"]): Draft["lines"] {
  return lines.map((l) => ({ ...l, work: l.work.trim(), parts: l.parts.filter((p) => p.name.trim() !== "") }));
}

async function tried(work: () => Promise<void>): Promise<Refused | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

export async function confirm(id: string): Promise<void> {
  await act("appointment.confirm", (w) => w.patch("appointments", id, { state: "confirmed" }));
}

/** Another slot: it is asked for room like a new one. */
export async function move(row: Appointment, to: { day: string; minute: number; minutes: number; hands: number }): Promise<void> {
  await act("appointment.move", (w) => w.patch("appointments", row.id, { starts_at: startOf(to.day, to.minute), minutes: to.minutes, hands: to.hands }));
}

/** A manager lets exactly this booking in although the slot is full, and says why (B-02). Confirms it in the same act. */
export async function allowOverbooking(row: Appointment, reason: string): Promise<void> {
  await act("appointment.overbook", (w) => w.patch("appointments", row.id, {
    overbook_slot: slotMark(row), overbook_reason: reason.trim(), ...(row.state === "requested" ? { state: "confirmed" as const } : {}),
  }));
}

export async function cancel(row: Appointment, reason: string): Promise<void> {
  await act("appointment.cancel", (w) => w.patch("appointments", row.id, { state: "cancelled", cancel_reason: reason.trim() }));
}

/** The customer was called and reminded by a person (B-05). */
export async function remind(row: Appointment): Promise<void> {
  await act("appointment.remind", (w) => w.patch("appointments", row.id, { state: "reminded" }));
}

export async function missed(row: Appointment): Promise<void> {
  await act("appointment.miss", (w) => w.patch("appointments", row.id, { state: "no_show" }));
}

export async function edit(id: string, data: Partial<Appointment>): Promise<void> {
  await act("appointment.edit", (w) => w.patch("appointments", id, data));
}

/** One line of the preparation list: looked at, and there or not; what is missing is named (B-04). */
export async function prepare(line: Preparation, state: Preparation["state"], missing = ""): Promise<void> {
  await act("preparation.check", (w) => w.patch("preparations", line.id, { state, ...(state === "missing" ? { missing_note: missing.trim() } : {}) }));
}

/** The customer knows what is missing, before they come (B-04). */
export async function told(lines: Preparation[], note: string): Promise<void> {
  const at = serverTime(Date.now());
  await act("preparation.told", (w) => {
    for (const line of lines) w.patch("preparations", line.id, { told_at: at, told_note: note.trim() });
  });
}

/** What the shop can take from a day on: a new revision, nothing is overwritten (B-02). */
export async function setCapacity(all: Capacity[], next: Omit<Capacity, "id" | "revision"> & { note: string }): Promise<void> {
  const revision = Math.max(0, ...all.map((c) => c.revision)) + 1;
  await act("capacity.set", (w) => void w.create("capacities", { ...next, revision, active: true }));
}

/** One switch for peak mode. */
export async function setPeak(shop: Rows["shops"], on: boolean): Promise<void> {
  await act("shop.peak", (w) => w.patch("shops", shop.id, { peak_at: on ? serverTime(Date.now()) : "" }));
}

/** The next one is received by who calls them. */
export async function receive(visit: Rows["visits"], advisor: string): Promise<void> {
  await act("visit.take", (w) => w.patch("visits", visit.id, { advisor }));
}

/** Who arrives, where the appointment does not know it yet: a file of each, or what a new one begins with. */
export interface Arriving {
  vehicle: string;
  customer: string;
  plate: string;
  name: string;
  phone: string;
  odometer: number | null;
  /** C-01: the earlier job a comeback comes back from; "" while nobody has said. */
  original: string;
}

export interface Surroundings {
  advisor: string;
  template: string;
  policy: string;
}

/**
 * The customer is here: in one act the appointment becomes a reception with its walk-around, the customer's words its
 * concerns, and the quote an order with its jobs and parts (B-07); the parts store sees at once what to pick, and what is there of it is
 * frozen (P-02). Returns the visit.
 */
export async function arrive(one: Pick<One, "row">, who: Arriving, around: Surroundings): Promise<{ visit: string; number: string; order: string }> {
  const { row } = one;
  const number = await nextNumber("visit");
  const lines = row.lines ?? [];
  const orderNumber = lines.length ? await nextNumber("order") : "";
  const at = serverTime(Date.now());
  const made = { visit: newId(), number, order: lines.length ? newId() : "" };
  // Booked on a file that was merged meanwhile: the reception is on the one that is kept (V-05).
  const [people, cars] = await Promise.all([keptOf("customers", [who.customer]), keptOf("vehicles", [who.vehicle])]);
  await act("appointment.arrive", (w) => {
    const customer = people.get(who.customer) || who.customer || w.create("customers", { name: who.name.trim(), phone: who.phone.trim() });
    const vehicle = cars.get(who.vehicle) || who.vehicle || w.create("vehicles", { plate: who.plate.trim(), customer, ...(who.odometer !== null && { odometer_km: who.odometer }) });
    w.create("visits", {
      number, vehicle, customer, appointment: row.id, advisor: around.advisor, purpose: row.purpose, state: "open", arrived_at: at, policy: around.policy,
      comeback_of: row.purpose === "comeback" ? who.original : "", pickup: row.pickup, pickup_address: row.pickup_address, pickup_km: row.pickup_km, ...(who.odometer !== null && { odometer_km: who.odometer }),
    }, made.visit);
    w.create("inspections", { visit: made.visit, template: around.template });
    for (const [i, words] of spoken(row.needs).entries()) w.create("concerns", { visit: made.visit, position: i + 1, words });
    if (made.order) openOrder(w, row, made, orderNumber, at);
    w.patch("appointments", row.id, { state: "arrived", vehicle, customer });
  });
  if (made.order) await reserveBeside(await tables.jobs.where("work_order").equals(made.order).primaryKeys());
  return made;
}

/** The customer's own words, a concern for each line they were written down in. */
export function spoken(needs: string): string[] {
  return needs.split("\n").map((line) => line.trim()).filter(Boolean);
}

function openOrder(w: Writer, row: Appointment, made: { visit: string; order: string }, number: string, at: string): void {
  w.create("work_orders", { visit: made.visit, number, state: "draft" }, made.order);
  for (const [i, line] of (row.lines ?? []).entries()) {
    w.create("jobs", {
      visit: made.visit, work_order: made.order, position: i + 1, state: "proposed", origin: "estimate", work: line.work, detail: line.detail,
      labour_minutes: line.labour_minutes, labour_fen: line.labour_fen, parts: line.parts, payer: "customer", priced_at: at, method: line.method,
      standard_time: line.standard_time, job_class: line.job_class, risk_fen: line.risk_fen, came_back_from: line.came_back_from,
      diagnosis_only: line.job_class === "diagnosis", not_guaranteed: line.parts.some((p) => p.origin === "customer"),
    });
  }
}

