import { describe, expect, test } from "vitest";
import { shippedClaimPolicy } from "../../rules/claim.ts";
import { instant } from "../../rules/clock.ts";
import { adopted, claimNumber, fileOps, lacks, needsOf, newDraft, orderOf, phoneOf, previewOf, type Bought, type Draft, type Order } from "./draft.ts";

const line = (id: string, more: object = {}) => ({ id, name: "真皮手提包", sku: "BG", product_line: "default", quantity: 1, paid_fen: 9900, gift: false, exemptions: [], ...more });
const order = (lines: Order["lines"], more: Partial<Order> = {}): Order => ({ id: "o1", number: "DD-77", state: "placed", ordered_at: "", received_at: "2026-11-20 02:00:00.000Z", invoice_number: "", paid_fen: 9900, lines, ...more });
const bought = (o: Order): Bought => ({ customer: { id: "c1", name: "林小雨", phone: "13800138001" }, shop: { id: "s1", name: "沪一店", phone: "", address: "", time_zone: "Asia/Shanghai" }, now: "", orders: [o], policies: { default: shippedClaimPolicy } });
const shots = ["whole", "close", "label", "packaging"].map((slot, i) => ({ id: `p${i}`, sha256: String(i).repeat(64), slot, note: "" }));
const draft = (more: Partial<Draft> = {}): Draft => ({ ...newDraft("DD-77", "+86 138 0013 8001", 0), seen: "seam", words: "坏了", kind: "return", shots, ...more });
const at = instant("2026-11-21 02:00:00.000Z");

describe("adoption", () => {
  test("L-02 a guest's draft is taken over by the order number and phone that match, with the only goods there are", () => {
    const b = bought(order([line("l1")]));
    expect(adopted(draft({ state: "waiting", sent_at: "2026-11-21 01:00:00.000Z" }), b)).toMatchObject({ state: "waiting", lines: { l1: 1 } });
    expect(adopted(draft({ order: "DD-78" }), b)).toBeNull();
    expect(adopted(draft({ phone: "13900139000" }), b)).toBeNull();
  });
  test("L-02 where there is a choice of goods, the draft is open again until it is made", () => {
    for (const lines of [[line("l1"), line("l2")], [line("l1", { quantity: 2 })]]) expect(adopted(draft({ state: "waiting" }), bought(order(lines)))).toMatchObject({ state: "open", lines: {} });
    expect(adopted(draft({ state: "waiting", lines: { l2: 1 } }), bought(order([line("l1"), line("l2")])))?.state).toBe("waiting");
  });
  test("L-02 phones are compared by their digits, as on the server", () => {
    expect(["138 0013 8001", "+86 138-0013-8001", "008613800138001", "１３８００１３８００１"].map(phoneOf)).toEqual(Array(4).fill("13800138001"));
    expect(phoneOf("1380013800l")).not.toBe(phoneOf("1380013800"));
  });
});

