// Puts into words what changed since the customer signed: "工时费 ¥216.00 → ¥260.00" (S-02).
import { t } from "../../i18n/index.svelte";
import { minutes, money } from "../../ui/format";
import type { Change } from "./coverage.ts";
import type { Part } from "./model.ts";
import { jobPartsFen } from "./total.ts";

function value(field: Change["field"], v: unknown): string {
  switch (field) {
    case "labour_fen":
      return money(Number(v));
    case "labour_minutes":
      return minutes(Number(v));
    case "labour_range_percent":
    case "parts_range_percent":
      return `${Number(v)} %`;
    case "diagnosis_only":
    case "not_guaranteed":
      return t(v ? "order.yes" : "order.no");
    case "payer":
      return t(`order.payer_${String(v) || "customer"}`);
    case "parts":
      return (v as Part[]).length ? t("order.parts_n", { n: (v as Part[]).length, money: money(jobPartsFen({ parts: v })) }) : t("order.none");
    default:
      return String(v) ? `“${String(v)}”` : t("order.none");
  }
}

/** The field's name, what it was and what it is. */
export function changeText(change: Change): string {
  return t("order.change", { field: t(`order.field_${change.field}`), was: value(change.field, change.was), now: value(change.field, change.now) });
}
