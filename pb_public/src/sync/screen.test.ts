// What a person sees while everything goes on at once: answers that arrive late, changes of others between question and
// answer, strangers who answer, a busy server, pages of a snapshot, restores. The convergence at the end is not enough;
// at no moment may a saved edit go from the screen, a refused one stay on it, a row come back, or time run backwards.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { OutboxEntry } from "../db/records.ts";
import type { Row } from "../db/store.ts";
import type { Answer } from "./http.ts";
import { takeLive } from "./pull.ts";
import { TestServer } from "./testing/server.ts";
import { serverRows, Tablet } from "./testing/tablet.ts";

const fields = ["name", "note"] as const;
type Field = (typeof fields)[number];

/** What comes between a question and its answer, or in place of it. */
type Fault = "fine" | "lost" | "cut" | "stranger" | "busy" | "pruned" | "others edit" | "others delete" | "push";

type Step =
  | { do: "create" | "push" | "pull" | "live" | "live after a gap" | "sync" | "reload"; who: 0 | 1 }
  | { do: "patch"; who: 0 | 1; which: number; field: Field; bad: boolean }
  | { do: "delete"; who: 0 | 1; which: number }
  | { do: "edit"; which: number; field: Field }
  | { do: "remove"; which: number }
  | { do: "backup" | "restore" };

const who = fc.constantFrom<0 | 1>(0, 1);
const which = fc.nat(5);
const field = fc.constantFrom(...fields);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 7, arbitrary: fc.record({ do: fc.constantFrom("create", "push", "pull", "live", "live after a gap", "sync", "sync", "reload"), who }) as fc.Arbitrary<Step> },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("patch"), who, which, field, bad: fc.constantFrom(false, false, true) }) as fc.Arbitrary<Step> },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("delete"), who, which }) as fc.Arbitrary<Step> },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("edit"), which, field }) as fc.Arbitrary<Step> },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove"), which }) as fc.Arbitrary<Step> },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("backup", "restore") }) as fc.Arbitrary<Step> },
);
const fault = fc.constantFrom<Fault>("fine", "fine", "lost", "cut", "stranger", "stranger", "busy", "pruned", "others edit", "others delete", "push", "push");

/** One tablet and what its person has seen so far. */
class Watched {
  readonly t: Tablet;
  /** Every value this person wrote: who wrote it last, by "id field". */
  readonly mine = new Map<string, { value: string; mutation: string }>();
  readonly order: string[] = [];
  /** The newest value of the server that was on the screen: its place in the server's history of the field. */
  private readonly newest = new Map<string, number>();
  private readonly gone = new Set<string>();
  private shown = new Set<string>();
  private cursor: [epoch: string, seq: number] = ["", 0];

  constructor(t: Tablet) {
    this.t = t;
  }

  /** The server's past is another one now: what was seen says nothing about what comes. */
  forget(): void {
    this.newest.clear();
    this.gone.clear();
    this.shown.clear();
  }

  async look(world: World): Promise<void> {
    if (world.healing) this.forget();
    const [epoch, , seq] = ((await this.t.store.get("cursor")) ?? "").split(":");
    if (epoch === this.cursor[0]) expect(Number(seq), "a cursor never goes backwards").toBeGreaterThanOrEqual(this.cursor[1]);
    if (epoch) this.cursor = [epoch, Number(seq)];
    const rows = new Map((await this.t.store.rows("belongings").toArray()).map((r) => [r.id, r]));
    const outbox = await this.t.store.outbox.toArray();
    for (const [id, row] of rows) {
      expect(this.gone.has(id), `row ${id} came back`).toBe(false);
      for (const f of fields) this.field(world, row, f, outbox);
    }
    const deleting = new Set(outbox.flatMap((e) => e.ops.filter((o) => o.op === "delete").map((o) => o.id)));
    for (const id of this.shown) if (!rows.has(id) && !deleting.has(id)) this.gone.add(id);
    this.shown = new Set(rows.keys());
  }

  private field(world: World, row: Row, f: Field, outbox: OutboxEntry[]): void {
    const place = `${row.id} ${f}`;
    const value = String(row[f]);
    const last = this.mine.get(place);
    const entry = last && outbox.find((e) => e.id === last.mutation);
    if (entry?.status === "rejected") {
      expect(value, `${place}: a refused edit is not`).not.toBe(last!.value);
      expect(world.refused.has(entry.id), `${entry.id} was refused by nobody`).toBe(true);
    }
    const history = world.history(place);
    const at = history.lastIndexOf(value);
    // The server may have it, and what others made of it since, before the tablet is told so.
    const overtaken = last !== undefined && history.includes(last.value) && at > history.lastIndexOf(last.value);
    if (entry?.status === "pending" && !overtaken) expect(value, `${place}: a saved edit is on the screen`).toBe(last!.value);
    if (at < 0 || world.healing) return; // this person's own, not at the server yet
    if (last) expect(at, `${place}: ${value} is older than this person's own edit, which the server has`).toBeGreaterThanOrEqual(history.lastIndexOf(last.value));
    expect(at, `${place}: ${value} is older than what was shown before`).toBeGreaterThanOrEqual(this.newest.get(place) ?? 0);
    this.newest.set(place, at);
  }
}

