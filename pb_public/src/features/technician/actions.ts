// What a technician does, one act a step. Decisions (start, resume) and the rows they entail land together. The end
// of work is a fact: pause and finish are acts of their own, so that nothing the order has meanwhile become
// can undo them; moving the order on to quality is a decision and follows as a second act.
import { act, newId, serverTime, tables, type PreparedPhoto, type Writer } from "../../db/index.ts";
import { instant, skewMs } from "../../rules/clock.ts";
import type { OrderCase } from "../order/load.ts";
import { isActive, type Job, type TimeEntry } from "../order/model.ts";

export type FaultConfirmed = Exclude<Job["fault_confirmed"], "">;
export type PauseReason = Exclude<Job["pause_reason"], "">;

export const pauseReasons: PauseReason[] = ["part", "customer", "bay", "quality", "other"];

/** W-02: the car was compared with the pre-check sheet, and the fault looked for. fault "" = nothing to confirm. */
export async function checkSheet(job: Job, user: string, fault: FaultConfirmed | ""): Promise<void> {
  await act("job.check_sheet", (w) => w.patch("jobs", job.id, {
    sheet_checked_at: job.sheet_checked_at || serverTime(Date.now()), sheet_checked_by: job.sheet_checked_by || user, fault_confirmed: fault,
  }));
}

/** takes the car over from reception, the key with it. */
export async function receiveCar(c: OrderCase, user: string): Promise<void> {
  const at = serverTime(Date.now());
  const keys = await tables.key_tags.where("visit").equals(c.order.visit).toArray();
  await act("visit.hand_over", (w) => {
    w.patch("visits", c.order.visit, { state: "handed_over", received_by: user, received_at: at });
    for (const key of keys) w.patch("key_tags", key.id, { holder_kind: "staff", holder: user, held_at: at });
  });
}

/**
 * The clock starts now. Where another tablet's clock runs ahead of this one's by what two clocks may differ, my last
 * entry ended a little later than now: then this one starts where that one ended (W-03).
 */
async function openEntry(w: Writer, job: Job, user: string): Promise<void> {
  const now = Date.now();
  const ends = (await tables.time_entries.where("technician").equals(user).toArray()).map((e) => instant(e.ended_at));
  const start = Math.max(now, ...ends.filter((end) => end <= now + skewMs));
  w.create("time_entries", { visit: job.visit, work_order: job.work_order, job: job.id, technician: user, started_at: serverTime(start) });
}

/** Order and visit follow the first work begun on them: the guards find the job in progress already. */
function moveOn(w: Writer, c: OrderCase): void {
  if (c.order.state === "authorised" || c.order.state === "qc") w.patch("work_orders", c.order.id, { state: "in_progress" });
  if (c.visit?.state === "handed_over") w.patch("visits", c.visit.id, { state: "working" });
}

/** S-01, W-03: begins a dispatched job; clock, order and visit with it. */
export async function startJob(c: OrderCase, job: Job, user: string): Promise<void> {
  await act("job.start", async (w) => {
    w.patch("jobs", job.id, { state: "in_progress" });
    await openEntry(w, job, user);
    moveOn(w, c);
  });
}

/** W-01: a second technician takes part in a job already under way. */
export async function joinJob(job: Job, user: string): Promise<void> {
  await act("job.join", (w) => openEntry(w, job, user));
}

export async function resumeJob(c: OrderCase, job: Job, user: string): Promise<void> {
  await act("job.resume", async (w) => {
    w.patch("jobs", job.id, { state: "in_progress", pause_reason: "", pause_note: "" });
    await openEntry(w, job, user);
    moveOn(w, c);
  });
}

/** takes the job up again after a failed check. */
export async function startRework(c: OrderCase, job: Job, user: string): Promise<void> {
  await act("job.start_rework", async (w) => {
    w.patch("jobs", job.id, { state: "in_progress" });
    await openEntry(w, job, user);
    moveOn(w, c);
  });
}

export function runningOn(job: Job, entries: TimeEntry[]): TimeEntry[] {
  return entries.filter((e) => e.job === job.id && !e.ended_at);
}

/** Others still have their clock running on the job: my end does not end it. */
function othersRunning(job: Job, entries: TimeEntry[], user: string): boolean {
  return runningOn(job, entries).some((e) => e.technician !== user);
}

function endMine(w: Writer, job: Job, entries: TimeEntry[], user: string, reason: TimeEntry["end_reason"]): void {
  const at = serverTime(Date.now());
  for (const e of runningOn(job, entries)) if (e.technician === user) w.patch("time_entries", e.id, { ended_at: at, end_reason: reason });
}

/** W-03: pause with its reason. While a colleague goes on, only my own clock stops. */
export async function pauseJob(c: OrderCase, job: Job, user: string, reason: PauseReason, note: string): Promise<void> {
  await act("job.pause", (w) => {
    if (!othersRunning(job, c.entries, user)) w.patch("jobs", job.id, { state: "paused", pause_reason: reason, pause_note: note.trim() });
    endMine(w, job, c.entries, user, reason);
  });
}

/** Every job that is still wanted is finished, this one counted as done: nothing is left to do but checking. */
export function isLast(c: OrderCase, job: Job): boolean {
  return c.jobs.every((j) => j.id === job.id || !isActive(j) || j.state === "done" || j.state === "passed");
}

/**
 * Ends my work on the job, and the job itself unless a colleague is still on it (X-06: a fact). When it was the
 * order's last job the order goes on to quality in a second act of its own; says whether it did.
 */
export async function finishJob(c: OrderCase, job: Job, user: string): Promise<boolean> {
  const ends = !othersRunning(job, c.entries, user);
  await act("job.finish", (w) => {
    if (ends) w.patch("jobs", job.id, { state: "done" });
    endMine(w, job, c.entries, user, "finished");
  });
  if (!ends || c.order.state !== "in_progress" || !isLast(c, job)) return false;
  await toQuality(c);
  return true;
}

/** The order goes to the checks: when the last job is done, or later when two tablets finished at the same time. */
export async function toQuality(c: OrderCase): Promise<void> {
  await act("order.to_quality", (w) => w.patch("work_orders", c.order.id, { state: "qc" }));
}

export interface Found {
  work: string;
  note: string;
  safety: boolean;
  photos: PreparedPhoto[];
}

/** S-05: a problem found under way. It is a proposal without price; nobody works on it before the customer agrees. */
export async function foundProblem(c: OrderCase, found: Found): Promise<string> {
  const id = newId();
  const last = Math.max(0, ...c.jobs.map((j) => j.position || 0));
  await act("job.found", (w) => {
    w.create("jobs", {
      visit: c.order.visit, work_order: c.order.id, position: last + 1, state: "proposed", origin: "supplement",
      work: found.work.trim(), found_note: found.note.trim(), safety: found.safety, payer: "customer",
    }, id);
    for (const photo of found.photos) w.photo(photo, { subject_collection: "jobs", subject_record: id, visit: c.order.visit, slot: "found" });
  });
  return id;
}

/** A photo of the work itself, kept with the job. */
export async function addPhoto(job: Job, photo: PreparedPhoto, slot: string): Promise<void> {
  await act("job.photo", (w) => {
    w.photo(photo, { subject_collection: "jobs", subject_record: job.id, visit: job.visit, slot });
  });
}

/** W-07: a thing left in the car had to be moved for the work: who, when, why and where to. The advisor gets it as a task. */
export async function moveBelonging(id: string, user: string, note: string): Promise<void> {
  await act("belonging.moved", (w) => w.patch("belongings", id, { moved_at: serverTime(Date.now()), moved_by: user, moved_note: note.trim() }));
}
