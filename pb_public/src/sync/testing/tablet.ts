// One tablet of a test: a store of its own, a person, and the network to the test server.
import Dexie from "dexie";
import { actOn, type Writer } from "../../db/act.ts";
import { newId } from "../../db/ids.ts";
import { prepareStore } from "../../db/open.ts";
import { collectionNames, type Actor, type Row, type Store } from "../../db/store.ts";
import { databaseName } from "../../db/store.ts";
import { keyOf } from "../../db/records.ts";
import type { Ending, Link } from "../link.ts";
import { pull, takeLive } from "../pull.ts";
import { push } from "../push.ts";
import type { TestServer } from "./server.ts";

export class Tablet {
  readonly actor: Actor;
  readonly server: TestServer;
  store!: Store;
  credential = "";

  private constructor(server: TestServer, id: string) {
    this.server = server;
    this.actor = { id, name: id, roles: ["advisor", "technician", "manager"], shop: "shop00000000001", skill: 5 };
  }

  static async start(server: TestServer, id = newId()): Promise<Tablet> {
    const tablet = new Tablet(server, id);
    tablet.store = await prepareStore(id);
    return tablet;
  }

  /** The page is closed and opened again: what was not on disk is gone. */
  async reload(): Promise<void> {
    this.store.close();
    this.store = await prepareStore(this.actor.id);
  }

  get link(): Link {
    return {
      store: this.store,
      token: () => this.actor.id,
      credential: async () => this.credential,
      keepCredential: async (c) => void (this.credential = c),
      request: this.server.request,
    };
  }

  act(intent: string, build: (w: Writer) => void | Promise<void>): Promise<void> {
    return actOn(this.store, this.actor, intent, build);
  }

  push(): Promise<Ending> {
    return push(this.link);
  }

  pull(): Promise<Ending> {
    return pull(this.link);
  }

  /** Sends and fetches as the leading tab would, until there is nothing to do; faults are met again and again. */
  async sync(most = 200): Promise<void> {
    let sent: Ending = { kind: "again" };
    for (let i = 0; i < most; i++) {
      sent = await this.push();
      if (sent.kind === "again" || sent.kind === "later") continue;
      const pulled = await this.pull();
      if (pulled.kind !== "done" || sent.kind === "pull") continue;
      if (sent.kind !== "done" || (await this.store.outbox.where("status").anyOf("pending", "acked").count()) === 0) return;
    }
    throw new Error(`no rest: ${JSON.stringify(sent)}`);
  }

  /** What the live socket would bring, from where this tablet is. */
  async live(): Promise<boolean> {
    const prev = (await this.store.get("cursor")) ?? "";
    const at = Number(prev.split(":")[2] ?? 0);
    const ops = this.server.state.log.filter((l) => l.seq > at).flatMap((l) => this.server.seen(l, this.actor.id));
    return takeLive(this.store, { prev, cursor: this.server.cursor(), ops });
  }

  /** All rows people see here, keyed as on the server. */
  async rows(): Promise<Record<string, Row>> {
    const all: Record<string, Row> = {};
    for (const name of collectionNames) for (const row of await this.store.rows(name).toArray()) all[keyOf(name, row.id)] = row;
    return all;
  }

  async end(): Promise<void> {
    this.store.close();
    await Dexie.delete(databaseName(this.actor.id));
  }
}

/** The server's rows in the form of Tablet.rows. */
export function serverRows(server: TestServer, user = ""): Record<string, Row> {
  return Object.fromEntries([...server.rows].filter(([, row]) => server.sees(user, row)));
}
