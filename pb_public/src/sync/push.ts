// Sends the outbox in its order and takes in the outcomes. Whatever is not a clear word of our server on a mutation
// leaves it in the outbox as it was: it is sent again, with the same seq and id, and the server answers it once.
import { firstApp, type Store } from "../db/store.ts";
import type { ChangeSince, FieldFault, Mutation, OutboxEntry } from "../db/records.ts";
import { has, type Answer, type Fault } from "./http.ts";
import { deviceRefused, endingOf, write, type Ending, type Link } from "./link.ts";
import { takeIn, tooLarge } from "./outcomes.ts";
import { newDevice, reoffer } from "./reoffer.ts";

/** Mutations in one push, and about how many bytes of JSON: far below the server's limits, so that a cut costs little. */
const batchMutations = 100;
const batchBytes = 512 * 1024;
/** A push up to here goes over the open line, bytes of JSON; a longer one is sent packed by HTTP. */
const lineBytes = 16 * 1024;
/** Seqs given up (see `filler`) that one push fills. */
const mostFillers = 800;

export interface Outcome {
  seq: number;
  outcome: "applied" | "merged" | "rejected" | "retry";
  commit?: number;
  version?: Record<string, number>;
  code?: string;
  message?: string;
  said?: Record<string, string>;
  fields?: Record<string, FieldFault>;
  server?: Record<string, Record<string, unknown>>;
  since?: Record<string, ChangeSince[]>;
  after?: number;
  /** With sync.reused: what became of this person's mutation of the same id, sent by another seq or device. */
  first?: Outcome;
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

/** One push: who sends, in which life of the server's history, and what. `asking` sends nothing and hears the seq. */
interface Batch {
  device: string;
  epoch: string;
  asking: boolean;
  entries: OutboxEntry[];
  wire: WireMutation[];
}

type WireMutation = Mutation & { commit?: number };

/**
 * A seq that nothing will ever be sent under any more: its mutation was refused in a life of the server that is over,
 * or is too large. The server takes nothing after a gap, so the seq is used up by an act without ops, which it
 * refuses. So a seq once given stays its id's for ever, and however often the server is restored, to whatever backup,
 * the seq it names says exactly which mutations it has.
 */
function filler(seq: number): WireMutation {
  return { seq, id: "", intent: "sync.skip", at: "", seen: "", ops: [] };
}

/** As it goes over the wire; `commit` only when a restored server is offered again what it had acknowledged. */
function wireOf({ seq, id, intent, at, seen, ops, commit, app = firstApp }: OutboxEntry): WireMutation {
  const mutation = { seq, id, intent, at, seen, app, ops };
  return commit ? { ...mutation, commit } : mutation;
}

/** The next mutations to send, oldest first, as many as fit. */
async function nextBatch(store: Store, most: number): Promise<Batch> {
  const { device = "", epoch = "", reconcile = true, settled } = await store.getAll("device", "epoch", "reconcile", "settled");
  const batch: Batch = { device, epoch, asking: reconcile, entries: [], wire: [] };
  if (reconcile) return batch;
  let bytes = 0;
  let fillers = 0;
  let next = (settled ?? Infinity) + 1;
  const pending = await store.outbox.where("status").equals("pending").sortBy("seq");
  for (const entry of pending) {
    const mutation = wireOf(entry);
    bytes += JSON.stringify(mutation).length;
    if (batch.entries.length > 0 && (batch.entries.length >= most || bytes > batchBytes)) break;
    // Those whose answer was lost are asked about first: should their seqs be another's, nothing later has gone yet.
    if (settled !== undefined && entry.seq > settled && batch.entries.some((e) => e.seq <= settled)) break;
    while (next < entry.seq && fillers++ < mostFillers) batch.wire.push(filler(next++));
    if (next < entry.seq) break;
    batch.entries.push(entry);
    batch.wire.push(mutation);
    next = Math.max(next, entry.seq + 1);
  }
  return batch;
}

type Sent = { answer: Answer; by: "token" | "credential" };

/** Over the line where it may, else by HTTP; with the person's token, else with the device's credential. */
async function send(link: Link, { device, epoch, asking, wire }: Batch): Promise<Sent> {
  const token = link.token();
  if (token !== "" && !asking && link.line?.takes(device, epoch) && JSON.stringify(wire).length <= lineBytes) {
    const answer = await link.line.push(wire);
    if (answer) return { answer, by: "token" };
  }
  const body = { device, epoch, app: __APP_VERSION__, mutations: wire, ...(asking && link.tablet ? { tablet: link.tablet } : {}) };
  const credential = await link.credential();
  if (token !== "") {
    const answer = await link.request("POST", "/api/sync/push", { body: { ...body, credential: credential === "" }, token });
    if (!(answer.kind === "fault" && answer.status === 401)) return { answer, by: "token" };
  }
  if (credential === "") return { answer: { kind: "fault", status: 401, data: {}, message: "" }, by: "token" };
  return { answer: await link.request("POST", "/api/sync/push", { body, token: `Device ${credential}` }), by: "credential" };
}

/**
 * One push of at most `most` mutations; `sending` is told their ids. A mutation that is too large for the server on its
 * own is put before the person.
 */
export async function push(link: Link, sending: (ids: string[]) => void = () => {}, most = batchMutations): Promise<Ending> {
  const batch = await nextBatch(link.store, most);
  if (!batch.asking && batch.wire.length === 0) return { kind: "done" };
  sending(batch.entries.map((e) => e.id));
  const { answer, by } = await send(link, batch);
  if (answer.kind === "retry") return noteAttempt(link, batch, { kind: "later", reason: answer.reason });
  if (answer.kind === "fault") return refused(link, batch, answer, by, (fewer) => push(link, sending, fewer));
  if (!isPushAnswer(answer.body)) return noteAttempt(link, batch, { kind: "later", reason: "not a push answer" });
  const { credential, letter, epoch, seq, outcomes } = answer.body;
  if (credential) await link.keepCredential(credential);
  if (letter) await link.store.set("letter", letter);
  if (batch.asking) {
    await reoffer(link, seq);
    return { kind: "again" };
  }
  return takeIn(link, batch, { epoch, settled: seq, outcomes: outcomes ?? [] });
}

/** The server's no to a push as a whole. */
async function refused(link: Link, batch: Batch, fault: Fault, by: Sent["by"], again: (most: number) => Promise<Ending>): Promise<Ending> {
  if (fault.status === 409) return otherEpoch(link, fault, by);
  if (deviceRefused(fault)) return has(fault, "device.foreign") ? newDevice(link) : confirmRevoked(link, batch);
  if (fault.status === 413 && batch.entries.length > 1) return again(Math.floor(batch.entries.length / 2));
  if (fault.status === 413 && batch.entries[0] && has(fault, "sync.too_large")) return tooLarge(link, batch.entries[0], fault.message);
  return noteAttempt(link, batch, endingOf(fault));
}

/**
 * The server's history is another one. Who is here pulls the new one first. For who has left nothing is pulled (O-02):
 * the answer itself says the epoch and how many of this device's seqs it knows.
 */
async function otherEpoch(link: Link, fault: Fault, by: Sent["by"]): Promise<Ending> {
  const told = Object.values(fault.data).find((f) => f.epoch !== undefined && f.seq !== undefined);
  if ((by === "token" && !link.away) || !told) return { kind: "pull" };
  await reoffer(link, told.seq!, told.epoch);
  return { kind: "again" };
}

/**
 * Before a tablet wipes itself it asks once more, with nothing in hand and, where there is one, with the credential:
 * it must be our server's own word, said of this very device, twice.
 */
async function confirmRevoked(link: Link, batch: Batch): Promise<Ending> {
  const body = { device: batch.device, epoch: batch.epoch, app: __APP_VERSION__, mutations: [] };
  const credential = await link.credential();
  for (const token of [credential && `Device ${credential}`, link.token()]) {
    if (token === "") continue;
    const answer = await link.request("POST", "/api/sync/push", { body, token });
    if (answer.kind === "fault" && answer.status === 403 && has(answer, "device.revoked")) return { kind: "revoked" };
  }
  return { kind: "later", reason: "device.revoked, not confirmed" };
}

async function noteAttempt(link: Link, { entries }: Batch, ending: Ending): Promise<Ending> {
  await write(link, async () => {
    for (const { id } of entries) await link.store.outbox.where("id").equals(id).modify((e) => void e.attempts++);
  });
  return ending;
}
