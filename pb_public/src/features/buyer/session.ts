// Who is signed in on this phone, as it is kept.
import type { Hand } from "./keep.ts";

/** Who is signed in on this phone, and how far this phone has come with the server. */
export interface Session {
  token: string;
  customer: { id: string; name: string; phone: string };
  device: string;
  seq: number;
  epoch: string;
  cursor: string;
  /** How many of this phone's seqs the server has heard, by its last word; none: it has to be asked. */
  settled?: number;
  /** The login is over: what waits stays, until somebody signs in again. */
  over?: boolean;
}

export const sessionKey = (customer: string) => `session ${customer}`;

export async function sessionIn(hand: Hand): Promise<Session | null> {
  const current = (await hand.get("meta", "current")) as string | undefined;
  return current ? (((await hand.get("meta", sessionKey(current))) as Session | undefined) ?? null) : null;
}

export function keepSession(hand: Hand, session: Session): void {
  hand.put("meta", session, sessionKey(session.customer.id));
}
