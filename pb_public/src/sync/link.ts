import type { Store } from "../db/store.ts";
import type { Answer, Fault } from "./http.ts";

/** How one person's store reaches the server. */
export interface Link {
  store: Store;
  /** The person's token; empty when they have to sign in again. */
  token(): string;
  /** The push-only credential of this device and person; empty when none was handed out (O-02). */
  credential(): Promise<string>;
  keepCredential(credential: string): Promise<void>;
  request(method: "GET" | "POST", path: string, options: { body?: unknown; token?: string }): Promise<Answer>;
}

/**
 * How one exchange ended. done: nothing more to do. again: more is waiting. pull: the server's history is another one,
 * fetch it first. sign_in: the token no longer counts, the queue is kept. old_app: the server no longer takes what this
 * version sends, the queue is kept. later: passing trouble; `after` ms if the server said how long.
 */
export type Ending =
  | { kind: "done" }
  | { kind: "again" }
  | { kind: "pull" }
  | { kind: "sign_in" }
  | { kind: "old_app" }
  | { kind: "later"; reason: string; after?: number };

/** What a refusal of the whole exchange means, beyond what the caller knows of it. */
export function endingOf(fault: Fault): Ending {
  if (fault.status === 401 || fault.status === 403) return { kind: "sign_in" };
  if (fault.status === 426) return { kind: "old_app" };
  return { kind: "later", reason: `status ${fault.status} ${fault.message}` };
}

/** The Authorization header for photos: the person's token, else the push-only credential of device and person. */
export async function photoAuthorization(link: Link): Promise<string> {
  const token = link.token();
  if (token !== "") return token;
  return `Device ${(await link.store.get("device")) ?? ""}.${await link.credential()}`;
}
