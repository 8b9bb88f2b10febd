import { describe, expect, test } from "vitest";
import type { OrderCase } from "../order/load.ts";
import type { Consent, Job, TimeEntry } from "../order/model.ts";
import { shippedPolicy } from "../../rules/figures.ts";
import { byPromise, columnsOf, lateness, progressShare, remainingMinutes, signature, stageOf, usedShare, waitingFor } from "./stage.ts";

const noon = Date.parse("2026-11-21T04:00:00Z");
const at = (minutes: number) => new Date(noon + minutes * 60_000).toISOString().replace("T", " ");
let n = 0;
const job = (data: Partial<Job>): Job => ({ id: `j${n++}`, state: "approved", sha256: "h", labour_minutes: 60, technicians: [], parts: null, ...data }) as Job;
const entry = (j: Job, from: number, to: number | null): TimeEntry => ({ id: `e${n++}`, job: j.id, technician: "t", started_at: at(from), ended_at: to === null ? "" : at(to) }) as TimeEntry;
const given = (jobs: Job[]): Consent => ({ id: "c", state: "given", jobs: jobs.map((j) => ({ id: j.id, sha256: j.sha256, decision: "approved" })) }) as Consent;

function car(state: OrderCase["order"]["state"], jobs: Job[], data: { promised?: number | null; signed?: Job[]; entries?: TimeEntry[] } = {}): OrderCase {
  const order = { id: `o${n++}`, state, promised_at: data.promised === null ? "" : at(data.promised ?? 120), version: 1, bay: "" } as OrderCase["order"];
  return { order, visit: null, vehicle: null, customer: null, jobs, consents: [given(data.signed ?? jobs)], entries: data.entries ?? [], checks: [], threePeople: true, policy: null };
}

describe("W-05 every car by stage", () => {
  test("W-05 the column follows order and jobs", () => {
    expect(stageOf(car("draft", []))).toBeNull();
    expect(stageOf(car("presented", [job({ state: "proposed" })], { signed: [] }))).toBe("sign");
    expect(stageOf(car("authorised", [job({}), job({ state: "proposed" })]))).toBe("dispatch");
    expect(stageOf(car("in_progress", [job({ state: "paused" }), job({ state: "in_progress" })]))).toBe("work");
    expect(stageOf(car("in_progress", [job({ state: "paused" }), job({ state: "done" })]))).toBe("wait");
    expect(stageOf(car("in_progress", [job({ state: "done" }), job({ state: "proposed" })], { signed: [] }))).toBe("wait");
    expect(stageOf(car("in_progress", [job({ state: "rework" })]))).toBe("work");
    expect(stageOf(car("qc", [job({ state: "done" })]))).toBe("quality");
    expect(stageOf(car("ready", [job({ state: "passed" })]))).toBe("ready");
    expect(stageOf(car("cancelled", [job({})]))).toBeNull();
  });

  test("W-05 cards stand by promised time, those without one last", () => {
    const cars = [car("in_progress", [job({ state: "in_progress" })], { promised: null }), car("in_progress", [job({ state: "in_progress" })], { promised: 90 }), car("in_progress", [job({ state: "in_progress" })], { promised: -10 })];
    expect([...cars].sort(byPromise).map((c) => c.order.promised_at)).toEqual([at(-10), at(90), ""]);
    expect(columnsOf(cars).find((c) => c.stage === "work")!.cases).toHaveLength(3);
  });

  test("W-05 late, about to be late, held, in time, never agreed", () => {
    const running = job({ state: "in_progress", labour_minutes: 60 });
    const work = (promised: number | null) => car("in_progress", [running], { promised, entries: [entry(running, -30, null)] });
    expect(remainingMinutes(work(0), noon)).toBe(30);
    expect(lateness(work(-1), "work", noon)).toBe("late");
    expect(lateness(work(59), "work", noon)).toBe("soon"); // 30 minutes of work and the margin do not fit
    expect(lateness(work(61), "work", noon)).toBe("on_time");
    expect(lateness(work(10), "wait", noon)).toBe("waiting");
    expect(lateness(work(-1), "wait", noon)).toBe("late");
    expect(lateness(work(null), "work", noon)).toBe("open");
    expect(lateness(work(-90), "ready", noon)).toBe("on_time");
  });

  test("W-05 a waiting car says for what: a part, or the signature of its supplement", () => {
    expect(waitingFor(car("in_progress", [job({ state: "paused", pause_reason: "part" })]))).toBe("part");
    expect(waitingFor(car("in_progress", [job({ state: "done" }), job({ state: "proposed", sha256: "x" })], { signed: [] }))).toBe("signature");
  });
});

describe("W-06 progress", () => {
  test("W-06 the share counts the jobs under way without their pauses, and asks from three quarters", () => {
    const j = job({ state: "in_progress", labour_minutes: 100 });
    const c = car("in_progress", [j], { entries: [entry(j, -200, -150), entry(j, -25, null)] });
    expect(usedShare(c, noon)).toBeCloseTo(0.75);
    expect(usedShare(c, noon) >= progressShare(c) - 1e-9).toBe(true);
    expect(progressShare({ policy: { ...shippedPolicy, progress_check_percent: 80 } }), "the shop's own figure").toBe(0.8);
    expect(usedShare(car("in_progress", [job({ state: "paused" })]), noon)).toBe(0);
  });

  test("W-05 a card's signature changes with stage, technician and state, and with nothing else", () => {
    const j = job({ state: "in_progress" });
    const c = car("in_progress", [j]);
    const before = signature(c, "work");
    expect(signature({ ...c, entries: [entry(j, -5, null)] }, "work")).toBe(before);
    expect(signature({ ...c, jobs: [{ ...j, state: "paused" }] }, "wait")).not.toBe(before);
  });
});
