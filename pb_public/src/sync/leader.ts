// The one tab that speaks with the server for a person's store. It works in turns: send, fetch, rest until something
// happens. A turn that fails leaves everything as it was and is taken again later.
import { liveQuery } from "dexie";
import { forgetOld } from "./reoffer.ts";
import type { Store } from "../db/store.ts";
import { backoff } from "./backoff.ts";
import type { Ending, Link } from "./link.ts";
import { LiveLine } from "./live.ts";
import { pull, takeLive, type LiveOps } from "./pull.ts";
import { push } from "./push.ts";
import { quiet, type NetworkStatus } from "./network.ts";
import { forgetVerified, unfinished, uploadAll, type PhotoServer } from "./uploads.ts";

/** Rest between polls while the live line is down, ms; longer when nobody looks at the screen. */
const pollMs = 5_000;
const hiddenPollMs = 30_000;
/** A pull now and then even when the line is up, ms: a network that went silently does not close a socket. */
const safetyPullMs = 45_000;
const hiddenSafetyPullMs = 5 * 60_000;
/** How long to wait for the echo of what was sent before fetching it, ms. */
const echoMs = 5_000;
const signInMs = 60_000;
/** Photos wait at most 2^this seconds between rounds: each round is gentle by itself. */
const maxUploadDoublings = 2;
/** A token renewed less than this ago that is refused again will not get better by renewing, ms. */
const renewPauseMs = 5 * 60_000;

export interface LeaderOptions {
  link: Link;
  photos: PhotoServer;
  /** Address of the live door; null where there is none (tests). */
  liveUrl: string | null;
  /** Asks for a fresh token; false when the server no longer knows this person. */
  renew(): Promise<boolean>;
  tell(status: NetworkStatus): void;
  hidden(): boolean;
}

export class Leader {
  private readonly store: Store;
  private readonly o: LeaderOptions;
  private readonly line: LiveLine;
  private status: NetworkStatus = quiet;
  private failures = 0;
  private wantPull = true;
  private pulledAt = 0;
  private poked = false;
  private wake: () => void = () => {};
  private incoming: Promise<void> = Promise.resolve();
  private uploading: Promise<void> | null = null;
  private uploadFailures = 0;
  private uploadNotBefore = 0;
  private renewedAt = 0;
  private heard = 0;
  private signal: AbortSignal = new AbortController().signal;

  constructor(options: LeaderOptions) {
    this.o = options;
    this.store = options.link.store;
    this.line = new LiveLine({
      ready: (cursor) => void this.compare(cursor),
      ops: (message) => (this.incoming = this.incoming.then(() => this.hear(message))),
      closed: (why) => this.lineClosed(why),
    });
  }

  /** Leads until the signal. Never throws. */
  async run(signal: AbortSignal): Promise<void> {
    this.signal = signal;
    const watching = liveQuery(() => this.waitingCount()).subscribe({ next: () => this.poke(), error: (e) => signal.aborted || console.error("outbox not watched", e) });
    const stop = () => this.poke();
    signal.addEventListener("abort", stop);
    this.set({ lastSync: (await this.store.get("last_sync")) ?? null });
    await this.store.set("reconcile", true);
    await forgetOld(this.store);
    await forgetVerified(this.store);
    while (!signal.aborted) await this.rest(await this.turn());
    watching.unsubscribe();
    signal.removeEventListener("abort", stop);
    this.line.close();
    await Promise.allSettled([this.incoming, this.uploading]);
  }

  /** Takes the next turn now. `fresh`: circumstances have changed (network back, signed in), so past failures do not count. */
  poke(fresh = false): void {
    if (fresh) this.failures = this.uploadFailures = this.uploadNotBefore = 0;
    this.poked = true;
    this.wake();
  }

  /** Fetches with the next turn, and takes it now. */
  fetchNow(): void {
    this.wantPull = true;
    this.poke(true);
  }

  /** The browser says that the network is gone: said at once, and tried again as after any failure. */
  networkGone(): void {
    this.line.close();
    this.wantPull = true;
    this.failed();
    this.poke();
  }

  authorise(token: string): void {
    this.line.authorise(token);
  }

  report(): void {
    this.o.tell(this.status);
  }

  private set(change: Partial<NetworkStatus>): void {
    this.status = { ...this.status, ...change };
    this.o.tell(this.status);
  }

  private async waitingCount(): Promise<number> {
    const edits = await this.store.outbox.where("status").equals("pending").count();
    return edits + (await this.store.uploads.where("state").equals("local").count());
  }

