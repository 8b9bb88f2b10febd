// Sends the outbox in its order and takes in the outcomes. Whatever is not a clear word of our server on a mutation
// leaves it in the outbox as it was: it is sent again, with the same seq and id, and the server answers it once.
import { rebase, serverRow, settle } from "../db/project.ts";
import type { FieldFault, Mutation, OutboxEntry } from "../db/records.ts";
import type { Store } from "../db/store.ts";
import { has } from "./http.ts";
import { endingOf, type Ending, type Link } from "./link.ts";
import { newDevice, reoffer } from "./reoffer.ts";

/** Mutations in one push, and about how many bytes of JSON: far below the server's limits, so that a cut costs little. */
export const batchMutations = 100;
export const batchBytes = 512 * 1024;

export interface Outcome {
  seq: number;
  outcome: "applied" | "merged" | "rejected" | "retry";
  commit?: number;
  version?: Record<string, number>;
  code?: string;
  message?: string;
  fields?: Record<string, FieldFault>;
  server?: Record<string, Record<string, unknown>>;
  after?: number;
}

interface PushAnswer {
  epoch: string;
  seq: number;
  outcomes: Outcome[];
  credential?: string;
  letter?: string;
}

function isPushAnswer(body: unknown): body is PushAnswer {
  const b = body as Partial<PushAnswer> | null;
  return typeof b?.epoch === "string" && typeof b.seq === "number" && Array.isArray(b.outcomes ?? []);
}

/** The next mutations to send, oldest first, as many as fit. */
async function nextBatch(store: Store, most: number): Promise<OutboxEntry[]> {
  const pending = await store.outbox.where("status").equals("pending").sortBy("seq");
  const batch: OutboxEntry[] = [];
  let bytes = 0;
  for (const entry of pending) {
    bytes += JSON.stringify(entry.ops).length;
    if (batch.length > 0 && (batch.length >= most || bytes > batchBytes)) break;
    batch.push(entry);
  }
  return batch;
}

/** As it goes over the wire; `commit` only when a restored server is offered again what it had acknowledged. */
function wire({ seq, id, intent, at, seen, ops, commit }: OutboxEntry): Mutation & { commit?: number } {
  return commit ? { seq, id, intent, at, seen, ops, commit } : { seq, id, intent, at, seen, ops };
}

async function send(link: Link, batch: OutboxEntry[]) {
  const { store } = link;
  const body = { device: await store.get("device"), epoch: (await store.get("epoch")) ?? "", app: __APP_VERSION__, mutations: batch.map(wire) };
  const token = link.token();
  const credential = await link.credential();
  if (token !== "") {
    const answer = await link.request("POST", "/api/sync/push", { body: { ...body, credential: credential === "" }, token });
    if (!(answer.kind === "fault" && answer.status === 401)) return answer;
  }
  if (credential === "") return { kind: "fault", status: 401, data: {}, message: "" } as const;
  return link.request("POST", "/api/sync/push", { body, token: `Device ${credential}` });
}

/**
 * One push of at most `most` mutations; `sending` is told their ids. A mutation that is too large for the server on its
 * own is put before the person.
 */
export async function push(link: Link, sending: (ids: string[]) => void = () => {}, most = batchMutations): Promise<Ending> {
  const { store } = link;
  const asking = (await store.get("reconcile")) ?? true;
  const batch = asking ? [] : await nextBatch(store, most);
  if (!asking && batch.length === 0) return { kind: "done" };
  sending(batch.map((e) => e.id));
  const answer = await send(link, batch);
  if (answer.kind === "retry") return noteAttempt(store, batch, { kind: "later", reason: answer.reason });
  if (answer.kind === "fault") {
    if (answer.status === 409) return { kind: "pull" };
    if (answer.status === 403 && has(answer, "device.foreign")) return newDevice(store);
    if (answer.status === 413 && batch.length > 1) return push(link, sending, Math.floor(batch.length / 2));
    if (answer.status === 413 && batch[0]) return tooLarge(store, batch[0], answer.message);
    return noteAttempt(store, batch, endingOf(answer));
  }
  if (!isPushAnswer(answer.body)) return noteAttempt(store, batch, { kind: "later", reason: "not a push answer" });
  const { credential, letter, seq, outcomes } = answer.body;
  if (credential) await link.keepCredential(credential);
  if (letter) await store.set("letter", letter);
  if (asking) {
    await reoffer(store, seq);
    return { kind: "again" };
  }
  return takeIn(store, batch, outcomes ?? []);
}

