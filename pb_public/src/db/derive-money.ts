// Derived fields of settling and leaving as the server will set them; twin of hooks/settlements.go and hooks/gate.go.
import { hash } from "../rules/canonical.ts";
import { chargeForm, netFen, shareOf, type Charge } from "../rules/settle.ts";
import { policyOf } from "./policy.ts";
import type { Row, Store } from "./store.ts";

export async function deriveSettlement(store: Store, row: Row, fresh: boolean): Promise<Row> {
  const lines = ((row.lines as Charge[] | null) ?? []).map(chargeForm);
  const visit = await store.rows("visits").get(String(row.visit));
  const customer = fresh && visit?.customer ? await store.rows("customers").get(String(visit.customer)) : undefined;
  const policy = await policyOf(store, visit ?? null, String(row.shop));
  const total = lines.reduce((sum, l) => sum + netFen(l), 0);
  const own = lines.reduce((sum, l) => sum + shareOf(l, "customer"), 0);
  const at = String(row.updated);
  return {
    ...row, lines, total_fen: total, customer_fen: own, points: Math.trunc(own / 100) * policy.points_per_yuan,
    member_level: fresh ? (customer?.member_level ?? "") : row.member_level,
    sha256: hash({ id: row.id, number: row.number, order: row.work_order, kind: row.kind, lines, total_fen: total }),
    issued_at: row.issued_at || (row.state === "issued" ? at : ""), settled_at: row.settled_at || (row.state === "settled" ? at : ""),
    voided_at: row.voided_at || (row.state === "void" ? at : ""),
  };
}

export function deriveGatePass(row: Row): Row {
  const at = String(row.updated), by = String(row.updated_by);
  if (row.state === "used") return { ...row, used_at: row.used_at || at, used_by: row.used_by || by };
  if (row.state === "void") return { ...row, voided_at: row.voided_at || at, voided_by: row.voided_by || by };
  return row;
}
