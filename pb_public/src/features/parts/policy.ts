// The shop's figures that the store's lists go by: how old is slow, how long a tool is lent.
import { depositsFor } from "../../db/deposits.ts";
import { activePolicy, policyOf } from "../../db/policy.ts";
import { theActor, theStore } from "../../db/store.ts";
import type { Purchase } from "./model.ts";
import type { Policy } from "../../rules/facts.ts";
import { shippedPolicy } from "../../rules/figures.ts";

export async function policyInForce(): Promise<Policy> {
  const row = await activePolicy(theStore(), theActor().shop);
  return { ...shippedPolicy, ...(row?.data as Partial<Policy> | undefined) };
}

/** What the cashier has taken for the order's work and nobody relies on yet (B-06). Fen. */
export async function depositsHere(order: Purchase): Promise<number> {
  const store = theStore();
  return depositsFor(store, { ...order }, await policyOf(store, (await store.rows("visits").get(order.visit)) ?? null, order.shop));
}
