// Claims 索赔 on the manufacturer, step by step; each step is one act that works without a network (E-10).
import { act, newId, nextNumber, serverTime, tables, why, type PreparedPhoto, type Rows, type Writer } from "../../db/index.ts";

export type Claim = Rows["warranty_claims"];
export type Decision = Exclude<Rows["jobs"]["warranty_decision"], "">;
export const decisions: Decision[] = ["covered", "waiting", "refused"];

/** E-04: whether the warranty bears the job. The order cannot be settled on the warranty before. */
export async function decideWarranty(job: Rows["jobs"], decision: Decision): Promise<void> {
  await act("warranty_claim.decide", (w) => w.patch("jobs", job.id, { warranty_decision: decision }));
}

/** What the step says of the job, where it may still be said: once the order is settled, the claim alone goes on. */
async function follow(w: Writer, claim: Claim, decision: Decision): Promise<void> {
  if (!(await why("jobs", claim.job, { warranty_decision: decision }))) w.patch("jobs", claim.job, { warranty_decision: decision });
}

/** Opens a case for a job the manufacturer's warranty pays; returns its id. */
export async function openClaim(job: Rows["jobs"]): Promise<string> {
  const id = newId(), number = await nextNumber("claim");
  await act("warranty_claim.open", (w) => void w.create("warranty_claims", {
    visit: job.visit, work_order: job.work_order, job: job.id, number, state: "draft",
  }, id));
  return id;
}

export async function noteClaim(claim: Claim, data: Partial<Claim>): Promise<void> {
  await act("warranty_claim.note", (w) => w.patch("warranty_claims", claim.id, data));
}

export async function claimPhoto(claim: Claim, photo: PreparedPhoto): Promise<void> {
  await act("warranty_claim.photo", (w) => void w.photo(photo, { subject_collection: "warranty_claims", subject_record: claim.id, visit: claim.visit, slot: "claim" }));
}

export async function submitClaim(claim: Claim): Promise<void> {
  const job = await tables.jobs.get(claim.job);
  await act("warranty_claim.submit", async (w) => {
    w.patch("warranty_claims", claim.id, { state: "submitted" });
    if (job && !job.warranty_decision) await follow(w, claim, "waiting");
  });
}

/** What the manufacturer decided: so much is approved. Fen. */
export async function approveClaim(claim: Claim, fen: number): Promise<void> {
  await act("warranty_claim.approve", async (w) => {
    w.patch("warranty_claims", claim.id, { approved_fen: fen });
    w.patch("warranty_claims", claim.id, { state: "approved" });
    await follow(w, claim, "covered");
  });
}

export async function refuseClaim(claim: Claim, reason: string): Promise<void> {
  await act("warranty_claim.refuse", async (w) => {
    w.patch("warranty_claims", claim.id, { refusal: reason.trim() });
    w.patch("warranty_claims", claim.id, { state: "refused" });
    await follow(w, claim, "refused");
  });
}

export async function againClaim(claim: Claim): Promise<void> {
  await act("warranty_claim.again", (w) => w.patch("warranty_claims", claim.id, { state: "draft" }));
}

/** What came in. Fen. */
export async function payClaim(claim: Claim, fen: number): Promise<void> {
  await act("warranty_claim.pay", (w) => {
    w.patch("warranty_claims", claim.id, { paid_fen: fen });
    w.patch("warranty_claims", claim.id, { state: "paid" });
  });
}

/** The labelled parts are on their way to the manufacturer. */
export async function sendBack(claim: Claim, note: string): Promise<void> {
  await act("warranty_claim.send_back", (w) => w.patch("warranty_claims", claim.id, { sent_back_at: serverTime(Date.now()), sent_note: note.trim() }));
}
