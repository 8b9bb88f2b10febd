// Takes in what the server says about mutations it was sent.
import { rebase, serverRow, settle } from "../db/project.ts";
import { unsure, type OutboxEntry } from "../db/records.ts";
import type { Store } from "../db/store.ts";
import { write, type Ending, type Link } from "./link.ts";
import type { Outcome } from "./push.ts";
import { newDevice, numberAfter } from "./reoffer.ts";

/** The server's word on a push: in which epoch, its seq, and one outcome each. */
export interface Told {
  epoch: string;
  settled: number;
  outcomes: Outcome[];
}

/** Writes the outcomes down and shows the rows as they are now, in one transaction. */
export async function takeIn(link: Link, batch: { device: string; entries: OutboxEntry[] }, told: Told): Promise<Ending> {
  const { store } = link;
  const result = await write(link, async () => {
    const taking = new Taking(store, batch.entries, told);
    for (const outcome of told.outcomes) if (!(await taking.take(outcome))) break;
    await taking.finish((await store.get("device")) === batch.device);
    return taking;
  });
  return result.copied && link.token() !== "" ? newDevice(link) : result.ending;
}

class Taking {
  private readonly bySeq: Map<number, OutboxEntry>;
  private readonly keys = new Set<string>();
  private moved = 0;
  private readonly clashes: number[] = [];
  private later: Ending | null = null;
  private readonly store: Store;
  private readonly settled: number;
  private readonly epoch: string;

  constructor(store: Store, entries: OutboxEntry[], { settled, epoch }: Told) {
    this.store = store;
    this.settled = settled;
    this.epoch = epoch;
    this.bySeq = new Map(entries.map((e) => [e.seq, e]));
  }

  /** Seqs of ours are other mutations' at the server: this store is a copy of another one. */
  get copied(): boolean {
    return this.clashes.length > 0;
  }

  get ending(): Ending {
    return this.later ?? (this.moved > 0 ? { kind: "again" } : { kind: "later", reason: "no outcome" });
  }

  /** One outcome. False when what follows it has to wait: the server takes nothing after a gap. */
  async take(outcome: Outcome): Promise<boolean> {
    const sent = this.bySeq.get(outcome.seq);
    const entry = sent && (await this.store.outbox.get(sent.id));
    if (outcome.outcome === "retry") return this.wait(outcome, entry);
    if (!sent) {
      this.moved++; // a filler: its seq is used up now
      return true;
    }
    if (entry?.status !== "pending" || entry.seq !== outcome.seq) return true;
    if (outcome.code === "sync.reused") await this.reused(entry, outcome.first);
    else if (!(await conclude(this.store, entry, outcome))) return true;
    this.moved++;
    for (const key of entry.rows) this.keys.add(key);
    return true;
  }

  /** Not now: the server asks to wait, or misses earlier mutations, and then the seqs are agreed anew. */
  private async wait(outcome: Outcome, entry: OutboxEntry | undefined): Promise<false> {
    if (outcome.code === "sync.gap") {
      if (this.moved > 0) return false; // one before it used up no seq; the next push goes on from the server's seq
      await this.store.set("reconcile", true);
      this.moved++;
      return false;
    }
    if (entry) await this.store.outbox.update(entry.id, { attempts: entry.attempts + 1 });
    this.later = { kind: "later", reason: outcome.code ?? "retry", after: outcome.after };
    return false;
  }

  /**
   * The server knows the id, by another seq or device, and its first effect stands: it says which, or the rows of the
   * next pull show it. At or below the server's seq and of an unknown id, the seq is another mutation's.
   */
  private async reused(entry: OutboxEntry, first?: Outcome): Promise<void> {
    if (first && (await conclude(this.store, entry, first))) {
      if (first.outcome !== "rejected") await this.elsewhere(entry);
      return;
    }
    if (entry.seq <= this.settled) {
      this.clashes.push(entry.seq);
      return;
    }
    const round = (await this.store.get("round")) ?? 0;
    await this.store.outbox.update(entry.id, { status: "acked", known: true, versions: {}, round, acked_at: Date.now() });
    await this.elsewhere(entry);
  }

  /** In the present life of its history the server has it by another seq or device: in another one it may not. */
  private async elsewhere(entry: OutboxEntry): Promise<void> {
    await this.store.outbox.update(entry.id, { elsewhere: true });
    const before = (await this.store.get("elsewhere_in")) || this.epoch;
    await this.store.set("elsewhere_in", before === this.epoch ? this.epoch : unsure);
    if (before !== this.epoch) await this.store.set("reconcile", true);
  }

  async finish(sameDevice: boolean): Promise<void> {
    if (sameDevice) await this.agree();
    if (this.clashes.length > 0) await numberAfter(this.store, Math.min(...this.clashes), this.settled);
    for (const key of this.keys) await rebase(this.store, key, await serverRow(this.store, key));
    await settle(this.store);
  }

  /**
   * Below a seq that was heard before: the server was restored to before it, whatever else it answers. What it acknowledged above
   * is offered again; were the push to go on from here, their seqs would be filled as if nothing had ever been under them.
   */
  private async agree(): Promise<void> {
    const heard = (await this.store.get("settled")) ?? 0;
    if (this.settled < heard) await this.store.set("reconcile", true);
    await this.store.set("settled", this.settled);
  }
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
      const { code = "", message = "", fields = {}, server = {}, since = {}, said } = outcome;
      await store.outbox.update(entry.id, { status: "rejected", refusal: { code, message, said, fields, server, since } });
      return true;
    }
    default:
      return false;
  }
}

/** No server will ever take it: it is shown with its reason, and its seq is filled. */
export async function tooLarge(link: Link, entry: OutboxEntry, message: string): Promise<Ending> {
  const { store } = link;
  await write(link, async () => {
    await store.outbox.update(entry.id, { status: "rejected", refusal: { code: "sync.too_large", message, fields: {}, server: {} } });
    for (const key of entry.rows) await rebase(store, key, await serverRow(store, key));
  });
  return { kind: "again" };
}
