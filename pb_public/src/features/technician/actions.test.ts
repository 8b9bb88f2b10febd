import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { act, serverTime, tables } from "../../db/index.ts";
import { storeInUse } from "../../db/store.ts";
import { draftOf, saveJob } from "../order/actions.ts";
import { approve, as, close, dispatched, ids, job, open, people, propose, sign, theCase } from "../order/testing/day.ts";
import { checkSheet, finishJob, foundProblem, joinJob, moveBelonging, pauseJob, receiveCar, resumeJob, startJob } from "./actions.ts";
import { blocked, nextStep } from "./next.ts";
import { pathOf, waitsAt } from "./path.ts";

beforeEach(() => open());
afterEach(close);

const guo = people.guo.id;
const state = async () => { const c = await theCase(); return { order: c.order.state, visit: c.visit?.state }; };
const intents = async () => (await storeInUse()!.outbox.orderBy("seq").toArray()).map((e) => e.intent);
const start = async (id: string, who: "guo" | "yang" = "guo") => { as(who); await startJob(await theCase(), await job(id), people[who].id); };

describe("S-01 no work without a signature", () => {
  test("S-01 the start is refused, nothing is written, and the way says who has to sign", async () => {
    const id = await propose();
    as("guo");
    await expect(startJob(await theCase(), await job(id), guo)).rejects.toMatchObject({ name: "Refused" });
    expect(await tables.time_entries.count()).toBe(0);
    const c = await theCase();
    expect(waitsAt(pathOf(c, c.jobs[0]!))).toMatchObject({ key: "consent", state: "now" });
    expect(await nextStep(c, c.jobs[0]!, guo)).toBeNull();
  });

  test("S-02 a start after the price changed is refused with what changed", async () => {
    const id = await dispatched();
    as("chen");
    const row = await job(id);
    await saveJob(row, { ...draftOf(row), labour_fen: 90000 });
    const c = await theCase();
    expect(c.jobs[0]!.state).toBe("proposed");
    expect(waitsAt(pathOf(c, c.jobs[0]!))).toMatchObject({ key: "consent", changes: [{ field: "labour_fen" }] });
  });

  test("S-01 start creates exactly the rows needed: job, clock, order and visit", async () => {
    const id = await dispatched();
    const before = await storeInUse()!.outbox.count();
    await start(id);
    expect(await state()).toEqual({ order: "in_progress", visit: "working" });
    expect((await job(id)).state).toBe("in_progress");
    const made = (await storeInUse()!.outbox.orderBy("seq").toArray()).slice(before);
    expect(made.map((e) => [e.intent, e.ops.map((o) => `${o.op} ${o.collection}`)])).toEqual([
      ["job.start", ["patch jobs", "create time_entries", "patch work_orders", "patch visits"]],
    ]);
  });

  test("S-01 a clock set before the signature is refused on the tablet, too", async () => {
    const id = await dispatched();
    const dated = (started_at: string) => act("job.start", (w) => {
      w.patch("jobs", id, { state: "in_progress" });
      w.create("time_entries", { visit: ids.visit, work_order: ids.order, job: id, technician: guo, started_at });
    });
    await expect(dated("2026-11-21 00:50:00.000Z")).rejects.toMatchObject({ code: "clock.before_signature", field: "started_at" });
    expect((await job(id)).state, "nothing of it is written").toBe("dispatched");
    await dated("2026-11-21 03:00:00.000Z");
    expect((await job(id)).state).toBe("in_progress");
  });
});

