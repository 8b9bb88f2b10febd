// A car in the shop for tests, on a real store and the real rules: received, signed for, handed over as far as asked.
import { act, newId, tables } from "../../../db/index.ts";
import { prepareStore } from "../../../db/open.ts";
import { useStore, type Store } from "../../../db/store.ts";
import type { CollectionName, Rows } from "../../../db/types.gen.ts";
import { checkItems, passCheck, type CheckDraft } from "../../quality/actions.ts";
import { finishJob, startJob } from "../../technician/actions.ts";
import { loadCase, type OrderCase } from "../load.ts";
import type { Job } from "../model.ts";

export const people = {
  chen: { id: "chenjianing0001", name: "陈佳宁", roles: ["advisor"], skill: 0 },
  guo: { id: "guotao000000001", name: "郭涛", roles: ["technician"], skill: 3 },
  yang: { id: "yangfan00000001", name: "杨帆", roles: ["technician"], skill: 2 },
  wu: { id: "wuming000000001", name: "吴明", roles: ["leader"], skill: 4 },
  qian: { id: "qianli000000001", name: "钱立", roles: ["inspector"], skill: 0 },
  zhao: { id: "zhaojie00000001", name: "赵洁", roles: ["cashier"], skill: 0 },
  lin: { id: "linqiang0000001", name: "林强", roles: ["guard"], skill: 0 },
  gao: { id: "gaojianguo00001", name: "高建国", roles: ["manager"], skill: 0 },
} as const;
export type Who = keyof typeof people;

const shop = "shoppudong00001";
export const ids = { visit: "visit0000000001", order: "order0000000001", vehicle: "vehicle00000001", customer: "customer0000001" };

/** A row as the server would have sent it. */
export async function row<C extends CollectionName>(collection: C, data: Partial<Rows[C]> & { id: string }): Promise<void> {
  const at = "2026-11-21 01:00:00.000Z";
  await tables[collection].put({ shop, version: 1, created: at, updated: at, created_by: "", updated_by: "", device: "", captured_at: at, flags: null, ...data } as unknown as Rows[C]);
}

let store: Store | null = null;

/** Opens a fresh store with the shop's people and one received car whose order is presented. */
export async function open(visitState: Rows["visits"]["state"] = "handed_over"): Promise<void> {
  store = await prepareStore(`test${newId()}`);
  as("chen");
  await row("shops", { id: shop, name: "浦东店", code: "PD", time_zone: "Asia/Shanghai" });
  for (const p of Object.values(people)) await row("staff", { ...p, roles: [...p.roles], active: true });
  await row("customers", { id: ids.customer, name: "李思远" });
  await row("vehicles", { id: ids.vehicle, plate: "沪A8K359", customer: ids.customer });
  await row("visits", { id: ids.visit, number: "A07", vehicle: ids.vehicle, customer: ids.customer, advisor: people.chen.id, state: visitState, purpose: "repair" });
  await row("key_tags", { id: "key000000000001", visit: ids.visit, tag: "12", keys: 1, holder_kind: "cabinet" });
  await row("work_orders", { id: ids.order, visit: ids.visit, number: "PD-261121-A01", state: "presented", promised_at: "2026-11-21 05:30:00.000Z" });
  await row("consents", { id: newId(), visit: ids.visit, kind: "signature", state: "given", document_kind: "precheck", document: { kind: "precheck" }, jobs: null, signer_name: "李思远", signed_at: "2026-11-21 01:10:00.000Z", countersigned_by: people.chen.id });
}

export function close(): void {
  useStore(null, null);
  store = null;
}

/** Hands the tablet to somebody else of the shop, with the same rows. */
export function as(who: Who): string {
  const p = people[who];
  if (store) (store as { user: string }).user = p.id; // the author of what follows
  useStore(store, { ...p, roles: [...p.roles], shop });
  return p.id;
}

export async function theCase(): Promise<OrderCase> {
  return (await loadCase(ids.order))!;
}

export async function job(id: string): Promise<Job> {
  return (await tables.jobs.get(id))!;
}

