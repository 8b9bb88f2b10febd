// What the store keeps beside the rows themselves. Times are milliseconds of the tablet's clock unless they are text.

/** One row's change inside a mutation. `base` is the server's version the user saw (patch, delete). */
export interface Op {
  op: "create" | "patch" | "delete";
  collection: string;
  id: string;
  base?: number;
  data?: Record<string, unknown>;
}

/** What a mutation needs on the wire, in the order of internal/wire. */
export interface Mutation {
  seq: number;
  id: string;
  intent: string;
  /** The tablet's clock, RFC 3339 UTC. */
  at: string;
  /** The pull cursor when it was made: what this tablet had heard of. */
  seen: string;
  ops: Op[];
  /** Version of the app that made it; a server upgrades what older ones made. */
  app?: string;
}

export interface FieldFault {
  code: string;
  message: string;
  /** The sentence in each language, by "zh" and "en". */
  said?: Record<string, string>;
}

export interface Refusal {
  code: string;
  message: string;
  said?: Record<string, string>;
  fields: Record<string, FieldFault>;
  /** The rows as the server had them, keyed "collection/id". */
  server: Record<string, Record<string, unknown>>;
  /** What others did to the rows since the version the edit was made on, by "collection/id", oldest first. */
  since?: Record<string, ChangeSince[]>;
}

/** One change of a row by somebody else, as the server tells it: the fields it changed with their values, null for long ones. */
export interface ChangeSince {
  by: string;
  device?: string;
  /** Server's time, UTC. */
  at: string;
  op: string;
  data?: Record<string, unknown>;
}

/**
 * pending: not known to be on the server. acked: the server has it, its echo has not come back yet. rejected: a rule
 * said no; it stays, with the reason, until a person decides.
 */
export type OutboxStatus = "pending" | "acked" | "rejected";

export interface OutboxEntry extends Mutation {
  status: OutboxStatus;
  /** "collection/id" of every row it touches. */
  rows: string[];
  attempts: number;
  /**
   * The server knows its id, by another seq or another device of this person (it was carried in from a file, say).
   * Whether its effect is there is seen from the rows of the next complete pull.
   */
  known?: boolean;
  /** Another device of this person has it on the server, or another seq: this device's seq says nothing about it. */
  elsewhere?: boolean;
  /** It was elsewhere and has been offered once more. */
  again?: boolean;
  /** What others did to its rows since it was made, as far as this tablet heard of it; oldest first. */
  others?: Touch[];
  /** A row it touches left this person's sight or was deleted by others while it was under way. */
  left?: boolean;
  outcome?: "applied" | "merged";
  /** From the outcome: version of each row after it, position in the server's log. */
  versions?: Record<string, number>;
  commit?: number;
  /** Number of the pull that had begun last when the outcome came: a later pull has it in. */
  round?: number;
  acked_at?: number;
  refusal?: Refusal;
}

/** Somebody else's change of a row that a mutation of ours touches, too. */
export interface Touch {
  key: string;
  /** Id of the person, "" when the row does not say. */
  by: string;
  /** Server time of the change. */
  at: string;
  /** Names of the changed fields; none when the row was deleted or went out of sight. */
  fields: string[];
}

/** An acknowledged mutation, kept so that a server restored from an older backup can be offered it again. */
export interface SentEntry extends Mutation {
  outcome: "applied" | "merged" | "rejected" | "discarded";
  commit: number;
  acked_at: number;
  /** The device it was sent as: seqs of another device say nothing about it. */
  device?: string;
  /** As in the outbox: after a restore only asking by its id tells whether the server still has it. */
  elsewhere?: boolean;
  /** Days of contact (`contact`) there had been when it was acknowledged. */
  day?: number;
  /** Why the user dropped it, for "discarded". */
  reason?: string;
}

/** The server's row under one that has unsent changes on top; null: the server has no such row. */
export interface ShadowRow {
  key: string;
  row: ({ id: string; version: number } & Record<string, unknown>) | null;
}

/** One change of a pull or of the live socket. */
export interface Change {
  op: "put" | "patch" | "delete" | "leave";
  collection: string;
  id: string;
  version: number;
  data?: Record<string, unknown>;
}