describe("W-02 the sheet before the work", () => {
  test("W-02 the next step is the sheet, then the start; the fault is recorded with it", async () => {
    const id = await dispatched();
    as("guo");
    await tables.jobs.update(id, { sheet_checked_at: "", sheet_checked_by: "" });
    let c = await theCase();
    expect((await nextStep(c, c.jobs[0]!, guo))?.step).toBe("check_sheet");
    await expect(startJob(c, c.jobs[0]!, guo)).rejects.toMatchObject({ code: "job.sheet_unchecked" });
    await checkSheet(await job(id), guo, "road_test");
    c = await theCase();
    expect(c.jobs[0]).toMatchObject({ fault_confirmed: "road_test", sheet_checked_by: guo });
    expect((await nextStep(c, c.jobs[0]!, guo))?.step).toBe("start");
  });

  test("R-13, R-10 the technician takes the car over, and the key with it", async () => {
    close();
    await open("inspected");
    const id = await dispatched();
    as("guo");
    const c = await theCase();
    expect((await nextStep(c, await job(id), guo))?.step).toBe("receive");
    await receiveCar(c, guo);
    expect((await theCase()).visit).toMatchObject({ state: "handed_over", received_by: guo });
    expect((await tables.key_tags.toArray())[0]).toMatchObject({ holder_kind: "staff", holder: guo });
    expect((await nextStep(await theCase(), await job(id), guo))?.step).toBe("start");
  });
});

describe("W-07 belongings left in the car", () => {
  test("W-07 what had to be moved is written down by the technician", async () => {
    as("guo");
    const row = { id: "belonging000001", shop: "shoppudong00001", version: 1, visit: ids.visit, kind: "item", name: "儿童座椅", quantity: 1, place: "in_car", note: "左侧有划痕" };
    await tables.belongings.put(row as never);
    await moveBelonging(row.id, guo, " 拆后座，放在工具车上层 ");
    const kept = await tables.belongings.get(row.id);
    expect(kept).toMatchObject({ moved_by: guo, moved_note: "拆后座，放在工具车上层", note: "左侧有划痕" });
    expect(kept?.moved_at).toMatch(/^\d{4}-\d\d-\d\d /);
  });
});

