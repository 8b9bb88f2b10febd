// Which of several tabs speaks: also when the one that does is closed, frozen with its lock, hanging, or thawed.
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { newId } from "../db/ids.ts";
import { Store } from "../db/store.ts";
import { Candidate, type LeadMessage } from "./lead.ts";
import { Deposed, type Link } from "./link.ts";
import { pull } from "./pull.ts";
import { push } from "./push.ts";
import { TestServer, type Weather } from "./testing/server.ts";
import { serverRows, Tablet } from "./testing/tablet.ts";

const askMs = 20;

type Options = { signal?: AbortSignal; steal?: boolean };

/** Web Locks as browsers have them, as far as leading needs them: one holder, others wait, a lock can be stolen. */
class Locks {
  private holder: { lose(): void; end: Promise<unknown> } | null = null;

  request = async (_name: string, { signal, steal }: Options, work: () => Promise<void>): Promise<void> => {
    const abort = new Promise<void>((r) => signal?.addEventListener("abort", () => r()));
    while (this.holder && !steal) {
      await Promise.race([this.holder.end.catch(() => undefined), abort]);
      if (signal?.aborted) throw new DOMException("", "AbortError");
    }
    this.holder?.lose();
    let lose = () => {};
    const stolen = new Promise<never>((_, reject) => (lose = () => reject(new DOMException("", "AbortError"))));
    const mine = (this.holder = { lose, end: Promise.resolve() as Promise<unknown> });
    mine.end = Promise.race([work(), stolen]).finally(() => this.holder === mine && (this.holder = null));
    await mine.end;
  };
}

/** Tabs of one store, which hear each other; a frozen one hears and says nothing until it thaws. */
class Tabs {
  readonly all: Tab[] = [];
  readonly locks: Locks | undefined;
  constructor(locks: Locks | undefined) {
    this.locks = locks;
  }
  get leading(): Tab[] {
    return this.all.filter((t) => t.leading);
  }
}

class Tab {
  readonly store: Store;
  readonly stop = new AbortController();
  readonly candidate: Candidate;
  readonly campaign: Promise<void>;
  terms: number[] = [];
  leading = false;
  frozen = false;
  hangs = false;
  private missed: LeadMessage[] = [];

  constructor(tabs: Tabs, user: string) {
    this.store = new Store(user);
    this.candidate = new Candidate({
      name: "lead", store: this.store, locks: tabs.locks as never, askMs,
      say: (m) => {
        if (!this.frozen) for (const t of tabs.all) if (t !== this) queueMicrotask(() => t.hear(m));
      },
      alive: () => !this.hangs,
      run: (term, signal) => this.run(term, signal),
    });
    tabs.all.push(this);
    this.campaign = this.candidate.campaign(this.stop.signal);
  }

  private async run(term: number, signal: AbortSignal): Promise<void> {
    this.terms.push(term);
    this.leading = true;
    await new Promise<void>((r) => signal.addEventListener("abort", () => r()));
    this.leading = false;
  }

  hear(m: LeadMessage): void {
    if (this.frozen) this.missed.push(m);
    else this.candidate.hear(m);
  }

  thaw(): void {
    this.frozen = false;
    for (const m of this.missed.splice(0)) this.candidate.hear(m);
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.campaign;
    this.store.close();
  }
}

let server: TestServer;
let t: Tablet;
let tabs: Tabs;

beforeEach(async () => {
  server = new TestServer();
  t = await Tablet.start(server);
  tabs = new Tabs(new Locks());
});

afterEach(async () => {
  for (const tab of tabs.all) await tab.close();
  await t.end();
});

const one = (tab: Tab) => vi.waitFor(() => expect(tabs.leading).toEqual([tab]), { timeout: 5_000 });

describe("the lead", () => {
  test("X-09 one tab leads; when it is closed the next one does, at once", async () => {
    const [a, b] = [new Tab(tabs, t.actor.id), new Tab(tabs, t.actor.id)];
    await one(a);
    await new Promise((r) => setTimeout(r, askMs * 8)); // it answers all the while
    expect(tabs.leading).toEqual([a]);
    await a.close();
    await one(b);
    expect([a.terms, b.terms]).toEqual([[1], [2]]);
  });

  test("two leader tabs: a frozen tab keeps its lock, and still another takes over in bounded time; thawed it steps down", async () => {
    const [a, b, c] = [new Tab(tabs, t.actor.id), new Tab(tabs, t.actor.id), new Tab(tabs, t.actor.id)];
    await one(a);
    a.frozen = true;
    await vi.waitFor(() => expect(b.leading || c.leading).toBe(true), { timeout: askMs * 60 });
    a.thaw();
    await vi.waitFor(() => expect(tabs.leading).toHaveLength(1));
    expect(a.leading).toBe(false);
    await new Promise((r) => setTimeout(r, askMs * 8));
    expect(tabs.leading).toHaveLength(1);
    expect(await t.store.get("lead")).toBe(Math.max(...tabs.all.flatMap((x) => x.terms)));
  });

  test("X-02 no stuck leader tab: one whose turn never ends is replaced, too", async () => {
    const [a, b] = [new Tab(tabs, t.actor.id), new Tab(tabs, t.actor.id)];
    await one(a);
    a.hangs = true;
    await one(b);
  });

  test("X-09 without locks: silence decides alone, and of two at once the later one leads", async () => {
    tabs = new Tabs(undefined);
    const [a, b] = [new Tab(tabs, t.actor.id), new Tab(tabs, t.actor.id)];
    await vi.waitFor(() => expect(tabs.leading).toHaveLength(1), { timeout: 3_000 });
    const [leads] = tabs.leading;
    const waits = leads === a ? b : a;
    leads.frozen = true;
    await vi.waitFor(() => expect(waits.leading).toBe(true), { timeout: 3_000 });
    leads.thaw();
    await one(waits);
  });
});