class World {
  readonly server = new TestServer();
  tablets: Watched[] = [];
  faults: Fault[] = [];
  /** Mutations the server said no to. */
  readonly refused = new Set<string>();
  /** A restored server has not been given back everything yet: rows go and come. */
  healing = false;
  private saved = this.server.backup();
  private count = 0;
  private inside = false;

  static async start(): Promise<World> {
    const world = new World();
    world.server.pageSize = 3;
    world.server.rule = (op) => (Object.values(op.data ?? {}).some((v) => String(v).startsWith("bad")) ? "flow.role" : null);
    for (let i = 0; i < 2; i++) world.tablets.push(new Watched(await Tablet.start(world.server)));
    for (const { t } of world.tablets) await t.sync();
    for (const w of world.tablets) await world.create(w);
    for (const { t } of world.tablets) await t.sync();
    for (const { t } of world.tablets) await t.sync();
    world.saved = world.server.backup();
    for (const w of world.tablets) world.disturb(w);
    return world;
  }

  /** The values a field had at the server, oldest first. */
  history(place: string): string[] {
    const [id, f] = place.split(" ");
    return this.server.state.log.filter((l) => l.id === id && l.data[f] !== undefined).map((l) => String(l.data[f]));
  }

  /** From now on faults come between this tablet and the server. */
  private disturb({ t }: Watched): void {
    const plain = async (...args: Parameters<TestServer["request"]>): Promise<Answer> => {
      const answer = await this.server.request(...args);
      this.noteRefusals(args[2].body, answer);
      return answer;
    };
    const request = async (...args: Parameters<typeof plain>): Promise<Answer> => {
      if (this.inside) return plain(...args);
      const fault = this.faults.shift() ?? "fine";
      if (fault === "lost") return { kind: "retry", reason: "lost" };
      if (fault === "stranger") return { kind: "ok", body: { status: "success", welcome: "WLAN" } };
      if (fault === "pruned" && this.count % 2) this.faults.unshift("lost"); // after the snapshot's first page
      if (fault === "pruned") args[1] = args[1].replace(/cursor=[^&]*f%3A[^&]*/, "cursor=");
      this.server.busy = fault === "busy";
      const answer = await plain(...args);
      this.server.busy = false;
      this.inside = true;
      await this.meanwhile(t, fault).finally(() => (this.inside = false));
      return fault === "cut" ? { kind: "retry", reason: "cut" } : answer;
    };
    const link = Object.getOwnPropertyDescriptor(Tablet.prototype, "link")!.get!;
    Object.defineProperty(t, "link", { get: () => ({ ...(link.call(t) as object), request }) });
  }

  private noteRefusals(body: unknown, answer: Answer): void {
    const sent = (body as { mutations?: { seq: number; id: string }[] } | undefined)?.mutations ?? [];
    const outcomes = answer.kind === "ok" ? ((answer.body as { outcomes?: { seq: number; outcome: string }[] }).outcomes ?? []) : [];
    for (const { seq, outcome } of outcomes) if (outcome === "rejected") this.refused.add(sent.find((m) => m.seq === seq)?.id ?? "");
  }

  private async meanwhile(t: Tablet, fault: Fault): Promise<void> {
    if (fault === "others edit") this.edit(this.count, "note");
    if (fault === "others delete" && this.count % 3 === 0) this.remove();
    if (fault.startsWith("others") && this.count % 2 === 0) await this.live(t);
    if (fault === "push") await t.push();
    for (const w of this.tablets) if (w.t === t) await w.look(this);
  }

  /** A socket of another epoch is closed before it says anything. */
  private async live(t: Tablet, gap = false): Promise<void> {
    const [epoch, , at] = ((await t.store.get("cursor")) ?? "").split(":");
    if (epoch !== this.server.epoch) return;
    if (!gap) return void (await t.live());
    const { log } = this.server.state;
    const ops = log.filter((l) => l.seq > Number(at) + 1).flatMap((l) => this.server.seen(l, t.actor.id));
    await takeLive(t.link, [{ prev: this.server.cursor(Number(at) + 1), cursor: this.server.cursor(), ops }]);
  }

