// The open line to the server: changes of others arrive here within a moment, and small pushes go over it, one frame
// each way. It only ever makes things faster; what it misses, the pull fetches, and what it cannot say, HTTP does.
import type { Answer } from "./http.ts";
import type { PushLine } from "./link.ts";
import type { LiveOps } from "./pull.ts";

/** What the line tells its owner. */
export interface LiveEvents {
  /** The server is where `cursor` says. */
  ready(cursor: string): void;
  ops(message: LiveOps): void;
  /**
   * The line has ended. sign_in: this token no longer counts. device: this device is no longer let in (another's, or
   * revoked). pull: fetch anew, the picture here is of another scope or life.
   */
  closed(why: "sign_in" | "device" | "pull" | "lost"): void;
}

/** Close codes of the server (sync.md). */
const meanings: Record<number, "sign_in" | "device" | "pull"> = { 4401: "sign_in", 4403: "device", 4400: "pull", 4409: "pull", 4413: "pull", 4429: "pull" };

/** Codes with which a push frame is refused as a whole, as the statuses they have over HTTP; others are passing trouble. */
const statuses: Record<string, number> = {
  "sync.epoch": 409, "sync.too_large": 413, "sync.upgrade": 426, "device.signed_out": 401, "device.foreign": 403, "device.revoked": 403,
};

/** Silence after which the line is taken for dead, ms: a hello and a push are answered at once. */
const silenceMs = 10_000;

interface Message {
  type?: string;
  epoch?: unknown;
  cursor?: unknown;
  prev?: unknown;
  ops?: unknown;
  code?: unknown;
  message?: unknown;
}

export class LiveLine implements PushLine {
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly events: LiveEvents;
  private device = "";
  private epoch = "";
  /** The cursor of the last frame: a brief one leaves out what it goes on from. */
  private at = "";
  private asked: { answer: (answer: Answer | null) => void; timer: ReturnType<typeof setTimeout> } | null = null;
  /** The server has answered the hello. */
  open = false;

  constructor(events: LiveEvents) {
    this.events = events;
  }

  get busy(): boolean {
    return this.socket !== null;
  }

  /** Says hello with the token and cursor as they are now. One line at a time. */
  connect(url: string, hello: { token: string; device: string; cursor: string }): void {
    if (this.socket) return;
    const socket = new WebSocket(url);
    this.socket = socket;
    this.device = hello.device;
    this.timer = setTimeout(() => socket.close(), silenceMs);
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", ...hello, brief: true }));
    socket.onmessage = (event) => this.socket === socket && this.hear(event.data);
    socket.onclose = (event) => this.end(socket, event.code);
    socket.onerror = () => undefined; // a close always follows
  }

  /** A renewed token, before the old one runs out. */
  authorise(token: string): void {
    if (this.open) this.socket?.send(JSON.stringify({ type: "auth", token }));
  }

  takes(device: string, epoch: string): boolean {
    return this.open && this.asked === null && device === this.device && epoch === this.epoch;
  }

  /** Device and epoch are the line's own. Silence ends the line, so that a late answer is never taken for another's. */
  push(mutations: unknown[]): Promise<Answer | null> {
    const socket = this.socket;
    if (!socket || !this.open || this.asked) return Promise.resolve(null);
    return new Promise((resolve) => {
      const answer = (a: Answer | null) => {
        clearTimeout(timer);
        this.asked = null;
        resolve(a);
      };
      const timer = setTimeout(() => this.lost(), silenceMs);
      this.asked = { answer, timer };
      socket.send(JSON.stringify({ type: "push", mutations }));
    });
  }

  close(): void {
    const socket = this.socket;
    this.let();
    socket?.close();
  }

  private lost(): void {
    this.close();
    this.events.closed("lost");
  }

  /** Lets go of the socket; a push that waits for its answer is told that none comes. */
  private let(): void {
    this.socket = null;
    this.open = false;
    clearTimeout(this.timer);
    this.asked?.answer(null);
  }

  private hear(data: unknown): void {
    let message: Message;
    try {
      message = JSON.parse(String(data)) as Message;
    } catch {
      return; // what is not ours says nothing; a missed change is found by its cursor
    }
    switch (message.type ?? "ops") {
      case "ready":
        clearTimeout(this.timer);
        this.open = true;
        this.epoch = String(message.epoch ?? "");
        this.at = String(message.cursor ?? "");
        return this.events.ready(this.at);
      case "ops":
        return this.opsIn(message);
      case "outcomes":
        return this.asked?.answer(answerOf({ epoch: this.epoch, ...message }));
    }
  }

  /** Puts back what a brief frame leaves out: where it goes on from, "patch", and the version among a patch's fields. */
  private opsIn({ prev = this.at, cursor, ops = [] }: Message): void {
    if (typeof prev !== "string" || typeof cursor !== "string" || !Array.isArray(ops)) return;
    this.at = cursor;
    const whole = (ops as Partial<LiveOps["ops"][number]>[]).map((o) =>
      o.op ? o : { ...o, op: "patch", data: { ...o.data, version: o.version } },
    );
    this.events.ops({ prev, cursor, ops: whole as LiveOps["ops"] });
  }

  private end(socket: WebSocket, code: number): void {
    if (this.socket !== socket) return;
    this.let();
    this.events.closed(meanings[code] ?? "lost");
  }
}

/** An `outcomes` frame as the answer to the same push over HTTP would be. */
function answerOf(message: Message): Answer {
  const { code, message: text } = message;
  if (typeof code !== "string" || code === "") return { kind: "ok", body: message };
  const status = statuses[code];
  const said = typeof text === "string" ? text : "";
  return status ? { kind: "fault", status, data: { push: { code, message: said } }, message: said } : { kind: "retry", reason: code };
}

/** The live door of the server the page came from. */
export function liveUrl(): string {
  const url = new URL("/api/sync/live", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
