// Who has signed in on this installation, and what is needed to go on as them: token, PIN, push-only credential. In a
// database of its own, because it is read before anybody's store is open.
import Dexie, { type Table } from "dexie";
import { newId } from "./ids.ts";
import type { Actor } from "./store.ts";

export interface Pin {
  salt: Uint8Array<ArrayBuffer>;
  hash: Uint8Array<ArrayBuffer>;
  iterations: number;
  /** Wrong tries since the last right one. */
  wrong: number;
  /** No try before this (ms). */
  until: number;
}

export interface Person extends Actor {
  login: string;
  /** Empty when signed out: what is unsent is then sent with the credential alone. */
  token: string;
  token_at: number;
  credential: string;
  pin?: Pin;
  last_used: number;
  /** What they left unsent cannot be sent without them: they have to sign in here again. */
  held?: boolean;
}

class People extends Dexie {
  declare people: Table<Person, string>;
  /** Who is at the tablet ("user"), and the id of this installation ("tablet"). */
  declare now: Table<{ key: "user" | "tablet"; id: string; locked: boolean }, string>;

  constructor() {
    super("aftercare");
    this.version(1).stores({ people: "id", now: "key" });
  }
}

export const people = new People();

/** The id of this installation, shared by all people on it. It names the tablet when it is lost (O-03). */
export async function tabletId(): Promise<string> {
  const here = (await people.now.get("tablet"))?.id;
  if (here) return here;
  return people.transaction("rw", people.now, async () => {
    const known = (await people.now.get("tablet"))?.id; // another tab may have been quicker
    if (known) return known;
    const id = newId();
    await people.now.put({ key: "tablet", id, locked: false });
    return id;
  });
}

/** PBKDF2-SHA-256 rounds: about a third of a second on a tablet. */
const pinIterations = 210_000;
const freeTries = 5;
const firstPauseMs = 60_000;

async function derivePin(pin: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, key, 256));
}

export async function makePin(pin: string): Promise<Pin> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  return { salt, hash: await derivePin(pin, salt, pinIterations), iterations: pinIterations, wrong: 0, until: 0 };
}

/**
 * Tries a PIN and counts: after five wrong ones each further try waits, one minute and then twice as long each time,
 * also across reloads. "wait" says that this try did not count because it came too early.
 */
export async function tryPin(id: string, pin: string, now = Date.now()): Promise<"right" | "wrong" | "wait"> {
  const person = await people.people.get(id);
  if (!person?.pin) return "wrong";
  if (now < person.pin.until) return "wait";
  const given = await derivePin(pin, person.pin.salt, person.pin.iterations);
  const right = given.every((byte, i) => byte === person.pin!.hash[i]);
  const wrong = right ? 0 : person.pin.wrong + 1;
  const until = wrong < freeTries ? 0 : now + firstPauseMs * 2 ** (wrong - freeTries);
  await people.people.update(id, { "pin.wrong": wrong, "pin.until": until });
  return right ? "right" : "wrong";
}