describe("W-03 the clock", () => {
  test("W-03 pause with reason, resume, finish; one open entry at a time and the order goes to quality", async () => {
    const id = await dispatched();
    await start(id);
    await expect(pauseJob(await theCase(), await job(id), guo, "part", "")).resolves.toBeUndefined();
    expect(await job(id)).toMatchObject({ state: "paused", pause_reason: "part" });
    expect((await theCase()).entries).toMatchObject([{ end_reason: "part" }]);
    await resumeJob(await theCase(), await job(id), guo);
    expect(await job(id)).toMatchObject({ state: "in_progress", pause_reason: "" });
    expect(await finishJob(await theCase(), await job(id), guo)).toBe(true);
    expect((await theCase()).entries.every((e) => e.ended_at)).toBe(true);
    expect(await state()).toEqual({ order: "qc", visit: "working" });
    // the end of work is an act of its own; the order's step follows it and cannot undo it.
    expect((await intents()).slice(-2)).toEqual(["job.finish", "order.to_quality"]);
  });

  test("W-03 time that is booked is not booked again; where two clocks differ a little, the next entry starts where the last ended", async () => {
    const one = await dispatched(["guo"], { work: "机油" }), two = await dispatched(["guo"], { work: "四轮换位", position: 2 });
    const now = Date.now(), ended = serverTime(now + 3 * 60_000);
    const row = { shop: "shoppudong00001", version: 1, visit: ids.visit, work_order: ids.order, job: one, technician: guo, started_at: serverTime(now - 600_000) };
    await tables.time_entries.put({ ...row, id: "entry0000000001", ended_at: ended, minutes: 13, end_reason: "finished" } as never);
    as("guo");
    const backdated = act("job.start", (w) => {
      w.patch("jobs", two, { state: "in_progress" });
      w.create("time_entries", { visit: ids.visit, work_order: ids.order, job: two, technician: guo, started_at: serverTime(now - 60_000) });
    });
    await expect(backdated).rejects.toMatchObject({ code: "clock.overlap", field: "started_at" });
    await start(two);
    expect((await tables.time_entries.where("job").equals(two).first())?.started_at).toBe(ended);
  });

  test("W-03 a clock never runs twice: another job is refused, and says which one runs", async () => {
    const one = await dispatched(["guo"], { work: "机油" }), two = await dispatched(["guo"], { work: "四轮换位", position: 2 });
    await start(one);
    const c = await theCase();
    const second = c.jobs.find((j) => j.id === two)!;
    expect(await blocked(c, second, guo)).toMatchObject({ code: "clock.running", params: { job: "机油" } });
    expect(await nextStep(c, second, guo)).toMatchObject({ step: "finish", job: { id: one } });
    await expect(startJob(c, second, guo)).rejects.toMatchObject({ code: "clock.running" });
  });

  test("W-01 two technicians on a job: the first to leave ends only their own clock", async () => {
    const id = await dispatched(["guo", "yang"]);
    await start(id);
    as("yang");
    let c = await theCase();
    expect((await nextStep(c, c.jobs[0]!, people.yang.id))?.step).toBe("join");
    await joinJob(c.jobs[0]!, people.yang.id);
    as("guo");
    c = await theCase();
    expect(await finishJob(c, c.jobs[0]!, guo)).toBe(false);
    expect((await job(id)).state).toBe("in_progress");
    as("yang");
    expect(await finishJob(await theCase(), await job(id), people.yang.id)).toBe(true);
    expect(await state()).toMatchObject({ order: "qc" });
  });

  test("W-01 a job given to somebody else offers nothing, and says so", async () => {
    const id = await dispatched(["guo"]);
    as("yang");
    let c = await theCase();
    expect(await nextStep(c, c.jobs[0]!, people.yang.id)).toBeNull();
    expect(await blocked(c, c.jobs[0]!, people.yang.id)).toMatchObject({ code: "dispatch.not_assigned" });
    await start(id);
    as("yang");
    c = await theCase();
    expect(await blocked(c, c.jobs[0]!, people.yang.id)).toMatchObject({ code: "dispatch.not_assigned" });
    await expect(joinJob(c.jobs[0]!, people.yang.id)).rejects.toMatchObject({ code: "dispatch.not_assigned" });
  });

  test("W-03 a proposal nobody has decided keeps the order in work when the last job ends", async () => {
    const id = await dispatched();
    await start(id);
    await foundProblem(await theCase(), { work: "更换前刹车片", note: "余 2 mm", safety: true, photos: [] });
    expect(await finishJob(await theCase(), await job(id), guo)).toBe(false);
    expect((await state()).order).toBe("in_progress");
  });
});

describe("S-05 a new problem under way", () => {
  test("S-05 a supplement is a proposal; it starts only after its own consent, and takes the order back from quality", async () => {
    const id = await dispatched();
    await start(id);
    const photo = { bytes: new ArrayBuffer(8), thumb: new ArrayBuffer(4), sha256: "a".repeat(64), width: 4, height: 2, media: "image/jpeg", taken_at: "2026-11-21 03:00:00.000Z" };
    const found = await foundProblem(await theCase(), { work: "更换前刹车片", note: "余 2 mm", safety: true, photos: [photo] });
    expect(await job(found)).toMatchObject({ origin: "supplement", state: "proposed", safety: true, found_note: "余 2 mm" });
    expect(await tables.photos.where("subject_record").equals(found).count()).toBe(1);
    const c = await theCase();
    expect(waitsAt(pathOf(c, c.jobs.find((j) => j.id === found)!))).toMatchObject({ key: "priced" });
    as("chen");
    const row = await job(found);
    await saveJob(row, { ...draftOf(row), labour_fen: 30000, labour_minutes: 48 });
    expect(waitsAt(pathOf(await theCase(), await job(found)))).toMatchObject({ key: "consent" });
    await sign(found);
    await approve(found);
    expect(waitsAt(pathOf(await theCase(), await job(found)))).toMatchObject({ key: "dispatch" });
    expect(ids.order).toBe((await job(found)).work_order);
  });
});
