// Derived fields of reports and claims as the server will set them; twin of hooks/learn.go.
import { serverTime } from "./ids.ts";
import { policyOf } from "./policy.ts";
import type { Row, Store } from "./store.ts";

/** Who sent it in and who answered, and when (W-08). */
export function deriveReport(row: Row): Row {
  const by = row.updated_by, at = row.updated;
  if (row.state === "submitted") return { ...row, submitted_by: row.submitted_by || by, submitted_at: row.submitted_at || at };
  if (row.state === "answered" || row.state === "closed") return { ...row, answered_by: row.answered_by || by, answered_at: row.answered_at || at };
  return row;
}

/** When each step was taken, and until when the parts go back (E-10). */
export async function deriveClaim(store: Store, row: Row): Promise<Row> {
  const at = String(row.updated);
  if (row.state === "approved" || row.state === "refused") return { ...row, decided_at: row.decided_at || at };
  if (row.state === "paid") return { ...row, paid_at: row.paid_at || at };
  if (row.state !== "submitted" || row.submitted_at) return row;
  const visit = (await store.rows("visits").get(String(row.visit))) ?? null;
  const days = (await policyOf(store, visit, String(row.shop))).claim_return_days;
  return { ...row, submitted_at: at, return_due_at: serverTime(Date.parse(at.replace(" ", "T")) + days * 86_400_000) };
}
