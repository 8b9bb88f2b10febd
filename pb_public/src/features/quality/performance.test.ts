import { afterEach, beforeEach, expect, test } from "vitest";
import { tables } from "../../db/index.ts";
import { close, ids, open, people, row } from "../order/testing/day.ts";
import type { Job } from "../order/model.ts";
import { loadPerformance, performanceOf } from "./performance.ts";

beforeEach(() => open());
afterEach(close);

const job = (id: string, data: Partial<Job>) => row("jobs", { id, visit: ids.visit, work_order: ids.order, work: id, state: "passed", labour_minutes: 60, technicians: [people.guo.id], ...data });

test("Q-03 W-03 C-02 rework and comebacks count for who did the job, hours sold beside hours worked", async () => {
  await tables.visits.update(ids.visit, { arrived_at: "2026-11-20 01:00:00.000Z" });
  await job("job000000000001", { rework_count: 2 });
  await job("job000000000002", { technicians: [people.guo.id, people.yang.id], labour_minutes: 90 });
  await job("job000000000003", { state: "declined", technicians: [] });
  await row("time_entries", { id: "entry0000000001", visit: ids.visit, work_order: ids.order, job: "job000000000001", technician: people.guo.id, minutes: 70, ended_at: "x" });
  await row("visits", { id: "visit0000000002", number: "B01", vehicle: ids.vehicle, state: "working", arrived_at: "2026-11-25 01:00:00.000Z" });
  await job("job000000000004", { visit: "visit0000000002", technicians: [people.yang.id], comeback_of: "job000000000002", comeback_cause: "workmanship" });
  expect(await loadPerformance("2026-11-01 00:00:00.000Z", "2026-11-24 00:00:00.000Z")).toEqual([
    { technician: people.guo.id, jobs: 2, planned: 105, worked: 70, reworks: 2, comebacks: 1 },
    { technician: people.yang.id, jobs: 1, planned: 45, worked: 0, reworks: 0, comebacks: 1 },
  ]);
});

test("C-02 a comeback of another cause is nobody's fault", () => {
  const own = { id: "a", state: "passed", technicians: ["t"], labour_minutes: 30, rework_count: 0 } as unknown as Job;
  expect(performanceOf([own], [], [{ comeback_of: "a", comeback_cause: "part" }])[0]).toMatchObject({ jobs: 1, comebacks: 0 });
});