  private edit(which: number, f: Field): void {
    const ids = [...this.server.rows.keys()].sort();
    const key = ids[which % Math.max(1, ids.length)];
    if (key) this.server.edit("belongings", key.split("/")[1], { [f]: `other ${++this.count}` });
  }

  /** Others delete a row; by default the newest. */
  private remove(which?: number): void {
    const ids = [...this.server.rows.values()].map((r) => r.id);
    if (ids.length > 2) this.server.remove("belongings", ids[which === undefined ? ids.length - 1 : which % ids.length]);
  }

  private async create(w: Watched): Promise<void> {
    await this.act(w, (write) => void write.create("belongings", { visit: "visit0000000001", kind: "item", name: `new ${++this.count}` }));
  }

  private async act(w: Watched, build: Parameters<Tablet["act"]>[1]): Promise<void> {
    await w.t.act("test", build);
    for (const entry of await w.t.store.outbox.orderBy("seq").toArray()) {
      if (w.order.includes(entry.id)) continue;
      w.order.push(entry.id);
      for (const op of entry.ops) for (const f of fields) if (op.data?.[f] !== undefined) w.mine.set(`${op.id} ${f}`, { value: String(op.data[f]), mutation: entry.id });
    }
  }

  async take(s: Step): Promise<void> {
    switch (s.do) {
      case "edit":
        return this.edit(s.which, s.field);
      case "remove":
        return this.remove(s.which);
      case "backup":
        return void (this.saved = this.server.backup());
      case "restore":
        this.healing = true;
        return this.server.restore(this.saved);
    }
    const w = this.tablets[s.who];
    const id = "which" in s ? await this.belonging(w.t, s.which) : undefined;
    if (s.do === "create") return this.create(w);
    if (s.do === "patch") return id ? this.act(w, (write) => write.patch("belongings", id, { [s.field]: `${s.bad ? "bad" : "own"} ${++this.count}` })) : undefined;
    if (s.do === "delete") return id ? this.act(w, (write) => write.remove("belongings", id)).catch((e) => expect(e.code).toBe("flow.delete")) : undefined;
    if (s.do === "live" || s.do === "live after a gap") return this.live(w.t, s.do === "live after a gap");
    await (s.do === "sync" ? w.t.push().then(() => w.t.push()).then(() => w.t.pull()) : w.t[s.do]());
  }

  private async belonging(t: Tablet, n: number): Promise<string | undefined> {
    const ids = (await t.store.rows("belongings").toCollection().primaryKeys()).sort();
    return ids[n % Math.max(1, ids.length)];
  }

  /** Whether every tablet has given back and fetched everything since a restore. */
  async heal(): Promise<void> {
    if (!this.healing) return;
    for (const { t } of this.tablets) {
      if ((await t.store.get("cursor")) !== this.server.cursor() || (await t.store.get("reconcile"))) return;
      if ((await t.store.outbox.where("status").anyOf("pending", "acked").count()) > 0) return;
    }
    this.healing = false;
  }

  async settle(): Promise<void> {
    this.faults = [];
    for (let round = 0; round < 3; round++) for (const { t } of this.tablets) await t.sync();
    await this.heal();
  }

  async end(): Promise<void> {
    for (const { t } of this.tablets) await t.end();
  }
}

test("X-02 X-03 X-04 at no moment does the screen forget, go back in time or show what was refused", { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), fc.array(fault, { minLength: 20, maxLength: 100 }), async (steps, faults) => {
      const world = await World.start();
      try {
        world.faults = [...faults];
        for (const s of steps) {
          await world.take(s);
          await world.heal();
          for (const w of world.tablets) await w.look(world);
        }
        await world.settle();
        const { applied } = world.server.state;
        expect(new Set(applied).size, "nothing twice").toBe(applied.length);
        for (const w of world.tablets) {
          await w.look(world);
          expect(await w.t.rows()).toEqual(serverRows(world.server));
          const left = await w.t.store.outbox.toArray();
          expect(left.filter((e) => e.status !== "rejected")).toEqual([]);
          const mine = applied.filter((id) => w.order.includes(id));
          expect(mine, "in the order of the person's acts").toEqual(w.order.filter((id) => applied.includes(id)));
          for (const id of w.order) expect(applied.includes(id) || left.some((e) => e.id === id), `mutation ${id} is nowhere`).toBe(true);
        }
        expect(applied.every((id) => world.tablets.some((w) => w.order.includes(id))), "nothing that nobody did").toBe(true);
      } finally {
        await world.end();
      }
    }),
    { numRuns: 25 },
  );
});
