// Stored values as people read them: money, times, lists, states, names, what a photo shows.
import { entityName, fieldsOf, type FieldSpec, type Part } from "../../db";
import { has, lang, t } from "../../i18n/index.svelte";
import { say } from "../../rules/refused";
import { dateTime, day, km, money, span } from "../../ui/format";
import { decimalText } from "../order/decimal";

export type Names = Map<string, string>;

export function fieldText(field: string): string {
  const key = `records.field_${field}`;
  return has(key) ? t(key) : field.replace(/_/g, " ");
}

/** The table's word on a field; undefined for one that this version of the app does not know. */
export function specOf(collection: string, field: string): FieldSpec | undefined {
  try {
    return fieldsOf(collection)[field];
  } catch {
    return undefined; // a collection of a later version
  }
}

/** A value of a record's field. `names`: what ids stand for. */
export function valueText(collection: string, field: string, value: unknown, names: Names = new Map()): string {
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) return t("records.value_empty");
  const spec = specOf(collection, field);
  if (typeof value === "boolean") return t(value ? "records.value_yes" : "records.value_no");
  if (typeof value === "number") return figure(field, value);
  if (field === "parts" && Array.isArray(value)) return (value as Part[]).map(partText).join(t("roles.between"));
  if (Array.isArray(value)) return list(collection, field, value, names);
  if (typeof value === "object") return field === "drawing" ? t("records.value_drawn") : t("records.value_long");
  return word(collection, field, String(value), spec, names);
}

function figure(field: string, n: number): string {
  if (field.endsWith("_fen")) return money(n);
  if (field.endsWith("_km")) return km(n);
  if (field.endsWith("_milli")) return decimalText(n, 3);
  if (field.endsWith("_minutes")) return span(n * 60_000);
  return field === "energy_level" || field === "level" ? t("records.value_percent", { n }) : String(n);
}

function partText({ name, quantity_milli, unit, unit_fen }: Part): string {
  return `${name} × ${decimalText(quantity_milli, 3)} ${unit ?? ""} ${money(unit_fen)}`.replace(/ +/g, " ");
}

function list(collection: string, field: string, value: unknown[], names: Names): string {
  if (field === "strokes") return t("records.value_signed");
  const plain = value.map((v) => (typeof v === "object" && v !== null ? ((v as { id?: unknown }).id ?? null) : v));
  if (plain.some((v) => v === null || (typeof v === "string" && isId(v) && !names.has(v)))) return t("records.value_points", { n: value.length });
  return plain.map((v) => valueText(collection, field, v, names)).join(t("roles.between"));
}

const isId = (text: string): boolean => /^[a-z0-9]{15}$/.test(text);

function word(collection: string, field: string, value: string, spec: FieldSpec | undefined, names: Names): string {
  const name = names.get(value);
  if (name) return name;
  if (spec?.type === "date") return field.endsWith("_on") || /_(from|until)$/.test(field) ? day(value) : dateTime(value);
  if (!spec && /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d/.test(value)) return dateTime(value);
  if (spec?.type === "relation") return t("records.value_unknown");
  if (field === "state") return stateText(collection, value);
  if (field === "roles") return say(`role.${value}`, lang.code);
  if (collection === "stock_moves" && field === "kind" && has(`parts.kind_${value}`)) return t(`parts.kind_${value}`);
  if (field === "view") return carText(`view_${value}`);
  if (["zone", "area", "kind", "severity", "slot"].includes(field)) return carText(value);
  return spec && spec.type !== "select" ? value : known(value);
}

const known = (value: string): string => (has(`records.value_${value}`) ? t(`records.value_${value}`) : value);

/** States have their own words for each kind of record. */
function stateText(collection: string, value: string): string {
  const said = specOf(collection, "state") ? say(`${entityName(collection)}.${value}`, lang.code) : value;
  return said === value ? known(value) : said;
}

function carText(code: string): string {
  const key = `car.${code.replace(/\W/g, "_")}`;
  return has(key) ? t(key) : known(code);
}