  private async rest(ms: number): Promise<void> {
    if (this.poked || this.signal.aborted || ms <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** One turn. Returns how long to rest, ms. */
  private async turn(): Promise<number> {
    this.poked = false;
    try {
      const ending = await this.exchange();
      return await this.after(ending);
    } catch (error) {
      if (this.signal.aborted) return 0; // the store was closed under it
      console.error("sync turn failed", error);
      return this.failed();
    }
  }

  /** First what is ours, then what is others': a person's own work is what must not wait. */
  private async exchange(): Promise<Ending> {
    const sent = await push(this.o.link, (ids) => this.set({ sending: ids }));
    this.set({ sending: [] });
    if (sent.kind !== "done" && sent.kind !== "pull") return sent;
    const unasked = !this.wantPull && this.line.open && sent.kind === "done";
    if (unasked && Date.now() - this.pulledAt < this.safetyPause() - 1_000) return sent;
    this.wantPull = false;
    const ending = await this.fetch(unasked);
    return sent.kind === "pull" && ending.kind === "done" ? { kind: "again" } : ending;
  }

  /** One pull. When it brings something that the open line should have brought, the line is dead and is laid anew. */
  private async fetch(unasked: boolean): Promise<Ending> {
    const before = (await this.store.get("cursor")) ?? "";
    const heard = this.heard;
    const ending = await pull(this.o.link, (rows) => before === "" && this.set({ firstSync: { done: rows, total: null } }));
    if (ending.kind !== "done") {
      this.wantPull = true;
      return ending;
    }
    this.pulledAt = Date.now();
    this.set({ firstSync: null });
    if (unasked && heard === this.heard && before !== (await this.store.get("cursor"))) this.line.close();
    return ending;
  }

  private safetyPause(): number {
    return this.o.hidden() ? hiddenSafetyPullMs : safetyPullMs;
  }

  private async after(ending: Ending): Promise<number> {
    switch (ending.kind) {
      case "again":
        this.reached();
        return 0;
      case "done":
        this.reached();
        await this.connect();
        this.upload();
        return this.idle();
      case "pull":
        this.wantPull = true;
        return this.failed();
      case "sign_in":
        return this.signInNeeded();
      case "old_app":
        this.set({ oldApp: true });
        return signInMs;
      case "later":
        return Math.max(ending.after ?? 0, this.failed());
    }
  }

  /** How long nothing has to be done. */
  private async idle(): Promise<number> {
    if ((await this.store.outbox.where("status").equals("acked").count()) > 0) {
      this.wantPull = true;
      return echoMs;
    }
    if (this.line.open) return this.safetyPause();
    return this.o.hidden() ? hiddenPollMs : pollMs;
  }

  private reached(): void {
    this.failures = 0;
    void this.store.get("last_sync").then((at) => this.set({ lastSync: at ?? null }));
    this.set({ connected: true, offlineSince: null, reconnect: false, oldApp: false });
  }

  private failed(): number {
    this.line.close();
    this.set({ connected: false, offlineSince: this.status.offlineSince ?? Date.now(), sending: [] });
    return backoff(this.failures++);
  }

  /** The token may only have run out: a fresh one is asked for once before the person is. */
  private async signInNeeded(): Promise<number> {
    if (Date.now() - this.renewedAt > renewPauseMs && (await this.o.renew())) {
      this.renewedAt = Date.now();
      return 0;
    }
    this.set({ connected: true, offlineSince: null, reconnect: true });
    return signInMs;
  }

  private async connect(): Promise<void> {
    const token = this.o.link.token();
    if (!this.o.liveUrl || this.line.busy || token === "") return;
    const [device, cursor] = [(await this.store.get("device")) ?? "", (await this.store.get("cursor")) ?? ""];
    if (cursor !== "" && !this.signal.aborted) this.line.connect(this.o.liveUrl, { token, device, cursor });
  }

  private async compare(cursor: string): Promise<void> {
    if (cursor !== (await this.store.get("cursor"))) this.fetchNow();
  }

  private async hear(message: LiveOps): Promise<void> {
    try {
      this.heard++;
      if (!(await takeLive(this.store, message))) this.fetchNow();
      else this.set({ lastSync: Date.now(), connected: true, offlineSince: null });
    } catch (error) {
      console.error("live change not taken in", error);
      this.fetchNow();
    }
  }

  private lineClosed(why: "sign_in" | "pull" | "lost"): void {
    this.wantPull = true;
    if (why === "pull") void this.o.renew(); // roles or shop may be others now
    if (why === "lost" || why === "sign_in") this.set({ sending: [] });
    this.poke();
  }

  /** Photos go when the edits are there, beside the turns, so that edits made meanwhile do not wait for them. */
  private upload(): void {
    if (this.uploading || Date.now() < this.uploadNotBefore) return;
    this.uploading = this.uploadOnce().finally(() => (this.uploading = null));
  }

  /** Any progress counts as success: on a bad link every photo may be cut now and then, and still they all arrive. */
  private async uploadOnce(): Promise<void> {
    try {
      const before = await this.bytesToSend();
      const ending = await uploadAll(this.store, this.o.photos, this.signal);
      if (ending === "done") return void (this.uploadFailures = 0);
      if ((await this.bytesToSend()) < before) this.uploadFailures = 0;
    } catch (error) {
      if (this.signal.aborted) return;
      console.error("photos not sent", error);
    }
    const wait = backoff(Math.min(this.uploadFailures++, maxUploadDoublings));
    this.uploadNotBefore = Date.now() + wait;
    setTimeout(() => this.poke(), wait + 1);
  }

  private async bytesToSend(): Promise<number> {
    return (await unfinished(this.store)).reduce((sum, u) => sum + u.size - u.sent, 0);
  }
}
