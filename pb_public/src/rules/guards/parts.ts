// Guards of the parts store: what moves, what is frozen. The reasons stand in internal/flow/guards_parts.go and
// guards_orders.go.
import type { Facts, Job, Stock, StockPart } from "../facts.ts";
import { Refused } from "../refused.ts";
import { blank, text, whole } from "./common.ts";
import { consentCovers, hasStrokes } from "./consent.ts";
import { orderOpen } from "./order.ts";

/** Thousandths for a sentence: 4500 is "4.5". */
export function quantityText(milli: number): string {
  const size = Math.abs(milli);
  const rest = size % 1000;
  return `${milli < 0 ? "-" : ""}${Math.trunc(size / 1000)}${rest ? `.${String(1000 + rest).slice(1).replace(/0+$/, "")}` : ""}`;
}

const nothing: StockPart = { id: "", number: "", name: "", class: "", unit: "", price_fen: 0, store_milli: 0, workshop_milli: 0 };

export function stockOf(f: Facts): { s: Stock; p: StockPart } {
  return { s: f.stock ?? {}, p: f.stock?.part ?? nothing };
}

export function movePlaces(f: Facts): Refused | null {
  const from = text(f.after, "from_place");
  const to = text(f.after, "to_place");
  let right = false;
  switch (text(f.after, "kind")) {
    case "in":
    case "return":
      right = from === "" && to !== "";
      break;
    case "out":
    case "retail":
    case "to_supplier":
      right = from !== "" && to === "";
      break;
    case "transfer":
      right = from !== "" && to !== "" && from !== to;
      break;
    case "adjust":
    case "count":
      right = (from === "") !== (to === "");
  }
  return right ? null : new Refused("stock.places", "kind");
}

export function moveReason(f: Facts): Refused | null {
  const kind = text(f.after, "kind");
  if ((kind === "adjust" || kind === "to_supplier") && blank(text(f.after, "reason"))) return new Refused("stock.reason_missing", "reason");
  return kind === "to_supplier" && !f.stock?.photos ? new Refused("stock.photo_missing", "reason") : null;
}

/** Whether the act moves a part towards a job. */
function forJob(f: Facts): boolean {
  const kind = text(f.after, "kind");
  return kind === "out" || (kind === "transfer" && text(f.after, "job") !== "");
}

/** How much of a part the job's lines hold; what the customer brings along is not the store's. */
export function agreedMilli(job: Pick<Job, "parts">, number: string): number {
  return (job.parts ?? []).reduce((sum, line) => (line.number === number && line.origin !== "customer" ? sum + line.quantity_milli : sum), 0);
}

export function moveOnOrder(f: Facts): Refused | null {
  const back = text(f.after, "kind") === "return";
  if (!back && !forJob(f)) return null;
  if (!f.job) return new Refused("stock.job_missing", "job");
  const { s, p } = stockOf(f);
  const want = whole(f.after, "quantity_milli");
  const issued = s.issued_milli ?? 0;
  if (!back) return onOrder(f, f.job, want, issued);
  return want > issued ? new Refused("stock.more_than_issued", "quantity_milli", { part: p.name, issued: quantityText(issued), unit: p.unit }) : null;
}

function onOrder(f: Facts, job: Job, want: number, had: number): Refused | null {
  const { p } = stockOf(f);
  const agreed = agreedMilli(job, p.number);
  if (agreed === 0) return new Refused("stock.not_on_order", "part", { part: p.name, job: job.work });
  if (had + want <= agreed) return null;
  return new Refused("stock.more_than_agreed", "quantity_milli", { part: p.name, job: job.work, agreed: quantityText(agreed), had: quantityText(had), unit: p.unit });
}

export function moveConsentCovers(f: Facts): Refused | null {
  return forJob(f) ? consentCovers(f) : null;
}

const over = ["declined", "cancelled", "passed"];

export function moveJobOpen(f: Facts): Refused | null {
  const back = text(f.after, "kind") === "return";
  if ((!back && !forJob(f)) || !f.job) return null;
  if (!back) return jobOpen(f, f.job);
  return f.order && ["settled", "released"].includes(f.order.state) ? new Refused("order.closed", "work_order", { state: [`work_order.${f.order.state}`] }) : null;
}

