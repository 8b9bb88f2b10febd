import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { theStore } from "../../db/store";
import { close, open } from "../order/testing/day";
import { loadSale, searchSales, texts } from "./model";

const order = (id: string, more: object) => ({ id, version: 1, number: `T-${id}`, external_id: `T-${id}`, phone: "13800138001", customer_name: "林小雨", tracking_number: "", invoice_number: "", ordered_at: "2026-11-01 02:00:00.000Z", ...more });

beforeEach(async () => {
  await open("released");
  await theStore().rows("sales_orders").bulkPut([order("1", {}), order("2", { phone: "13900139002", customer_name: "周航", ordered_at: "2026-11-03 02:00:00.000Z", invoice_number: "24000017" })]);
  await theStore().rows("sales_items").bulkPut([{ id: "b", version: 1, sales_order: "1", line_number: 2 }, { id: "a", version: 1, sales_order: "1", line_number: 1, accessories: ["防尘袋"] }, { id: "c", version: 1, sales_order: "2", line_number: 1 }]);
});
afterEach(close);

test("L-02 an order is found offline by number, phone, name and invoice, the last ordered first", async () => {
  const found = async (text: string) => (await searchSales(text)).map((o) => o.id);
  expect(await found("")).toEqual(["2", "1"]);
  expect(await found("t-1")).toEqual(["1"]);
  expect(await found("1390013")).toEqual(["2"]);
  expect(await found("小雨")).toEqual(["1"]);
  expect(await found("24000017")).toEqual(["2"]);
  expect(await found("nobody")).toEqual([]);
});

test("L-02 of thousands of orders the old ones are found by what they begin with, and nothing is read but what is shown", async () => {
  const many = Array.from({ length: 1_200 }, (_, i) => order(`m${i}`, { number: `M-${String(i).padStart(5, "0")}`, phone: `1360000${String(i).padStart(4, "0")}`, customer_name: `客户${i}`, ordered_at: `2025-0${1 + (i % 9)}-01 02:00:00.000Z` }));
  await theStore().rows("sales_orders").bulkPut(many);
  await theStore().rows("sales_orders").put(order("old", { number: "OLD-77", phone: "13711112222", customer_name: "赵敏", tracking_number: "SF-OLD", ordered_at: "2024-01-01 02:00:00.000Z" }));
  for (const text of ["old-77", "1371111", "赵敏", "sf-old"]) expect((await searchSales(text)).map((o) => o.id), text).toEqual(["old"]);
  const read = vi.spyOn(theStore().rows("sales_orders"), "toArray");
  expect((await searchSales("小雨")).map((o) => o.id), "the last ordered by any fragment").toEqual(["1"]);
  expect(read).not.toHaveBeenCalled();
});

test("L-02 an order shows its own lines in their order", async () => {
  const { sale, lines } = await loadSale("1");
  expect([sale?.number, ...lines.map((l) => l.id)]).toEqual(["T-1", "a", "b"]);
  expect(texts(lines[0]?.accessories)).toEqual(["防尘袋"]);
  expect((await loadSale("none")).sale).toBeNull();
});
