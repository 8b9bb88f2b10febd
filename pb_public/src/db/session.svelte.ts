// Who is at the tablet. Signing in needs the network once; after that the person is known here, can be restored and
// switched to without it, and keeps their own store. Nothing here ever deletes unsent work.
import { liveQuery } from "dexie";
import { Refused } from "../rules/refused.ts";
import { request } from "../sync/http.ts";
import { prepareStore, withStore } from "./open.ts";
import { lostPeople } from "./canary.ts";
import { makePin, people, tryPin, type Person } from "./people.ts";
import type { Eviction } from "./records.ts";
import { storeInUse, useStore, type Actor, type Store } from "./store.ts";
import { finishWipes, forgetWiped, wiped, type Wiped } from "./wipe.ts";

export type SessionUser = Actor;

export interface LocalUser {
  id: string;
  name: string;
  roles: string[];
  hasPin: boolean;
  lastUsed: number;
  /** Edits and photos of theirs on this tablet that are not on the server yet. */
  unsent: number;
  /** What is unsent waits for them: it can only be sent when they sign in again. */
  held: boolean;
}

interface AuthAnswer {
  token: string;
  record: { id: string; name?: string; roles?: string[]; shop?: string; skill?: number; collectionName?: string };
}

const pinShape = /^\d{4,8}$/;

let user = $state.raw<SessionUser | null>(null);
let locked = $state(false);
let token = $state("");
let users = $state.raw<LocalUser[]>([]);
let revoked = $state.raw<Wiped | null>(null);
let lost = $state.raw<(Eviction & { name: string })[]>([]);

async function readUsers(): Promise<void> {
  const all = await people.people.orderBy("id").toArray();
  const unsent = await Promise.all(all.map((p) => withStore(p.id, countUnsent)));
  users = all
    .map((p, i) => ({ id: p.id, name: p.name, roles: p.roles, hasPin: Boolean(p.pin), lastUsed: p.last_used, unsent: unsent[i], held: (p.held ?? false) && unsent[i] > 0 }))
    .sort((a, b) => b.lastUsed - a.lastUsed);
  lost = lostPeople(new Set(all.map((p) => p.id)));
}

async function countUnsent(store: Store): Promise<number> {
  const edits = await store.outbox.where("status").equals("pending").count();
  return edits + (await store.uploads.where("state").anyOf("local", "uploading").count());
}

async function enter(person: Person): Promise<void> {
  await begin(person);
  await readUsers();
}

/** Puts a person at the tablet: their store, their token. `again`: they were already here before a reload. */
async function begin(person: Person, again = false): Promise<void> {
  if (storeInUse()?.user !== person.id) useStore(await prepareStore(person.id), actorOf(person));
  else useStore(storeInUse(), actorOf(person));
  if (!again) {
    await people.people.update(person.id, { last_used: Date.now() });
    await people.now.put({ key: "user", id: person.id, locked: false });
  }
  user = actorOf(person);
  token = person.token;
  locked = false;
}

function actorOf({ id, name, roles, shop, skill }: Person): Actor {
  return { id, name, roles, shop, skill };
}

function isAuthAnswer(body: unknown): body is AuthAnswer {
  const b = body as Partial<AuthAnswer> | null;
  return typeof b?.token === "string" && typeof b.record?.id === "string";
}

/** Writes down what the server says about a person, with a fresh token. Only signing in makes somebody known here. */
async function remember(answer: AuthAnswer, login?: string): Promise<Person | null> {
  const { record } = answer;
  return people.transaction("rw", people.people, async () => {
    const before = await people.people.get(record.id);
    if (!before && login === undefined) return null; // wiped meanwhile
    const person = personOf(answer, before, login);
    await people.people.put(person);
    return person;
  });
}

function personOf({ record, token }: AuthAnswer, before: Person | undefined, login?: string): Person {
  return {
    ...before,
    id: record.id, name: record.name ?? "", roles: record.roles ?? [], shop: record.shop ?? "", skill: record.skill ?? 0,
    login: login ?? before?.login ?? "", token, token_at: Date.now(),
    credential: before?.credential ?? "", last_used: before?.last_used ?? 0, held: false,
  };
}

/** When the server last said who this is, ms of the page's clock. */
let answeredAt = -Infinity;

/** Whether the server has said who this is within the last minute: it need not be asked again. */
export function justAnswered(): boolean {
  return performance.now() - answeredAt < 60_000;
}

