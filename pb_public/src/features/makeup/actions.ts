// Make-up parts 补件, step by step (P-03, P-04); each step is one act that works without a network. Amounts in fen.
import { act, newId, nextNumber, serverTime } from "../../db/index.ts";
import { theActor } from "../../db/store.ts";
import type { Part } from "./model.ts";

/** What somebody asks for: a part for a customer, an order or a claim, and why. */
export type Wanted = Pick<Part, "part_name" | "class" | "quantity" | "cause" | "cause_note" | "batch_number" | "inspection_number" | "charge_fen" | "urgent" | "urgent_reason" | "wanted_at" | "note">
  & Partial<Pick<Part, "customer" | "sales_order" | "claim">>;

/** Asks for a part; returns the row's id. */
export async function requestPart(wanted: Wanted): Promise<string> {
  const id = newId(), number = await nextNumber("makeup");
  // Only agents and supervisors say what is charged: who may not leaves the field out.
  const { charge_fen, ...asked } = wanted;
  await act("makeup.request", (w) => void w.create("makeup_parts", { ...asked, ...(charge_fen ? { charge_fen } : {}), number, state: "requested" }, id));
  return id;
}

export async function editPart(part: Part, data: Partial<Part>): Promise<void> {
  await act("makeup.edit", (w) => w.patch("makeup_parts", part.id, data));
}

/** Takes the present step on by name. */
export async function takeStep(part: Part): Promise<void> {
  await act("makeup.take", (w) => w.patch("makeup_parts", part.id, { owner: theActor().id }));
}

/** Gathers requests into one list; returns the list's number. All of them or none. */
export async function gather(parts: Part[]): Promise<string> {
  const list_number = await nextNumber("makeup_list");
  await act("makeup.gather", (w) => {
    for (const p of parts) w.patch("makeup_parts", p.id, { list_number, state: "gathered", owner: "" });
  });
  return list_number;
}

/** Approves parts of a list, all of them or none. */
export async function approve(parts: Part[]): Promise<void> {
  await act("makeup.review", (w) => {
    for (const p of parts) w.patch("makeup_parts", p.id, { state: "approved", owner: "" });
  });
}

export async function reject(part: Part, rejection: string): Promise<void> {
  await act("makeup.reject", (w) => w.patch("makeup_parts", part.id, { rejection: rejection.trim(), state: "rejected", owner: "" }));
}

export async function askAgain(part: Part): Promise<void> {
  await act("makeup.again", (w) => w.patch("makeup_parts", part.id, { state: "requested", owner: "" }));
}

/** What a supervisor says of an urgent need; "" takes it back. */
export async function decideUrgency(part: Part, urgent_approval: Part["urgent_approval"]): Promise<void> {
  await act("makeup.urgency", (w) => w.patch("makeup_parts", part.id, { urgent_approval }));
}

export interface Order {
  source: "make" | "buy";
  supplier: string;
  reference: string;
}

/** The part is being made, or was bought. */
export async function orderPart(part: Part, order: Order): Promise<void> {
  await act("makeup.order", (w) => w.patch("makeup_parts", part.id, { ...order, state: "ordered", owner: "" }));
}

/** Back to be ordered anew, or to be taken from a box, with the reason. */
export async function recall(part: Part, reason: string): Promise<void> {
  await act("makeup.recall", (w) => w.patch("makeup_parts", part.id, { reason: reason.trim(), source: "", state: "approved", owner: "" }));
}

export interface Box {
  unbox_product: string;
  unbox_reason: string;
  /** By when the box is full again. */
  refill_due_at: string;
}

/** Asks to take the part from a boxed product 拆包. */
export async function askUnboxing(part: Part, box: Box): Promise<void> {
  await act("makeup.unbox_ask", (w) => w.patch("makeup_parts", part.id, { ...box, source: "unbox" }));
}

export async function decideUnboxing(part: Part, unbox_approval: Part["unbox_approval"]): Promise<void> {
  await act("makeup.unbox_decide", (w) => w.patch("makeup_parts", part.id, { unbox_approval }));
}

/** The box was opened and marked, and the part is here. */
export async function unbox(part: Part, mark: string): Promise<void> {
  await act("makeup.unbox", (w) => w.patch("makeup_parts", part.id, { unbox_mark: mark.trim(), state: "received", owner: "" }));
}

/** The box is full again. */
export async function refill(part: Part, note: string): Promise<void> {
  await act("makeup.refill", (w) => w.patch("makeup_parts", part.id, { refilled_at: serverTime(Date.now()), refill_note: note.trim() }));
}

export async function receive(part: Part): Promise<void> {
  await act("makeup.receive", (w) => w.patch("makeup_parts", part.id, { state: "received", owner: "" }));
}

/** What the customer has paid in all. Fen. */
export async function collect(part: Part, collected_fen: number, reference: string): Promise<void> {
  await act("makeup.collect", (w) => w.patch("makeup_parts", part.id, { collected_fen, collected_reference: reference.trim() }));
}

export interface Parcel {
  delivery_number: string;
  carrier: string;
  tracking_number: string;
}

/** Sent with the customer's next delivery, or alone; either way it can be tracked. */
export async function ship(part: Part, parcel: Parcel): Promise<void> {
  await act("makeup.ship", (w) => w.patch("makeup_parts", part.id, { ...parcel, state: "shipped", owner: "" }));
}

export async function deliver(part: Part): Promise<void> {
  await act("makeup.deliver", (w) => w.patch("makeup_parts", part.id, { state: "completed", owner: "" }));
}

export async function callOff(part: Part, reason: string): Promise<void> {
  await act("makeup.cancel", (w) => w.patch("makeup_parts", part.id, { reason: reason.trim(), state: "cancelled", owner: "" }));
}
