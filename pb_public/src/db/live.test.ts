import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TestServer } from "../sync/testing/server.ts";
import { Tablet } from "../sync/testing/tablet.ts";
import Probe from "./Probe.test.svelte";
import { useStore } from "./store.ts";

let t: Tablet;
let app: ReturnType<typeof mount> | null = null;

beforeEach(async () => {
  t = await Tablet.start(new TestServer());
  useStore(t.store, t.actor);
});

afterEach(async () => {
  if (app) await unmount(app);
  app = null;
  document.body.innerHTML = "";
  useStore(null, null);
  await t.end();
});

async function shows(text: string): Promise<void> {
  await vi.waitFor(() => {
    flushSync();
    expect(document.body.textContent).toBe(text);
  });
}

test("X-07 a query follows every row it read, also those read late and in parallel", async () => {
  await t.store.rows("customers").bulkPut([{ id: "c1", version: 1, name: "李明" }, { id: "c2", version: 1, name: "王芳" }]);
  await t.store.rows("vehicles").bulkPut([{ id: "v1", version: 1, plate: "A1", customer: "c1" }, { id: "v2", version: 1, plate: "A2", customer: "c2" }]);
  app = mount(Probe, { target: document.body, props: { ids: ["v1", "v2"] } });
  await shows("A1 李明, A2 王芳");
  await t.store.rows("customers").update("c2", { name: "张伟" });
  await shows("A1 李明, A2 张伟");
  await t.act("vehicle.edit", (w) => void w.create("customers", { name: "新" }));
  await shows("A1 李明, A2 张伟");
});

test("O-02 another person's store: nothing of the last one's stays on the screen", async () => {
  await t.store.rows("vehicles").put({ id: "v1", version: 1, plate: "A1", customer: "" });
  app = mount(Probe, { target: document.body, props: { ids: ["v1"] } });
  await shows("A1 ?");
  const other = await Tablet.start(new TestServer());
  useStore(other.store, other.actor);
  await shows("? ?");
  useStore(null, null);
  await other.end();
});