/** A job as the advisor writes it. */
export async function propose(data: Partial<Job> = {}): Promise<string> {
  as("chen");
  const id = newId();
  await act("job.add", (w) => {
    w.create("jobs", { visit: ids.visit, work_order: ids.order, position: 1, state: "proposed", origin: "estimate", work: "48,000 km 保养", labour_minutes: 72, labour_fen: 21600, parts: [], payer: "customer", priced_at: "2026-11-21 01:05:00.000Z", ...data }, id);
  });
  return id;
}

let signatures = 0;

/** The customer signs for the jobs as they stand; the rows are as the server would send them. */
export async function sign(...jobs: string[]): Promise<string> {
  const rows = (await tables.jobs.bulkGet(jobs)).filter((j) => j !== undefined);
  const id = newId();
  await row("consents", {
    id, visit: ids.visit, work_order: ids.order, kind: "signature", state: "given", document_kind: "estimate", sha256: "0".repeat(64),
    document: { kind: "estimate", promised_at: "2026-11-21 05:30:00.000Z", jobs: rows.map(({ id: j, work, detail, diagnosis_only, labour_minutes, labour_fen, parts, labour_range_percent, parts_range_percent, payer, not_guaranteed, sha256 }) => ({ id: j, work, detail, diagnosis_only, labour_minutes, labour_fen, parts, labour_range_percent, parts_range_percent, payer, not_guaranteed, sha256 })) },
    jobs: rows.map((j) => ({ id: j.id, sha256: j.sha256, decision: "approved" })), signer_name: "李思远", signer_relation: "self",
    signed_at: `2026-11-21 02:${String(10 + (signatures++ % 50)).padStart(2, "0")}:00.000Z`, countersigned_by: people.chen.id,
  });
  return id;
}

/** Approves signed jobs and authorises the order, as the signature's second mutation does. */
export async function approve(...jobs: string[]): Promise<void> {
  as("chen");
  const order = (await tables.work_orders.get(ids.order))!;
  await act("consent.decide", (w) => {
    for (const id of jobs) w.patch("jobs", id, { state: "approved" });
    if (order.state === "presented") w.patch("work_orders", ids.order, { state: "authorised" });
  });
}

/** Proposed, signed, approved and dispatched to the given technicians, checked against the sheet. */
export async function dispatched(who: Who[] = ["guo"], data: Partial<Job> = {}): Promise<string> {
  const id = await propose(data);
  await sign(id);
  await approve(id);
  as("wu");
  await act("job.dispatch", (w) => w.patch("jobs", id, { state: "dispatched", technicians: who.map((x) => people[x].id), skill: 0 }));
  as(who[0]!);
  await act("job.check_sheet", (w) => w.patch("jobs", id, { sheet_checked_at: "2026-11-21 02:00:00.000Z", sheet_checked_by: people[who[0]!].id }));
  return id;
}

/** guo has begun a dispatched job and his clock runs; the tablet is the advisor's again. */
export async function begun(id: string): Promise<void> {
  as("guo");
  await act("job.start", (w) => {
    w.patch("jobs", id, { state: "in_progress" });
    w.create("time_entries", { visit: ids.visit, work_order: ids.order, job: id, technician: people.guo.id, started_at: "2026-11-21 02:30:00.000Z" });
  });
  as("chen");
}

/** The job is done, three people have found it good: the car waits for the cashier. */
export async function ready(data: Partial<Job> = {}): Promise<string> {
  const id = await dispatched(["guo"], data);
  await startJob(await theCase(), await job(id), people.guo.id);
  await finishJob(await theCase(), await job(id), people.guo.id);
  const answers = Object.fromEntries(checkItems.map((i) => [i, i === "road_test" ? "not_needed" : "pass"])) as CheckDraft["answers"];
  for (const [who, stage] of [["guo", "self"], ["wu", "leader"], ["qian", "final"]] as const) {
    as(who);
    await passCheck(await theCase(), { stage, answers, notes: { road_test: "未要求" }, note: "", cause: "", failedJobs: [] }, { advice: "", cautions: "", none: true });
  }
  return id;
}
