// Puts what lies in the queue into people's words: acts, photos, reasons, what others did, and where to put it right.
import { Refused } from "../../db";
import { has, lang, t } from "../../i18n/index.svelte";
import type { OthersChange, QueueEntry } from "../../sync/queue";
import { dateTime } from "../../ui/format";
import { fieldText, valueText, type Names } from "./values";

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

/** Why it was refused, in the language of the screen. */
export function reasonText({ code, message, said }: { code: string; message: string; said?: Record<string, string> }): string {
  if (said?.[lang.code]) return said[lang.code]!;
  const own = new Refused(code).text(lang.code);
  // A server that says it in one language only says it in that of its time; its sentence carries the figures.
  const sameLanguage = /\p{Script=Han}/u.test(message) === (lang.code === "zh");
  return message && (sameLanguage || own === code || own.includes("{")) ? message : own.replace(/\{\w+\}/g, "…");
}

/** Fields nobody needs to read: bookkeeping of the records, and what they hang on. */
const QUIET = new Set(["id", "shop", "visit", "version", "created", "updated", "created_by", "updated_by", "device", "captured_at", "flags", "document", "sha256", "position",
  "vehicle", "inspection", "work_order", "job", "template", "policy", "subject_collection", "subject_record", "code_version", "x", "y", "bytes", "width", "height", "media", "number"]);

export interface Difference {
  collection: string;
  id: string;
  field: string;
  mine: unknown;
  theirs: unknown;
  /** The server sent its row: `theirs` is what stands there now. */
  known: boolean;
}

/** What the refused edit wanted, beside what stands on the server; at most five lines, without what is empty on both sides. */
export function differences(op: { collection: string; id: string; data: Record<string, unknown> }, server: Record<string, unknown> | undefined): Difference[] {
  const row = server?.[`${op.collection}/${op.id}`] as Record<string, unknown> | undefined;
  return Object.entries(op.data)
    .filter(([field, value]) => !QUIET.has(field) && (row ? JSON.stringify(row[field] ?? null) !== JSON.stringify(value ?? null) : value !== "" && value !== null))
    .slice(0, 5)
    .map(([field, mine]) => ({ collection: op.collection, id: op.id, field, mine, theirs: row?.[field], known: row !== undefined }));
}

/** The lines of a refused edit: an act may move job, order and visit at once, and each field is shown once. */
export function linesOf(refused: NonNullable<QueueEntry["refused"]>): Difference[] {
  const all = refused.ops.flatMap((op) => differences(op, refused.server));
  return all.filter((line, i) => all.findIndex((l) => l.field === line.field) === i).slice(0, 6);
}

/** "郭涛 今天 09:28：状态 → 进行中". */
export function othersText(change: OthersChange, names: Names): string {
  const collection = change.key.slice(0, change.key.indexOf("/"));
  const who = { name: names.get(change.by) ?? t("queue.someone"), time: dateTime(change.at) };
  if (change.op === "delete") return change.at ? t("queue.removed", who) : t("queue.removed_some_time");
  const what = Object.entries(change.values).filter(([field]) => !QUIET.has(field)).slice(0, 4)
    .map(([field, value]) => (value === null || typeof value === "object" ? fieldText(field) : t("queue.became", { field: fieldText(field), value: valueText(collection, field, value, names) })));
  return what.length > 0 ? t("queue.touched_what", { ...who, what: what.join(t("roles.between")) }) : t("queue.touched", who);
}

/** The screen where a record can be put right, or "" when it has none of its own. */
export function placeOf(collection: string, id: string, row: { visit?: unknown; work_order?: unknown; inspection?: unknown; appointment?: unknown; claim?: unknown; collection?: unknown; kept?: unknown } | undefined): string {
  if (collection === "work_orders") return `/order/${id}`;
  if (collection === "appointments") return `/book/${id}`;
  if (collection === "preparations") return typeof row?.appointment === "string" ? `/book/${row.appointment}` : "/prepare";
  if (collection === "vehicles") return `/files/${id}`;
  if (collection === "customers") return `/customers/${id}`;
  if (collection === "assets") return `/assets/${id}`;
  if (collection === "sales_orders") return `/sales/${id}`;
  if (collection === "claims") return `/claims/${id}`;
  if (["claim_items", "shipments", "repair_plans", "refunds"].includes(collection)) return typeof row?.claim === "string" ? `/claims/${row.claim}` : "/claims";
  if (collection === "merges") return filePlace(row);
  if (collection === "visits") return `/visit/${id}/arrival`;
  if (collection === "templates") return "/templates";
  if (collection === "inspections" && row && !row.visit) return `/inspections/${id}`;
  if (collection === "findings" && row?.inspection && !row.visit) return `/inspections/${String(row.inspection)}`;
  if (collection === "quality_reports" || collection === "fault_cases") return "/faults";
  if (collection === "makeup_parts") return `/makeup/${id}`;
  if (collection === "warranty_claims") return `/warranty-claims?claim=${id}`;
  if (collection === "parts") return `/parts/stock/${id}`;
  if (collection === "stock_counts") return `/parts/counts/${id}`;
  if (collection === "purchase_orders" || collection === "goods_receipts") return "/parts/purchasing";
  if (collection === "tools" || collection === "tool_loans") return "/parts/tools";
  if (["stock_moves", "reservations", "customer_parts"].includes(collection)) return storePlace(row);
  if (typeof row?.work_order === "string" && row.work_order) return `/order/${row.work_order}`;
  const step: Record<string, string> = { concerns: "concerns", findings: "car", damage_marks: "car", inspections: "car", photos: "car", belongings: "belongings", key_tags: "belongings", consents: "sign" };
  return typeof row?.visit === "string" && row.visit ? `/visit/${row.visit}/${step[collection] ?? "arrival"}` : "";
}

/** The file that a merge keeps. */
function filePlace(row: { collection?: unknown; kept?: unknown } | undefined): string {
  const screens: Record<string, string> = { vehicles: "/files", customers: "/customers", assets: "/assets" };
  return row?.kept ? `${screens[String(row.collection)] ?? "/files"}/${String(row.kept)}` : "/files";
}

/** The counter of the order a part went to, else the part itself. */
function storePlace(row: { work_order?: unknown; stock_count?: unknown; part?: unknown } | undefined): string {
  if (row?.work_order) return `/parts/order/${String(row.work_order)}`;
  if (row?.stock_count) return `/parts/counts/${String(row.stock_count)}`;
  return row?.part ? `/parts/stock/${String(row.part)}` : "/parts";
}

/** The screen of a refused edit: of its first record that has one. Work on a job is put right at the job by who does it. */
export function placeOfEntry(entry: QueueEntry, roles: readonly string[]): string {
  const { ops = [], server } = entry.refused ?? {};
  const job = ops.find((op) => op.collection === "jobs");
  if (job && roles.includes("technician")) return `/jobs/${job.id}`;
  const places = ops.map((op) => placeOf(op.collection, op.id, (server?.[`${op.collection}/${op.id}`] ?? op.data) as Record<string, unknown>));
  return places.find(Boolean) ?? (entry.visit ? `/visit/${entry.visit}/arrival` : "");
}
