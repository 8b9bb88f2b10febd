import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { act, tables } from "../../db";
import { as, close, ids, open } from "../order/testing/day";
import { toggled } from "../quality/actions";
import { accept, note, sheets, type Delivery } from "./actions";

const at = "2026-11-21 05:00:00.000Z";
const by = { name: "李思远", relation: "self" as const, strokes: [[[1, 2, 0], [3, 4, 9]]] as never };
const delivery = async (): Promise<Delivery> => (await tables.deliveries.toArray())[0]!;

beforeEach(async () => {
  await open("ready");
  await tables.work_orders.update(ids.order, { state: "ready", advice: "两千公里后复查刹车片", cautions: "新刹车片磨合 200 km" });
  as("chen");
  await note((await tables.visits.get(ids.visit))!, null, {
    handed_in_at: at, keys_at: at, papers_at: at, parking: "B1", result_shown_at: at, spare_tools_at: at, compared_at: at, next_service_at: at, next_service_km: 58000,
    follow_up_when: "上午", belongings_at: at,
  });
});
afterEach(close);

describe("Q-04 what the order advises is signed for", () => {
  test("Q-04 D-04 D-05 one signature takes the car and its advice, sheet and acceptance in one act, offline", async () => {
    const [sheet] = await sheets(await delivery());
    expect(sheet?.paper.document).toMatchObject({ kind: "delivery", advice: "两千公里后复查刹车片", cautions: "新刹车片磨合 200 km", next_service_km: 58000 });
    await accept(await delivery(), by);
    expect((await delivery()).state).toBe("accepted");
    const given = (await tables.consents.where("visit").equals(ids.visit).toArray()).filter((c) => c.document_kind === "delivery");
    expect(given).toMatchObject([{ work_order: ids.order, sha256: sheet?.paper.sha256, signer_name: "李思远", state: "given" }]);
  });
  test("Q-04 a signature under the car alone is refused, and nothing of it is kept", async () => {
    const row = await delivery();
    await expect(act("delivery.accept", (w) => {
      w.patch("deliveries", row.id, { signer_name: by.name, strokes: by.strokes as never, signed_at: at });
      w.patch("deliveries", row.id, { state: "accepted" });
    })).rejects.toMatchObject({ code: "delivery.advice_unsigned" });
    expect((await delivery()).state).toBe("open");
  });
  test("D-04 the car is not taken back before it was asked when a call suits", async () => {
    await tables.deliveries.update((await delivery()).id, { follow_up_when: "" });
    await expect(accept(await delivery(), by)).rejects.toMatchObject({ code: "delivery.follow_up_unasked" });
  });
  test("Q-04 a standard phrase is added once, and taken out by the second tap", () => {
    expect(toggled("A", "B")).toBe("A\nB");
    expect(toggled("A\nB", "B")).toBe("A");
    expect(toggled(" A \n\n", "A")).toBe("");
  });
});
