// What an order waits for next, as the advisor or leader sees it. Pure.
import { cover } from "./coverage.ts";
import type { OrderCase } from "./load.ts";
import { isActive, type Job } from "./model.ts";

export type OrderStep =
  | { key: "add_job" }
  | { key: "present" }
  | { key: "sign"; kind: "estimate" | "supplement"; jobs: Job[]; href: string }
  | { key: "price"; job: Job }
  | { key: "dispatch"; job: Job }
  | { key: "to_quality" }
  | { key: "check"; href: string };

/** Jobs whose present content the customer has still to sign, of one document kind. */
export function toSign(c: OrderCase, kind: "estimate" | "supplement"): Job[] {
  return c.jobs.filter((j) => isActive(j) && j.origin === kind && j.state !== "passed" && (j.payer !== "customer" || j.priced_at)
    && !["covered", "declined"].includes(cover(j, c.consents).state));
}

/** Proposals that lie with the advisor: found, not priced yet (S-05). */
export function toPrice(c: OrderCase): Job[] {
  return c.jobs.filter((j) => j.state === "proposed" && !j.priced_at);
}

/** Where a document is signed: the first estimate at the reception, everything later at the order. */
export function signHref(c: OrderCase, kind: "estimate" | "supplement"): string {
  const atReception = kind === "estimate" && (c.visit?.state === "open" || c.visit?.state === "inspected");
  return atReception ? `/visit/${c.order.visit}/sign` : `/order/${c.order.id}/sign?kind=${kind}`;
}

export function nextOf(c: OrderCase): OrderStep | null {
  const jobs = c.jobs.filter(isActive);
  if (c.order.state === "draft") return jobs.length === 0 ? { key: "add_job" } : toPrice(c).length ? { key: "price", job: toPrice(c)[0]! } : { key: "present" };
  if (!["presented", "authorised", "in_progress", "qc"].includes(c.order.state)) return null;
  const price = toPrice(c)[0];
  if (price) return { key: "price", job: price };
  for (const kind of ["estimate", "supplement"] as const) {
    const list = toSign(c, kind);
    if (list.length) return { key: "sign", kind, jobs: list, href: signHref(c, kind) };
  }
  const dispatch = jobs.find((j) => j.state === "approved");
  if (dispatch) return { key: "dispatch", job: dispatch };
  if (c.order.state === "in_progress" && jobs.length && jobs.every((j) => j.state === "done" || j.state === "passed")) return { key: "to_quality" };
  return c.order.state === "qc" ? { key: "check", href: `/quality/${c.order.id}` } : null;
}
