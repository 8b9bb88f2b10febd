import { describe, expect, test } from "vitest";
import { SCREENS } from "../app/screens.ts";
import { has } from "../i18n/index.svelte";
import { moneyTabs, moneyTabsOf } from "../features/claims/model.ts";
import { entities } from "../rules/table.ts";
import { NAV, homeFor, navFor } from "./nav.ts";

const paths = (...roles: string[]): string[] => navFor(roles).map((item) => item.path);

describe("the menu", () => {
  test("every entry opens a screen and has its name; everybody starts at one of theirs", () => {
    for (const item of NAV) expect([item.path in SCREENS, has(item.key)], item.path).toEqual([true, true]);
    for (const role of new Set(NAV.flatMap((item) => (item.roles === "all" ? [] : item.roles)))) expect(homeFor([role]) in SCREENS, role).toBe(true);
  });
  test("L-06 L-10 L-13 whoever takes or gives back money for claims has the list of those that wait for it", () => {
    const takes = entities.claim!.fields.collected_fen!.by!, gives = entities.refund!.create!.roles;
    expect(takes).toContain("cashier");
    for (const role of [...takes, ...gives]) expect(paths(role), role).toContain("/refunds");
    expect(paths("advisor")).not.toContain("/refunds");
  });
  test("L-10 L-13 a cashier sees what is to come in, finance everything, and so does who is both", () => {
    expect([moneyTabsOf(["cashier"]), moneyTabsOf(["finance"]), moneyTabsOf(["cashier", "finance"]), moneyTabsOf(["agent"])]).toEqual([["collect"], moneyTabs, moneyTabs, moneyTabs]);
  });
});
