// Which refused values can be put right in the queue itself: plain ones. The others have screens of their own.
import type { FieldSpec } from "../../db";
import type { Corrections, QueueEntry } from "../../sync/queue";
import { linesOf, reasonText, type Difference } from "./words";
import { specOf } from "./values";

export type Editor = "text" | "number" | "money" | "time" | "yes_no" | "choice";

export interface Correctable extends Difference {
  editor: Editor;
  spec: FieldSpec;
  /** The rule's word on this very field. */
  fault: string;
}

/** The editor of a field; null where a line of input would not do (states, relations, lists, drawings). */
function editorOf(field: string, spec: FieldSpec | undefined): Editor | null {
  if (!spec || spec.derived || field === "state" || spec.multiple) return null;
  switch (spec.type) {
    case "text":
      return "text";
    case "int":
    case "number":
      return field.endsWith("_fen") ? "money" : "number";
    case "date":
      return "time";
    case "bool":
      return "yes_no";
    case "select":
      return spec.values && spec.values.length <= 8 ? "choice" : null;
    default:
      return null;
  }
}

/** The values of a refused edit that can be corrected on the spot: those it wanted, and those a rule missed or disliked. */
export function correctable(entry: QueueEntry): Correctable[] {
  const refused = entry.refused;
  if (!refused || entry.kind !== "edit" || entry.state !== "rejected") return [];
  const lines = linesOf(refused);
  for (const field of Object.keys(refused.fields)) {
    const op = refused.ops.find((o) => o.op !== "delete" && specOf(o.collection, field));
    if (op && !lines.some((l) => l.field === field)) lines.unshift({ collection: op.collection, id: op.id, field, mine: op.data[field], theirs: undefined, known: false });
  }
  return lines.flatMap((line) => {
    const spec = specOf(line.collection, line.field);
    const editor = editorOf(line.field, spec);
    return spec && editor ? [{ ...line, spec, editor, fault: faultText(refused.fields[line.field]) }] : [];
  });
}

const faultText = (fault: { code: string; message: string; said?: Record<string, string> } | undefined): string => (fault ? reasonText(fault) : "");

/** Whether a value is what was refused, rather than the moment or the person: then correcting is the first way out. */
export function blamesValue(entry: QueueEntry, lines: Correctable[]): boolean {
  const code = entry.refused?.code ?? "";
  return lines.some((l) => l.fault !== "") && !code.startsWith("flow.") && !code.startsWith("access.");
}

/** What changed against the refused edit, in the form `resend` takes. */
export function corrections(lines: Correctable[], values: Record<string, unknown>): Corrections {
  const found: Corrections = {};
  for (const line of lines) {
    if (!(line.field in values) || values[line.field] === line.mine) continue;
    (found[`${line.collection}/${line.id}`] ??= {})[line.field] = values[line.field];
  }
  return found;
}
