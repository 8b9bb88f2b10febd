import { worked } from "../rules/clock.ts";
import { jobContent, jobHash, type JobLike } from "../rules/consent.ts";
import { nextRound } from "../rules/flow.ts";
import { partsFen } from "../rules/price.ts";
import { deriveClaimOf, deriveOfClaim } from "./derive-claims.ts";
import { deriveGatePass, deriveSettlement } from "./derive-money.ts";
import { deriveClaim, deriveReport } from "./derive-learn.ts";
import { deriveMakeup } from "./derive-makeup.ts";
import { deriveOrder } from "./derive-order.ts";
import { factsOf } from "./facts.ts";
import { activePolicy, policyOf } from "./policy.ts";
import type { QuoteLine } from "./shapes.ts";
import type { Actor, Row, Store } from "./store.ts";

/**
 * A row with its derived fields as the server will set them, so that the screen is right before the network is. Twin
 * of the server's derivers (hooks); a collection without any gives the row back as it is. What was settled when the
 * server made the row is left alone. `before` is the row as it stood before this change, null for a new one.
 */
export async function derive(store: Store, collection: string, row: Row, before: Row | null): Promise<Row> {
  const fresh = row.version === 0;
  switch (collection) {
    case "visits":
      return fresh && !row.policy ? { ...row, policy: (await activePolicy(store, String(row.shop)))?.id ?? "" } : row;
    case "appointments":
      return deriveAppointment(row);
    case "work_orders":
      return deriveOrder(store, row, fresh);
    case "inspections":
      return fresh ? { ...row, template_revision: (await store.rows("templates").get(String(row.template)))?.revision ?? 0 } : row;
    case "jobs":
      return deriveJob(store, row, fresh);
    case "time_entries":
      return { ...row, minutes: worked(String(row.started_at), String(row.ended_at ?? ""), String(row.updated)).minutes };
    case "quality_checks":
      return fresh ? deriveCheck(store, row) : row;
    case "stock_moves":
    case "reservations":
    case "purchase_orders":
      return fresh ? ofJob(store, row) : row;
    case "goods_receipts":
      return fresh ? { ...row, template_revision: (await store.rows("templates").get(String(row.template)))?.revision ?? 0 } : row;
    case "stock_counts":
      return row.state === "counted" && row.counted_at === "" ? { ...row, counted_by: row.updated_by, counted_at: row.updated } : row;
    case "quality_reports":
      return deriveReport(row);
    case "warranty_claims":
      return deriveClaim(store, row);
    case "photos":
      return derivePhoto(row, before);
    case "claims":
      return deriveClaimOf(store, row, before);
    case "claim_items":
    case "shipments":
    case "repair_plans":
    case "refunds":
      return deriveOfClaim(store, collection, row, before);
    case "makeup_parts":
      return deriveMakeup(store, row, fresh);
    case "settlements":
      return deriveSettlement(store, row, fresh);
    case "payments":
      return fresh ? { ...row, received_by: row.received_by || row.created_by } : row;
    case "gate_passes":
      return deriveGatePass(row);
    default:
      return row;
  }
}

/** Who lets an attached photo count as evidence, and since when (L-02). */
function derivePhoto(row: Row, before: Row | null): Row {
  if ((before?.evidence_reason ?? "") === row.evidence_reason) return row;
  return { ...row, evidence_by: row.evidence_reason ? row.updated_by : "", evidence_at: row.evidence_reason ? row.updated : "" };
}

/** The sums of the quote, as the server will write them (B-03). */
function deriveAppointment(row: Row): Row {
  const lines = (row.lines as QuoteLine[] | null) ?? [];
  const labour = lines.reduce((sum, l) => sum + (l.labour_fen || 0), 0);
  const parts = lines.reduce((sum, l) => sum + partsFen(l.parts ?? []), 0);
  return { ...row, labour_fen: labour, parts_fen: parts, total_fen: labour + parts };
}

/** What names a job is of that job's order and visit, also when it does not say so. */
async function ofJob(store: Store, row: Row): Promise<Row> {
  const job = row.job ? await store.rows("jobs").get(String(row.job)) : undefined;
  return job ? { ...row, visit: job.visit, work_order: job.work_order } : row;
}

/** The agreed ranges come from the policy the visit began with (S-07); the hash is over the agreed content (S-02). */
async function deriveJob(store: Store, row: Row, fresh: boolean): Promise<Row> {
  const job: Row = { ...row, parts: jobContent(row as unknown as JobLike).parts };
  if (fresh) {
    const visit = await store.rows("visits").get(String(row.visit));
    const policy = await policyOf(store, visit ?? null, String(row.shop));
    job.labour_range_percent = policy.labour_range_percent;
    job.parts_range_percent = policy.parts_range_percent;
  }
  const decided = row.comeback_cause ? { comeback_cause_by: row.comeback_cause_by || row.updated_by, comeback_cause_at: row.comeback_cause_at || row.updated } : { comeback_cause_by: "", comeback_cause_at: "" };
  const warranty = row.warranty_decision ? { warranty_decision_by: row.warranty_decision_by || row.updated_by, warranty_decision_at: row.warranty_decision_at || row.updated } : { warranty_decision_by: "", warranty_decision_at: "" };
  return { ...job, ...decided, ...warranty, sha256: jobHash(job as unknown as JobLike) };
}

/** Who checks is who made the row; the round is counted by the flow. */
async function deriveCheck(store: Store, row: Row): Promise<Row> {
  const checker = String(row.created_by);
  const nobody: Actor = { id: checker, name: "", roles: [], shop: String(row.shop), skill: 0 };
  const now = String(row.created);
  const facts = await factsOf(store, nobody, { collection: "quality_checks", before: null, after: row, now });
  const others = { ...facts, checks: (await earlierChecks(store, row)).map((c) => ({ ...c, recorded_at: c.version > 0 ? c.created : "" })) };
  return { ...row, checker, checked_at: row.checked_at || now, round: row.round || nextRound(others as unknown as typeof facts) };
}

async function earlierChecks(store: Store, row: Row): Promise<Row[]> {
  const checks = await store.rows("quality_checks").where("work_order").equals(String(row.work_order)).toArray();
  return checks.filter((c) => c.id !== row.id).sort((a, b) => (String(a.created) < String(b.created) ? -1 : 1));
}
