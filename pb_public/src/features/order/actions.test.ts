import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { act, tables } from "../../db/index.ts";
import { addJob, cancelJob, changesOf, closeOrder, declineJob, dispatchJobs, draftOf, emptyDraft, emptyPart, feeOf, moveKey, presentOrder, saveJob, setActual, setPromised, voidConsent } from "./actions.ts";
import { actualState } from "./actual.ts";
import { cover, promiseBeyondDay, summary } from "./coverage.ts";
import { nextOf, toPrice, toSign } from "./next.ts";
import { approve, as, begun, close, dispatched, ids, job, open, people, propose, sign, theCase } from "./testing/day.ts";

beforeEach(() => open());
afterEach(close);

const shanghaiDay = (iso: string) => new Date(Date.parse(iso.replace(" ", "T")) + 8 * 3_600_000).toISOString().slice(0, 10);

describe("S-02 a signature binds exactly what was shown", () => {
  test("S-02 changing the price of a signed job voids that job only, says what changed, and asks for a new signature", async () => {
    const one = await propose(), two = await propose({ work: "四轮换位", labour_fen: 3000, position: 2 });
    await sign(one, two);
    await approve(one, two);
    const row = await job(one);
    const draft = { ...draftOf(row), labour_fen: 26000 };
    expect(changesOf(row, draft)).toEqual([{ field: "labour_fen", was: 21600, now: 26000 }]);
    await saveJob(row, draft);
    const c = await theCase();
    const [a, b] = c.jobs;
    expect(a!.state).toBe("proposed");
    expect(b!.state).toBe("approved");
    expect(cover(a!, c.consents)).toMatchObject({ state: "changed", changes: [{ field: "labour_fen", was: 21600, now: 26000 }] });
    expect(cover(b!, c.consents).state).toBe("covered");
    expect(nextOf(c)).toMatchObject({ key: "sign", kind: "estimate", jobs: [{ id: one }] });
  });

  test("S-02 what is no agreed content (delay, safety) voids nothing", async () => {
    const one = await propose();
    await sign(one);
    await approve(one);
    const row = await job(one);
    await saveJob(row, { ...draftOf(row), safety: true, delay_minutes: 50 });
    expect((await job(one)).state).toBe("approved");
    expect(cover(await job(one), (await theCase()).consents).state).toBe("covered");
  });

  test("S-02 a job added later needs its own consent and voids nothing", async () => {
    const one = await propose();
    await sign(one);
    await approve(one);
    const c = await theCase();
    const added = await addJob(c.order, { ...emptyDraft(), work: "更换前刹车片", labour_minutes: 48, labour_fen: 30000, parts: [{ ...emptyPart, name: "前刹车片", unit: "套", unit_fen: 98000 }] }, 2);
    const now = await theCase();
    expect((await job(added)).origin).toBe("supplement");
    expect(summary(now.jobs, now.consents)).toMatchObject({ covered: [{ id: one }], missing: [{ id: added }] });
    expect(toSign(now, "supplement").map((j) => j.id)).toEqual([added]);
  });

  test("S-02 a job under way keeps its state when its price changes, and is covered no longer", async () => {
    const one = await dispatched();
    await begun(one);
    const row = await job(one);
    await saveJob(row, { ...draftOf(row), labour_fen: 99900 });
    expect((await job(one)).state).toBe("in_progress");
    expect(cover(await job(one), (await theCase()).consents).state).toBe("changed");
  });

  test("S-02 voiding a consent with its reason takes back the jobs nobody has begun", async () => {
    const one = await propose();
    const consent = await sign(one);
    await approve(one);
    const row = (await tables.consents.get(consent))!;
    await expect(voidConsent(row, " ", [await job(one)])).rejects.toMatchObject({ code: "consent.void_unexplained" });
    await voidConsent(row, "签错了车", [await job(one)]);
    expect((await job(one)).state).toBe("proposed");
    expect(cover(await job(one), (await theCase()).consents)).toMatchObject({ state: "void", consent: { void_reason: "签错了车" } });
  });
});

