// What a customer's signature binds, the twin of internal/consent: a job's agreed content, its hash, and the documents a
// signer is shown. The form is written down in internal/consent/DESIGN.md.
import { canonical, hash } from "./canonical.ts";
import type { Part } from "./facts.ts";
import { partsFen, totals } from "./price.ts";

export { canonical, hash };

/** The number of the documents' form. */
const schema = 1;

/** A job's agreed content (S-02). Amounts in fen. */
export interface JobContent {
  id: string;
  work: string;
  detail: string;
  diagnosis_only: boolean;
  labour_minutes: number;
  labour_fen: number;
  parts: Part[];
  labour_range_percent: number;
  parts_range_percent: number;
  payer: string;
  not_guaranteed: boolean;
}

/** A row that holds a job's agreed content; more than that is let alone, less counts as empty. */
export type JobLike = { id: string } & { [K in Exclude<keyof JobContent, "id" | "parts">]?: JobContent[K] | null } & { parts?: unknown };

/** The agreed content of a job's row, in its one form. */
export function jobContent(row: JobLike): JobContent {
  return {
    id: row.id,
    work: row.work ?? "",
    detail: row.detail ?? "",
    diagnosis_only: row.diagnosis_only ?? false,
    labour_minutes: row.labour_minutes ?? 0,
    labour_fen: row.labour_fen ?? 0,
    parts: (Array.isArray(row.parts) ? (row.parts as Partial<Part>[]) : []).map(partContent),
    labour_range_percent: row.labour_range_percent ?? 0,
    parts_range_percent: row.parts_range_percent ?? 0,
    payer: row.payer ?? "",
    not_guaranteed: row.not_guaranteed ?? false,
  };
}

function partContent(p: Partial<Part>): Part {
  return {
    name: p.name ?? "",
    number: p.number ?? "",
    quantity_milli: p.quantity_milli ?? 0,
    unit: p.unit ?? "",
    unit_fen: p.unit_fen ?? 0,
    origin: p.origin ?? "",
    grade: p.grade ?? "",
  };
}

/** The hash of the agreed content; it changes whenever anything agreed does. */
export function jobHash(row: JobLike): string {
  return hash(jobContent(row));
}

export interface Head {
  shop: { id: string; name: string };
  visit: { id: string; number: string; odometer_km: number };
  vehicle: { id: string; plate: string; vin: string; make: string; model: string };
  customer: { id: string; name: string };
}

export type OfferedJob = JobLike & { origin: string; state: string; position: number; covered: boolean };

/** The material of an estimate or a supplement. `promised_at` is the text as stored, or "". */
export interface Offer extends Head {
  work_order: { id: string; number: string };
  promised_at: string;
  jobs: OfferedJob[];
}

/** What the signer is shown, its hash, and the hash of every job in it. */
export interface SignedDocument {
  document: Record<string, unknown>;
  sha256: string;
  jobs: { id: string; sha256: string }[];
}

/** The document of an order as first offered: every job of the estimate that still stands. */
export function estimateDocument(offer: Offer): SignedDocument {
  return offerDocument("estimate", offer, (j) => j.origin === "estimate");
}

/** The document of what was found later and is not yet covered (S-05). */
export function supplementDocument(offer: Offer): SignedDocument {
  return offerDocument("supplement", offer, (j) => j.origin === "supplement" && !j.covered);
}

function offerDocument(kind: string, offer: Offer, shown: (j: OfferedJob) => boolean): SignedDocument {
  const jobs = offer.jobs
    .filter((j) => shown(j) && j.state !== "declined" && j.state !== "cancelled")
    .sort((a, b) => a.position - b.position || compare(a.id, b.id))
    .map((j) => ({ ...jobContent(j), sha256: jobHash(j) }));
  const money = jobs.map((j) => ({ payer: j.payer, labour_fen: j.labour_fen, parts_fen: partsFen(j.parts) }));
  const document = {
    kind, schema, ...head(offer),
    work_order: { id: offer.work_order.id, number: offer.work_order.number },
    promised_at: offer.promised_at, jobs, totals: totals(money),
  };
  return { document, sha256: hash(document), jobs: jobs.map(({ id, sha256 }) => ({ id, sha256 })) };
}

