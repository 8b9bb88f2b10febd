// Whether a value is of its field's type, in its list and within its limits; twin of internal/record/shape.go. Asked
// on the tablet first, so that a person hears it while the form is still open.
import { Refused } from "../rules/refused.ts";
import { given } from "../rules/guards/common.ts";
import { fieldsOf, type FieldSpec } from "./row.ts";
import type { Row } from "./store.ts";

/** PocketBase's limit for a text field that names none, in characters. */
const defaultText = 5_000;

/** The first thing wrong with the named fields of a row, or with a required one; null when all is well. */
export function shapeOf(collection: string, row: Row, changed: string[], creating: boolean): Refused | null {
  const fields = fieldsOf(collection);
  for (const name of [...changed].sort()) {
    const field = fields[name];
    if (!field) return new Refused("field.unknown", name, { field: name });
    const refused = valueShape(name, field, row[name]);
    if (refused) return refused;
  }
  for (const [name, field] of Object.entries(fields)) {
    if (field.required && !field.derived && (creating || changed.includes(name)) && !given(row[name])) return new Refused("field.required", name, { field: name });
  }
  return null;
}

function valueShape(name: string, field: FieldSpec, value: unknown): Refused | null {
  if (value === null || value === undefined || value === "") return null;
  const invalid = new Refused("field.invalid", name, { field: name });
  switch (field.type) {
    case "text": {
      if (typeof value !== "string") return invalid;
      const max = field.max ?? defaultText;
      if ([...value].length > max) return new Refused("field.range", name, { field: name, min: 0, max });
      return field.pattern && !new RegExp(field.pattern.is, "u").test(value) ? new Refused(field.pattern.code, name, { field: name }) : null;
    }
    case "int":
    case "number":
      if (typeof value !== "number" || !Number.isFinite(value) || (field.type === "int" && !Number.isSafeInteger(value))) return invalid;
      return inLimits(field, value) ? null : new Refused("field.range", name, { field: name, min: field.min ?? "−∞", max: field.max ?? "∞" });
    case "bool":
      return typeof value === "boolean" ? null : invalid;
    case "date":
      return typeof value === "string" && !Number.isNaN(Date.parse(value.replace(" ", "T"))) ? null : invalid;
    case "select":
    case "relation":
      return listShape(field, value) ? null : invalid;
    case "json":
      return null;
  }
}

/** 0 is "not set" and stays so where the smallest figure is 1. */
function inLimits({ min, max }: FieldSpec, n: number): boolean {
  return !((min !== undefined && n < min && n !== 0) || (max !== undefined && n > max));
}

function listShape(field: FieldSpec, value: unknown): boolean {
  const named = Array.isArray(value) ? value : [value];
  if (!field.multiple && Array.isArray(value)) return false;
  return named.every((one) => typeof one === "string" && (field.type !== "select" || !field.values || field.values.includes(one)));
}
