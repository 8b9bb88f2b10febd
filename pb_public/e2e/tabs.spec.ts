import { expect, type Page, test } from "@playwright/test";
import { useHouse } from "./pages/house";
import { Tablet } from "./pages/tablet";

// Several tabs of one person: every tab writes, one speaks with the server, and whatever happens to that one, another does.
const { office, open, visitOf, arrives } = useHouse(300);

/** A browser with two tabs of one person; the first leads. */
async function twoTabs(tablet: Tablet, visit: string): Promise<Page> {
  await tablet.signIn("xu");
  await tablet.installed();
  const second = await tablet.tab(`/#/visit/${visit}/concerns`);
  await expect(second.getByTestId("concern-words")).toBeVisible();
  return second;
}

/**
 * Stops a tab in its tracks: no timer, no answer, no message reaches it, and what it holds (its lock, its socket) it goes
 * on holding. A browser's own freezing spares tabs with locks, an operating system's does not; this is the harder one.
 */
async function freeze(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => void setInterval(() => (localStorage.pulse = String(performance.now())), 50));
  const session = await page.context().newCDPSession(page);
  await session.send("Debugger.enable");
  await session.send("Debugger.pause");
  return async () => {
    await session.send("Debugger.resume");
    await session.detach();
  };
}

const pulse = (page: Page) => page.evaluate(() => localStorage.pulse as string);

test("X-09 two tabs of one person write in turn: one line to the server, each sees the other's words, everything once", async ({ browser }) => {
  const tablet = await open(browser);
  const visit = await visitOf("Z03");
  const second = await twoTabs(tablet, visit);
  const words = Array.from({ length: 6 }, (_, i) => `两个标签页，第 ${i + 1} 句。`);
  for (const [i, said] of words.entries()) {
    const [from, to] = i % 2 ? [second, tablet.page] : [tablet.page, second];
    await tablet.note(visit, said, from);
    await expect(to.getByText(said).first()).toBeVisible();
  }
  for (const page of [tablet.page, second]) await tablet.drained(30_000, page);
  await expect.poll(() => tablet.link.lines.size, "one tab speaks").toBe(1);
  for (const said of words) expect(await office.noted(said)).toBe(1);
  expect(tablet.errors).toEqual([]);
});

test("X-09 the leading tab is closed in the middle of a push: the other one sends it, once", async ({ browser }) => {
  const tablet = await open(browser);
  const visit = await visitOf("Z03");
  const second = await twoTabs(tablet, visit);
  await tablet.withoutSockets();
  const push = tablet.link.meet("POST /api/sync/push", { kind: "late" }, 1);
  await tablet.note(visit, "领头的标签页关了。");
  await expect.poll(() => push.met, { timeout: 30_000 }).toBe(1);
  await tablet.page.close();
  push.off();
  await tablet.drained(30_000, second);
  await tablet.note(visit, "剩下的标签页接着写。", second);
  await arrives("剩下的标签页接着写。", 30_000).toBe(1);
  expect(await office.noted("领头的标签页关了。")).toBe(1);
  expect(tablet.errors).toEqual([]);
});

test("X-09 the leading tab is frozen: the other takes over in bounded time, and the thawed one does no harm", async ({ browser }) => {
  const tablet = await open(browser);
  const visit = await visitOf("Z03");
  const second = await twoTabs(tablet, visit);
  await tablet.withoutSockets();
  const push = tablet.link.meet("POST /api/sync/push", { kind: "late" }, 1);
  await tablet.note(visit, "冻住前写的。");
  await expect.poll(() => push.met, { timeout: 30_000, message: "frozen in the middle of a push" }).toBe(1);
  const thaw = await freeze(tablet.page);
  const still = await pulse(second);
  push.off();
  await tablet.note(visit, "冻住时在另一个标签页写的。", second);
  await arrives("冻住时在另一个标签页写的。", 45_000).toBe(1);
  await tablet.drained(30_000, second);
  expect(await pulse(second), "it has not moved all the while").toBe(still);
  await thaw();
  for (const [page, said] of [[tablet.page, "解冻后第一个标签页写的。"], [second, "解冻后第二个标签页写的。"]] as const) {
    await tablet.note(visit, said, page);
    await arrives(said, 30_000).toBe(1);
  }
  for (const page of [tablet.page, second]) await tablet.drained(30_000, page);
  expect(await office.noted("冻住前写的。")).toBe(1);
  expect(await office.noted("冻住时在另一个标签页写的。")).toBe(1);
  tablet.link.blockSockets(false);
  await expect.poll(() => tablet.link.lines.size, { timeout: 30_000, message: "still one tab speaks" }).toBe(1);
  expect(tablet.errors).toEqual([]);
});
