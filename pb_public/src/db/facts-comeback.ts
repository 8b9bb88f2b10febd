// The earlier jobs that a comeback names, and the photos of a report or claim, from the tablet's own rows; twin of hooks/comebacks.go and hooks/learn.go.
import type { ComebackFacts, Original } from "../rules/facts-comeback.ts";
import { warrantyOf, type Warranty } from "../rules/warranty.ts";
import { shopDay } from "./derive-order.ts";
import type { Row, Store } from "./store.ts";

const asking = ["visits", "jobs", "work_orders"];

export async function comebackFacts(store: Store, collection: string, row: Row, visit: Row | null): Promise<ComebackFacts> {
  if (collection === "quality_reports" || collection === "warranty_claims") {
    return { evidence: await store.rows("photos").where("subject_record").equals(row.id).filter((p) => p.subject_collection === collection).count() };
  }
  if (!asking.includes(collection) || !visit) return {};
  const named = new Set([visit.comeback_of, collection === "jobs" ? row.comeback_of : ""]);
  if (collection === "work_orders") for (const j of await store.rows("jobs").where("work_order").equals(row.id).toArray()) named.add(j.comeback_of);
  const ids = [...named].map((id) => String(id ?? "")).filter(Boolean);
  if (ids.length === 0) return {};
  const jobs = (await store.rows("jobs").bulkGet(ids)).filter((j) => j !== undefined);
  return { arrived_day: await shopDay(store, String(visit.shop), String(visit.arrived_at)), originals: await Promise.all(jobs.map((j) => originalOf(store, j))) };
}

/** An earlier job with its guarantee, as the guards see it. */
async function originalOf(store: Store, job: Row): Promise<Original> {
  const [visit, order] = await Promise.all([store.rows("visits").get(String(job.visit)), store.rows("work_orders").get(String(job.work_order))]);
  return {
    id: job.id, visit: String(job.visit), vehicle: String(visit?.vehicle ?? ""), state: String(job.state), work: String(job.work),
    line: warrantyOf(order?.warranty as Warranty | null, job.id),
  };
}
