// C-01, C-02 on the tablet, offline: the earlier job is found with its warranty, mended again for nothing, and only another cause lets the customer pay.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { act, tables, type Rows } from "../../db/index.ts";
import { saveJob, draftOf, presentOrder } from "../order/actions.ts";
import { as, close, ids, job, open, people } from "../order/testing/day.ts";
import { decideCause, mendAgain } from "./actions.ts";
import { earlierJobs, standingOf } from "./load.ts";

const before = "visit0000000000", done = "oldjob000000001";
const line = { job: done, labour_until: "2027-02-21", labour_km: 53213, parts_until: "2027-11-21", parts_km: 68213 };
const code = async (work: Promise<unknown>): Promise<string> => work.then(() => "", (e: { code: string }) => e.code);

beforeEach(async () => {
  await open("inspected");
  const at = { shop: "shoppudong00001", version: 1, created: "2026-11-21 01:00:00.000Z", updated: "2026-11-21 01:00:00.000Z", flags: null };
  await tables.visits.put({ ...at, id: before, number: "A01", vehicle: ids.vehicle, customer: ids.customer, state: "released", purpose: "repair", arrived_at: "2026-11-21 01:00:00.000Z", odometer_km: 48213 } as unknown as Rows["visits"]);
  await tables.work_orders.put({ ...at, id: "order0000000000", visit: before, number: "PD-261121-A00", state: "released", kind: "service", warranty: { state: "released", from_day: "2026-11-21", from_km: 48213, policy: "", lines: [line] } } as unknown as Rows["work_orders"]);
  await tables.jobs.put({ ...at, id: done, visit: before, work_order: "order0000000000", position: 1, state: "passed", origin: "estimate", work: "更换前刹车片", detail: "", labour_minutes: 60, labour_fen: 24000, parts: [], payer: "customer", priced_at: "2026-11-21 01:00:00.000Z", sha256: "x" } as unknown as Rows["jobs"]);
  await tables.staff.put({ ...at, id: "expert000000001", name: "冯工", roles: ["expert"], active: true, skill: 5 } as unknown as Rows["staff"]);
  await tables.visits.update(ids.visit, { purpose: "comeback", comeback_of: done, arrived_at: "2027-01-10 01:00:00.000Z", odometer_km: 50000, old_parts: "show", wash: "no", payment_method: "card" });
  await tables.work_orders.update(ids.order, { state: "draft", kind: "comeback" });
});
afterEach(close);

const order = async (): Promise<Rows["work_orders"]> => (await tables.work_orders.get(ids.order))!;
const again = async (): Promise<string> => mendAgain(await order(), (await tables.jobs.get(done))!, 1, "返修：更换前刹车片");

describe("C-01 a car comes back", () => {
  test("the vehicle's earlier jobs, with what is guaranteed and what ended it", async () => {
    const found = await earlierJobs(ids.vehicle, ids.visit);
    expect(found.map((e) => e.job.id)).toEqual([done]);
    expect(standingOf(found[0]!.line, "2027-11-21", 50000)).toBe("inside");
    expect(standingOf(found[0]!.line, "2027-11-22", 50000)).toBe("day");
    expect(standingOf(found[0]!.line, "2027-02-01", 68214)).toBe("km");
    expect(standingOf(null, "2027-02-01", 1)).toBe("none");
  });

  test("it is mended again at the house's expense, and the estimate may be shown", async () => {
    expect(await code(presentOrder(await order()))).toBe("order.no_jobs");
    const id = await again();
    expect(await job(id)).toMatchObject({ payer: "internal", comeback_of: done, labour_fen: 24000, state: "proposed" });
    await presentOrder(await order());
    expect((await order()).state).toBe("presented");
  });

  test("the customer does not pay for it", async () => {
    const id = await again();
    expect(await code(saveJob(await job(id), { ...draftOf(await job(id)), payer: "customer" }))).toBe("comeback.free");
  });

  test("a reception that names another car's job is refused", async () => {
    await tables.visits.update(before, { vehicle: "vehicle00000002" });
    expect(await code(act("visit.change", (w) => w.patch("visits", ids.visit, { comeback_of: "nobody000000001" })))).toBe("comeback.unknown");
  });
});

describe("C-02 why it failed", () => {
  test("an advisor does not decide; an expert does, with name and time; then the customer may pay", async () => {
    const id = await again();
    expect(await code(decideCause(await job(id), "new_fault", ""))).toBe("flow.role");
    Object.assign(people, { feng: { id: "expert000000001", name: "冯工", roles: ["expert"], skill: 5 } });
    as("feng" as never);
    await decideCause(await job(id), "new_fault", "另一侧卡钳漏油");
    expect(await job(id)).toMatchObject({ comeback_cause: "new_fault", comeback_cause_by: "expert000000001", comeback_note: "另一侧卡钳漏油" });
    expect((await job(id)).comeback_cause_at).not.toBe("");
    as("chen");
    await saveJob(await job(id), { ...draftOf(await job(id)), payer: "customer" });
    expect((await job(id)).payer).toBe("customer");
  });
});
