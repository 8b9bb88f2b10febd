import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tables, type Rows } from "../../db";
import { close, ids, open, people } from "../order/testing/day";
import { byPromise, isMine, loadDay } from "./load";

const base = { shop: "shoppudong00001", version: 1, created: "", updated: "", created_by: "", updated_by: "", device: "", captured_at: "", flags: null };
const visit = (id: string, arrived_at: string, more: Partial<Rows["visits"]> = {}) => tables.visits.put({ ...base, id, number: id, vehicle: ids.vehicle, customer: ids.customer, advisor: "", state: "open", purpose: "repair", arrived_at, ...more } as Rows["visits"]);

beforeEach(() => open("working"));
afterEach(close);

describe("the day's screen", () => {
  test("R-01 who came first stands first; who is being repaired is among the cars here; who has left is nowhere", async () => {
    await visit("v2", "2026-11-21 02:00:00.000Z");
    await visit("v1", "2026-11-21 01:00:00.000Z");
    await visit("v3", "2026-11-21 00:00:00.000Z", { state: "released" });
    const day = await loadDay();
    expect(day.arrivals.map((a) => a.visit.id)).toEqual(["v1", "v2"]);
    expect(day.cars.map((c) => c.visit.id)).toEqual([ids.visit]);
    expect(day.cars[0]?.case?.order.id).toBe(ids.order);
    expect(day.arrivals[0]).toMatchObject({ vehicle: { plate: "沪A8K359" }, customer: { name: "李思远" } });
  });
  test("the customer's first words stand on the card, and a fault waits for the expert until heard (R-11)", async () => {
    await visit("v1", "2026-11-21 01:00:00.000Z");
    const concern = (id: string, position: number, words: string, more = {}) => tables.concerns.put({ ...base, id, visit: "v1", position, words, is_fault: true, expert_at: "", ...more } as Rows["concerns"]);
    await concern("c2", 2, "刹车有点软");
    await concern("c1", 1, "右前有咯噔一声", { expert_at: "2026-11-21 01:05:00.000Z" });
    await concern("c3", 3, "保养", { is_fault: false });
    const day = await loadDay();
    expect(day.arrivals[0]?.words).toBe("右前有咯噔一声");
    expect(day.listen.map((l) => l.concern.id)).toEqual(["c2"]);
  });
  test("an advisor sees their own cars, the manager everybody's", () => {
    const row = { advisor: people.chen.id } as Rows["visits"];
    expect(isMine(row, people.chen)).toBe(true);
    expect(isMine(row, { id: "someone", roles: ["advisor"] })).toBe(false);
    expect(isMine(row, { id: "someone", roles: ["manager"] })).toBe(true);
  });
  test("W-05 cars stand by their promised time, those without one last", () => {
    const car = (id: string, promised_at: string) => ({ visit: { id, arrived_at: id }, case: { order: { promised_at } } }) as never as Parameters<typeof byPromise>[0];
    const cars = [car("a", ""), car("b", "2026-11-21 05:00:00Z"), car("c", "2026-11-21 04:00:00Z")].sort(byPromise);
    expect(cars.map((c) => c.visit.id)).toEqual(["c", "b", "a"]);
  });
});
