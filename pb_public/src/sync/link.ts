import type { Transaction } from "dexie";
import type { Store } from "../db/store.ts";
import { has, type Answer, type Fault } from "./http.ts";

/** How one person's store reaches the server. */
export interface Link {
  store: Store;
  /** The person's token; empty when they have to sign in again. */
  token(): string;
  /** The push-only credential of this device and person; empty when none was handed out (O-02). */
  credential(): Promise<string>;
  keepCredential(credential: string): Promise<void>;
  request(method: "GET" | "POST", path: string, options: { body?: unknown; token?: string }): Promise<Answer>;
  /** Id of the installation, shared by all people on it: revoking the tablet revokes all of them (O-03). */
  tablet?: string;
  /** Number of the term in which this tab speaks for the store; none where no other tab can (tests). */
  lead?: number;
  /** The person is not at the tablet: what they left is sent, and nothing is fetched for them. */
  away?: boolean;
  /** The open line, while there is one. */
  line?: PushLine;
}

/** A line over which small pushes go: one frame each way. */
export interface PushLine {
  /** Whether a push of this device and epoch may go over it now. */
  takes(device: string, epoch: string): boolean;
  /** Sends one push frame. Null: the line cannot say what became of it; the same push goes by HTTP. */
  push(mutations: unknown[]): Promise<Answer | null>;
}

/** Another tab speaks for this store now: what this one still has in its hands is not written down. */
export class Deposed extends Error {
  constructor() {
    super("another tab leads");
  }
}

/**
 * One transaction for what the server said. It is written only while this tab leads: a tab that was frozen and thaws
 * with an old answer in its hands changes nothing any more.
 */
export function write<T>({ store, lead }: Link, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return store.atomically(async (tx) => {
    if (lead !== undefined && (await store.get("lead")) !== lead) throw new Deposed();
    return work(tx);
  });
}

/**
 * How one exchange ended. done: nothing more to do. again: more is waiting. pull: the server's history is another one,
 * fetch it first. sign_in: the token no longer counts, the queue is kept. old_app: the server no longer takes what this
 * version sends, the queue is kept. revoked: this tablet was given up as lost (O-03). later: passing trouble; `after`
 * ms if the server said how long.
 */
export type Ending =
  | { kind: "done" }
  | { kind: "again" }
  | { kind: "pull" }
  | { kind: "sign_in" }
  | { kind: "old_app" }
  | { kind: "revoked" }
  | { kind: "later"; reason: string; after?: number };

/** The server no longer lets this device in: it was revoked, or bound to somebody else. Only a push tells for sure. */
export function deviceRefused(fault: Fault): boolean {
  return fault.status === 403 && (has(fault, "device.revoked") || has(fault, "device.foreign"));
}

/** What a refusal of the whole exchange means, beyond what the caller knows of it. */
export function endingOf(fault: Fault): Ending {
  if (fault.status === 401) return { kind: "sign_in" };
  if (fault.status === 426) return { kind: "old_app" };
  return { kind: "later", reason: `status ${fault.status} ${fault.message}` };
}

/** The Authorization header for photos: the person's token, else the push-only credential of device and person. */
export async function photoAuthorization(link: Link): Promise<string> {
  const token = link.token();
  if (token !== "") return token;
  return `Device ${(await link.store.get("device")) ?? ""}.${await link.credential()}`;
}