describe("before sending", () => {
  const b = bought(order([line("l1")]));
  const lackOf = (more: Partial<Draft>, guest = false) => lacks(draft({ lines: { l1: 1 }, ...more }), order([line("l1")]), needsOf(draft(more), b, at), guest);
  test("L-02 what is lacking is named one after the other, and a guest chooses the goods later", () => {
    expect(lackOf({})).toBe("");
    expect(lackOf({ lines: {} })).toBe("needs_goods");
    expect(lackOf({ lines: {} }, true)).toBe("");
    expect(lackOf({ seen: "" })).toBe("needs_seen");
    expect(lackOf({ words: "  " })).toBe("needs_words");
    expect(lackOf({ kind: "" })).toBe("needs_kind");
    expect(lackOf({ shots: shots.slice(1) })).toBe("needs_photos");
    expect(lackOf({ seen: "unfit", shots: shots.filter((s) => s.slot !== "close") })).toBe("");
  });
  test("L-11 where the order's one return is used up, only a repair can be asked for", () => {
    const lackOf = (kind: Draft["kind"]) => lacks(draft({ lines: { l1: 1 }, kind }), order([line("l1")]), [], false, true);
    expect([lackOf("return"), lackOf("exchange"), lackOf(""), lackOf("repair")]).toEqual(["needs_repair", "needs_repair", "needs_kind", ""]);
  });
  test("L-11 goods of two product lines need claims of their own", () => {
    const mixed = order([line("l1"), line("l2", { product_line: "leather" })]);
    expect(lacks(draft({ lines: { l1: 1, l2: 1 } }), mixed, [], false)).toBe("needs_one_line");
  });
  test("L-03 L-05 L-06 what will happen is told by the policy's own rules", () => {
    const mine = draft({ lines: { l1: 1 } });
    expect(previewOf(mine, b, at)).toMatchObject({ lane: "return_exchange", freight: "company" });
    expect(previewOf(mine, b, at, "none")).toMatchObject({ lane: "negotiate", insist: true, freight: "customer" });
    expect(previewOf(mine, b, instant("2026-12-10 02:00:00.000Z"), "none")).toMatchObject({ lane: "negotiate", insist: false, freight: "agreement" });
    expect(previewOf(mine, b, instant("2027-01-10 02:00:00.000Z"))).toMatchObject({ lane: "paid_repair", freight: "customer" });
  });
  test("L-01 a parcel refused at the door needs no receipt, and what does not match goes back at our expense", () => {
    const refused = order([line("l1")], { received_at: "" });
    expect(previewOf(draft({ lines: { l1: 1 } }), bought(refused), at)).toBeNull();
    expect(previewOf(draft({ lines: { l1: 1 }, door: true, mismatch: "size", seen: "" }), bought(refused), at)).toMatchObject({ lane: "return_exchange", route: "door", freight: "company" });
  });
  test("L-01 after acceptance \"does not match\" is no ground any more: the draft is open again and says so", () => {
    const got = order([line("l1")]), door = draft({ lines: { l1: 1 }, door: true, mismatch: "size", seen: "", state: "waiting" });
    expect(lacks(door, got, [])).toBe("needs_fault");
    expect(adopted(door, bought(got))?.state).toBe("open");
    expect(lacks(door, order([line("l1")], { received_at: "" }), [])).toBe("");
  });
  test("L-12 a proof of purchase is asked for and never a condition; every other photo is", () => {
    const mend = draft({ lines: { l1: 1 }, kind: "repair", shots: ["whole", "close", "label"].map((slot) => ({ id: slot, sha256: slot, slot, note: "" })) });
    expect(lacks(mend, order([line("l1")]), shippedClaimPolicy.needs.repair)).toBe("");
    expect(lacks({ ...mend, shots: mend.shots.slice(1) }, order([line("l1")]), shippedClaimPolicy.needs.repair)).toBe("needs_photos");
  });
  test("L-15 an exempt piece cannot be insisted on", () => {
    const worn = bought(order([line("l1", { exemptions: ["made_to_order"] })]));
    expect(previewOf(draft({ lines: { l1: 1 }, seen: "unfit" }), worn, at)).toMatchObject({ insist: false, freight: "agreement", rules: { lane: "L-15" } });
  });
});

describe("on the wire", () => {
  const o = order([line("l1", { quantity: 3 }), line("l2")]), b = bought(o);
  const sent = draft({ lines: { l1: 2 }, state: "waiting", sent_at: "2026-11-21 01:00:00.000Z", words: " 😤 <b>坏</b> " });
  const { claim, ops } = fileOps(sent, orderOf(sent, b)!, b, new Map(), "开线：");
  test("L-02 a claim, its goods and a row for each photo, as one act", () => {
    expect(ops.map((op) => op.collection)).toEqual(["claims", "claim_items", "photos", "photos", "photos", "photos"]);
    expect(ops[0]!.data).toMatchObject({ customer: "c1", sales_order: "o1", kind: "return", fault_claimed: true, description: "开线：😤 <b>坏</b>", product_line: "default" });
    expect(ops[1]!.data).toMatchObject({ claim, sales_item: "l1", quantity: 2 });
    expect(ops.slice(2).map((op) => op.data.slot)).toEqual(["whole", "close", "label", "packaging"]);
    expect(ops[0]!.data).not.toHaveProperty("received_at"); // the phone says nothing that decides
  });
  test("O-04 a claim's number needs no network and is not misread", () => {
    expect(claimNumber(at)).toMatch(/^TH261121-[2-9A-HJ-NP-Z]{6}$/);
    expect(new Set(Array.from({ length: 200 }, () => claimNumber(at))).size).toBe(200);
  });
});
