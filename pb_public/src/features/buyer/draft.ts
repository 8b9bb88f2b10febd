// A claim before it is sent: what the customer says and shows, what is still lacking, and what it becomes on the wire (L-02). A
// draft made by a guest is adopted by the first sign-in whose order number and phone match.
import { calendarOf, type Calendar } from "../../rules/calendar.ts";
import { atDoor, previewClaim, proofSlot, shippedClaimPolicy, type ClaimPolicy, type Preview, type Verdict } from "../../rules/claim.ts";
import { instant } from "../../rules/clock.ts";
import { newId, serverTime } from "../../db/ids.ts";
import type { Op, Picture } from "./keep.ts";

/** What the customer sees, from a short list; whether it is a fault of quality is for after-sales to say (L-07). */
export const seen = ["seam", "torn", "faded", "mould", "unfit", "other"] as const;
export type Seen = (typeof seen)[number];

/** How the goods differ from the order, for a parcel refused at the door (L-01). */
export const mismatches = ["kind", "quantity", "size", "gift", "amount", "packaging", "model"] as const;

export type ClaimKind = "return" | "exchange" | "repair";

/** A photo of a draft. There may be several of the defect, each with its own words. */
export interface Shot {
  id: string;
  sha256: string;
  slot: string;
  note: string;
}

/** open: being written. waiting: the customer has sent it, and it goes out with the sign-in or the network. */
export interface Draft {
  id: string;
  state: "open" | "waiting";
  order: string;
  phone: string;
  lines: Record<string, number>;
  door: boolean;
  mismatch: string;
  seen: Seen | "";
  words: string;
  kind: ClaimKind | "";
  invoice: string;
  pays: boolean;
  shots: Shot[];
  /** When the customer sent it, by this phone's clock, UTC; "" before. */
  sent_at: string;
  updated: number;
}

/** What was bought, as GET /api/claims/orders tells it. */
export interface Bought {
  customer: { id: string; name: string; phone: string };
  shop: { id: string; name: string; phone: string; address: string; time_zone: string };
  now: string;
  orders: Order[];
  policies: Record<string, ClaimPolicy>;
}

export interface Order {
  id: string;
  number: string;
  state: string;
  ordered_at: string;
  received_at: string;
  invoice_number: string;
  paid_fen: number;
  lines: OrderLine[];
}

export interface OrderLine {
  id: string;
  name: string;
  sku: string;
  product_line: string;
  quantity: number;
  paid_fen: number;
  gift: boolean;
  exemptions: string[] | null;
  /** What came with it and must come back with it (L-09). */
  accessories?: string[] | null;
}

export function newDraft(order: string, phone: string, now: number): Draft {
  return { id: newId(), state: "open", order: order.trim(), phone, lines: {}, door: false, mismatch: "", seen: "", words: "", kind: "", invoice: "", pays: false, shots: [], sent_at: "", updated: now };
}

/** A number as it is compared: digits only, without +86 or 0086; twin of Phone in internal/buyer. */
export function phoneOf(text: string): string {
  const abroad = text.trim().startsWith("+");
  const digits = text.trim().replace(/[０-９]/g, (d) => String.fromCharCode(d.charCodeAt(0) - 0xfee0)).replace(/[\s+\-－()（）.]/g, "").replace(/\D/g, "\uFFFD");
  if (abroad && digits.startsWith("86")) return digits.slice(2);
  return digits.startsWith("0086") ? digits.slice(4) : digits;
}

/** The order a draft is about; null while it is not known which one. */
export function orderOf(draft: Draft, bought: Bought | null): Order | null {
  if (!bought || phoneOf(draft.phone) !== phoneOf(bought.customer.phone)) return null;
  return bought.orders.find((o) => o.number === draft.order) ?? null;
}

/**
 * A draft taken over by whoever has signed in: with the only goods of its order where there is no choice. One that waits but
 * still lacks something is open again. Null where order number and phone are not theirs.
 */
export function adopted(draft: Draft, bought: Bought): Draft | null {
  const order = orderOf(draft, bought);
  if (!order) return null;
  const only = order.lines.length === 1 && order.lines[0]!.quantity === 1 ? order.lines[0]! : null;
  const lines = Object.keys(draft.lines).length === 0 && only ? { [only.id]: 1 } : draft.lines;
  const taken = { ...draft, lines };
  return { ...taken, state: draft.state === "waiting" && lacks(taken, order, needsOf(taken, bought)) ? "open" : draft.state };
}

/** The product line of the goods chosen; "" while none are. A claim is for goods of one line. */
export function productLine(draft: Draft, order: Order | null): string {
  return order?.lines.find((l) => (draft.lines[l.id] ?? 0) > 0)?.product_line ?? "";
}

/** What the customer says: a fault, or none. It decides which photos are asked for; what it is, after-sales judges (L-07). */
export function claimedVerdict(draft: Draft): Verdict {
  return draft.door ? (draft.mismatch !== "" ? "quality" : "none") : draft.seen !== "" && draft.seen !== "unfit" ? "quality" : "none";
}

