// Puts what lies in the queue into people's words: intents, fields, values.
import type { Rows } from "../../db";
import { has, t } from "../../i18n/index.svelte";
import { dateTime, money } from "../../ui/format";

/** "开工", "登记到店": what was done, as its button said it. */
export function intentText(intent: string): string {
  const key = `intents.${intent.replace(/\W/g, "_")}`;
  return has(key) ? t(key) : t("intents.other");
}

/** "左前门 近照": what a photo shows, from the place it was taken for. */
export function photoText(slot: string, zone: string): string {
  const known = (area: string, code: string): string => {
    const key = `${area}_${code.replace(/\W/g, "_")}`.replace("car_", "car.");
    return code && has(key) ? t(key) : "";
  };
  return [known("car", zone), known("walk.slot", slot) || known("car", slot)].filter(Boolean).join(" ") || t("ui.photo");
}

export function fieldText(field: string): string {
  const key = `queue.field_${field}`;
  return has(key) ? t(key) : field.replace(/_/g, " ");
}

/** A stored value as a person reads it. */
export function valueText(field: string, value: unknown, names: Map<string, string> = new Map()): string {
  if (value === null || value === undefined || value === "") return t("queue.value_empty");
  if (typeof value === "boolean") return t(value ? "queue.value_yes" : "queue.value_no");
  if (typeof value === "number") return field.endsWith("_fen") ? money(value) : String(value);
  if (typeof value === "string") {
    if (/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d/.test(value)) return dateTime(value);
    const name = names.get(value);
    if (name) return name;
    return has(`queue.value_${value}`) ? t(`queue.value_${value}`) : value;
  }
  if (Array.isArray(value)) return value.map((v) => valueText(field, v, names)).join(t("roles.between")) || t("queue.value_empty");
  return t("queue.value_long");
}

/** Fields nobody needs to read: bookkeeping of the records, and what they hang on. */
const QUIET = new Set(["id", "shop", "visit", "version", "created", "updated", "created_by", "updated_by", "device", "captured_at", "flags", "document", "strokes", "sha256", "jobs", "position",
  "vehicle", "inspection", "work_order", "job", "template", "policy", "subject_record"]);

export interface Difference {
  field: string;
  mine: unknown;
  theirs: unknown;
  /** The server sent its row: `theirs` is what stands there now. */
  known: boolean;
}

/** What the refused edit wanted, beside what stands on the server; at most five lines. */
export function differences(op: { collection: string; id: string; data: Record<string, unknown> }, server: Record<string, unknown> | undefined): Difference[] {
  const row = server?.[`${op.collection}/${op.id}`] as Record<string, unknown> | undefined;
  return Object.entries(op.data)
    .filter(([field, value]) => !QUIET.has(field) && (!row || JSON.stringify(row[field] ?? null) !== JSON.stringify(value ?? null)))
    .slice(0, 5)
    .map(([field, mine]) => ({ field, mine, theirs: row?.[field], known: row !== undefined }));
}

/** Who touched the record last on the server, and when. */
export function lastTouch(op: { collection: string; id: string }, server: Record<string, unknown> | undefined): { by: string; at: string } | null {
  const row = server?.[`${op.collection}/${op.id}`] as Partial<Rows["jobs"]> | undefined;
  return row?.updated ? { by: row.updated_by ?? "", at: row.updated } : null;
}

/** The screen where a record can be put right, or "" when it has none of its own. */
export function placeOf(collection: string, id: string, row: { visit?: unknown; work_order?: unknown; inspection?: unknown } | undefined): string {
  if (collection === "work_orders") return `/order/${id}`;
  if (collection === "vehicles") return `/files/${id}`;
  if (collection === "visits") return `/visit/${id}/arrival`;
  if (typeof row?.work_order === "string" && row.work_order) return `/order/${row.work_order}`;
  const step: Record<string, string> = { concerns: "concerns", findings: "car", damage_marks: "car", inspections: "car", photos: "car", belongings: "belongings", key_tags: "belongings", consents: "sign" };
  return typeof row?.visit === "string" && row.visit ? `/visit/${row.visit}/${step[collection] ?? "arrival"}` : "";
}
