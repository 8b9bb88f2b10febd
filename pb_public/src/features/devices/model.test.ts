import { describe, expect, test } from "vitest";
import { longQuiet, tabletsOf } from "./model";

const device = (id: string, tablet: string, user: string, over: object = {}) => ({ id, tablet, user, user_kind: "staff", letter: id.toUpperCase(), name: "", app: "0.2.0", last_seen: "2026-11-21 02:00:00.000Z", revoked: false, ...over }) as never;

describe("O-03 the shop's tablets", () => {
  test("O-03 people on one installation are one tablet; devices of older apps stand alone, customers' are left out", () => {
    const found = tabletsOf([device("a", "t1", "u1"), device("b", "t1", "u2", { last_seen: "2026-11-21 03:00:00.000Z", name: "一号" }), device("c", "", "u3"), device("d", "t2", "x", { user_kind: "customers" })]);
    expect(found.map((t) => [t.id, t.name, t.devices.map((d) => d.user), t.lastSeen.slice(11, 16)])).toEqual([["t1", "一号", ["u2", "u1"], "03:00"], ["c", "", ["u3"], "02:00"]]);
  });
  test("O-03 a tablet is given up only when everybody on it is, and stands at the end then", () => {
    const found = tabletsOf([device("a", "t1", "u1", { revoked: true }), device("b", "t1", "u2", { revoked: true, last_seen: "2026-11-21 09:00:00.000Z" }), device("c", "t2", "u1", { revoked: true }), device("e", "t2", "u4")]);
    expect(found.map((t) => [t.id, t.revoked])).toEqual([["t2", false], ["t1", true]]);
  });
  test("a tablet nobody has heard of for a week is pointed out", () => {
    const [quiet] = tabletsOf([device("a", "t1", "u1", { last_seen: "2026-11-01 02:00:00.000Z" })]);
    expect(longQuiet(quiet!, Date.parse("2026-11-21T02:00:00Z"))).toBe(true);
    expect(longQuiet(quiet!, Date.parse("2026-11-02T02:00:00Z"))).toBe(false);
  });
});
