import { afterEach, beforeEach, expect, test } from "vitest";
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

test("L-02 an order shows its own lines in their order", async () => {
  const { sale, lines } = await loadSale("1");
  expect([sale?.number, ...lines.map((l) => l.id)]).toEqual(["T-1", "a", "b"]);
  expect(texts(lines[0]?.accessories)).toEqual(["防尘袋"]);
  expect((await loadSale("none")).sale).toBeNull();
});
