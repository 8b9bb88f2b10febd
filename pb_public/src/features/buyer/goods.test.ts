import { describe, expect, test } from "vitest";
import type { OrderLine } from "./draft.ts";
import { arrivalOf, exchangeOf, shareOf, takenBy } from "./goods.ts";
import type { Row } from "./keep.ts";

const line = (id: string, paid_fen: number, quantity: number): OrderLine => ({ id, name: "包", sku: "", product_line: "default", quantity, paid_fen, gift: false, exemptions: [] });
const claim = (more: object): Row => ({ id: "c1", sales_order: "o1", kind: "exchange", state: "awaiting_goods", ...more });

describe("money of a claim", () => {
  test("L-13 what was paid for the pieces that come back, to the fen", () => {
    expect(shareOf([{ id: "i", sales_item: "l1", quantity: 2 }, { id: "j", sales_item: "l2", quantity: 1 }], [line("l1", 10_000, 3), line("l2", 500, 1)])).toBe(6_666 + 500);
    expect(shareOf([{ id: "i", sales_item: "gone", quantity: 2 }], [])).toBe(0);
  });
  test("L-10 a dearer piece is told with what has to be paid, a cheaper one with what comes back, from the approval on", () => {
    expect(exchangeOf(claim({ replacement: "大号", replacement_fen: 12_900 }), 9_900)).toEqual({ replacement: "大号", price: 12_900, collect: 3_000, refund: 0 });
    expect(exchangeOf(claim({ replacement: "小号", replacement_fen: 8_900 }), 9_900)).toMatchObject({ collect: 0, refund: 1_000 });
    expect(exchangeOf(claim({ replacement: "大号", replacement_fen: 12_900, owed_fen: 2_999, arrived_at: "x" }), 9_900), "the server's sum once it is there").toMatchObject({ collect: 2_999 });
    expect(exchangeOf(claim({ replacement: "" }), 9_900)).toBeNull();
    expect(exchangeOf(claim({ kind: "return", replacement: "大号" }), 9_900)).toBeNull();
  });
});

describe("L-11 the one return of an order", () => {
  const parcel = { id: "s", claim: "c1", direction: "in" };
  test("L-11 a claim that runs or was carried out uses it up, a repair never", () => {
    for (const state of ["submitted", "in_transit", "completed"]) expect(takenBy("o1", [claim({ state })], [])?.id).toBe("c1");
    expect(takenBy("o2", [claim({})], [])).toBeUndefined();
    expect(takenBy("o1", [claim({ kind: "repair" })], [parcel])).toBeUndefined();
  });
  test("L-11 what was rejected, withdrawn, sent back or never sent does not", () => {
    for (const state of ["rejected", "cancelled", "sent_back"]) expect(takenBy("o1", [claim({ state })], [parcel])).toBeUndefined();
    expect(takenBy("o1", [claim({ state: "expired" })], [])).toBeUndefined();
    expect(takenBy("o1", [claim({ state: "expired" })], [parcel])?.id).toBe("c1");
  });
});

test("L-09 each thing is there, missing, or not looked at yet", () => {
  const list = ["product", "tags"];
  expect(arrivalOf(claim({ state: "sent_back", ticked: ["product"] }), list)).toEqual([{ code: "product", there: true }, { code: "tags", there: false }]);
  expect(arrivalOf(claim({ state: "received", ticked: ["product"] }), list)[1]).toEqual({ code: "tags", there: null });
  expect(arrivalOf(claim({ state: "sent_back", ticked: null }), list).map((one) => one.there)).toEqual([false, false]);
});
