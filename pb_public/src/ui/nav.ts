// Who sees which screens, and where each role starts. Advice for the menu only: the server's rules decide who may act.
import type { IconName } from "./names";

export type NavItem = { path: string; key: string; icon: IconName; roles: readonly string[] | "all" };

export const NAV: readonly NavItem[] = [
  { path: "/day", key: "ui.nav_day", icon: "day", roles: ["advisor", "manager", "expert", "head_office"] },
  { path: "/todo", key: "ui.nav_todo", icon: "bell", roles: "all" },
  { path: "/arrive", key: "ui.nav_arrive", icon: "recv", roles: ["advisor", "manager"] },
  { path: "/book", key: "ui.nav_book", icon: "clock", roles: ["advisor", "agent", "leader", "parts", "manager", "head_office"] },
  { path: "/jobs", key: "ui.nav_jobs", icon: "job", roles: ["technician"] },
  { path: "/orders", key: "ui.nav_orders", icon: "doc", roles: ["advisor", "leader", "expert", "cashier", "parts", "manager", "head_office"] },
  { path: "/parts", key: "ui.nav_parts", icon: "box", roles: ["parts", "warehouse", "manager"] },
  { path: "/cashier", key: "ui.nav_cashier", icon: "yuan", roles: ["cashier", "finance", "manager"] },
  { path: "/claims", key: "ui.nav_claims", icon: "swap", roles: ["agent", "supervisor", "manager"] },
  { path: "/dock", key: "ui.nav_dock", icon: "truck", roles: ["warehouse"] },
  { path: "/bench", key: "ui.nav_bench", icon: "ruler", roles: ["technician", "leader", "expert"] },
  { path: "/refunds", key: "ui.nav_refunds", icon: "undo", roles: ["finance", "cashier"] },
  { path: "/gate", key: "ui.nav_gate", icon: "scan", roles: ["guard", "manager"] },
  { path: "/board", key: "ui.nav_board", icon: "board", roles: "all" },
  { path: "/quality", key: "ui.nav_quality", icon: "quality", roles: ["technician", "leader", "inspector", "expert", "manager"] },
  { path: "/files", key: "ui.nav_files", icon: "file", roles: "all" },
  { path: "/more", key: "ui.nav_more", icon: "more", roles: "all" },
];

export function navFor(roles: readonly string[]): NavItem[] {
  return NAV.filter((item) => item.roles === "all" || item.roles.some((r) => roles.includes(r)));
}

const HOMES: readonly (readonly [string, string])[] = [
  ["advisor", "/day"], ["manager", "/day"], ["leader", "/board"], ["technician", "/jobs"], ["inspector", "/quality"], ["expert", "/day"], ["head_office", "/day"], ["parts", "/parts"], ["warehouse", "/parts/stock"], ["cashier", "/cashier"], ["finance", "/cashier"], ["guard", "/gate"], ["agent", "/claims"], ["supervisor", "/claims"],
];

/** Where someone with these roles starts. */
export function homeFor(roles: readonly string[]): string {
  return HOMES.find(([role]) => roles.includes(role))?.[1] ?? "/board";
}