async function signIn(login: string, password: string): Promise<void> {
  const answer = await request("POST", "/api/collections/staff/auth-with-password", { body: { identity: login.trim(), password } });
  if (answer.kind === "retry") throw new Refused("access.offline");
  if (answer.kind === "fault") throw new Refused(answer.status === 429 ? "access.too_many" : answer.status === 403 ? "access.inactive" : "access.wrong_password");
  if (!isAuthAnswer(answer.body)) throw new Refused("access.offline");
  answeredAt = performance.now();
  await finishWipes();
  const person = await remember(answer.body, login.trim());
  if (person) await enter(person);
  forgetWiped();
  revoked = null;
}

/** What this person had here was wiped because the tablet was given up as lost: nobody is at the tablet, and it says why. */
export function leaveWiped(who: string): void {
  if (user?.id === who) leave();
  revoked = wiped();
  void readUsers().catch((error: unknown) => console.error("people not read", error));
}

function leave(): void {
  user = null;
  token = "";
  locked = false;
  useStore(null, null);
}

/**
 * Renews the token and what the server says about the person (roles, shop). False when the server no longer accepts
 * the token: work goes on, the queue is kept, and the person is asked to sign in again.
 */
export async function renew(): Promise<boolean> {
  const asked = user;
  if (!asked || token === "") return false;
  const answer = await request("POST", "/api/collections/staff/auth-refresh", { token });
  if (answer.kind === "ok" && isAuthAnswer(answer.body) && answer.body.record.id === asked.id) {
    const person = await remember(answer.body);
    if (!person || user?.id !== person.id) return true;
    token = person.token;
    user = actorOf(person);
    useStore(storeInUse(), user);
    return true;
  }
  // 403 is no word on the token: a revoked device says so elsewhere, and a stranger on the way says anything.
  return !(answer.kind === "fault" && answer.status === 401);
}

async function setPin(pin: string): Promise<void> {
  if (!user) return;
  if (!pinShape.test(pin)) throw new Refused("access.pin_shape");
  await people.people.update(user.id, { pin: await makePin(pin) });
  await readUsers();
}

async function switchTo(userId: string, pin: string): Promise<void> {
  const tried = await tryPin(userId, pin);
  if (tried === "wait") throw new Refused("access.pin_wait");
  const person = await people.people.get(userId);
  if (tried === "wrong" || !person) throw new Refused("access.pin_wrong");
  await enter(person);
}

function lock(): void {
  if (!user) return;
  locked = true;
  void people.now.put({ key: "user", id: user.id, locked: true });
}

async function signOut(): Promise<void> {
  if (!user) return;
  await people.people.update(user.id, { token: "", pin: undefined });
  await people.now.delete("user");
  leave();
  await readUsers();
}

let following = false;

/** A lock in one tab locks the others of the same person, and opens them. */
function followLock(): void {
  if (following) return;
  following = true;
  liveQuery(() => people.now.get("user")).subscribe({
    next: (now) => {
      if (user && now?.id === user.id) locked = now.locked;
    },
    error: (error) => console.error("lock not followed", error),
  });
}

async function restore(): Promise<void> {
  followLock();
  await finishWipes().catch((error: unknown) => console.error("not wiped yet", error));
  revoked = wiped();
  const now = await people.now.get("user");
  const person = now && (await people.people.get(now.id));
  if (!person) return readUsers();
  if (now.locked && person.pin) {
    await enter(person);
    return lock();
  }
  await begin(person, !now.locked);
  // Only the sign-in screen lists who else is known here, and each has a store to be looked into: that can wait.
  void readUsers().catch((error: unknown) => console.error("people not read", error));
}

export const session = {
  /** The person at the tablet; null when nobody is signed in. */
  get user(): SessionUser | null {
    return user;
  },
  /** The screen is locked: work is open behind it, a PIN or a password opens it. */
  get locked(): boolean {
    return locked;
  },
  /** For the Authorization header; empty when this person has to sign in again. */
  get token(): string {
    return token;
  },
  /** People known on this tablet, last used first. */
  get users(): LocalUser[] {
    return users;
  },
  /** Whose work was wiped here because the tablet was given up as lost (O-03), until somebody signs in; else null. */
  get revoked(): Wiped | null {
    return revoked;
  },
  /** People the browser has forgotten altogether: their work here may be lost. Whoever signs in again is told more. */
  get lost(): (Eviction & { name: string })[] {
    return lost;
  },
  /** Needs the network. Refused: access.wrong_password, access.inactive, access.too_many, access.offline. */
  signIn,
  /** 4 to 8 digits. Refused: access.pin_shape. */
  setPin,
  /** Works offline. Refused: access.pin_wrong, access.pin_wait (five wrong tries, then a growing pause). */
  switchTo,
  lock,
  /** Forgets the token and PIN; rows and unsent work stay, and what is unsent goes on being sent (O-02). */
  signOut,
  /** At start, offline too: brings back who was here, locked if they had locked it. */
  restore,
};