describe("S-05, S-06 supplements", () => {
  test("S-05 a supplement found by a technician waits for its price, then for the customer", async () => {
    const one = await dispatched();
    as("guo");
    let found = "";
    await act("job.found", (w) => { found = w.create("jobs", { visit: ids.visit, work_order: ids.order, position: 2, state: "proposed", origin: "supplement", work: "更换前刹车片", payer: "customer", found_note: "余 2 mm" }); });
    expect(toPrice(await theCase()).map((j) => j.id)).toEqual([found]);
    expect(nextOf(await theCase())).toMatchObject({ key: "price", job: { id: found } });
    as("chen");
    const row = await job(found);
    await saveJob(row, { ...draftOf(row), labour_minutes: 48, labour_fen: 30000, delay_minutes: 50, safety: true, parts: [{ ...emptyPart, name: "前刹车片", unit_fen: 98000 }] });
    expect(nextOf(await theCase())).toMatchObject({ key: "sign", kind: "supplement", jobs: [{ id: found }] });
    expect((await job(one)).state).toBe("dispatched");
  });

  test("S-06 a decline keeps its time and who told the workshop", async () => {
    const one = await propose({ origin: "supplement" });
    await declineJob(await job(one), people.chen.id);
    expect(await job(one)).toMatchObject({ state: "declined", declined_told_by: people.chen.id });
    expect((await job(one)).declined_at).toMatch(/^\d{4}-\d\d-\d\d /);
  });

  test("S-06 the tablet declines nothing without the time and who told", async () => {
    const one = await propose({ origin: "supplement" });
    await expect(act("job.decline", (w) => w.patch("jobs", one, { state: "declined", declined_told_by: people.chen.id }))).rejects.toMatchObject({ code: "job.decline_undated", field: "declined_at" });
    await expect(act("job.decline", (w) => w.patch("jobs", one, { state: "declined", declined_at: "2026-11-21 02:00:00.000Z" }))).rejects.toMatchObject({ code: "job.decline_untold", field: "declined_told_by" });
    expect((await job(one)).state).toBe("proposed");
  });

  test("E-08 S-06 a refused estimate closes the order as declined, its jobs with it; one with work on it is not closed", async () => {
    const one = await propose();
    await expect(act("order.close", (w) => w.patch("work_orders", ids.order, { state: "declined" }))).rejects.toMatchObject({ code: "order.jobs_standing", params: { count: 1 } });
    await closeOrder((await theCase()).order, people.chen.id);
    expect((await theCase()).order.state).toBe("declined");
    expect(await job(one)).toMatchObject({ state: "declined", declined_told_by: people.chen.id });
    close();
    await open();
    const id = await dispatched();
    await begun(id);
    await expect(closeOrder((await theCase()).order, people.chen.id)).rejects.toMatchObject({ code: "order.work_done" });
  });

  test("E-08 a signed diagnosis or estimate stays to be settled when nothing else is wanted; the rest is called off", async () => {
    const fee = await propose({ work: "异响诊断", diagnosis_only: true, diagnosis_told_at: "2026-11-21 01:05:00.000Z", labour_fen: 18_000 }), more = await propose({ position: 2 }), open = await propose({ position: 3 });
    await sign(fee, more);
    await approve(fee, more);
    const order = (await theCase()).order;
    expect(feeOf((await theCase()).jobs)).toBe(18_000);
    await closeOrder(order, people.chen.id, true);
    expect([(await theCase()).order.state, (await job(fee)).state, (await job(more)).state, (await job(open)).state]).toEqual(["declined", "approved", "cancelled", "declined"]);
  });

  test("S-01 a job with booked time is not cancelled away", async () => {
    const one = await dispatched();
    await begun(one);
    await expect(cancelJob(await job(one))).rejects.toMatchObject({ name: "Refused" });
  });
});

describe("W-01 dispatch", () => {
  test("W-01 several technicians, bay and skill in one act; a level nobody reaches is refused", async () => {
    const one = await propose();
    await sign(one);
    await approve(one);
    as("wu");
    const c = await theCase();
    await expect(dispatchJobs(c.order, [await job(one)], { technicians: [people.yang.id], skill: 5, bay: "3" })).rejects.toMatchObject({ code: "dispatch.skill" });
    expect((await theCase()).order.bay || "").toBe("");
    await dispatchJobs(c.order, [await job(one)], { technicians: [people.yang.id, people.guo.id], skill: 3, bay: "3" });
    expect(await job(one)).toMatchObject({ state: "dispatched", skill: 3, technicians: [people.yang.id, people.guo.id] });
    expect((await theCase()).order.bay).toBe("3");
  });

  test("W-01 two jobs go to one technician in one act, or neither does", async () => {
    const one = await propose(), two = await propose({ position: 2 });
    await sign(one);
    await approve(one);
    as("wu");
    const c = await theCase();
    await expect(dispatchJobs(c.order, c.jobs, { technicians: [people.guo.id], skill: 0, bay: "" })).rejects.toMatchObject({ name: "Refused" });
    expect((await job(one)).state).toBe("approved");
    await sign(two);
    await approve(two);
    as("wu");
    const now = await theCase();
    await dispatchJobs(now.order, now.jobs, { technicians: [people.guo.id], skill: 0, bay: "" });
    expect((await theCase()).jobs.map((j) => [j.state, j.technicians])).toEqual([["dispatched", [people.guo.id]], ["dispatched", [people.guo.id]]]);
  });

  test("S-01 a job nobody signed for is not dispatched", async () => {
    const one = await propose();
    as("wu");
    await expect(dispatchJobs((await theCase()).order, [await job(one)], { technicians: [people.guo.id], skill: 0, bay: "" })).rejects.toMatchObject({ name: "Refused" });
    expect((await job(one)).state).toBe("proposed");
  });
});

