// Any order of acts, sends, fetches, live changes, faults, reloads and restores ends with every device holding the
// server's rows, every edit applied or refused and kept, and nothing twice.
import fc from "fast-check";
import { expect, test } from "vitest";
import { newId } from "../db/ids.ts";
import { TestServer, type Weather } from "./testing/server.ts";
import { serverRows, Tablet } from "./testing/tablet.ts";

const weathers: Weather[] = ["fine", "lost", "cut", "html", "twice"];
const fields = ["name", "note"] as const;

type Step =
  | { do: "create" | "push" | "pull" | "live" | "reload"; who: 0 | 1 }
  | { do: "patch"; who: 0 | 1; which: number; field: number; value: string }
  | { do: "delete"; who: 0 | 1; which: number }
  | { do: "edit"; which: number; field: number; value: string }
  | { do: "backup" | "restore" };

const who = fc.constantFrom<0 | 1>(0, 1);
const which = fc.nat(5);
const field = fc.nat(fields.length - 1);
const value = fc.constantFrom("甲", "乙", "forbidden");

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom("create", "push", "pull", "live", "reload"), who }) as fc.Arbitrary<Step> },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("patch"), who, which, field, value }) as fc.Arbitrary<Step> },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("delete"), who, which }) as fc.Arbitrary<Step> },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("edit"), which, field, value }) as fc.Arbitrary<Step> },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("backup", "restore") }) as fc.Arbitrary<Step> },
);

class World {
  readonly server = new TestServer();
  readonly made = new Map<string, string>();
  tablets: Tablet[] = [];
  private saved = this.server.backup();

  static async start(): Promise<World> {
    const world = new World();
    world.server.rule = (op) => (Object.values(op.data ?? {}).includes("forbidden") ? "flow.role" : null);
    world.tablets = [await Tablet.start(world.server), await Tablet.start(world.server)];
    world.tablets[1].socket = () => world.server.network(); // one of them has an open line
    return world;
  }

  /** The n-th belonging a tablet shows, if it shows any. */
  private async belonging(t: Tablet, n: number): Promise<string | undefined> {
    const ids = (await t.store.rows("belongings").toCollection().primaryKeys()).sort();
    return ids[n % Math.max(1, ids.length)];
  }

  async take(s: Step): Promise<void> {
    if (s.do === "edit") {
      const keys = [...this.server.rows.keys()].sort();
      const key = keys[s.which % Math.max(1, keys.length)];
      if (key) this.server.edit("belongings", key.split("/")[1], { [fields[s.field]]: s.value });
      return;
    }
    if (!("who" in s)) return s.do === "backup" ? void (this.saved = this.server.backup()) : this.server.restore(this.saved);
    const t = this.tablets[s.who];
    if (s.do === "create") return this.act(t, (w) => void w.create("belongings", { visit: "visit0000000001", kind: "item", name: newId() }));
    if (s.do === "push") return void (await t.push());
    if (s.do === "pull") return void (await t.pull());
    if (s.do === "live") return void (await t.live());
    if (s.do === "reload") return t.reload();
    if (!("which" in s)) return;
    const id = await this.belonging(t, s.which);
    if (!id) return;
    if (s.do === "patch") return this.act(t, (w) => w.patch("belongings", id, { [fields[s.field]]: s.value }));
    // Another's is not theirs to delete: refused at once, nothing written.
    await this.act(t, (w) => w.remove("belongings", id)).catch((e) => expect(e.code).toBe("flow.delete"));
  }

  private async act(t: Tablet, build: Parameters<Tablet["act"]>[1]): Promise<void> {
    await t.act("test", build);
    for (const entry of await t.store.outbox.toArray()) this.made.set(entry.id, t.actor.id);
  }

  async settle(): Promise<void> {
    for (let round = 0; round < 3; round++) for (const t of this.tablets) await t.sync();
  }

  async end(): Promise<void> {
    for (const t of this.tablets) await t.end();
  }
}

test("X-02 X-03 X-04 any course of events converges, loses nothing and does nothing twice", { timeout: 180_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), fc.array(fc.constantFrom(...weathers), { maxLength: 25 }), async (steps, sky) => {
      const world = await World.start();
      try {
        const faults = [...sky];
        world.server.network = () => faults.shift() ?? "fine";
        for (const s of steps) await world.take(s);
        await world.settle();
        for (const t of world.tablets) {
          expect(await t.rows()).toEqual(serverRows(world.server));
          expect(await t.store.outbox.where("status").anyOf("pending", "acked").count()).toBe(0);
          expect(await t.store.shadow.count()).toBe(0);
        }
        expect(new Set(world.server.state.applied).size).toBe(world.server.state.applied.length);
        for (const [id, user] of world.made) {
          const t = world.tablets.find((x) => x.actor.id === user)!;
          const entry = await t.store.outbox.get(id);
          expect(world.server.state.applied.includes(id) || entry?.status === "rejected", `mutation ${id}`).toBe(true);
        }
      } finally {
        await world.end();
      }
    }),
    { numRuns: 30 },
  );
});
