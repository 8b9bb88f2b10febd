// W-08 and E-10 on the tablet, offline: a symptom recalls its case, what comes often is proposed, reports and claims go their way.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tables, type PreparedPhoto, type Rows } from "../../db/index.ts";
import { newId } from "../../db/ids.ts";
import { approveClaim, claimPhoto, decideWarranty, noteClaim, openClaim, payClaim, sendBack, submitClaim, type Claim } from "../warranty/actions.ts";
import { groupOf, owedFen, partsOf } from "../warranty/model.ts";
import { as, close, ids, job, open, people, propose } from "../order/testing/day.ts";
import { proposals, saveCase, sendReport } from "./actions.ts";
import { fragmentsOf, matching, repeated, type Case } from "./model.ts";

const code = async (work: Promise<unknown>): Promise<string> => work.then(() => "", (e: { code: string }) => e.code);
const one = (symptom: string, more: Partial<Case> = {}): Case => ({ id: newId(), symptom, cause: "", remedy: "", vehicle_model: "", active: true, created: "2026-11-21", ...more }) as Case;
const photo = (): PreparedPhoto => ({ sha256: newId().padEnd(64, "0"), width: 4, height: 3, media: "image/jpeg", taken_at: "2026-11-21 02:00:00.000Z", bytes: new ArrayBuffer(8), thumb: new ArrayBuffer(4) }) as PreparedPhoto;

describe("W-08 the fault library answers by symptom, offline", () => {
  const cases = [one("高速刹车时方向盘抖动", { cause: "前刹车盘端面跳动超差", remedy: "光盘或更换", vehicle_model: "大众 帕萨特" }), one("低速打方向有咯噔声", { cause: "转向机间隙" }), one("Brake pedal pulsates", { cause: "Disc runout" })];
  test.each([
    ["刹车抖动", 0], ["方向盘抖", 0], ["打方向响", 1], ["咯噔", 1], ["刹车盘 跳动", 0], ["pedal", 2], ["BRAKE PEDAL", 2],
  ])("%s", (question, at) => {
    expect(matching(cases, question)[0]).toBe(cases[at]);
  });
  test("what nothing answers finds nothing, an empty question all, what was put away none", () => {
    expect(matching(cases, "空调不冷")).toEqual([]);
    expect(matching(cases, "")).toHaveLength(3);
    expect(matching([one("漏油", { active: false })], "漏油")).toEqual([]);
  });
  test("the same model comes first", () => {
    const two = [one("漏机油", { vehicle_model: "本田 雅阁" }), one("漏机油", { vehicle_model: "大众 帕萨特" })];
    expect(matching(two, "机油", "大众帕萨特")[0]).toBe(two[1]);
  });
  test("fragments are pairs of characters, words as they are", () => {
    expect(fragmentsOf("刹车抖动，ABS灯")).toEqual(["刹车", "车抖", "抖动", "abs", "灯"]);
  });
});

describe("W-08 what comes often is proposed", () => {
  const policy = { frequent_times: 3, frequent_days: 90 }, now = Date.parse("2026-11-21T00:00:00Z");
  const jobs = (n: number, more: Partial<Rows["jobs"]> = {}) => Array.from({ length: n }, (_, i) => ({ id: `j${i}`, work: "更换 减振器", state: "passed", job_class: "mechanical", created: `2026-11-0${i + 1} 01:00:00.000Z`, ...more }) as Rows["jobs"]);
  const ask = (list: Rows["jobs"][], reports = [] as Rows["quality_reports"][]) => repeated(list, () => "大众 帕萨特", () => "repair", reports, policy, now).map((g) => [g.work, g.times, g.job.id]);
  test("three of the same repair on the same model, not two; the last is named", () => {
    expect(ask(jobs(3))).toEqual([["更换 减振器", 3, "j2"]]);
    expect(ask(jobs(2))).toEqual([]);
  });
  test("maintenance, diagnoses, what was not done and what lies long back do not count", () => {
    for (const more of [{ job_class: "maintenance" }, { diagnosis_only: true }, { state: "declined" }, { created: "2026-08-22 00:00:00.000Z" }] as Partial<Rows["jobs"]>[]) expect(ask(jobs(3, more))).toEqual([]);
  });
  test("reported, it is not proposed again", () => {
    expect(ask(jobs(3), [{ kind: "frequent", vehicle_model: "大众帕萨特", fault: "更换减振器", created: "2026-11-10 00:00:00.000Z" } as Rows["quality_reports"]])).toEqual([]);
  });
});

