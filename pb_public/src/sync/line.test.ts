// The open line: small pushes go over it, one frame each way; whatever it cannot say, HTTP does.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { newId } from "../db/ids.ts";
import { keyOf, type Mutation } from "../db/records.ts";
import type { Link } from "./link.ts";
import { LiveLine } from "./live.ts";
import { push } from "./push.ts";
import { TestServer } from "./testing/server.ts";
import { serverRows, Tablet } from "./testing/tablet.ts";

/** A browser's socket to the test server. `mute` swallows answers; frames it was sent are kept. */
class Socket {
  static last: Socket;
  static server: TestServer;
  static mute = false;
  onopen: () => void = () => {};
  onmessage: (e: { data: string }) => void = () => {};
  onclose: (e: { code: number }) => void = () => {};
  sent: { type: string; mutations?: Mutation[]; token?: string; device?: string }[] = [];
  private hello = { token: "", device: "", epoch: "" };
  private ended = false;

  constructor() {
    Socket.last = this;
    queueMicrotask(() => this.onopen());
  }

  send(text: string): void {
    const frame = JSON.parse(text) as (typeof this.sent)[number];
    this.sent.push(frame);
    if (frame.type === "hello") {
      this.hello = { token: frame.token!, device: frame.device!, epoch: Socket.server.epoch };
      this.say({ type: "ready", epoch: Socket.server.epoch, cursor: Socket.server.cursor() });
    }
    if (frame.type === "push") {
      const answer = Socket.server.frame(this.hello, frame.mutations!);
      if (!Socket.mute) this.say(answer);
    }
  }

  say(message: unknown): void {
    queueMicrotask(() => this.onmessage({ data: JSON.stringify(message) }));
  }

  close(code = 1000): void {
    if (this.ended) return;
    this.ended = true;
    queueMicrotask(() => this.onclose({ code }));
  }
}

let server: TestServer;
let t: Tablet;
let line: LiveLine;
let closed: string[];

beforeEach(async () => {
  Socket.server = server = new TestServer();
  Socket.mute = false;
  vi.stubGlobal("WebSocket", Socket);
  t = await Tablet.start(server);
  await t.sync();
  closed = [];
  line = new LiveLine({ ready: () => {}, ops: () => {}, closed: (why) => closed.push(why) });
  await connect();
  server.requests = 0;
});

afterEach(async () => {
  vi.useRealTimers();
  line.close();
  vi.unstubAllGlobals();
  await t.end();
});

async function connect(): Promise<void> {
  line.connect("wss://shop", { token: t.actor.id, device: (await t.store.get("device"))!, cursor: (await t.store.get("cursor"))! });
  await vi.waitFor(() => expect(line.open).toBe(true));
}

const link = (): Link => ({ ...t.link, line });

async function car(plate = "沪A12345"): Promise<string> {
  const id = newId();
  await t.act("vehicle.add", (w) => void w.create("vehicles", { plate }, id));
  return id;
}

describe("pushing over the open line", () => {
  test("X-08 a small push is one frame each way, and no request", async () => {
    const id = await car();
    expect((await push(link())).kind).toBe("again");
    expect(server.requests).toBe(0);
    expect(server.rows.get(keyOf("vehicles", id))?.plate).toBe("沪A12345");
    expect(Socket.last.sent.at(-1)).toMatchObject({ type: "push", mutations: [{ seq: 1, app: __APP_VERSION__ }] });
    expect((await t.store.outbox.toArray())[0]).toMatchObject({ status: "acked" });
    await t.pull();
    expect(await t.rows()).toEqual(serverRows(server));
  });

  test("X-04 a refusal that comes over it is a refusal", async () => {
    server.rule = () => "flow.role";
    await car();
    await push(link());
    expect((await t.store.outbox.toArray())[0]).toMatchObject({ status: "rejected", refusal: { code: "flow.role" } });
  });

  test("X-02 the line dies with a push on it: the same push goes by HTTP at once, and takes effect once", async () => {
    await car();
    Socket.mute = true;
    const going = push(link());
    await vi.waitFor(() => expect(Socket.last.sent.at(-1)?.type).toBe("push"));
    Socket.last.close(1006);
    expect((await going).kind).toBe("again");
    expect(server.requests).toBe(1);
    expect(server.state.applied).toHaveLength(1);
    expect((await t.store.outbox.toArray())[0]).toMatchObject({ status: "acked", commit: 1 });
    expect(closed).toEqual(["lost"]);
  });

  test("X-02 silence ends the line, and a late answer is never taken for another push's", async () => {
    await car("沪A00001");
    Socket.mute = true;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const dumb = Socket.last;
    const answer = line.push([]);
    await vi.advanceTimersByTimeAsync(10_001);
    expect(await answer).toBeNull();
    expect(closed).toEqual(["lost"]);
    vi.useRealTimers();
    Socket.mute = false;
    await connect();
    dumb.say({ type: "outcomes", epoch: "e1", seq: 9, outcomes: [{ seq: 1, outcome: "rejected", code: "not.for.us" }] });
    await push(link());
    expect((await t.store.outbox.toArray())[0]).toMatchObject({ status: "acked" });
  });

  test("never two pushes on the line at once: the second goes by HTTP, and the order is kept", async () => {
    Socket.mute = true;
    void line.push([]);
    expect(line.takes((await t.store.get("device"))!, "e1")).toBe(false);
    expect(await line.push([])).toBeNull();
    await car();
    expect((await push(link())).kind).toBe("again");
    expect(server.requests).toBe(1);
  });

  test("X-02 a line of another epoch carries no push; a push refused for it on the line asks for a pull", async () => {
    const backup = server.backup();
    await car();
    server.restore(backup);
    expect((await push(link())).kind).toBe("pull");
    await t.store.set("epoch", "e2");
    expect(line.takes((await t.store.get("device"))!, "e2")).toBe(false);
  });

  test("a large push goes by HTTP, packed", async () => {
    for (let i = 0; i < 30; i++) await t.act("concern.add", (w) => void w.create("concerns", { visit: "visit0000000001", words: "字".repeat(600) }));
    const frames = Socket.last.sent.length;
    await push(link());
    expect(Socket.last.sent).toHaveLength(frames);
    expect(server.requests).toBe(1);
  });

  test.each([[4401, "sign_in"], [4403, "device"], [4409, "pull"], [4429, "pull"], [1001, "lost"]] as const)("a close with %i means %s", async (code, why) => {
    Socket.last.close(code);
    await vi.waitFor(() => expect(closed).toEqual([why]));
    expect(line.open).toBe(false);
  });
});
