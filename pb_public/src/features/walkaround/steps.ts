// The six steps of a reception and what each still lacks. Pure.
import type { Rows } from "../../db/index.ts";

export const stepKeys = ["arrival", "concerns", "car", "belongings", "readback", "sign"] as const;
export type StepKey = (typeof stepKeys)[number];

export function isStep(text: string): text is StepKey {
  return (stepKeys as readonly string[]).includes(text);
}

export interface Progress {
  visit: Rows["visits"];
  concerns: Rows["concerns"][];
  items: number;
  unseen: number;
  keys: Rows["key_tags"][];
  order: Rows["work_orders"] | null;
  consents: Rows["consents"][];
}

/** What is missing in a step, as dictionary keys of the walk area; empty when the step is done. */
export function missing(step: StepKey, p: Progress): string[] {
  const { visit } = p;
  switch (step) {
    case "arrival":
      return visit.customer && visit.vehicle ? [] : ["missing_customer"];
    case "concerns":
      return only({
        missing_concern: p.concerns.length === 0,
        missing_confirm: p.concerns.some((c) => !c.confirmed_at),
        missing_expert: p.concerns.some((c) => c.is_fault && !c.expert_at),
        missing_anything_else: !visit.anything_else_at,
      });
    case "car":
      return only({ missing_unseen: p.items === 0 || p.unseen > 0 });
    case "belongings":
      return only({
        missing_covers: !visit.covers_fitted_at,
        missing_valuables: !(visit.valuables_exit_at && visit.valuables_boot_at && visit.valuables_end_at),
        missing_storage: !visit.storage || (visit.storage === "stored" && !visit.storage_box.trim()),
        missing_belongings: !visit.belongings_at,
        missing_key: p.keys.length === 0,
      });
    case "readback":
      return only({ missing_inspected: visit.state === "open", missing_presented: !p.order || p.order.state === "draft" });
    case "sign":
      return only({
        missing_precheck: !p.consents.some((c) => c.document_kind === "precheck" && c.state === "given"),
        missing_authorised: !p.order || ["draft", "presented"].includes(p.order.state),
      });
  }
}

function only(checks: Record<string, boolean>): string[] {
  return Object.entries(checks).filter(([, lacks]) => lacks).map(([key]) => key);
}

/** An expert's sign-off is missing although everything the advisor can do is done: worth a look, no reason to wait. */
export function stepState(step: StepKey, p: Progress, present: StepKey): "done" | "now" | "attention" | "unseen" {
  const lacks = missing(step, p);
  if (lacks.length === 0) return "done";
  if (step === present) return "now";
  return lacks.every((key) => key === "missing_expert") ? "attention" : "unseen";
}

/** Where to go on: the first step that lacks something. */
export function firstOpen(p: Progress): StepKey {
  return stepKeys.find((step) => missing(step, p).length > 0) ?? "sign";
}