function jobOpen(f: Facts, job: Job): Refused | null {
  if (over.includes(job.state)) return new Refused("stock.job_closed", "job", { job: job.work, state: [`job.${job.state}`] });
  return f.order ? orderOpen(f) : null;
}

export function moveSigned(f: Facts): Refused | null {
  return text(f.after, "kind") === "out" ? handSigned(f) : null;
}

export function handSigned(f: Facts): Refused | null {
  if (text(f.after, "signed_by") === "") return new Refused("stock.receiver_missing", "signed_by");
  return hasStrokes(f.after?.strokes) ? null : new Refused("stock.unsigned", "strokes");
}

export function moveReceived(f: Facts): Refused | null {
  if (text(f.after, "kind") !== "in") return null;
  const { s, p } = stockOf(f);
  if (!s.receipt || s.receipt.state === "open" || s.receipt.part !== p.id) return new Refused("stock.unchecked", "goods_receipt", { part: p.name });
  const left = s.receipt.good_milli - s.receipt.stocked_milli;
  return whole(f.after, "quantity_milli") > left ? new Refused("stock.more_than_received", "quantity_milli", { part: p.name, left: quantityText(left), unit: p.unit }) : null;
}

export function moveCounted(f: Facts): Refused | null {
  if (text(f.after, "kind") !== "count") return null;
  const { s, p } = stockOf(f);
  const count = s.count;
  if (count?.state !== "approved") return new Refused("stock.count_unapproved", "stock_count");
  const from = text(f.after, "from_place");
  const to = text(f.after, "to_place");
  const quantity = whole(f.after, "quantity_milli");
  const fits = (count.lines ?? []).some((line) => {
    if (line.part !== p.id || typeof line.counted_milli !== "number" || (count.booked ?? []).includes(p.id)) return false;
    const difference = line.counted_milli - line.book_milli;
    return difference > 0 ? to === count.place && quantity === difference : from === count.place && quantity === -difference;
  });
  return fits ? null : new Refused("stock.count_differs", "quantity_milli", { part: p.name });
}

export function stockEnough(f: Facts): Refused | null {
  const place = text(f.after, "from_place");
  if (place === "") return null;
  const { s, p } = stockOf(f);
  const level = place === "workshop" ? p.workshop_milli : p.store_milli;
  const want = whole(f.after, "quantity_milli");
  if (want > level) return gone(s, p, place, level, want);
  const kind = text(f.after, "kind");
  if (kind !== "out" && kind !== "retail") return null;
  const own = kind === "retail" ? 0 : s.own_milli ?? 0;
  const free = p.store_milli + p.workshop_milli - ((s.frozen_milli ?? 0) - own);
  if (want <= free) return null;
  return new Refused("stock.frozen", "quantity_milli", { part: p.name, left: quantityText(Math.max(0, free)), want: quantityText(want), unit: p.unit, order: s.frozen_for ?? "" });
}

function gone(s: Stock, p: StockPart, place: string, level: number, want: number): Refused {
  const params = { part: p.name, place: [`place.${place}`], left: quantityText(level), want: quantityText(want), unit: p.unit };
  if (!s.last_taken) return new Refused("stock.short", "quantity_milli", params);
  return new Refused("stock.gone", "quantity_milli", { ...params, who: s.last_taken.by, order: s.last_taken.order });
}

export function reserveOnOrder(f: Facts): Refused | null {
  if (!f.job) return text(f.after, "appointment") === "" ? new Refused("stock.job_missing", "job") : null;
  if (over.includes(f.job.state)) return jobOpen(f, f.job);
  const { s } = stockOf(f);
  return onOrder(f, f.job, whole(f.after, "quantity_milli"), (s.own_milli ?? 0) + (s.issued_milli ?? 0));
}

export function reserveEnough(f: Facts): Refused | null {
  const { s, p } = stockOf(f);
  const want = whole(f.after, "quantity_milli");
  const free = p.store_milli + p.workshop_milli - (s.frozen_milli ?? 0);
  if (want <= free) return null;
  return new Refused("stock.reserve_short", "quantity_milli", { part: p.name, left: quantityText(Math.max(0, free)), want: quantityText(want), unit: p.unit });
}
