// The customer's page on the house's own wire (sync.md): what waits is pushed in its order, what the server shows is pulled.
// Whatever is not a clear word of our server leaves everything as it was, to be sent again under the same seq and id.
import { newId } from "../../db/ids.ts";
import { has, request, type Answer } from "../../sync/http.ts";
import type { Hand, Keep, Op, Row, Waiting } from "./keep.ts";
import { forgetOld, heal, ripe } from "./restored.ts";
import { keepSession, sessionIn, sessionKey, type Session } from "./session.ts";

export type Ending = "done" | "later" | "signed_out";

/** The collections that the page looks at; a customer may see more. */
const looked = ["claims", "claim_items", "shipments", "repair_plans", "refunds", "photos", "messages"];

/** Signs in on this phone. The device stays the customer's own from before, so that what waits goes on in its order. */
export async function begin(keep: Keep, token: string, customer: Session["customer"]): Promise<Session> {
  return keep.act(async (hand) => {
    const known = (await hand.get("meta", sessionKey(customer.id))) as Session | undefined;
    const before = (await hand.get("meta", "current")) as string | undefined;
    const session: Session = { device: newId(), seq: 0, epoch: "", cursor: "", ...known, token, customer, over: false };
    if (before !== customer.id) {
      hand.clear("rows"); // another person's
      session.cursor = "";
    }
    hand.put("meta", customer.id, "current");
    keepSession(hand, session);
    return session;
  });
}

/** Signs out: the token and what the server has shown go, what was not sent stays. */
export async function end(keep: Keep): Promise<void> {
  await keep.act(async (hand) => {
    const session = await sessionIn(hand);
    hand.drop("meta", "current");
    hand.drop("meta", "bought");
    hand.clear("rows");
    if (session) keepSession(hand, { ...session, token: "", cursor: "" });
  });
}

/** Puts one act into the line, inside the transaction that the hand is of. */
export async function enqueue(hand: Hand, intent: string, ops: Op[], at: string, draft?: string): Promise<Waiting> {
  const session = await sessionIn(hand);
  if (!session) throw new Error("nobody is signed in");
  const seq = session.seq + 1;
  keepSession(hand, { ...session, seq });
  const waiting: Waiting = { id: newId(), seq, customer: session.customer.id, device: session.device, intent, at, seen: session.cursor, ops, draft };
  hand.put("outbox", waiting);
  return waiting;
}

/** Sends what waits and fetches what there is. One call at a time. */
export async function sync(keep: Keep): Promise<Ending> {
  const pulled = await pull(keep);
  if (pulled !== "done") return pulled;
  const pushed = await push(keep);
  return pushed === "sent" ? pull(keep) : pushed === "nothing" ? "done" : pushed;
}

interface Page {
  epoch: string;
  cursor: string;
  more: boolean;
  reset?: boolean;
  ops: { op: "put" | "patch" | "delete" | "leave"; collection: string; id: string; data?: Row }[];
}

async function pull(keep: Keep): Promise<Ending> {
  for (let more = true; more; ) {
    const session = await keep.act(sessionIn);
    if (!session?.token) return "signed_out";
    const answer = await request("GET", `/api/sync/pull?device=${session.device}${session.cursor ? `&cursor=${encodeURIComponent(session.cursor)}` : ""}`, { token: session.token });
    if (answer.kind !== "ok") return refusedCall(keep, session, answer);
    const page = answer.body as Page;
    await keep.act((hand) => take(hand, session, page));
    more = page.more;
  }
  return "done";
}

async function take(hand: Hand, session: Session, page: Page): Promise<void> {
  const now = await sessionIn(hand);
  if (now?.device !== session.device || now.cursor !== session.cursor) return; // somebody else, or another tab was faster
  if (page.reset) hand.clear("rows");
  for (const op of page.ops) {
    if (!looked.includes(op.collection)) continue;
    const key = `${op.collection}/${op.id}`;
    if (op.op === "delete" || op.op === "leave") hand.drop("rows", key);
    else if (op.op === "put") hand.put("rows", { key, collection: op.collection, data: op.data! });
    else {
      const before = page.reset ? undefined : await hand.get("rows", key);
      if (before) hand.put("rows", { ...before, data: { ...before.data, ...op.data } });
    }
  }
  if (!page.more) for (const one of await hand.all("outbox")) if (one.unseen) hand.put("outbox", { ...one, unseen: undefined });
  // Another epoch is another life of the server: it is asked what it still has before anything is sent.
  keepSession(hand, { ...now, cursor: page.cursor, epoch: page.epoch, settled: page.epoch === now.epoch ? now.settled : undefined });
}

