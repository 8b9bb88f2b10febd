// Signing in its three acts. First the signature alone, a fact that is always kept; then the advisor's countersignature;
// then what the decisions make of the order. A refused decision never takes the signature with it.
import { reserveBeside } from "../parts/actions.ts";
import { act, newId, serverTime, tables, type ConsentedJob, type Rows } from "../../db";
import { settlement, stateOf, type DocumentKind, type SignedDocument } from "./papers";
import type { Stroke } from "./strokes";

export interface Signer {
  name: string;
  relation: Rows["consents"]["signer_relation"];
  place: string;
}

export interface Call {
  caller: string; // staff id
  number: string;
  at: string; // UTC as stored
  words: string;
}

export interface Paper {
  kind: DocumentKind;
  paper: SignedDocument;
  jobs: ConsentedJob[];
}

type Proof = { kind: "signature"; strokes: Stroke[] } | { kind: "phone"; call: Call };

/** Keeps what the customer signed, or said on the phone (S-03, S-05). All papers of one signature land together. */
export async function giveConsents(visit: string, order: string, papers: Paper[], signer: Signer, proof: Proof): Promise<void> {
  const at = serverTime(Date.now());
  const how: Partial<Rows["consents"]> = proof.kind === "signature"
    ? { kind: "signature", strokes: proof.strokes as unknown as Rows["consents"]["strokes"] }
    : { kind: "phone", call_number: proof.call.number, call_at: proof.call.at, call_words: proof.call.words, caller: proof.call.caller };
  await act(proof.kind === "signature" ? "consent.sign" : "consent.phone", (w) => {
    for (const { kind, paper, jobs } of papers) {
      w.create("consents", {
        ...how, visit, work_order: kind === "precheck" ? "" : order, state: stateOf(jobs), document_kind: kind,
        document: paper.document, sha256: paper.sha256, jobs,
        signer_name: signer.name, signer_relation: signer.relation, place: signer.place, signed_at: at,
      }, newId());
    }
  });
}

/** The advisor signs beside the customer: signatures of this visit that nobody has countersigned yet. */
export async function countersign(visit: string, advisor: string): Promise<void> {
  const open = (await tables.consents.where("visit").equals(visit).toArray()).filter((c) => c.state !== "void" && !c.countersigned_by);
  if (open.length === 0) return;
  const at = serverTime(Date.now());
  await act("consent.countersign", (w) => {
    for (const c of open) w.patch("consents", c.id, { countersigned_by: advisor, countersigned_at: at });
  });
}

/** Carries out what was decided on paper, told by `advisor` (S-06); nothing happens when everything is settled already (S-01, S-06). */
export async function settle(order: Rows["work_orders"], advisor: string): Promise<void> {
  const [jobs, consents] = await Promise.all([
    tables.jobs.where("work_order").equals(order.id).toArray(),
    tables.consents.where("visit").equals(order.visit).toArray(),
  ]);
  const next = settlement(order, jobs, consents);
  if (next.jobs.length === 0 && !next.order) return;
  const at = serverTime(Date.now());
  // E-03: the line that was approved said that it is not guaranteed; whoever approved it knows.
  const told = (id: string): Partial<Rows["jobs"]> => (jobs.some((j) => j.id === id && j.not_guaranteed && !j.not_guaranteed_acknowledged_at) ? { not_guaranteed_acknowledged_at: at } : {});
  await act("order.decide", (w) => {
    for (const { id, to, online } of next.jobs) {
      w.patch("jobs", id, to === "approved" ? { state: to, ...told(id) } : { state: to, ...(online ? { declined_at: online } : { declined_at: at, declined_told_by: advisor }) });
    }
    if (next.order) w.patch("work_orders", order.id, { state: next.order });
  });
  // P-02: what was signed for has its parts frozen, and what is short proposed to order. A no to that undoes no signature.
  await reserveBeside(next.jobs.filter((j) => j.to === "approved").map((j) => j.id));
}
