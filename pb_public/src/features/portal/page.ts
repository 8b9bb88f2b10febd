// What the customer's page knows and does: it talks to the server alone, holds nothing on the phone, and keeps the token
// behind the # of its address.
import { Refused } from "../../rules/refused";
import { request } from "../../sync/http";
import type { Stroke } from "../sign/strokes";

export interface PageJob {
  id: string;
  sha256: string;
  work: string;
  detail: string;
  labour_fen: number;
  payer: string;
  not_guaranteed: boolean;
  parts: { name: string; quantity_milli: number; unit: string; unit_fen: number; origin: string }[];
}

export interface Found {
  id: string;
  note: string;
  safety: boolean;
  delay_minutes: number;
  photos: string[];
}

export interface LinkPage {
  state: "sent" | "opened" | "decided" | "revoked" | "expired" | "changed";
  kind: "estimate" | "supplement";
  document: { jobs: PageJob[]; promised_at: string; shop: { name: string }; vehicle: { plate: string; make: string; model: string }; customer: { name: string }; work_order: { number: string } };
  sha256: string;
  lang: "zh" | "en";
  expires_at: string;
  with_code: boolean;
  sent_to: string;
  phone: string;
  jobs: Found[];
  changes: { id: string; before: PageJob | null; after: PageJob | null }[];
  decisions: { id: string; decision: "approved" | "declined" }[];
  code: string;
  decided_at: string;
}

/** Asks the portal. Throws Refused, with the code that the server gave or access.offline. */
export async function ask(path: "open" | "code" | "decide", token: string, body: object = {}): Promise<LinkPage | null> {
  const answer = await request("POST", `/api/portal/${path}`, { body: { token, ...body } });
  if (answer.kind === "ok") return answer.body as LinkPage;
  if (answer.kind === "retry") {
    if (answer.reason.startsWith("status 204")) return null; // a code is on its way
    throw new Refused("access.offline");
  }
  const [field, fault] = Object.entries(answer.data)[0] ?? ["", { code: "access.unreadable" }];
  throw new Refused(fault.code, field);
}

/** A photo of the page as an address that an image may show; "" when it cannot come. The caller revokes it. */
export async function photo(token: string, sha256: string, size: 320 | 1600): Promise<string> {
  try {
    const answer = await fetch(`/api/portal/photos/${sha256}?size=${size}`, { headers: { "Link-Token": token } });
    return answer.ok ? URL.createObjectURL(await answer.blob()) : "";
  } catch {
    return "";
  }
}

/** What the customer pays for the job, fen; a line of parts as the documents count it. */
export function payFen(job: PageJob): { labour: number; parts: number } {
  if (job.payer !== "customer") return { labour: 0, parts: 0 };
  const parts = job.parts.reduce((sum, p) => sum + (p.origin === "customer" ? 0 : Math.floor((p.unit_fen * p.quantity_milli + 500) / 1000)), 0);
  return { labour: job.labour_fen, parts };
}

export interface Draft {
  decided: Record<string, boolean>;
  name: string;
  strokes: Stroke[];
  code: string;
}

/** Why the decision cannot be sent yet, as a key of the portal's texts with its parameter; null when it can. */
export function missing(page: LinkPage, draft: Draft, signed: boolean): { key: string; n: number } | null {
  const open = page.document.jobs.filter((j) => draft.decided[j.id] === undefined).length;
  const approves = page.document.jobs.some((j) => draft.decided[j.id]);
  if (open > 0) return { key: "portal.needs_decision", n: open };
  if (draft.name.trim() === "") return { key: "portal.needs_name", n: 0 };
  if (approves && !signed) return { key: "portal.needs_signature", n: 0 };
  if (approves && page.with_code && !/^\d{6}$/.test(draft.code.trim())) return { key: "portal.needs_code", n: 0 };
  return null;
}
