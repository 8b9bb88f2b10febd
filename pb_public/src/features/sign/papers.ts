// The papers a customer signs, built from the rows on this tablet: pre-check sheet, estimate, supplement. Pure; the form
// and the hash are those of src/rules/consent, the same as the server's.
import type { ConsentedJob, Rows } from "../../db/index.ts";
import { deliveryDocument, estimateDocument, precheckDocument, supplementDocument, type Head, type JobLike, type Offer, type Precheck, type SignedDocument } from "../../rules/consent.ts";

export type { SignedDocument };
export type DocumentKind = Rows["consents"]["document_kind"];

/** The rows a paper speaks of. A customer or vehicle that is not at hand counts as empty. */
export interface Case {
  shop: Rows["shops"] | undefined;
  visit: Rows["visits"];
  vehicle: Rows["vehicles"] | undefined;
  customer: Rows["customers"] | undefined;
}

function headOf({ shop, visit, vehicle, customer }: Case): Head {
  return {
    shop: { id: shop?.id ?? visit.shop, name: shop?.name ?? "" },
    visit: { id: visit.id, number: visit.number, odometer_km: visit.odometer_km || 0 },
    vehicle: { id: visit.vehicle, plate: vehicle?.plate ?? "", vin: vehicle?.vin ?? "", make: vehicle?.make ?? "", model: vehicle?.model ?? "" },
    customer: { id: visit.customer, name: customer?.name ?? "" },
  };
}

export interface Sheet {
  concerns: Rows["concerns"][];
  findings: Rows["findings"][];
  marks: Rows["damage_marks"][];
  photos: Rows["photos"][];
  belongings: Rows["belongings"][];
  keys: Rows["key_tags"][];
}

/** The material of the pre-check sheet 预检问诊表. */
function precheckOf(c: Case, sheet: Sheet): Precheck {
  const { visit } = c;
  return {
    ...headOf(c),
    concerns: sheet.concerns.map((r) => ({ id: r.id, words: r.words, confirmed: r.confirmed_at !== "", position: r.position || 0 })),
    anything_else: visit.anything_else,
    findings: sheet.findings.map((r) => ({ item: r.item, result: r.result, level: r.level || 0, note: r.note })),
    marks: sheet.marks.map((r) => ({ id: r.id, view: r.view, x: r.x, y: r.y, zone: r.zone, kind: r.kind, severity: r.severity, note: r.note })),
    photos: sheet.photos.filter((p) => !["jobs", "deliveries"].includes(p.subject_collection)).map((p) => p.sha256),
    belongings: sheet.belongings.map((r) => ({ id: r.id, kind: r.kind, name: r.name, quantity: r.quantity || 0, place: r.place, note: r.note })),
    keys: sheet.keys.map((r) => ({ tag: r.tag, keys: r.keys || 0, hook: r.hook })),
    covers: { pieces: visit.covers_pieces || 0, rear: visit.covers_rear || false },
    odometer_km: visit.odometer_km || 0,
    energy_level: visit.energy_level || 0,
  };
}

/** Whether some given consent approves the job exactly as it stands (S-02). */
export function isCovered(job: Pick<Rows["jobs"], "id" | "sha256">, consents: Rows["consents"][]): boolean {
  return consents.some((c) => c.state === "given" && (c.jobs ?? []).some((j) => j.id === job.id && j.sha256 === job.sha256 && j.decision === "approved"));
}

function offerOf(c: Case, order: Rows["work_orders"], jobs: Rows["jobs"][], consents: Rows["consents"][]): Offer {
  return {
    ...headOf(c),
    work_order: { id: order.id, number: order.number },
    promised_at: order.promised_at,
    jobs: jobs.map((j) => ({ ...(j as unknown as JobLike), id: j.id, origin: j.origin, state: j.state, position: j.position || 0, covered: isCovered(j, consents) })),
  };
}

export function precheckPaper(c: Case, sheet: Sheet): SignedDocument {
  return precheckDocument(precheckOf(c, sheet));
}

export function orderPaper(kind: "estimate" | "supplement", c: Case, order: Rows["work_orders"], jobs: Rows["jobs"][], consents: Rows["consents"][]): SignedDocument {
  const offer = offerOf(c, order, jobs, consents);
  return kind === "estimate" ? estimateDocument(offer) : supplementDocument(offer);
}

/** The delivery sheet 交车确认单 of an order (Q-04, D-05). */
export function deliveryPaper(c: Case, order: Rows["work_orders"], belongings: Rows["belongings"][], delivery: Pick<Rows["deliveries"], "next_service_at" | "next_service_km">): SignedDocument {
  return deliveryDocument({
    ...headOf(c), work_order: { id: order.id, number: order.number }, advice: order.advice, cautions: order.cautions,
    belongings: belongings.map((r) => ({ id: r.id, kind: r.kind, name: r.name, quantity: r.quantity || 0, place: r.place, note: r.note })),
    next_service_at: delivery.next_service_at, next_service_km: delivery.next_service_km || 0,
  });
}

export type Decision = ConsentedJob["decision"];

/** The decisions of a paper, line by line: approved unless the customer said no. */
export function decided(paper: SignedDocument, no: ReadonlySet<string>): ConsentedJob[] {
  return paper.jobs.map(({ id, sha256 }) => ({ id, sha256, decision: no.has(id) ? "declined" : "approved" }));
}

/** A paper on which every line was declined is itself declined; one without lines is given by being signed. */
export function stateOf(jobs: ConsentedJob[]): "given" | "declined" {
  return jobs.length > 0 && jobs.every((j) => j.decision === "declined") ? "declined" : "given";
}

/** A consent with this paper's hash that stands: nothing has changed since it was signed. */
export function signedAs(paper: SignedDocument, consents: Rows["consents"][]): Rows["consents"] | null {
  return consents.find((c) => c.state !== "void" && c.sha256 === paper.sha256) ?? null;
}

export interface Settlement {
  /** `online`: when the customer said no on their own page, which needs nobody to tell the workshop (S-06). */
  jobs: { id: string; to: "approved" | "declined"; online?: string }[];
  order: "authorised" | "declined" | null;
}

/**
 * What the decisions on paper make of the order: proposed jobs approved or declined, the presented order authorised
 * once one job is approved, declined when none is left.
 */
export function settlement(order: Rows["work_orders"], jobs: Rows["jobs"][], consents: Rows["consents"][]): Settlement {
  const moves = jobs.flatMap((job): Settlement["jobs"] => {
    if (job.state !== "proposed") return [];
    if (isCovered(job, consents)) return [{ id: job.id, to: "approved" }];
    const no = consents.filter((c) => c.state !== "void" && (c.jobs ?? []).some((j) => j.id === job.id && j.sha256 === job.sha256 && j.decision === "declined"));
    const online = no.find((c) => c.kind === "portal");
    return no.length === 0 ? [] : [{ id: job.id, to: "declined", ...(online && { online: online.signed_at }) }];
  });
  const after = jobs.map((job) => moves.find((m) => m.id === job.id)?.to ?? job.state);
  const some = after.some((state) => !["proposed", "declined", "cancelled"].includes(state));
  const none = after.length > 0 && after.every((state) => state === "declined" || state === "cancelled");
  return { jobs: moves, order: order.state !== "presented" ? null : some ? "authorised" : none ? "declined" : null };
}
