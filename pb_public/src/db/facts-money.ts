// What settling and leaving look at, from the tablet's own rows; twin of hooks/facts_money.go. Read only for the rows whose
// rules ask for it: a walk-around pays nothing for the cashier's desk.
import type { GatePass, GateUse, Invoice, MoneyFacts, Payment, Settlement } from "../rules/facts-money.ts";
import type { Row } from "./store.ts";

const asking = ["visits", "work_orders", "settlements", "payments", "invoices", "gate_passes"];

export async function moneyFacts(collection: string, row: Row, all: (collection: string, field: string, value: string) => Promise<Row[]>): Promise<MoneyFacts> {
  if (!asking.includes(collection)) return {};
  const visit = collection === "visits" ? row.id : String(row.visit ?? "");
  const [settlements, payments, invoices, passes, uses] = await Promise.all([
    all("settlements", "visit", visit), all("payments", "visit", visit), all("invoices", "visit", visit), all("gate_passes", "visit", visit),
    collection === "gate_passes" ? all("gate_uses", "pass", row.id) : [],
  ]);
  return {
    settlements: settlements as unknown as Settlement[], payments: payments as unknown as Payment[], invoices: invoices as unknown as Invoice[],
    passes: passes as unknown as GatePass[], uses: uses as unknown as GateUse[],
  };
}
