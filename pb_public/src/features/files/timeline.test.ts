import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tables, type Rows } from "../../db";
import { close, ids, open } from "../order/testing/day";
import { detailFrom, idOf, isVisit, loadHistory } from "./timeline";

const base = { shop: "shoppudong00001", version: 1, created: "", updated: "", created_by: "", updated_by: "", device: "", captured_at: "", flags: null };
const now = Date.parse("2026-11-21T06:00:00Z");
const visit = (id: string, arrived_at: string, state = "released") => tables.visits.put({ ...base, id, number: id, vehicle: ids.vehicle, customer: ids.customer, advisor: "", state, purpose: "repair", arrived_at } as Rows["visits"]);
const job = (id: string, of: string, work: string, state: string) => tables.jobs.put({ ...base, id, visit: of, work_order: "o", position: 1, work, state, origin: "estimate", parts: [], payer: "customer" } as never);

beforeEach(async () => {
  await open("working");
  await tables.visits.update(ids.visit, { arrived_at: "2026-11-21 01:00:00.000Z" });
});
afterEach(close);

describe("V-03 a vehicle's timeline", () => {
  test("V-03 newest first, thirteen months in detail, what is older as one row", async () => {
    await visit("old", "2025-10-20 23:59:59.000Z");
    await visit("edge", "2025-10-21 00:00:00.000Z");
    const history = await loadHistory(ids.vehicle, now);
    expect(history.visits.map((v) => [v.visit.id, v.detailed])).toEqual([[ids.visit, true], ["edge", true], ["old", false]]);
    expect(new Date(detailFrom(now)).toISOString()).toBe("2025-10-21T00:00:00.000Z");
    expect(history.open?.id).toBe(ids.visit);
  });
  test("V-03 settlements stand with their visit, and an appointment nobody came from stands by itself, each by its time", async () => {
    await visit("came", "2026-10-02 01:00:00.000Z");
    await tables.visits.update("came", { appointment: "a-came" });
    const booked = (id: string, starts_at: string, state: string) => tables.appointments.put({ ...base, id, vehicle: ids.vehicle, customer: ids.customer, starts_at, state, purpose: "maintenance", needs: "" } as never);
    await booked("a-came", "2026-10-02 01:00:00.000Z", "arrived");
    await booked("a-missed", "2026-10-20 01:00:00.000Z", "no_show");
    await booked("a-next", "2026-12-01 01:00:00.000Z", "confirmed");
    await booked("a-old", "2024-12-01 01:00:00.000Z", "cancelled");
    const settlement = (id: string, state: string, kind: string, created: string) => tables.settlements.put({ ...base, id, visit: "came", work_order: "o", number: id, state, kind, total_fen: 100, created } as never);
    await settlement("s2", "issued", "counter", "2026-10-04 01:00:00.000Z");
    await settlement("s1", "settled", "charge", "2026-10-02 05:00:00.000Z");
    await settlement("s0", "void", "charge", "2026-10-02 04:00:00.000Z");
    const history = await loadHistory(ids.vehicle, now);
    expect(history.entries.map((e) => [idOf(e), isVisit(e), e.detailed])).toEqual([
      ["a-next", false, true], [ids.visit, true, true], ["a-missed", false, true], ["came", true, true], ["a-old", false, false],
    ]);
    expect(history.visits.find((v) => v.visit.id === "came")?.settlements.map((s) => s.id)).toEqual(["s1", "s2"]);
  });
  test("S-06 E-07 what was declined stays on the file until it is done", async () => {
    await visit("edge", "2026-01-01 00:00:00.000Z");
    await job("j1", "edge", "更换空调滤芯", "declined");
    await job("j2", "edge", "更换雨刮", "declined");
    await job("j3", ids.visit, "更换雨刮", "passed");
    const history = await loadHistory(ids.vehicle, now);
    expect(history.declined.map((j) => j.id)).toEqual(["j1"]);
    expect(history.visits.find((v) => v.visit.id === "edge")?.jobs.map((j) => j.id)).toEqual(["j1", "j2"]);
  });
  test("a vehicle that is not on this tablet is said to be missing, not empty", async () => {
    expect((await loadHistory("nothing", now)).vehicle).toBeNull();
  });
});
