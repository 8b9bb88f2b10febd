// Which of several tabs speaks with the server for a person's store. A Web Lock says it at once when the leading tab
// is closed or killed. A tab that the browser froze, or that hangs, keeps its lock: so the others ask it now and then,
// and when it stays silent the lock is taken from it. For that moment two may lead: each term has a number in the
// store, and only the holder of the last one can write what the server says (link.ts), so that is harmless.
import type { Store } from "../db/store.ts";

/** Rest between two questions to the leading tab, ms, and how many may go unanswered. */
const askMs = 3_000;
const mostSilent = 3;
/** Where there are no locks: how long the first question waits for its answer, ms. */
const firstAskMs = 300;
/** Rest before lining up again after a term that ended by itself, ms. */
const pauseMs = 250;

export type LeadMessage = { type: "alive?" } | { type: "alive" } | { type: "leads"; term: number };

export interface Office {
  /** Of the lock. */
  name: string;
  store: Store;
  /** Undefined where the browser has none (no https): then silence alone decides. */
  locks: Pick<LockManager, "request"> | undefined;
  /** Tells the other tabs of the same store. */
  say(message: LeadMessage): void;
  /** Leads until the signal; ends by itself when it finds that another tab leads. */
  run(term: number, signal: AbortSignal): Promise<void>;
  /** Whether the leading this tab does gets on. */
  alive(): boolean;
  askMs?: number;
}

export class Candidate {
  private readonly o: Office;
  private term: { number: number; stop: AbortController } | null = null;
  private silent = 0;
  private asked = false;
  private ended = false;

  constructor(office: Office) {
    this.o = office;
  }

  /** What other tabs of the same store say. */
  hear(message: LeadMessage): void {
    if (message.type === "alive?" && this.term && this.o.alive()) this.o.say({ type: "alive" });
    if (message.type === "alive") this.silent = 0;
    if (message.type === "leads") {
      this.silent = 0;
      if (this.term && this.term.number < message.term) this.term.stop.abort();
    }
  }

  /** Lines up, leads, and lines up again when the lead was taken from it, until the signal. */
  async campaign(signal: AbortSignal): Promise<void> {
    const end = () => {
      this.ended = true;
      this.term?.stop.abort();
    };
    signal.addEventListener("abort", end, { once: true });
    let steal = false;
    while (!signal.aborted) {
      const ended: "ended" | "silence" = await (this.o.locks ? this.underLock(this.o.locks, signal, steal) : this.underSilence(signal));
      steal = ended === "silence";
      if (!steal && !signal.aborted) await sleep(pauseMs, signal);
    }
    signal.removeEventListener("abort", end);
  }

  /** Waits for the lock while watching who holds it. "silence": it holds the lock and does not answer. */
  private async underLock(locks: Pick<LockManager, "request">, signal: AbortSignal, steal: boolean): Promise<"ended" | "silence"> {
    const wait = new AbortController();
    const stop = () => wait.abort();
    signal.addEventListener("abort", stop, { once: true });
    let leading: Promise<void> | null = null;
    const granted = () => {
      stop(); // the watch ends; a lock once granted is not touched by its signal
      return (leading = this.lead(signal));
    };
    const watch = steal ? Promise.resolve(false) : this.silence(wait.signal);
    const silent = watch.then((is) => {
      if (is) wait.abort();
      return is && leading === null;
    });
    try {
      await locks.request(this.o.name, steal ? { steal: true } : { signal: wait.signal }, granted);
    } catch {
      this.term?.stop.abort(); // stolen: this tab was silent for too long
    }
    await leading;
    wait.abort();
    signal.removeEventListener("abort", stop);
    return (await silent) ? "silence" : "ended";
  }

  /** At the first start nobody has to be waited for: a leading tab answers at once. */
  private async underSilence(signal: AbortSignal): Promise<"ended"> {
    const first = !this.asked;
    this.asked = true;
    if (await this.silence(signal, first ? 0 : mostSilent, first ? firstAskMs : undefined)) await this.lead(signal);
    return "ended";
  }

  /** Resolves true when more than `most` questions in a row went unanswered, false when the signal ended the watch. Time asleep does not count. */
  private async silence(signal: AbortSignal, most = mostSilent, ms = this.o.askMs ?? askMs): Promise<boolean> {
    this.silent = 0;
    while (!signal.aborted) {
      this.o.say({ type: "alive?" });
      await sleep(ms * (1 + Math.random() / 4), signal);
      if (signal.aborted) break;
      if (++this.silent > most) return true;
    }
    return false;
  }

  private async lead(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.ended) return;
    const stop = new AbortController();
    try {
      const number = await begin(this.o.store);
      if (this.ended) return;
      this.term = { number, stop };
      this.o.say({ type: "leads", term: number });
      await this.o.run(number, stop.signal);
    } catch (error) {
      if (!signal.aborted) console.error("lead lost", error);
    } finally {
      this.term = null;
    }
  }
}

/** The number of a new term. From now on no earlier one can write. */
function begin(store: Store): Promise<number> {
  return store.transaction("rw", store.meta, async () => {
    const term = ((await store.get("lead")) ?? 0) + 1;
    await store.set("lead", term);
    return term;
  });
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
