// The one tab that speaks with the server for a person's store. It works in turns: send, fetch, rest until something
// happens. A turn that fails leaves everything as it was and is taken again later.
import { liveQuery } from "dexie";
import { isQuota, setFull, withRoom } from "../db/room.ts";
import type { Store } from "../db/store.ts";
import { Refused } from "../rules/refused.ts";
import { backoff } from "./backoff.ts";
import { Deposed, type Ending, type Link } from "./link.ts";
import { LiveLine } from "./live.ts";
import { quiet, type NetworkStatus } from "./network.ts";
import { PhotoRounds } from "./photo-rounds.ts";
import { askByPush, pull, takeLive, type LiveOps } from "./pull.ts";
import { push } from "./push.ts";
import { forgetOld } from "./reoffer.ts";
import { forgetVerified, type PhotoServer } from "./uploads.ts";

/** Rest between polls while the live line is down, ms; longer when nobody looks at the screen. */
const pollMs = 5_000;
const hiddenPollMs = 30_000;
/** A pull now and then even when the line is up, ms: a network that went silently does not close a socket. */
const safetyPullMs = 45_000;
const hiddenSafetyPullMs = 5 * 60_000;
/** How long to wait for the echo of what was sent before fetching it, ms. */
const echoMs = 5_000;
const signInMs = 60_000;
/** A token renewed less than this ago that is refused again will not get better by renewing, ms. */
const renewPauseMs = 5 * 60_000;

/** For pauses: the tablet's clock may be set by 400 days at any time, this one only goes on. */
const now = () => performance.now();

export interface LeaderOptions {
  link: Link;
  photos: PhotoServer;
  /** Address of the live door; null where there is none (tests). */
  liveUrl: string | null;
  /** Asks for a fresh token; false when the server no longer knows this person. */
  renew(): Promise<boolean>;
  tell(status: NetworkStatus): void;
  hidden(): boolean;
  /** This tablet was given up as lost: what the person has here is wiped (O-03). */
  revoked?(): Promise<void>;
}

/** So many turns in a row without a rest are an unusually long queue, or a server and a tablet that do not agree. */
const mostAgain = 100;
const againMs = 1_000;
/** Every so many pushes in a row that fail, what others did is fetched all the same. */
const pushFailures = 4;
/** A turn that has taken longer than this hangs: another tab may take over, ms. Longer than any request may take. */
const turnMs = 120_000;

export class Leader {
  private readonly store: Store;
  private readonly o: LeaderOptions;
  private readonly line: LiveLine;
  private readonly photos: PhotoRounds;
  private status: NetworkStatus = quiet;
  private failures = 0;
  private wantPull = true;
  private pulledAt = 0;
  private poked = false;
  private wake: () => void = () => {};
  private incoming: Promise<void> = Promise.resolve();
  /** Frames that came while others were taken in. */
  private frames: LiveOps[] = [];
  /** Own changes whose echo was waited for during the last rest. */
  private awaited = 0;
  private renewedAt = -Infinity;
  private heard = 0;
  /** When the turn began that is being taken, ms; 0 while resting. */
  private turnSince = 0;
  private ended = false;
  private noRoom = false;
  private agains = 0;
  private signal: AbortSignal = new AbortController().signal;

  constructor(options: LeaderOptions) {
    this.o = options;
    this.store = options.link.store;
    options.link.line = this.line = new LiveLine({
      ready: (cursor) => void this.compare(cursor).catch(() => this.poke()),
      ops: (frame) => this.arrived(frame),
      closed: (why) => this.lineClosed(why),
    });
    this.photos = new PhotoRounds(this.store, options.photos, { signInNeeded: async () => void (await askByPush(options.link)), again: () => this.poke() });
  }

  /** Leads until the signal. Never throws. */
  async run(signal: AbortSignal): Promise<void> {
    this.signal = signal;
    const watching = liveQuery(() => this.waitingCount()).subscribe({ next: () => this.poke(), error: (e) => signal.aborted || console.error("outbox not watched", e) });
    const stop = () => this.poke();
    signal.addEventListener("abort", stop);
    try {
      this.set({ lastSync: (await this.store.get("last_sync")) ?? null });
      await this.store.set("reconcile", true);
      await forgetOld(this.store);
      await forgetVerified(this.store);
    } catch (error) {
      if (!signal.aborted && !isQuota(error)) console.error("old entries not tidied", error); // a full disk: leading goes on
    }
    while (!signal.aborted && !this.ended) await this.rest(await this.turn());
    watching.unsubscribe();
    signal.removeEventListener("abort", stop);
    this.line.close();
    await Promise.allSettled([this.incoming, this.photos.under]);
  }

  /** Whether this tab gets on: it rests, or its turn has not taken too long. Other tabs ask. */
  alive(): boolean {
    return !this.ended && (this.turnSince === 0 || now() - this.turnSince < turnMs);
  }

  /** Takes the next turn now. `fresh`: circumstances have changed (network back, signed in), so past failures do not count. */
  poke(fresh = false): void {
    if (fresh) {
      this.failures = 0;
      this.photos.fresh();
    }
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
    this.turnSince = now();
    try {
      const ending = await withRoom(this.store, () => this.exchange(), false);
      if (this.noRoom) setFull((this.noRoom = false));
      return await this.after(ending);
    } catch (error) {
      if (this.signal.aborted) return 0; // the store was closed under it
      if (error instanceof Deposed) return this.stepDown();
      if (error instanceof Refused) {
        this.noRoom = true; // nothing of the server's word was taken in
        return backoff(this.failures++);
      }
      console.error("sync turn failed", error);
      return this.failed();
    } finally {
      this.turnSince = 0;
    }
  }

