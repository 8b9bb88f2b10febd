// The shop's figures that the store's lists go by: how old is slow, how long a tool is lent.
import { activePolicy } from "../../db/policy.ts";
import { theActor, theStore } from "../../db/store.ts";
import type { Policy } from "../../rules/facts.ts";
import { shippedPolicy } from "../../rules/figures.ts";

export async function policyInForce(): Promise<Policy> {
  const row = await activePolicy(theStore(), theActor().shop);
  return { ...shippedPolicy, ...(row?.data as Partial<Policy> | undefined) };
}
