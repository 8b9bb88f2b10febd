// What one op makes of one row, as far as the tablet can say by itself. The server's word replaces it later.
import table from "../../../internal/flow/table.json";
import type { Op } from "./records.ts";
import type { Row } from "./store.ts";

export interface FieldSpec {
  type: "text" | "int" | "number" | "bool" | "date" | "select" | "relation" | "json";
  to?: string;
  multiple?: boolean;
  required?: boolean;
  derived?: boolean;
  values?: string[];
  min?: number;
  max?: number;
  /** The form a text must have, and the code of the refusal. */
  pattern?: { is: string; code: string };
}

interface EntitySpec {
  collection: string;
  common?: boolean;
  initial?: string[];
  fields: Record<string, FieldSpec>;
}

const entityOf = new Map<string, { name: string; spec: EntitySpec; fields: Record<string, FieldSpec> }>();
for (const [name, entity] of Object.entries(table.entities) as [string, EntitySpec][]) {
  const common = entity.common === false ? {} : (table.common as Record<string, FieldSpec>);
  entityOf.set(entity.collection, { name, spec: entity, fields: { ...common, ...entity.fields } });
}

/** The entity name of the flow table ("job" of "jobs"). */
export function entityName(collection: string): string {
  return entity(collection).name;
}

export function fieldsOf(collection: string): Record<string, FieldSpec> {
  return entity(collection).fields;
}

function entity(collection: string) {
  const found = entityOf.get(collection);
  if (!found) throw new Error(`unknown collection ${collection}`);
  return found;
}

function emptyValue(field: FieldSpec): unknown {
  if (field.multiple) return [];
  if (field.type === "int" || field.type === "number") return 0;
  if (field.type === "bool") return false;
  return field.type === "json" ? null : "";
}

/** A row with every field of its collection empty, as the server would store it. */
export function emptyRow(collection: string, id: string): Row {
  const row: Row = { id, version: 0 };
  for (const [name, field] of Object.entries(fieldsOf(collection))) row[name] = emptyValue(field);
  const { initial, fields } = entity(collection).spec;
  if (initial?.[0] && fields.state?.derived) row.state = initial[0];
  return row;
}

/** Whose op it is and when it was made (server time format), for the fields that say so. */
export interface Author {
  user: string;
  device: string;
  at: string;
}

/**
 * The row after one of this tablet's own ops; null when there is none. The version stays the server's last word (0:
 * none yet). A create that the server already has (its answer was lost) leaves the server's row standing; a patch of
 * a row that is gone changes nothing.
 */
export function applyOp(row: Row | null, op: Op, by: Author): Row | null {
  switch (op.op) {
    case "create":
      return row ?? {
        ...emptyRow(op.collection, op.id),
        created: by.at, updated: by.at, captured_at: by.at, created_by: by.user, updated_by: by.user, device: by.device,
        ...op.data, id: op.id, version: 0,
      };
    case "patch":
      return row && { ...row, ...op.data, updated: by.at, updated_by: by.user };
    case "delete":
      return null;
  }
}

/** Equality of two JSON values; the order of keys does not count. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((k) => k in b && sameValue((a as Record<string, unknown>)[k], (b as Record<string, unknown>)[k]));
}