/** A page of a snapshot that is still coming in; the snapshot is put in place when its last page is here. */
export interface StagedPage {
  page: number;
  ops: Change[];
}

/** local → uploading → stored → verified, or refused by the server with a reason; bytes stay until verified. */
export type UploadState = "local" | "uploading" | "stored" | "verified" | "refused";

export interface Upload {
  /** Hash of the bytes as prepared here: the photo's name everywhere. */
  sha256: string;
  photo: string;
  visit: string;
  media: string;
  size: number;
  sent: number;
  state: UploadState;
  /** Where to go on, once the server has begun to take it. */
  url?: string;
  at: number;
  attempts: number;
  verified_at?: number;
  refusal?: { code: string; message: string };
}

export interface PhotoBytes {
  sha256: string;
  media: string;
  /** An ArrayBuffer, not a Blob: WebKit loses Blobs. */
  bytes: ArrayBuffer;
}

/** A photo of somebody else in a size once looked at here, so that it can be looked at again offline. */
export interface Derivative {
  key: string;
  media: string;
  bytes: ArrayBuffer;
  at: number;
}

/** The browser threw the store away some time between `from` and `to` (ms); `unsent` edits and photos were last counted in it. */
export interface Eviction {
  from: number;
  to: number;
  unsent: number;
}

/** The key of a cashier's tablet for gate passes; its private half cannot be read out. */
export interface GateKey {
  device: string;
  pair: CryptoKeyPair;
  /** base64url */
  public: string;
  /** The server's word for it; null until it was asked. */
  certificate: { statement: Record<string, unknown>; signature: string } | null;
}

export interface MetaValues {
  /** 15 characters, minted here, bound to this person by the server at first use. */
  device: string;
  /** The device's letter in numbers read aloud (O-04). */
  letter: string;
  cursor: string;
  epoch: string;
  /** Last seq given to a mutation. A seq once given to an id is that id's for ever. */
  seq: number;
  /** The server's last word on how many of this device's seqs are settled. */
  settled: number;
  /** Number of the term of the tab that speaks for this store; only its holder writes what the server says. */
  lead: number;
  /** Pulls begun so far. */
  round: number;
  /** The server's history may have changed under us: ask for its seq and offer again what it lacks. */
  reconcile: boolean;
  /** The epoch in which the server last said that it has something `elsewhere`; `unsure`: it may be another one by now. Empty: nothing is, or it is being asked about. */
  elsewhere_in: string;
  /** On how many days the server was reached, and when one was last counted (ms): they pass only in contact, whatever the clock does. */
  contact: { day: number; at: number };
  /** The server's start that was last heard of. */
  boot: string;
  /** Photos the server called complete whose row has not said so here yet, by hash. */
  unconfirmed: string[];
  /** Cursor with which the snapshot in `staging` goes on. */
  staged: { cursor: string; next: number; rows: number; epoch: string; round: number } | null;
  last_sync: number;
  /** Push-only credential of this device and person (O-02). */
  credential: string;
  /** Its twin is kept outside; when this one is gone alone, the browser has evicted the store. */
  canary: string;
  /** What is known of an eviction, until the person has read it. */
  eviction: Eviction | null;
  /** The server came back from an older backup at `at` (ms) and was offered this many acknowledged mutations again, until the person has read it. */
  restored: { at: number; offered: number } | null;
  /** The search list as it was made, and where the store stood then. */
  search: { vehicles: string; customers: string; made: number; stamp: string };
  /** Lines changed since the list of `of` was made, by id; null: gone. */
  search_changes: { of: number; stamp: string; vehicles: [string, string | null][]; customers: [string, string | null][] };
  gate_key: GateKey;
  /** Public keys of the server that this tablet trusts, by name (S-03). */
  seal_keys: Record<string, string>;
  [counter: `counter:${string}`]: number;
}

/** In place of an epoch: none is called so. */
export const unsure = "unsure";

/** The name of a row across collections. */
export function keyOf(collection: string, id: string): string {
  return `${collection}/${id}`;
}

export function splitKey(key: string): { collection: string; id: string } {
  const slash = key.indexOf("/");
  return { collection: key.slice(0, slash), id: key.slice(slash + 1) };
}
