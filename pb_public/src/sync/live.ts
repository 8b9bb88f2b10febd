// The open line to the server: changes of others arrive here within a moment. It only ever makes things faster; what
// it misses, the pull fetches.
import type { LiveOps } from "./pull.ts";

/** What the line tells its owner. */
export interface LiveEvents {
  /** The server is where `cursor` says. */
  ready(cursor: string): void;
  ops(message: LiveOps): void;
  /** The server will not go on with this token, or asks to fetch anew. */
  closed(why: "sign_in" | "pull" | "lost"): void;
}

/** Close codes of the server (sync.md). */
const signInCodes = new Set([4401, 4403]);
const pullCodes = new Set([4400, 4409, 4413, 4429]);

/** Silence after which the line is taken for dead, ms: the server pings every 25 s, and a hello is answered at once. */
const helloTimeoutMs = 10_000;

export class LiveLine {
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly events: LiveEvents;
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
    this.timer = setTimeout(() => socket.close(), helloTimeoutMs);
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", ...hello }));
    socket.onmessage = (event) => this.hear(event.data);
    socket.onclose = (event) => this.end(socket, event.code);
    socket.onerror = () => undefined; // a close always follows
  }

  /** A renewed token, before the old one runs out. */
  authorise(token: string): void {
    if (this.open) this.socket?.send(JSON.stringify({ type: "auth", token }));
  }

  close(): void {
    const socket = this.socket;
    this.socket = null;
    this.open = false;
    clearTimeout(this.timer);
    socket?.close();
  }

  private hear(data: unknown): void {
    let message: { type?: string; cursor?: unknown; prev?: unknown; ops?: unknown };
    try {
      message = JSON.parse(String(data));
    } catch {
      return; // what is not ours says nothing; a missed change is found by its cursor
    }
    if (message.type === "ready") {
      clearTimeout(this.timer);
      this.open = true;
      this.events.ready(String(message.cursor ?? ""));
    }
    if (message.type === "ops" && typeof message.prev === "string" && typeof message.cursor === "string") {
      this.events.ops({ prev: message.prev, cursor: message.cursor, ops: (message.ops ?? []) as LiveOps["ops"] });
    }
  }

  private end(socket: WebSocket, code: number): void {
    if (this.socket !== socket) return;
    clearTimeout(this.timer);
    this.socket = null;
    this.open = false;
    this.events.closed(signInCodes.has(code) ? "sign_in" : pullCodes.has(code) ? "pull" : "lost");
  }
}

/** The live door of the server the page came from. */
export function liveUrl(): string {
  const url = new URL("/api/sync/live", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
