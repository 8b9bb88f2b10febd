import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tables } from "../../db/index.ts";
import { theStore, useStore } from "../../db/store.ts";
import { as, close, dispatched, job, open, people, row, theCase, type Who } from "../order/testing/day.ts";
import { finishJob, startJob, startRework } from "../technician/actions.ts";
import { nextStep as technicianStep } from "../technician/next.ts";
import { checkItems, currentChecks, failCheck, itemsOfCheck, nextStage, passCheck, roundNumber, type CheckDraft, type CheckStage } from "./actions.ts";
import { mayNot } from "./may.ts";

let id = "";
beforeEach(async () => {
  await open();
  id = await dispatched();
  as("guo");
  await startJob(await theCase(), await job(id), people.guo.id);
  await finishJob(await theCase(), await job(id), people.guo.id);
});
afterEach(close);

const all = (stage: CheckStage): CheckDraft => ({ stage, answers: Object.fromEntries(checkItems.map((i) => [i, i === "road_test" ? "not_needed" : "pass"])), notes: { road_test: "未要求" }, note: "", cause: "", failedJobs: [] });
const pass = async (who: Who, stage: CheckStage, advice = "") => { as(who); await passCheck(await theCase(), all(stage), { advice, cautions: "", none: !advice }); };

describe("Q-01 three stages, three people", () => {
  test("Q-01, Q-04 the final pass makes jobs, order and visit ready in one act, with the advice", async () => {
    await pass("guo", "self");
    await pass("wu", "leader");
    await pass("qian", "final", "下次保养 10,000 km 后。");
    const c = await theCase();
    expect(c.jobs[0]!.state).toBe("passed");
    expect(c.order).toMatchObject({ state: "ready", advice: "下次保养 10,000 km 后。" });
    expect(c.visit!.state).toBe("ready");
    expect(c.checks).toHaveLength(3);
  });

  test("Q-01 a stage out of turn and a person twice are refused, and nothing is kept", async () => {
    as("qian");
    await expect(passCheck(await theCase(), all("final"), { advice: "", cautions: "", none: true })).rejects.toMatchObject({ code: "quality.stage_order" });
    as("yang");
    await expect(passCheck(await theCase(), all("self"), { advice: "", cautions: "", none: true })).rejects.toMatchObject({ code: "quality.not_own_work" });
    expect(await tables.quality_checks.count()).toBe(0);
    await pass("guo", "self");
    const c = await theCase();
    expect(mayNot(c, "leader", { id: people.guo.id, roles: ["leader"] })).toBe("same_person");
    expect(mayNot(c, "leader", { id: people.wu.id, roles: ["leader"] })).toBeNull();
    expect(nextStage(c.checks, c.entries)).toBe("leader");
  });
});

test("Q-01 in a shop too small for three people one person makes all three, and the screen offers it", async () => {
  await row("policies", { id: "policy000000001", kind: "service_lane", revision: 1, active: true, data: { three_people: false } });
  await tables.staff.update(people.guo.id, { roles: ["technician", "leader", "inspector"] });
  const jack = { id: people.guo.id, roles: ["technician", "leader", "inspector"] };
  for (const stage of ["self", "leader", "final"] as const) {
    expect(mayNot(await theCase(), stage, jack)).toBeNull();
    useStore(theStore(), { id: jack.id, name: people.guo.name, roles: jack.roles, skill: 3, shop: "shoppudong00001" });
    await passCheck(await theCase(), all(stage), { advice: "", cautions: "", none: true });
  }
  expect((await theCase()).order.state).toBe("ready");
});

describe("Q-02 every item answered", () => {
  test("Q-02 a pass without every answer is refused", async () => {
    as("guo");
    const draft = all("self");
    delete draft.answers.fasteners;
    await expect(passCheck(await theCase(), draft, { advice: "", cautions: "", none: true })).rejects.toMatchObject({ code: "quality.items_unanswered" });
  });

  test("Q-02 a road test nobody asked for passes with its note", async () => {
    await pass("guo", "self");
    const check = (await theCase()).checks[0]!;
    expect(itemsOfCheck(check).find((i) => i.code === "road_test")).toEqual({ code: "road_test", ok: true, note: "未要求" });
  });
});

describe("Q-03 rework", () => {
  test("Q-03 a failure names jobs and cause, sends them to rework, and all stages come again", async () => {
    await pass("guo", "self");
    as("wu");
    const draft = { ...all("leader"), answers: { ...all("leader").answers, fasteners: "fail" as const } };
    await expect(failCheck(await theCase(), { ...draft, failedJobs: [id] })).rejects.toMatchObject({ code: "quality.cause_missing" });
    await failCheck(await theCase(), { ...draft, cause: "油底壳螺栓未到扭矩", failedJobs: [id] });
    let c = await theCase();
    expect(c.order.state).toBe("in_progress");
    expect(c.jobs[0]).toMatchObject({ state: "rework", rework_cause: "油底壳螺栓未到扭矩" });
    expect(roundNumber(c.checks, c.entries)).toBe(2);
    expect(currentChecks(c.checks, c.entries).size).toBe(0);
    as("guo");
    expect((await technicianStep(c, c.jobs[0]!, people.guo.id))?.step).toBe("start_rework");
    await startRework(c, c.jobs[0]!, people.guo.id);
    await finishJob(await theCase(), await job(id), people.guo.id);
    c = await theCase();
    expect(c.order.state).toBe("qc");
    expect(nextStage(c.checks, c.entries)).toBe("self");
    await pass("guo", "self");
    await pass("wu", "leader");
    await pass("qian", "final");
    expect((await theCase()).order.state).toBe("ready");
    expect((await theCase()).checks.map((k) => k.round)).toEqual([1, 1, 2, 2, 2]);
  });
});
