// The advisor's side of the customer's phone page: sending a link needs the network; taking it back, and carrying out what
// was decided, are acts like any other.
import { act, tables, type ConsentedJob, type Rows } from "../../db";
import { session } from "../../db/session.svelte";
import { Refused } from "../../rules/refused";
import { request } from "../../sync/http";

export type CustomerLink = Rows["customer_links"];

/** What the server answers once: the address is nowhere else. */
export interface SentLink {
  id: string;
  url: string;
  expires_at: string;
  /** Masked; "" when the customer scans it. */
  sent_to: string;
  qr: { size: number; path: string };
}

/** Sends a link, or makes one to be scanned (`hand`). Throws Refused, access.offline without a network. */
export async function sendLink(order: string, kind: "estimate" | "supplement", lang: string, hand: boolean): Promise<SentLink> {
  const answer = await request("POST", "/api/links", { token: session.token, body: { work_order: order, kind, lang, hand } });
  if (answer.kind === "retry") throw new Refused("access.offline");
  if (answer.kind === "ok") return answer.body as SentLink;
  const [field, fault] = Object.entries(answer.data)[0] ?? ["", { code: "access.unreadable" }];
  throw new Refused(fault.code, field);
}

export async function revokeLink(link: CustomerLink): Promise<void> {
  await act("link.revoke", (w) => w.patch("customer_links", link.id, { state: "revoked" }));
}

export type LinkState = "sent" | "opened" | "decided" | "revoked" | "expired" | "changed";

/** How a link stands now. `present`: the hash of what the order offers at this moment. */
export function stateOf(link: CustomerLink, now: number, present: string): LinkState {
  if (link.state === "decided" || link.state === "revoked") return link.state;
  if (Date.parse(link.expires_at.replace(" ", "T")) <= now) return "expired";
  return present !== "" && present !== link.sha256 ? "changed" : link.state;
}

/** Consents from the customer's phone that nobody has countersigned yet. */
export function waiting(consents: Rows["consents"][]): Rows["consents"][] {
  return consents.filter((c) => c.kind === "portal" && c.state !== "void" && !c.countersigned_by);
}

export function tally(consent: Rows["consents"]): { yes: number; no: number } {
  const jobs: ConsentedJob[] = consent.jobs ?? [];
  const yes = jobs.filter((j) => j.decision === "approved").length;
  return { yes, no: jobs.length - yes };
}

/** Links of an order, newest first. */
export async function linksOf(order: string): Promise<CustomerLink[]> {
  const rows = await tables.customer_links.where("work_order").equals(order).toArray();
  return rows.sort((a, b) => (a.created < b.created ? 1 : -1));
}