describe("two leaders for a moment", () => {
  async function car(plate: string): Promise<string> {
    const id = newId();
    await t.act("vehicle.add", (w) => void w.create("vehicles", { plate }, id));
    return id;
  }

  /** A link whose next answer is kept back until it is let through. */
  function held(link: Link): { link: Link; let(): void; asked: Promise<void> } {
    let open = () => {};
    let asked = () => {};
    const gate = new Promise<void>((r) => (open = r));
    const arrived = new Promise<void>((r) => (asked = r));
    const request: Link["request"] = async (...args) => {
      const answer = await link.request(...args);
      asked();
      await gate;
      return answer;
    };
    return { link: { ...link, request }, let: open, asked: arrived };
  }

  test("X-02 a thawed tab with an old answer to a push in its hands writes nothing", async () => {
    await t.sync();
    const old = held(await t.tab());
    const id = await car("沪A00001");
    const going = push(old.link);
    await old.asked;
    const next = await t.tab();
    expect((await push(next)).kind).toBe("again");
    await t.act("vehicle.edit", (w) => w.patch("vehicles", id, { colour: "白" }));
    await pull(next);
    const before = [await t.store.outbox.toArray(), await t.store.sent.toArray(), await t.rows()];
    old.let();
    await expect(going).rejects.toBeInstanceOf(Deposed);
    expect([await t.store.outbox.toArray(), await t.store.sent.toArray(), await t.rows()]).toEqual(before);
    expect(server.state.applied).toHaveLength(1);
  });

  test("X-02 nor one with an old seq, which would offer again what the server has", async () => {
    await car("沪A00001");
    const old = held(await t.tab());
    const asking = push(old.link);
    await old.asked;
    await t.tab();
    await t.sync();
    old.let();
    await expect(asking).rejects.toBeInstanceOf(Deposed);
    expect(await t.store.outbox.count()).toBe(0);
  });

  test("X-03 nor one with an old page, which would undo what has come since", async () => {
    const id = newId();
    server.edit("vehicles", id, { plate: "沪A00001" });
    const old = held(await t.tab());
    const going = pull(old.link);
    await old.asked;
    server.edit("vehicles", id, { plate: "沪A00002" });
    await pull(await t.tab());
    old.let();
    await expect(going).rejects.toBeInstanceOf(Deposed);
    expect((await t.store.rows("vehicles").get(id))?.plate).toBe("沪A00002");
  });

  const step = fc.record({ tab: fc.nat(2), do: fc.constantFrom("act", "push", "pull", "lead", "edit"), sky: fc.constantFrom<Weather>("fine", "fine", "lost", "cut", "twice") });

  test("X-09 any interleaving of tabs that believe to lead ends with the server's rows, everything once", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const shop = new TestServer();
        const tablet = await Tablet.start(shop);
        try {
          const links = [await tablet.tab(), await tablet.tab(), await tablet.tab()];
          const id = newId();
          shop.edit("vehicles", id, { plate: "沪A00001" });
          await tablet.sync();
          const under: Promise<unknown>[] = [];
          let acts = 0;
          for (const s of steps) {
            shop.network = () => s.sky;
            if (s.do === "act") await tablet.act("vehicle.edit", (w) => w.patch("vehicles", id, { odometer_km: ++acts }));
            if (s.do === "edit") shop.edit("vehicles", id, { note: newId() });
            if (s.do === "lead") {
              const lead = ((await tablet.store.get("lead")) ?? 0) + 1;
              links[s.tab] = { ...links[s.tab], lead };
              await tablet.store.set("lead", lead);
            }
            const go = s.do === "push" ? push : s.do === "pull" ? pull : null;
            if (go) under.push(go(links[s.tab]).catch((e) => expect(e).toBeInstanceOf(Deposed)));
            if (under.length > 3) await Promise.all(under.splice(0));
          }
          await Promise.all(under);
          shop.network = () => "fine";
          await tablet.sync();
          expect(await tablet.rows()).toEqual(serverRows(shop));
          expect(new Set(shop.state.applied).size).toBe(acts);
          expect(shop.state.applied).toHaveLength(acts);
          expect(await tablet.store.outbox.count()).toBe(0);
        } finally {
          await tablet.end();
        }
      }),
      { numRuns: 12 },
    );
  });
});