function head({ shop, visit, vehicle, customer }: Head): Head {
  return {
    shop: { id: shop.id, name: shop.name },
    visit: { id: visit.id, number: visit.number, odometer_km: visit.odometer_km },
    vehicle: { id: vehicle.id, plate: vehicle.plate, vin: vehicle.vin, make: vehicle.make, model: vehicle.model },
    customer: { id: customer.id, name: customer.name },
  };
}

/** The material of the pre-check sheet 预检问诊表. `photos` are the SHA-256 of the bytes taken; x and y are 0–1. */
export interface Precheck extends Head {
  concerns: { id: string; words: string; confirmed: boolean; position: number }[];
  anything_else: string;
  findings: { item: string; result: string; level: number; note: string }[];
  marks: { id: string; view: string; x: number; y: number; zone: string; kind: string; severity: string; note: string }[];
  photos: string[];
  belongings: { id: string; kind: string; name: string; quantity: number; place: string; note: string }[];
  keys: { tag: string; keys: number; hook: string }[];
  covers: { pieces: number; rear: boolean };
  odometer_km: number;
  energy_level: number;
}

/** The sheet that customer and advisor sign before the car leaves reception. */
export function precheckDocument(p: Precheck): SignedDocument {
  const document = {
    kind: "precheck", schema, ...head(p),
    concerns: [...p.concerns]
      .sort((a, b) => a.position - b.position || compare(a.id, b.id))
      .map(({ id, words, confirmed }) => ({ id, words, confirmed })),
    anything_else: p.anything_else,
    findings: p.findings
      .map(({ item, result, level, note }) => ({ item, result, level, note }))
      .sort((a, b) => compare(a.item, b.item) || compare(a.result, b.result) || a.level - b.level || compare(a.note, b.note)),
    marks: p.marks.map(markShown).sort((a, b) => compare(a.id, b.id)),
    photos: [...new Set(p.photos)].sort(compare),
    belongings: p.belongings
      .map(({ id, kind, name, quantity, place, note }) => ({ id, kind, name, quantity, place, note }))
      .sort((a, b) => compare(a.id, b.id)),
    keys: p.keys
      .map(({ tag, keys, hook }) => ({ tag, keys, hook }))
      .sort((a, b) => compare(a.tag, b.tag) || compare(a.hook, b.hook) || a.keys - b.keys),
    covers: { pieces: p.covers.pieces, rear: p.covers.rear },
    odometer_km: p.odometer_km, energy_level: p.energy_level,
  };
  return { document, sha256: hash(document), jobs: [] };
}

/** The material of the delivery sheet 交车确认单. `next_service_at` is the text as stored, or "". */
export interface Handover extends Head {
  work_order: { id: string; number: string };
  advice: string;
  cautions: string;
  belongings: Precheck["belongings"];
  next_service_at: string;
  next_service_km: number;
}

/** The sheet the customer signs on taking the car back: advice and cautions, next service, belongings (D-03, D-05). */
export function deliveryDocument(h: Handover): SignedDocument {
  const document = {
    kind: "delivery", schema, ...head(h), work_order: { id: h.work_order.id, number: h.work_order.number },
    advice: h.advice, cautions: h.cautions,
    belongings: h.belongings.map(({ id, kind, name, quantity, place, note }) => ({ id, kind, name, quantity, place, note })).sort((a, b) => compare(a.id, b.id)),
    next_service_at: h.next_service_at, next_service_km: h.next_service_km,
  };
  return { document, sha256: hash(document), jobs: [] };
}

function markShown(m: Precheck["marks"][number]) {
  const { id, view, x, y, zone, kind, severity, note } = m;
  return { id, view, x_milli: milli(x), y_milli: milli(y), zone, kind, severity, note };
}

function milli(share: number): number {
  return Math.floor(share * 1000 + 0.5);
}

/** The order of UTF-8 bytes, which is that of code points (Go's <), not that of UTF-16 units. */
function compare(a: string, b: string): number {
  const [x, y] = [[...a], [...b]];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const difference = (x[i] as string).codePointAt(0)! - (y[i] as string).codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}
