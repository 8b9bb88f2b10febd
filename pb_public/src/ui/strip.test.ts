import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const calm = {
  connected: true, offlineSince: null as number | null, pending: 0, pendingEdits: 0, pendingPhotos: 0, photoProgress: 1, attention: 0, lastSync: Date.now() - 180_000 as number | null,
  firstSync: null, storage: { persisted: true, full: false, evicted: false }, eviction: null as object | null, reconnect: false, oldApp: false,
};
const state = vi.hoisted(() => ({ sync: {} as Record<string, unknown>, unsent: 0 }));
vi.mock("../sync/status.svelte", () => ({ sync: state.sync }));
vi.mock("./others.svelte", () => ({ others: { get unsent() { return state.unsent; } } }));
const { default: Strip } = await import("./Strip.svelte");
const { Attempt } = await import("./attempt.svelte");
const { lang } = await import("../i18n/index.svelte");

let shown: Record<string, unknown> | null = null;
function strip(over: Partial<typeof calm> = {}): HTMLElement {
  Object.assign(state.sync, calm, over);
  shown = mount(Strip, { target: document.body }) as Record<string, unknown>;
  flushSync();
  return document.querySelector('[data-testid="queue-strip"]')!;
}
beforeEach(() => {
  state.unsent = 0;
  lang.set("zh");
});
afterEach(() => {
  if (shown) void unmount(shown);
  document.body.innerHTML = "";
});

describe("X-07 the strip of every screen", () => {
  test("X-07 connected, with the age of the last sync", () => {
    const box = strip();
    expect(box.dataset.mode).toBe("idle");
    expect(box.textContent).toMatch(/已连接[\s\S]*3 分钟前/);
  });
  test("X-07 n to send, photos with their progress", () => {
    const box = strip({ pending: 4, pendingEdits: 1, pendingPhotos: 3, photoProgress: 0.62 });
    expect(box.textContent).toMatch(/待发送 4[\s\S]*照片 3 62%/);
    expect(box.querySelector<HTMLElement>(".pb")?.style.width).toBe("62%");
  });
  test("X-07 tells that something is still being written, until all of it is, whatever becomes of it", async () => {
    const box = strip(), ends: (() => void)[] = [];
    const act = () => new Attempt().run(() => new Promise<void>((done, fail) => ends.push(ends.length ? () => fail(new Error("no")) : done)));
    expect(box.dataset.writing).toBeUndefined();
    const acts = [act(), act()];
    flushSync();
    expect(box.dataset.writing).toBe("2");
    for (const end of ends) end();
    expect(await Promise.all(acts)).toEqual([true, false]);
    flushSync();
    expect(box.dataset.writing).toBeUndefined();
  });
  test("X-07 offline since when, and what waits", () => {
    const box = strip({ connected: false, offlineSince: Date.parse("2026-11-21T02:05:00Z"), pending: 2 });
    expect(box.dataset.mode).toBe("offline");
    expect(box.textContent).toMatch(/离线[\s\S]*10:05[\s\S]*2/);
  });
  test("what stands in the way is said before anything else: no room, too old, signed out, forgotten", () => {
    for (const [over, word] of [[{ storage: { persisted: true, full: true, evicted: false } }, "平板满了"], [{ oldApp: true }, "请更新应用"], [{ reconnect: true }, "请重新登录"]] as const) {
      const box = strip({ ...over, pending: 3 });
      expect(box.textContent).toContain(word);
      expect(box.textContent, "and that nothing is lost").toContain("3 条都留着");
      void unmount(shown!);
      document.body.innerHTML = "";
    }
    const box = strip({ eviction: {} });
    expect(box.textContent).toContain("存储被清过");
    expect(box.textContent, "what is gone is not called kept").not.toContain("留着");
  });
  test("O-02 X-04 what needs attention and what colleagues left unsent is counted everywhere", () => {
    state.unsent = 5;
    const box = strip({ attention: 2 });
    expect(box.textContent).toContain("2 条需处理");
    expect(box.querySelector('[data-testid="strip-others"]')?.textContent).toContain("5");
  });
});