/** What will happen if this is sent at the instant and judged so, by the rules the server goes by; null while order or receipt are unknown. */
export function previewOf(draft: Draft, bought: Bought | null, at: number, verdict: Verdict = claimedVerdict(draft), calendar: Calendar = calendarOf()): Preview | null {
  const order = orderOf(draft, bought);
  const policy = bought?.policies[productLine(draft, order)];
  if (!bought || !order || !policy || draft.seen === "" && !draft.door) return null;
  const received = draft.door ? at : instant(order.received_at);
  if (Number.isNaN(received) || received > at) return null;
  const preview = previewClaim(policy, { received, filed: at, verdict, traits: traitsOf(draft, order), store_near: false }, calendar, bought.shop.time_zone);
  return draft.door ? atDoor(policy, verdict, preview) : preview;
}

/** What the chosen goods are that may exempt them from a return without fault (L-15). */
export const traitsOf = (draft: Draft, order: Order): string[] => order.lines.filter((l) => (draft.lines[l.id] ?? 0) > 0).flatMap((l) => l.exemptions ?? []);

/** Which photos are asked for, in their order; without an order those of the policy that came with the product. */
export function needsOf(draft: Draft, bought: Bought | null, at = Date.now()): string[] {
  const preview = previewOf(draft, bought, at);
  if (preview) return preview.needs;
  return shippedClaimPolicy.needs[draft.seen === "" ? "quality" : claimedVerdict(draft)];
}

/**
 * The first thing that is still lacking, as a key of the page's texts; "" when it can be sent. Goods can be chosen after the sign-in.
 * After acceptance "does not match" is no ground (L-01); the proof of purchase is never a condition (L-12). `taken`: the order has had its
 * one return or exchange (L-11).
 */
export function lacks(draft: Draft, order: Order | null, needs: string[], guest = false, taken = false): string {
  if (!guest && !Object.values(draft.lines).some((n) => n > 0)) return "needs_goods";
  if (order && new Set(order.lines.filter((l) => (draft.lines[l.id] ?? 0) > 0).map((l) => l.product_line)).size > 1) return "needs_one_line";
  if (draft.door && order?.received_at) return "needs_fault";
  if (draft.door ? draft.mismatch === "" : draft.seen === "") return "needs_seen";
  if (draft.words.trim() === "") return "needs_words";
  if (taken && draft.kind !== "" && draft.kind !== "repair") return "needs_repair";
  if (draft.kind === "") return "needs_kind";
  if (draft.door && draft.kind === "repair") return "needs_other_kind";
  return needs.every((slot) => slot === proofSlot || draft.shots.some((s) => s.slot === slot)) ? "" : "needs_photos";
}

/** A claim's number that needs no network: the day, and letters that nobody misreads. */
export function claimNumber(at: number): string {
  const letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  const drawn = [...crypto.getRandomValues(new Uint8Array(6))].map((b) => letters[b % letters.length]).join("");
  return `TH${new Date(at).toISOString().slice(2, 10).replaceAll("-", "")}-${drawn}`;
}

/** What a draft is on the wire: the claim, its goods, a row for each photo. `seen` in words goes before the customer's own. */
export function fileOps(draft: Draft, order: Order, bought: Bought, pictures: Map<string, Picture>, label: string): { claim: string; ops: Op[] } {
  const claim = newId(), shop = bought.shop.id, at = instant(draft.sent_at);
  const ops: Op[] = [{
    op: "create", collection: "claims", id: claim,
    data: {
      shop, sales_order: order.id, customer: bought.customer.id, number: claimNumber(at), kind: draft.kind, state: "submitted", product_line: productLine(draft, order),
      fault_claimed: claimedVerdict(draft) === "quality", description: `${label}${draft.words.trim()}`,
      ...(draft.door ? { refused_parcel: true, mismatch: draft.mismatch } : {}),
      ...(draft.invoice.trim() ? { invoice_number: draft.invoice.trim() } : {}),
      ...(draft.pays && draft.kind === "repair" ? { pay_acknowledged_at: serverTime(at) } : {}),
    },
  }];
  for (const line of order.lines) {
    const quantity = draft.lines[line.id] ?? 0;
    if (quantity > 0) ops.push({ op: "create", collection: "claim_items", id: newId(), data: { shop, claim, sales_item: line.id, quantity } });
  }
  for (const shot of draft.shots) ops.push(photoOp(shop, claim, shot, pictures.get(shot.sha256)));
  return { claim, ops };
}

/** The row that names a photo of a claim. */
export function photoOp(shop: string, claim: string, shot: Shot, picture: Picture | undefined): Op {
  return {
    op: "create", collection: "photos", id: shot.id,
    data: {
      shop, subject_collection: "claims", subject_record: claim, slot: shot.slot, note: shot.note.trim(), sha256: shot.sha256,
      ...(picture ? { bytes: picture.bytes.byteLength, width: picture.width, height: picture.height, media: picture.media, taken_at: picture.taken_at } : {}),
    },
  };
}