/** What a call that was not answered with what was asked for means. */
async function refusedCall(keep: Keep, session: Session, answer: Answer): Promise<Ending> {
  if (answer.kind !== "fault") return "later";
  if (has(answer, "sync.cursor") || has(answer, "sync.epoch")) {
    await keep.act(async (hand) => keepSession(hand, { ...((await sessionIn(hand)) ?? session), cursor: "", epoch: "", settled: undefined }));
    return "later";
  }
  if (answer.status !== 401 && !has(answer, "device.revoked") && !has(answer, "device.foreign")) return "later";
  await keep.act(async (hand) => {
    const now = await sessionIn(hand);
    if (now?.token === session.token) keepSession(hand, { ...now, token: "", over: true });
  });
  return "signed_out";
}

interface Outcome {
  seq: number;
  outcome: "applied" | "merged" | "rejected" | "retry";
  commit?: number;
  code?: string;
  fields?: Record<string, unknown>;
  said?: Record<string, string>;
}

interface Told {
  seq: number;
  outcomes?: Outcome[];
}

/** The mutations of this customer and device that still wait, oldest first. */
export function waitingOf(all: Waiting[], session: Session): Waiting[] {
  return all.filter((w) => w.customer === session.customer.id && w.device === session.device && !w.refused && !w.had).sort((a, b) => a.seq - b.seq);
}

/** What this customer did that the page shows on top of the server's rows: what waits, and before it what the server has and has not shown yet. */
export function onTopOf(all: Waiting[], session: Session): Waiting[] {
  return [...all.filter((w) => w.customer === session.customer.id && w.had && w.unseen).sort((a, b) => a.seq - b.seq), ...waitingOf(all, session)];
}

/** What goes over the wire, as sync.md says: nothing after a gap is taken, so a seq that is used up by something else goes as an act without ops. */
function wireOf(line: Waiting[], settled: number): object[] {
  const wire: object[] = [];
  let next = settled + 1;
  for (const { seq, id, intent, at, seen, ops, again } of line) {
    while (next < seq) wire.push({ seq: next++, id: "", intent: "sync.skip", at: "", seen: "", ops: [] });
    wire.push({ seq, id, intent, at, seen, ops, ...(again?.commit ? { commit: again.commit } : {}) });
    next = Math.max(next, seq + 1);
  }
  return wire;
}

async function push(keep: Keep): Promise<Ending | "sent" | "nothing"> {
  const { session, line } = await keep.act(async (hand) => {
    const session = await sessionIn(hand);
    return { session, line: session ? ripe(waitingOf(await hand.all("outbox"), session), await hand.all("rows")) : [] };
  });
  if (!session?.token) return "signed_out";
  const { device, epoch, settled } = session;
  if (settled !== undefined && line.length === 0) return "nothing";
  const mutations = settled === undefined ? [] : wireOf(line, settled);
  const answer = await request("POST", "/api/sync/push", { token: session.token, body: { device, epoch, app: __APP_VERSION__, mutations } });
  if (answer.kind !== "ok") return refusedCall(keep, session, answer);
  const told = answer.body as Told;
  if (settled === undefined) {
    await keep.act((hand) => heal(hand, device, told.seq));
    return push(keep);
  }
  return keep.act((hand) => takeIn(hand, device, line, told));
}

/** What the server says of each: done, refused, or nothing yet. */
async function takeIn(hand: Hand, device: string, line: Waiting[], told: Told): Promise<"sent" | "later"> {
  const outcomes = told.outcomes ?? [];
  let moved = false;
  for (const outcome of outcomes) {
    const one = line.find((w) => w.seq === outcome.seq);
    if (one && outcome.outcome !== "retry") {
      settle(hand, one, outcome);
      moved = true;
    }
  }
  const session = await sessionIn(hand);
  if (session?.device === device) keepSession(hand, { ...session, settled: outcomes.some((o) => o.code === "sync.gap") ? undefined : told.seq });
  await forgetOld(hand);
  return moved ? "sent" : "later";
}

function settle(hand: Hand, one: Waiting, outcome: Outcome): void {
  if (outcome.outcome !== "rejected") {
    hand.put("outbox", { ...one, again: undefined, unseen: true, had: { at: Date.now(), commit: outcome.commit ?? 0 } });
    if (one.draft) hand.drop("drafts", one.draft);
    return;
  }
  hand.put("outbox", { ...one, refused: { code: outcome.code ?? "access.unreadable", field: Object.keys(outcome.fields ?? {})[0] ?? "", said: outcome.said ?? {} } });
}

/** The rows of a collection as they will be once all that waits is done: the server's, with what was done here on top. */
export function shown(rows: { collection: string; data: Row }[], waiting: Waiting[], collection: string): (Row & { waits?: boolean })[] {
  const byId = new Map<string, Row & { waits?: boolean }>(rows.filter((r) => r.collection === collection).map((r) => [r.data.id, r.data]));
  for (const { ops, at } of waiting) {
    for (const op of ops) {
      if (op.collection !== collection) continue;
      const before = byId.get(op.id) ?? { id: op.id, created: at, captured_at: at };
      byId.set(op.id, { ...before, ...op.data, id: op.id, updated: at, waits: true });
    }
  }
  return [...byId.values()];
}
