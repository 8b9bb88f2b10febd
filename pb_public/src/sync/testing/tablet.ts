// One tablet of a test: a store of its own, a person, and the network to the test server.
import Dexie from "dexie";
import { actOn, type Writer } from "../../db/act.ts";
import { newId } from "../../db/ids.ts";
import { prepareStore } from "../../db/open.ts";
import { collectionNames, Store, type Actor, type Row } from "../../db/store.ts";
import { databaseName } from "../../db/store.ts";
import { keyOf, type Mutation } from "../../db/records.ts";
import type { Answer } from "../http.ts";
import type { Ending, Link, PushLine } from "../link.ts";
import { pull, takeLive } from "../pull.ts";
import { push } from "../push.ts";
import type { TestServer, Weather } from "./server.ts";

export class Tablet {
  readonly actor: Actor;
  readonly server: TestServer;
  store!: Store;
  credential = "";
  /** Id of the installation. */
  tablet = "";
  /** The person has gone: nothing is fetched for them. */
  away = false;
  /** Their token is forgotten here. */
  signedOut = false;
  /** The weather of each frame sent over an open line; null: no line is open. */
  socket: (() => Weather) | null = null;
  private readonly tabs: Store[] = [];

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
    return this.linkOn(this.store);
  }

  private linkOn(store: Store): Link {
    return {
      store,
      token: () => (this.signedOut ? "" : this.actor.id),
      credential: async () => this.credential,
      keepCredential: async (c) => void (this.credential = c),
      request: this.server.request,
      tablet: this.tablet,
      away: this.away,
      line: this.socket ? lineTo(this.server, store, this.actor.id, this.socket) : undefined,
    };
  }

  /** Another tab of the same person: a connection of its own to the same database, speaking from now on. */
  async tab(): Promise<Link> {
    const store = new Store(this.actor.id);
    this.tabs.push(store);
    const lead = ((await store.get("lead")) ?? 0) + 1;
    await store.set("lead", lead);
    return { ...this.linkOn(store), lead };
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
      if (pulled.kind !== "done" || sent.kind === "pull" || (await this.store.get("reconcile"))) continue;
      if (sent.kind !== "done" || (await this.store.outbox.where("status").anyOf("pending", "acked").count()) === 0) return;
    }
    throw new Error(`no rest: ${JSON.stringify(sent)}`);
  }

  /** What the live socket would bring, from where this tablet is. */
  async live(): Promise<boolean> {
    const prev = (await this.store.get("cursor")) ?? "";
    const [, , at = "0"] = prev.split(":");
    const ops = this.server.state.log.filter((l) => l.seq > Number(at)).flatMap((l) => this.server.seen(l, this.actor.id));
    return takeLive(this.link, [{ prev, cursor: this.server.cursor(), ops }]);
  }

  /** All rows people see here, keyed as on the server. */
  async rows(): Promise<Record<string, Row>> {
    const all: Record<string, Row> = {};
    for (const name of collectionNames) for (const row of await this.store.rows(name).toArray()) all[keyOf(name, row.id)] = row;
    return all;
  }

  async end(): Promise<void> {
    for (const tab of this.tabs) tab.close();
    this.store.close();
    await Dexie.delete(databaseName(this.actor.id));
  }
}

/** An open line to the test server. lost: the frame never arrives; cut: the answer does not; else it is answered. */
function lineTo(server: TestServer, store: Store, token: string, weather: () => Weather): PushLine {
  return {
    takes: (device, epoch) => epoch === server.epoch && device !== "",
    push: async (mutations): Promise<Answer | null> => {
      const sky = weather();
      server.frames++;
      const hello = { token, device: (await store.get("device")) ?? "", epoch: server.epoch };
      if (sky === "lost" || sky === "html" || sky === "bad") return null;
      if (sky === "twice") server.frame(hello, mutations as Mutation[]);
      const answer = server.frame(hello, mutations as Mutation[]);
      if (sky === "cut") return null;
      const code = String(answer.code ?? "");
      return code === "" ? { kind: "ok", body: answer } : { kind: "fault", status: code === "sync.epoch" ? 409 : 403, data: { push: { code, message: code } }, message: code };
    },
  };
}

/** The server's rows in the form of Tablet.rows. */
export function serverRows(server: TestServer, user = ""): Record<string, Row> {
  return Object.fromEntries([...server.rows].filter(([, row]) => server.sees(user, row)));
}

/** Settles every tablet, in turn, until all have what the others sent. */
export async function settle(...tablets: Tablet[]): Promise<void> {
  for (let round = 0; round < 3; round++) for (const t of tablets) await t.sync();
}
