import { expect, test } from "vitest";
import table from "../../../../internal/flow/table.json";
import { has } from "../../i18n/index.svelte";
import { checkItems, checkStages } from "../quality/actions.ts";
import { pauseReasons } from "../technician/actions.ts";
import { stages } from "../workshop/stage.ts";

const job = table.entities.job, order = table.entities.work_order, consent = table.entities.consent;
const conditions = ["part", "customer", "bay", "quality", "other"];

// Words chosen by a value are no literals, so the dictionary's own test cannot see them.
const families: [string, readonly string[]][] = [
  ["order.job_", job.states],
  ["order.state_", order.states],
  ["order.rest_", order.states],
  ["order.payer_", job.fields.payer.values],
  ["order.field_", ["work", "detail", "diagnosis_only", "labour_minutes", "labour_fen", "parts", "payer", "not_guaranteed", "labour_range_percent", "parts_range_percent"]],
  ["order.document_", consent.fields.document_kind.values],
  ["order.consent_", consent.states],
  ["order.relation_", consent.fields.signer_relation.values],
  ["order.next_", ["add_job", "present", "price", "dispatch", "sign_estimate", "sign_supplement", "to_quality", "check"]],
  ["order.filter_", ["open", "sign", "workshop", "quality", "ready", "closed"]],
  ["order.origin_", ["shop", "customer"]],
  ["order.grade_", ["genuine", "aftermarket"]],
  ["order.actual_", ["inside", "beyond"]],
  ["order.plus_", ["30", "60", "120", "1440"]],
  ["technician.pause_", [...pauseReasons, ...conditions]],
  ["technician.next_", ["receive", "finish", "resume", "check_sheet", "start", "join", "start_rework", "to_quality", "check"]],
  ["technician.path_", ["found", "estimate", "priced", "consent", "dispatch", "handover", "start"]],
  ["technician.blocked_", ["found", "estimate", "priced", "consent", "consent_no", "dispatch", "handover", "start", "rule", "clock"]],
  ["technician.group_", ["running", "ready", "paused", "waiting", "check"]],
  ["technician.none_", ["ready", "done", "other"]],
  ["workshop.stage_", stages],
  ["workshop.sum_", ["late", "soon", "waiting", "on_time"]],
  ["workshop.wait_", ["signature", ...conditions]],
  ["workshop.waiting_", ["signature", ...conditions]],
  ["quality.stage_", checkStages],
  ["quality.by_", checkStages],
  ["quality.item_", checkItems.flatMap((i) => [i, `${i}_text`])],
  ["quality.no_", ["role", "not_own_work", "same_person"]],
];

test.each(families)("app.md: %s… has a word for every value", (prefix, values) => {
  expect(values.filter((v) => !has(prefix + v))).toEqual([]);
});