async function noteAttempt(store: Store, batch: OutboxEntry[], ending: Ending): Promise<Ending> {
  await store.transaction("rw", store.outbox, async () => {
    for (const { id } of batch) await store.outbox.where("id").equals(id).modify((e) => void e.attempts++);
  });
  return ending;
}

/** Writes the outcomes down and shows the rows as they are now, in one transaction. */
async function takeIn(store: Store, batch: OutboxEntry[], outcomes: Outcome[]): Promise<Ending> {
  const bySeq = new Map(batch.map((e) => [e.seq, e]));
  let ending: Ending = { kind: "again" };
  let settled = 0;
  await store.atomically(async () => {
    const keys = new Set<string>();
    for (const outcome of outcomes) {
      const sent = bySeq.get(outcome.seq);
      const entry = sent && (await store.outbox.get(sent.id));
      if (!entry || entry.status !== "pending") continue;
      if (outcome.outcome === "retry" || outcome.code === "sync.reused") {
        ending = await postpone(store, entry, outcome);
        continue;
      }
      if (!(await conclude(store, entry, outcome))) continue;
      settled++;
      for (const key of entry.rows) keys.add(key);
    }
    for (const key of keys) await rebase(store, key, await serverRow(store, key));
    await settle(store);
  });
  if (settled === 0 && ending.kind === "again") return { kind: "later", reason: "no outcome" };
  return ending;
}

/** The server's word on one mutation. An outcome this version does not know is none. */
async function conclude(store: Store, entry: OutboxEntry, outcome: Outcome): Promise<boolean> {
  switch (outcome.outcome) {
    case "applied":
    case "merged": {
      const round = (await store.get("round")) ?? 0;
      await store.outbox.update(entry.id, {
        status: "acked", outcome: outcome.outcome, versions: outcome.version ?? {}, commit: outcome.commit ?? 0, round, acked_at: Date.now(),
      });
      return true;
    }
    case "rejected": {
      const { code = "", message = "", fields = {}, server = {} } = outcome;
      await store.outbox.update(entry.id, { status: "rejected", refusal: { code, message, fields, server } });
      return true;
    }
    default:
      return false;
  }
}

/**
 * Not now: the server asks to wait, misses earlier mutations (sync.gap), or knows this seq as another mutation's
 * (sync.reused). In the latter two the seqs are agreed anew; a mutation that is told "reused" again after that is put
 * before the person, because its first effect stands.
 */
async function postpone(store: Store, entry: OutboxEntry, outcome: Outcome): Promise<Ending> {
  if (outcome.code === "sync.reused") {
    if (entry.renumbered) {
      const { code, message = "", fields = {}, server = {} } = outcome;
      await store.outbox.update(entry.id, { status: "rejected", refusal: { code, message, fields, server } });
    } else {
      await store.outbox.update(entry.id, { renumbered: true, seq: ((await store.get("seq")) ?? 0) + 1 });
      await store.set("seq", ((await store.get("seq")) ?? 0) + 1);
    }
  }
  if (outcome.code === "sync.reused" || outcome.code === "sync.gap") {
    await store.set("reconcile", true);
    return { kind: "again" };
  }
  await store.outbox.update(entry.id, { attempts: entry.attempts + 1 });
  return { kind: "later", reason: outcome.code ?? "retry", after: outcome.after };
}

/** No server will ever take it: it is shown with its reason, and the others close ranks behind it. */
async function tooLarge(store: Store, entry: OutboxEntry, message: string): Promise<Ending> {
  await store.atomically(async () => {
    await store.outbox.update(entry.id, { status: "rejected", refusal: { code: "sync.too_large", message, fields: {}, server: {} } });
    for (const key of entry.rows) await rebase(store, key, await serverRow(store, key));
    await store.set("reconcile", true);
  });
  return { kind: "again" };
}