describe("S-07 agreed price and promised time", () => {
  test("S-07 inside the agreed range needs nothing, beyond it is said; other payers' money asks nobody", async () => {
    const one = await propose({ parts: [{ ...emptyPart, name: "机油", quantity_milli: 4500, unit: "L", unit_fen: 10800 }] });
    await setActual(await job(one), 23760, 48600);
    expect(actualState(await job(one))).toBe("inside");
    await setActual(await job(one), 23761, 48600);
    expect(actualState(await job(one))).toBe("beyond");
    expect(actualState({ ...(await job(one)), payer: "warranty" })).toBe("inside");
    await setActual(await job(one), 21600, 48601);
    expect(actualState(await job(one))).toBe("beyond");
  });

  test("S-07 later the same day is no task, the next day is one", async () => {
    const one = await propose();
    await sign(one);
    const order = (await theCase()).order;
    await setPromised(order, "2026-11-21 10:00:00.000Z");
    let c = await theCase();
    expect(promiseBeyondDay(c.order, c.consents, shanghaiDay)).toBe(false);
    await setPromised(order, "2026-11-21 16:30:00.000Z"); // half past midnight in Shanghai
    c = await theCase();
    expect(promiseBeyondDay(c.order, c.consents, shanghaiDay)).toBe(true);
    expect(promiseBeyondDay(c.order, c.consents, shanghaiDay, 1), "the shop's own figure").toBe(false);
  });

  test("E-05 an estimate is never put before the customer without a promised time; one that was chosen stays", async () => {
    await propose({ labour_minutes: 60 });
    await tables.work_orders.update(ids.order, { state: "draft", promised_at: "" });
    await tables.visits.update(ids.visit, { old_parts: "show", wash: "no", payment_method: "card" });
    await presentOrder((await theCase()).order);
    const promised = (await theCase()).order.promised_at;
    expect(Date.parse(promised.replace(" ", "T"))).toBeGreaterThan(Date.now() + 60 * 60_000);
    await tables.work_orders.update(ids.order, { state: "draft", promised_at: "2026-11-21 05:30:00.000Z" });
    await presentOrder((await theCase()).order);
    expect((await theCase()).order.promised_at).toBe("2026-11-21 05:30:00.000Z");
  });

  test("R-10 who takes the key has it, and who hangs it up is asked no more", async () => {
    const key = async () => (await tables.key_tags.get("key000000000001"))!;
    await moveKey(await key(), as("guo"));
    expect(await key()).toMatchObject({ holder_kind: "staff", holder: people.guo.id });
    await moveKey(await key(), "");
    expect(await key()).toMatchObject({ holder_kind: "cabinet", holder: "" });
    expect((await key()).held_at).not.toBe("");
  });

  test("E-03 customer-supplied parts make the line not guaranteed, whatever the switch says", async () => {
    const c = await theCase();
    const id = await addJob(c.order, { ...emptyDraft(), work: "安装雨刮片", labour_fen: 3000, acknowledged: true, parts: [{ ...emptyPart, name: "雨刮片", origin: "customer", unit_fen: 5000 }, { ...emptyPart, name: " " }] }, 1);
    const row = await job(id);
    expect(row.not_guaranteed).toBe(true);
    expect(row.not_guaranteed_acknowledged_at).not.toBe("");
    expect(row.parts).toHaveLength(1);
  });

  test("E-03 a wrong line of parts is named at once, without a network too", async () => {
    const c = await theCase();
    const parts = [{ ...emptyPart, name: "机油" }, { ...emptyPart, name: "机滤", unit_fen: 2_000_000_000 }];
    await expect(addJob(c.order, { ...emptyDraft(), work: "保养", parts }, 1)).rejects.toMatchObject({ code: "price.part", params: { line: 2, field: ["part.unit_fen"] } });
  });
});
