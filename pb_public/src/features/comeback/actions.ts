// What is done about a car that comes back: the job that mends it again, free, and the word on why it failed.
import { act, newId, serverTime } from "../../db/index.ts";
import { partsOf, type Job, type Order } from "../order/model.ts";

export type Cause = Exclude<Job["comeback_cause"], "">;
export const causes: Cause[] = ["workmanship", "part", "customer", "new_fault"];

/** C-01: the earlier job again on this order, at the house's expense; returns its id. */
export async function mendAgain(order: Order, original: Job, position: number, work: string): Promise<string> {
  const id = newId();
  await act("comeback.mend", (w) => void w.create("jobs", {
    visit: order.visit, work_order: order.id, position, state: "proposed", origin: order.state === "draft" || order.state === "presented" ? "estimate" : "supplement",
    work, detail: original.detail, labour_minutes: original.labour_minutes, labour_fen: original.labour_fen, parts: partsOf(original), payer: "internal", not_guaranteed: partsOf(original).some((p) => p.origin === "customer"),
    priced_at: serverTime(Date.now()), job_class: original.job_class, comeback_of: original.id,
  }, id));
  return id;
}

/** C-02: why the earlier job failed, by the word of who is signed in. */
export async function decideCause(job: Job, cause: Cause, note: string): Promise<void> {
  await act("comeback.cause", (w) => w.patch("jobs", job.id, { comeback_cause: cause, comeback_note: note.trim() }));
}
