// Photos go when the edits are there, beside the turns, so that edits made meanwhile do not wait for them.
import type { Store } from "../db/store.ts";
import { backoff } from "./backoff.ts";
import { unfinished, uploadAll, type PhotoServer } from "./uploads.ts";

/** Photos wait at most 2^this seconds between rounds: each round is gentle by itself. */
const maxDoublings = 2;

export interface RoundEvents {
  /** No pass counts any more. */
  signInNeeded(): Promise<void>;
  /** The pause after a round that did not bring all is over. */
  again(): void;
}

export class PhotoRounds {
  /** The round under way. */
  under: Promise<void> | null = null;
  private failures = 0;
  /** No round before this, ms of performance.now. */
  private notBefore = 0;
  private readonly store: Store;
  private readonly server: PhotoServer;
  private readonly events: RoundEvents;

  constructor(store: Store, server: PhotoServer, events: RoundEvents) {
    this.store = store;
    this.server = server;
    this.events = events;
  }

  /** Circumstances have changed: past failures do not count. */
  fresh(): void {
    this.failures = this.notBefore = 0;
  }

  /** Begins a round unless one is under way or the last one was just now in vain. */
  go(signal: AbortSignal): void {
    if (this.under || performance.now() < this.notBefore) return;
    this.under = this.once(signal).finally(() => (this.under = null));
  }

  /** Any progress counts as success: on a bad link every photo may be cut now and then, and still they all arrive. */
  private async once(signal: AbortSignal): Promise<void> {
    try {
      const before = await this.bytesToSend();
      const ending = await uploadAll(this.store, this.server, signal);
      if (ending === "done") return void (this.failures = 0);
      if (ending === "sign_in") await this.events.signInNeeded();
      if ((await this.bytesToSend()) < before) this.failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      console.error("photos not sent", error);
    }
    const wait = backoff(Math.min(this.failures++, maxDoublings));
    this.notBefore = performance.now() + wait;
    setTimeout(() => this.events.again(), wait + 1);
  }

  private async bytesToSend(): Promise<number> {
    return (await unfinished(this.store)).reduce((sum, u) => sum + u.size - u.sent, 0);
  }
}
