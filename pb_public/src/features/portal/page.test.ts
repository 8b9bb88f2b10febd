import { expect, test } from "vitest";
import { missing, payFen, type Draft, type LinkPage, type PageJob } from "./page";

const job = (id: string, more: Partial<PageJob> = {}): PageJob => ({ id, sha256: "x", work: "换刹车片", detail: "", labour_fen: 24_000, payer: "customer", not_guaranteed: false, parts: [], ...more });
const page = (jobs: PageJob[], with_code: boolean): LinkPage => ({ with_code, document: { jobs } }) as unknown as LinkPage;
const draft = (more: Partial<Draft>): Draft => ({ decided: { a: true, b: false }, name: "李明", strokes: [], code: "123456", ...more });

test("S-05 nothing is sent before every line is decided, named, signed and the code is there", () => {
  const both = page([job("a"), job("b")], true);
  expect(missing(both, draft({ decided: { a: true } }), true)).toEqual({ key: "portal.needs_decision", n: 1 });
  expect(missing(both, draft({ name: " " }), true)?.key).toBe("portal.needs_name");
  expect(missing(both, draft({}), false)?.key).toBe("portal.needs_signature");
  expect(missing(both, draft({ code: "12345" }), true)?.key).toBe("portal.needs_code");
  expect(missing(both, draft({}), true)).toBeNull();
});

test("S-06 declining everything needs neither signature nor code", () => {
  expect(missing(page([job("a"), job("b")], true), draft({ decided: { a: false, b: false }, code: "" }), false)).toBeNull();
});

test("S-05 a customer sees what they pay themselves", () => {
  const parts = [{ name: "片", quantity_milli: 1_500, unit: "套", unit_fen: 333, origin: "shop" }, { name: "自带", quantity_milli: 1_000, unit: "个", unit_fen: 9_900, origin: "customer" }];
  expect(payFen(job("a", { parts }))).toEqual({ labour: 24_000, parts: 500 });
  expect(payFen(job("a", { parts, payer: "warranty" }))).toEqual({ labour: 0, parts: 0 });
});