describe("offline on the tablet", () => {
  let id = "";
  beforeEach(async () => {
    await open();
    id = await propose({ payer: "warranty", parts: [{ name: "转向机", number: "1", quantity_milli: 1000, unit: "个", unit_fen: 100000, origin: "shop", grade: "genuine" }] });
    Object.assign(people, { feng: { id: "expert000000001", name: "冯工", roles: ["expert", "finance"], skill: 5 } });
  });
  afterEach(close);

  test("W-08 a dangerous fault goes in with its photo, and not without; a case is kept from it", async () => {
    as("guo");
    const draft = { kind: "dangerous" as const, fault: "转向异响", detail: "低速打方向有咯噔声", system: "steering" as const };
    expect(await code(sendReport(await job(id), "大众 帕萨特", { ...draft, photos: [] }))).toBe("report.photo_missing");
    expect(await tables.quality_reports.count()).toBe(0);
    const report = await sendReport(await job(id), "大众 帕萨特", { ...draft, photos: [photo()] });
    expect(await tables.quality_reports.get(report)).toMatchObject({ state: "submitted", submitted_by: people.guo.id, job: id, vehicle_model: "大众 帕萨特" });
    const made = { vehicle_model: "大众 帕萨特", system: "steering" as const, symptom: "转向异响", cause: "间隙", remedy: "更换转向机" };
    expect(await code(saveCase(made, { report }))).toBe("flow.role");
    as("wu");
    await saveCase(made, { report });
    expect(matching(await tables.fault_cases.toArray(), "转向响").map((c) => c.report)).toEqual([report]);
  });

  test("W-08 the shop's own cars propose it", async () => {
    const at = new Date().toISOString().replace("T", " ");
    for (let i = 0; i < 3; i++) {
      await tables.vehicles.put({ id: `car00000000000${i}`, make: "大众", model: "帕萨特", version: 1 } as unknown as Rows["vehicles"]);
      await tables.visits.put({ id: `vis00000000000${i}`, vehicle: `car00000000000${i}`, purpose: "repair", arrived_at: at, version: 1 } as unknown as Rows["visits"]);
      await tables.jobs.put({ id: `job00000000000${i}`, visit: `vis00000000000${i}`, work: "更换减振器", state: "passed", job_class: "", created: at, version: 1 } as unknown as Rows["jobs"]);
    }
    expect((await proposals(Date.now() + 1000)).map((g) => [g.model, g.times])).toEqual([["大众 帕萨特", 3]]);
  });

  test("E-10 diagnosis, photo, label; sent in, approved, paid, the parts sent back by their date", async () => {
    as("chen");
    const claim = await openClaim(await job(id));
    const row = async (): Promise<Claim> => (await tables.warranty_claims.get(claim))!;
    await noteClaim(await row(), { diagnosis: "转向机泄漏", claimed_fen: 121600 });
    expect(await code(submitClaim(await row()))).toBe("warranty_claim.photo_missing");
    await claimPhoto(await row(), photo());
    expect(await code(submitClaim(await row()))).toBe("warranty_claim.unlabelled");
    await noteClaim(await row(), { label: "SP-001", place: "旧件架 3" });
    await submitClaim(await row());
    expect(await job(id), "E-04 what was sent in waits for the manufacturer").toMatchObject({ warranty_decision: "waiting", warranty_decision_by: people.chen.id });
    expect(Date.parse((await row()).return_due_at.replace(" ", "T")) - Date.now()).toBeGreaterThan(29 * 86_400_000);
    expect(await code(noteClaim(await row(), { claimed_fen: 1 }))).toBe("warranty_claim.frozen");
    expect(await code(approveClaim(await row(), 100000))).toBe("flow.role");
    as("feng" as never);
    expect(await code(approveClaim(await row(), 121601))).toBe("warranty_claim.approved_amount");
    await approveClaim(await row(), 100000);
    expect(await job(id), "E-04 what the manufacturer approved is covered").toMatchObject({ warranty_decision: "covered" });
    expect([groupOf(await row()), owedFen([await row()])]).toEqual(["decided", 100000]);
    const due = Date.parse((await row()).return_due_at.replace(" ", "T"));
    expect([partsOf(await row(), due - 6 * 86_400_000, 5), partsOf(await row(), due - 86_400_000, 5), partsOf(await row(), due + 1, 5)]).toEqual(["kept", "soon", "late"]);
    await sendBack(await row(), "顺丰 SF123");
    await payClaim(await row(), 100000);
    expect([(await row()).state, partsOf(await row(), due + 1, 5), owedFen([await row()])]).toEqual(["paid", "sent", 0]);
  });

  test("E-04 whether the warranty bears a job is decided offline, with who and when; technicians do not decide it", async () => {
    as("guo");
    expect(await code(decideWarranty(await job(id), "covered"))).toBe("flow.role");
    as("chen");
    const agreed = (await job(id)).sha256;
    await decideWarranty(await job(id), "refused");
    const said = await job(id);
    expect(said).toMatchObject({ warranty_decision: "refused", warranty_decision_by: people.chen.id });
    expect(said.warranty_decision_at).toMatch(/^\d{4}-\d\d-\d\d /);
    expect(said.sha256, "what the customer agreed to is untouched").toBe(agreed);
    await tables.work_orders.update(ids.order, { state: "settled" });
    expect(await code(decideWarranty(await job(id), "covered"))).toBe("order.settled");
  });

  test("E-10 nothing is claimed for what the customer pays", async () => {
    const other = await propose({ payer: "customer", position: 2 });
    expect(await code(openClaim(await job(other)))).toBe("warranty_claim.not_warranty");
    expect(ids.visit).toBe((await job(other)).visit);
  });
});