  /** Another tab speaks now. What was under way here has changed nothing since. */
  private stepDown(): number {
    this.ended = true;
    this.line.close();
    this.poke();
    return 0;
  }

  /** First what is ours, then what is others': a person's own work is what must not wait. */
  private async exchange(): Promise<Ending> {
    const sent = await push(this.o.link, (ids) => this.set({ sending: ids }));
    this.set({ sending: [] });
    // What cannot be sent must not keep others' changes away for long.
    if (sent.kind === "old_app" || (sent.kind === "later" && this.failures % pushFailures === pushFailures - 1)) await this.fetch(false);
    if (sent.kind !== "done" && sent.kind !== "pull") return sent;
    const unasked = !this.wantPull && this.line.open && sent.kind === "done";
    if (unasked && now() - this.pulledAt < this.safetyPause() - 1_000) return sent;
    this.wantPull = false;
    const ending = await this.fetch(unasked);
    if (ending.kind !== "done") return ending;
    // A new life of the server: what it lost is offered again at once.
    return sent.kind === "pull" || (await this.store.get("reconcile")) ? { kind: "again" } : ending;
  }

  /** One pull. When it brings something that the open line should have brought, the line is dead and is laid anew. */
  private async fetch(unasked: boolean): Promise<Ending> {
    const before = (await this.store.get("cursor")) ?? "";
    const heard = this.heard;
    const ending = await pull(this.o.link, (rows) => before === "" && this.set({ firstSync: { done: rows, total: null } }));
    if (ending.kind !== "done") {
      this.wantPull = true;
      return ending.kind === "sign_in" ? this.disowned() : ending;
    }
    this.pulledAt = now();
    this.set({ firstSync: null });
    if (unasked && heard === this.heard && before !== (await this.store.get("cursor"))) this.line.close();
    return ending;
  }

  /**
   * The token no longer counts: it ran out, or the tablet was given up as lost, and then its person's tokens ended
   * with it. The credential knows: a push, also of nothing, is asked by it.
   */
  private async disowned(): Promise<Ending> {
    await askByPush(this.o.link);
    const told = await push(this.o.link);
    return told.kind === "revoked" ? told : { kind: "sign_in" };
  }

  private safetyPause(): number {
    return this.o.hidden() ? hiddenSafetyPullMs : safetyPullMs;
  }

  private async after(ending: Ending): Promise<number> {
    switch (ending.kind) {
      case "again":
        this.reached();
        return ++this.agains > mostAgain ? againMs : 0;
      case "done":
        this.agains = 0;
        this.reached();
        await this.connect();
        this.photos.go(this.signal);
        return this.idle();
      case "pull":
        this.wantPull = true;
        return this.failed();
      case "sign_in":
        return this.signInNeeded();
      case "old_app":
        this.set({ connected: true, offlineSince: null, oldApp: true });
        return signInMs;
      case "revoked":
        this.ended = true;
        this.line.close();
        this.set({ revoked: true });
        await this.o.revoked?.();
        return 0;
      case "later":
        return Math.max(ending.after ?? 0, this.failed());
    }
  }

  /** How long nothing has to be done. */
  private async idle(): Promise<number> {
    const echoes = await this.store.outbox.where("status").equals("acked").count();
    if (echoes > 0 && this.awaited === echoes) this.wantPull = true; // the line did not bring them
    this.awaited = echoes;
    if (this.wantPull) return 0;
    if (echoes > 0) return this.line.open ? echoMs : 0;
    if (this.line.open) return this.safetyPause();
    return this.o.hidden() ? hiddenPollMs : pollMs;
  }

  private reached(): void {
    this.failures = 0;
    void this.store.get("last_sync").then((at) => this.set({ lastSync: at ?? null }), () => undefined); // closed when its person leaves
    this.set({ connected: true, offlineSince: null, reconnect: false, oldApp: false });
  }

  private failed(): number {
    this.line.close();
    this.set({ connected: false, offlineSince: this.status.offlineSince ?? Date.now(), sending: [] });
    return backoff(this.failures++);
  }

  /** The token may only have run out: a fresh one is asked for once before the person is. */
  private async signInNeeded(): Promise<number> {
    if (now() - this.renewedAt > renewPauseMs && (await this.o.renew())) {
      this.renewedAt = now();
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

  /** The first is taken in at once, and then all together that came meanwhile: one by one, a burst of the server's would hold up what comes after it. */
  private arrived(frame: LiveOps): void {
    if (this.frames.push(frame) === 1) this.incoming = this.incoming.then(() => this.hear());
  }

  private async hear(): Promise<void> {
    const frames = this.frames.splice(0);
    try {
      this.heard++;
      if (!(await withRoom(this.store, () => takeLive(this.o.link, frames), false))) this.fetchNow();
      else this.set({ lastSync: Date.now(), connected: true, offlineSince: null });
    } catch (error) {
      if (error instanceof Deposed) return void this.stepDown();
      if (!this.signal.aborted) console.error("live change not taken in", error);
      this.fetchNow();
    }
  }

  private lineClosed(why: "sign_in" | "device" | "pull" | "lost"): void {
    this.wantPull = true;
    if (why === "pull") void this.o.renew(); // roles or shop may be others now
    // Revoked, or another's: the next push asks, and acts upon the answer.
    if (why === "device") void askByPush(this.o.link).then(() => this.poke(), () => undefined);
    if (why === "lost" || why === "sign_in") this.set({ sending: [] });
    this.poke();
  }
}
