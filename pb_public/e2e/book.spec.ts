import { expect, test } from "@playwright/test";
import { Book } from "./pages/book";
import { useHouse } from "./pages/house";

const { office, open } = useHouse(330);

test("X-01 B-01 B-02 B-03 B-04 B-07 B-08 R-01 booked offline on two tablets, one slot, a manager's word, and the car is here", async ({ browser }) => {
  const a = await open(browser);
  const b = await open(browser, { width: 1024, height: 768 });
  const first = new Book(a), second = new Book(b);

  await test.step("two tablets out of reach book the same slot", async () => {
    await Promise.all([a.signIn("xu").then(() => a.installed()), b.signIn("chen").then(() => b.installed())]);
    await Promise.all([a.offline(), b.offline()]);
    await first.byPhone("8K359", "过减速带咯噔响。\n空调也看看。", "前减振器更换（单侧）", "12:30", 4);
    await second.byPhone("沪", "四轮定位。", "四轮定位", "12:30", 2);
    expect(await first.state(first.id)).toBe("confirmed");
    expect(await second.state(second.id)).toBe("confirmed");
  });

  await test.step("B-02 back in reach the first has the room, the second stays a request with the reason", async () => {
    await a.online();
    expect((await office.one("appointments", `id = "${first.id}"`)).state).toBe("confirmed");
    b.link.set("up");
    await b.tryNow();
    await expect.poll(() => second.state(second.id), { timeout: 30_000 }).toBe("requested");
    expect((await office.one("appointments", `id = "${second.id}"`)).state).toBe("requested");
    await second.open(second.id);
    await b.tap("confirm");
    await expect(b.page.locator("[data-code='appointment.overbooked']")).toBeVisible();
  });

  const c = await open(browser);
  await test.step("B-02 the manager allows it with a reason", async () => {
    await c.signIn("gao");
    const manager = new Book(c);
    await manager.open(second.id);
    await c.tap("allow");
    await c.page.getByTestId("reason").fill("老客户，车明天要出远门。");
    await c.tap("reason-save");
    await expect.poll(async () => (await office.one("appointments", `id = "${second.id}"`)).state).toBe("confirmed");
    const row = await office.one("appointments", `id = "${second.id}"`);
    expect(row.overbook_by).toBe((await office.one("staff", 'username = "gao"')).id);
  });

  await test.step("B-04 the parts counter finds something missing; nobody is reminded before the customer knows", async () => {
    await second.open(second.id);
    await b.tap("miss-technician");
    await b.page.getByTestId("missing-note").fill("定位技师请假");
    await b.tap("missing-save");
    await expect(b.page.getByTestId("told")).toBeVisible();
    await expect(b.page.getByTestId("remind")).toBeVisible();
    await b.tap("remind");
    await expect(b.page.locator("[data-code='appointment.missing_untold']")).toBeVisible();
    await b.tap("told");
    await expect(b.page.getByTestId("told")).toHaveCount(0);
    await b.tap("remind");
    await expect.poll(() => second.state(second.id)).toBe("reminded");
  });

  let visit = "";
  await test.step("B-07 the customer is here, offline: reception, concerns, order and job at once", async () => {
    await a.offline();
    await first.open(first.id);
    visit = await first.here();
    await expect(a.page.getByTestId("concern-1")).toContainText("过减速带咯噔响。");
    await expect(a.page.getByTestId("concern-2")).toContainText("空调也看看。");
    expect(await first.state(first.id)).toBe("arrived");
    await a.online();
    expect((await office.one("visits", `id = "${visit}"`)).appointment).toBe(first.id);
    const job = await office.one("jobs", `visit = "${visit}"`);
    expect(job).toMatchObject({ work: "前减振器更换（单侧）", labour_fen: 24000, state: "proposed" });
    expect((await office.one("work_orders", `visit = "${visit}"`)).state).toBe("draft");
  });

  await test.step("R-01 the queue: the booked car before the one that came earlier, waits, and the peak switch", async () => {
    await c.go("/arrivals");
    await expect(c.page.getByTestId("peak")).toBeVisible();
    await c.page.getByTestId("peak").getByRole("switch").click();
    await expect.poll(async () => String((await office.rows("shops", 'code = "SH"'))[0]?.peak_at ?? "")).not.toBe("");
  });

  await test.step("B-08 the figures", async () => {
    await c.go("/book/stats");
    await c.chip("range", /本月/);
    await expect(c.page.getByTestId("by-advisor")).toContainText("徐岚");
  });

  for (const tablet of [a, b, c]) expect(tablet.errors).toEqual([]);
});
