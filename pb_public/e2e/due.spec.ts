import { execFileSync } from "node:child_process";
import { expect, test } from "@playwright/test";
import { Office } from "./pages/office";
import { Tablet } from "./pages/tablet";
import { Server } from "./server.mjs";

// Deadlines in a browser, on a clock the test moves: ten in the morning of a Monday in Shanghai, with the demo's cars.
const begin = Date.parse("2026-11-23T02:00:00Z");
const binary = process.env.AFTERCARE ?? "../build/aftercare";
const server = new Server(binary, { args: ["--test-clock", new Date(begin).toISOString()] });
const office = new Office(server);
const superuser = { identity: "clock@aftercare.test", password: "correct horse battery" };
let key = "";

test.beforeAll(async () => {
  execFileSync(binary, ["superuser", "upsert", superuser.identity, superuser.password, "--dir", `${server.dir}/pb_data`]);
  await server.start();
  key = ((await post("/api/collections/_superusers/auth-with-password", superuser)) as { token: string }).token;
});
test.afterEach(async ({}, info) => void (await Tablet.putAway(info, server)));
test.afterAll(() => server.stop());

async function post(path: string, body: unknown): Promise<unknown> {
  const answer = await fetch(server.url + path, { method: "POST", headers: { "Content-Type": "application/json", Authorization: key }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** So many minutes after the beginning; the server acts within a minute of real time. */
const moveTo = (minutes: number) => post("/api/test/clock", { now: new Date(begin + minutes * 60_000).toISOString() });
const acted = { timeout: 60_000 };

const visit = async (number: string) => String((await office.one("visits", `number = "${number}"`)).id);
const messages = async (of: string, kind: string) => (await office.rows("messages", `visit = "${of}" && kind = "${kind}"`)).map((m) => m.state);
const items = async (of: string, kind: string) => (await office.rows("due_items", `visit = "${of}" && kind = "${kind}"`)).map((i) => i.state);

test("W-06 D-02 a progress check appears, is answered late, and the customer is told from the advisor's list", async ({ browser }) => {
  const leader = await Tablet.open(browser, server, 1101);
  await leader.signIn("wu");
  await expect(leader.page.getByTestId("test-banner")).toBeVisible();
  await leader.go("/board");
  const asked = await visit("Z07"); // at work since eight, promised for 10:40
  await expect.poll(() => items(asked, "progress_check"), acted).toEqual(["open"]);
  const order = String((await office.one("work_orders", `visit = "${asked}"`)).id);
  const card = leader.page.getByTestId(`order-${order}`);
  await card.getByTestId("report").click();
  await expect(leader.page.getByTestId("due-close")).toHaveAttribute("aria-disabled", "true");
  await leader.page.getByTestId("due-answer").getByRole("button", { name: "会晚" }).click();
  await leader.page.getByTestId("due-note").fill("刹车盘锈死，要多一小时");
  await leader.offline();
  await leader.tap("due-close");
  await expect(card.getByTestId("report")).toHaveCount(0);
  await leader.online();

  await expect.poll(() => items(asked, "delay"), acted).toEqual(["open"]);
  const advisor = await Tablet.open(browser, server, 1102);
  await advisor.signIn("chen");
  await expect(advisor.page.getByTestId("todo-count")).toBeVisible();
  await advisor.go("/todo");
  const plate = await plateOf(asked);
  await advisor.page.locator('[data-testid="due-item"][data-kind="delay"]').filter({ hasText: plate.slice(-4) }).getByRole("button").click();
  await expect(advisor.page.getByTestId("due-sheet")).toContainText("刹车盘锈死，要多一小时");
  await advisor.tap("due-tell");
  await advisor.page.getByTestId("tell-time").fill("2026-11-23T15:30");
  await expect(advisor.page.getByTestId("tell-words")).toHaveValue(/非常抱歉.*15:30/);
  await advisor.offline();
  await advisor.tap("tell-now");
  await expect(advisor.page.getByTestId("due-sheet")).toBeHidden();
  await advisor.online();
  await expect.poll(async () => (await office.rows("messages", `visit = "${asked}" && kind = "delay" && created_by != ""`)).map((m) => m.state), acted).toEqual(["sent"]);
  expect(new Date(String((await office.one("work_orders", `visit = "${asked}"`)).promised_at).replace(" ", "T")).toISOString()).toBe("2026-11-23T07:30:00.000Z");
  await advisor.go(`/files/${String((await office.one("visits", `id = "${asked}"`)).vehicle)}`);
  await expect(advisor.page.locator('[data-testid="message"][data-state="sent"]').filter({ hasText: "15:30" })).toBeVisible();
  expect([...leader.errors, ...advisor.errors]).toEqual([]);
});

async function plateOf(of: string): Promise<string> {
  const { vehicle } = await office.one("visits", `id = "${of}"`);
  return String((await office.one("vehicles", `id = "${String(vehicle)}"`)).plate);
}

test("D-02 the clock brings the delay, then the server's apology, and the ready notice exactly once", async ({ browser }) => {
  const late = await visit("Z06"); // dispatched, promised for noon
  const ready = await visit("Z12"); // ready, promised for 10:10: the notice is due at once
  await expect.poll(() => messages(ready, "ready"), acted).toEqual(["sent"]);
  expect(await items(late, "delay")).toEqual([]);
  await moveTo(35);
  await expect.poll(() => items(late, "delay"), acted).toEqual(["open"]);
  expect(await messages(late, "delay")).toEqual([]);
  await moveTo(61);
  await expect.poll(() => messages(late, "delay"), acted).toEqual(["sent"]);
  await moveTo(90);
  await moveTo(125);
  await expect.poll(async () => (await office.rows("due_items", `kind = "delay" && visit = "${late}"`)).length, acted).toBe(1);
  const advisor = await Tablet.open(browser, server, 1103);
  await advisor.signIn("chen");
  await advisor.go("/todo");
  await expect(advisor.page.locator('[data-testid="due-item"][data-standing="late"]').filter({ hasText: (await plateOf(late)).slice(-4) }).first()).toBeVisible(acted);
  expect([await messages(late, "delay"), await messages(ready, "ready")]).toEqual([["sent"], ["sent"]]);
  await advisor.go("/outbox");
  await expect(advisor.page.getByTestId("sunk").filter({ hasText: (await plateOf(ready)) }).filter({ hasText: "已完工" })).toHaveCount(1);
  expect(advisor.errors).toEqual([]);
});

test("W-05 the lounge sees masked plates without signing in", async ({ browser }) => {
  const manager = await Tablet.open(browser, server, 1104);
  await manager.signIn("gao");
  await manager.go("/more");
  await manager.tap("lounge-make");
  const link = await manager.page.getByTestId("lounge-open").getAttribute("href");
  const tv = await Tablet.open(browser, server, 1105, { width: 1920, height: 1080 });
  await tv.page.goto(`/${link}`);
  const cars = tv.page.getByTestId("lounge-car");
  await expect(cars.first()).toBeVisible();
  const shown = await cars.locator(".plate-text").allInnerTexts();
  expect(shown.length).toBeGreaterThanOrEqual(10);
  for (const plate of shown) expect(plate).toMatch(/^\p{Script=Han}[A-Z]·.\*{2,3}..$/u);
  const content = await tv.page.content();
  for (const { plate } of await office.rows("vehicles")) expect(content).not.toContain(String(plate));
  await tv.page.goto("/#/lounge/another");
  await expect(tv.page.getByRole("heading", { name: "这个链接已失效" })).toBeVisible();
  expect([...manager.errors, ...tv.errors]).toEqual([]);
});

test("L-08 L-14 a customer hears what was decided and by when to send, and once more before the time is up; staff see it on the claim", async ({ browser }) => {
  const claim = await office.one("claims", 'state = "awaiting_goods" && ship_back_due_at != ""');
  const told = async () => (await office.rows("messages", `subject_record = "${claim.id}"`)).map((m) => `${String(m.kind)} ${String(m.state)}`).sort();
  await expect.poll(told, acted).toEqual(["claim_approved sent"]);
  await moveTo(25 * 60); // the next morning
  await expect.poll(told, acted).toEqual(["claim_approved sent", "claim_remind sent"]);
  const agent = await Tablet.open(browser, server, 1106);
  await agent.signIn("feng");
  await agent.go(`/claims/${claim.id}`);
  const lines = agent.page.getByTestId("claim-timeline").locator('[data-source="message"]');
  await expect(lines).toHaveCount(2);
  await expect(lines.first()).toContainText("已发消息给客户");
  await expect(lines.last()).toContainText("还没有寄出");
  await agent.go("/outbox");
  await expect(agent.page.getByTestId("sunk").filter({ hasText: String(claim.number) })).toHaveCount(2);
  expect(agent.errors).toEqual([]);
});
