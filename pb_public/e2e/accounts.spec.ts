import { expect, test } from "@playwright/test";
import { useHouse } from "./pages/house";
import { Tablet, password } from "./pages/tablet";
import { Workshop } from "./pages/workshop";

// Several people on one tablet, one person on several, and what becomes of their edits when something is refused.
const { server, office, open, visitOf, arrives } = useHouse(100);

test("O-02 X-02 two people on one tablet: PIN without a network, each their own queue, all of it sent", async ({ browser }) => {
  const tablet = await open(browser);
  const visit = await visitOf("Z03");
  await test.step("both sign in once and choose a PIN", async () => {
    await tablet.signIn("xu");
    await tablet.setPin("1357");
    await tablet.leaveTo();
    await tablet.page.getByTestId("pin-enter").waitFor();
    await tablet.otherAccount("chen");
    await tablet.setPin("2468");
    await tablet.installed();
  });
  await test.step("chen writes without a network and hands the tablet to xu", async () => {
    await tablet.offline();
    await tablet.note(visit, "雨天雨刮有水痕。");
    await expect(tablet.strip).not.toHaveAttribute("data-pending", "0");
    await tablet.leaveTo("徐岚");
  });
  await test.step("a wrong PIN is refused, the right one opens", async () => {
    await tablet.pin("9999");
    await expect(tablet.page.getByTestId("refusal")).toContainText("PIN 不对");
    await expect(tablet.strip).toBeHidden();
    await tablet.pin("1357");
    await expect(tablet.strip).toBeVisible();
    await expect(tablet.strip).toHaveAttribute("data-pending", "0");
  });
  await test.step("a reload without a network brings xu back, not chen", async () => {
    await tablet.page.reload();
    await expect(tablet.strip).toHaveAttribute("data-mode", "offline");
    await tablet.go("/more");
    await expect(tablet.page.locator("#more-me")).toHaveText("徐岚");
  });
  await test.step("the link is back under xu: chen's edit goes, in chen's name", async () => {
    tablet.link.set("up");
    await arrives("雨天雨刮有水痕。").toBe(1);
    const chen = await office.staff("chen");
    expect((await office.one("concerns", 'words = "雨天雨刮有水痕。"')).created_by).toBe(chen);
  });
  await test.step("five wrong PINs make the sixth wait", async () => {
    await tablet.leaveTo("徐岚");
    for (let i = 0; i < 5; i++) {
      await tablet.pin("0000");
      await expect(tablet.page.getByTestId("refusal")).toContainText("PIN 不对");
      await tablet.page.getByTestId("refusal").getByRole("button").click();
      await expect(tablet.page.getByTestId("refusal")).toBeHidden();
    }
    await tablet.pin("1357");
    await expect(tablet.page.getByTestId("refusal")).toContainText("次数太多");
    await expect(tablet.strip).toBeHidden();
  });
  expect(tablet.errors).toEqual([]);
});

test("X-02 a login that expired keeps the queue, and work goes on after signing in again", async ({ browser }) => {
  const tablet = await open(browser);
  const visit = await visitOf("Z03");
  await tablet.signIn("xu");
  await tablet.installed();
  await tablet.offline();
  await tablet.note(visit, "倒车时雷达偶尔不响。");
  const xu = await office.staff("xu");
  await office.patch("gao", "staff", xu, { password: `${password}-2`, passwordConfirm: `${password}-2` });
  tablet.link.set("up");
  await expect(tablet.strip).toContainText("请重新登录", { timeout: 60_000 });
  await tablet.go(`/visit/${visit}/concerns`);
  await expect(tablet.page.getByText("倒车时雷达偶尔不响。").first(), "nothing is lost on the tablet").toBeVisible();
  await tablet.note(visit, "后备箱要用力才关得上。");
  await tablet.page.getByTestId("queue-strip").click();
  await tablet.page.getByTestId("queue").getByRole("button", { name: "登录" }).click();
  await tablet.page.getByTestId("login").fill("xu");
  await tablet.page.getByTestId("password").fill(`${password}-2`);
  await tablet.tap("sign-in");
  await expect(tablet.strip).toHaveAttribute("data-mode", "idle", { timeout: 60_000 });
  await arrives("倒车时雷达偶尔不响。").toBe(1);
  await arrives("后备箱要用力才关得上。").toBe(1);
  await office.patch("gao", "staff", xu, { password, passwordConfirm: password });
  expect(tablet.errors).toEqual([]);
});

test("X-09 a second tab of the same person sees an edit at once, and sends it when the first is closed", async ({ browser }) => {
  const tablet = await open(browser);
  const visit = await visitOf("Z02");
  await tablet.signIn("chen");
  await tablet.installed();
  const second = await tablet.context.newPage();
  tablet.watch(second);
  await second.goto(`/#/visit/${visit}/concerns`);
  await expect(second.getByTestId("concern-words")).toBeVisible();
  await tablet.offline();
  await tablet.note(visit, "右后车窗升得慢。");
  await expect(second.getByText("右后车窗升得慢。").first()).toBeVisible();
  await expect(second.getByTestId("queue-strip")).not.toHaveAttribute("data-pending", "0");
  await tablet.page.close();
  tablet.link.set("up");
  await arrives("右后车窗升得慢。").toBe(1);
  await expect(second.getByTestId("queue-strip")).toHaveAttribute("data-pending", "0", { timeout: 30_000 });
  expect(tablet.errors).toEqual([]);
});

test("X-05 two tablets change one field without a network: both values are kept, and a person decides", async ({ browser }) => {
  const [a, b] = [await open(browser), await open(browser)];
  const car = await office.one("vehicles", 'plate = "沪A8K359"');
  await a.signIn("chen");
  await b.signIn("xu");
  await a.installed();
  await b.installed();
  for (const [tablet, colour, remark] of [[a, "珍珠白", ""], [b, "象牙白", "右后门有儿童锁"]] as const) {
    await tablet.offline();
    await tablet.go(`/files/${car.id}`);
    await tablet.tap("edit-vehicle");
    await tablet.page.getByRole("dialog").getByLabel("颜色").fill(colour);
    if (remark) await tablet.page.getByRole("dialog").getByLabel("备注").fill(remark);
    await tablet.page.getByRole("dialog").getByRole("button", { name: "保存" }).click();
    await expect(tablet.page.getByRole("dialog")).toBeHidden();
    await expect(tablet.page.getByText(colour).first()).toBeVisible();
  }
  a.link.set("up");
  await expect.poll(async () => (await office.one("vehicles", `id = "${car.id}"`)).colour, { timeout: 60_000 }).toBe("珍珠白");
  b.link.set("up");
  await expect.poll(async () => (await office.rows("conflicts", `record = "${car.id}"`)).length, { timeout: 60_000 }).toBe(1);
  expect((await office.one("vehicles", `id = "${car.id}"`)).note, "a field nobody else touched is simply taken").toBe("右后门有儿童锁");

  await test.step("both tablets show the card with both values", async () => {
    for (const tablet of [a, b]) {
      await tablet.strip.click();
      const card = tablet.page.getByTestId("conflict").filter({ hasText: "珍珠白" });
      await expect(card).toContainText("象牙白", { timeout: 30_000 });
      await expect(card).toContainText("陈佳宁");
    }
  });
  const colour = async () => String((await office.one("vehicles", `id = "${car.id}"`)).colour);
  const stands = async (value: string) => {
    await expect.poll(colour, { timeout: 30_000 }).toBe(value);
    for (const tablet of [a, b]) {
      await expect.poll(async () => (await tablet.rows<{ id: string; colour: string }>("vehicles")).find((v) => v.id === car.id)?.colour, { timeout: 30_000 }).toBe(value);
      await expect(tablet.page.getByTestId("conflict"), "decided once, decided everywhere").toHaveCount(0, { timeout: 30_000 });
    }
  };
  await test.step("one takes the other value", async () => {
    const other = (await colour()) === "象牙白" ? "珍珠白" : "象牙白";
    await b.tap("take-other");
    await stands(other);
  });
  await test.step("they clash again; this time the other tablet keeps what stands", async () => {
    for (const [tablet, value] of [[a, "石墨灰"], [b, "海军蓝"]] as const) {
      await tablet.page.keyboard.press("Escape");
      await tablet.offline();
      await tablet.go(`/files/${car.id}`);
      await tablet.tap("edit-vehicle");
      await tablet.page.getByRole("dialog").getByLabel("颜色").fill(value);
      await tablet.page.getByRole("dialog").getByRole("button", { name: "保存" }).click();
      await expect(tablet.page.getByRole("dialog")).toBeHidden();
    }
    await a.online();
    await b.online();
    const kept = await colour();
    await a.strip.click();
    await expect(a.page.getByTestId("conflict")).toHaveCount(1, { timeout: 30_000 });
    await a.tap("keep-shown");
    await b.strip.click();
    await stands(kept);
  });
  for (const tablet of [a, b]) expect(tablet.errors).toEqual([]);
});

test("X-04 a refused edit stays with its reason: dropped, put right, sent again; it holds up nothing else", async ({ browser }) => {
  const tablet = await open(browser, { width: 800, height: 1280 });
  const floor = new Workshop(tablet);
  const visit = await visitOf("Z06");
  const job = await office.one("jobs", `visit = "${visit}" && position = 1`);
  const [guo, yang] = [await office.staff("guo"), await office.staff("yang")];
  const give = (to: string) => office.patch("wu", "jobs", job.id, { technicians: [to] });
  const stateHere = async () => (await tablet.rows<{ id: string; state: string }>("jobs")).find((j) => j.id === job.id)?.state;
  const stateThere = async () => (await office.one("jobs", `id = "${job.id}"`)).state;

  /** guo begins the job out of reach while the leader gives it to somebody else. */
  const refusedStart = async (first: boolean): Promise<void> => {
    await tablet.offline();
    await floor.openJob(job.id);
    if (first) {
      await floor.next("check_sheet");
      await tablet.tap("sheet-checked");
      await expect(tablet.page.getByTestId("check-sheet")).toBeHidden();
    }
    await floor.next("start");
    await expect.poll(stateHere).toBe("in_progress");
    await give(yang);
    await tablet.online();
    await tablet.strip.click();
    await expect(tablet.page.getByTestId("refused")).toHaveCount(1, { timeout: 30_000 });
  };

  await tablet.signIn("guo");
  await tablet.installed();
  await test.step("the reason is said in words, with who was there meanwhile; the rest went through", async () => {
    await refusedStart(true);
    const card = tablet.page.getByTestId("refused");
    await expect(card).toHaveAttribute("data-code", "dispatch.not_assigned");
    await expect(card).toContainText("没有派给你");
    await expect(card.getByTestId("others"), "all who touched it since, though one's own edit came last").toContainText("吴志强");
    await expect(card.getByTestId("others"), "an edit of one's own is not what others did").not.toContainText("郭涛");
    await expect.poll(stateHere, { message: "the tablet shows the server's state again" }).toBe("dispatched");
    expect((await office.one("jobs", `id = "${job.id}"`)).sheet_checked_by, "the sheet checked before it is kept").toBe(guo);
  });
  await test.step("dropped, with a reason", async () => {
    await tablet.tap("drop");
    await tablet.page.getByTestId("drop-reason").fill("已改派给杨帆");
    await tablet.tap("drop-confirm");
    await expect(tablet.page.getByTestId("refused")).toHaveCount(0);
    expect(await stateThere()).toBe("dispatched");
    const dropped = async () => (await tablet.rows<{ outcome: string; reason?: string }>("sent")).filter((m) => m.outcome === "discarded").map((m) => m.reason);
    await expect.poll(dropped, "what was dropped is logged with its reason").toEqual(["已改派给杨帆"]);
    await tablet.page.keyboard.press("Escape");
  });
  await test.step("again refused; put right leads to the record", async () => {
    await give(guo);
    await expect.poll(async () => (await tablet.rows<{ id: string; technicians: string[] }>("jobs")).find((j) => j.id === job.id)?.technicians).toEqual([guo]);
    await refusedStart(false);
    await expect(tablet.page.getByTestId("refused"), "who changed it meanwhile").toContainText("吴志强");
    await tablet.tap("fix");
    await expect(tablet.page.getByTestId("queue")).toBeHidden();
    await expect(tablet.page).toHaveURL(/#\/(order|jobs|visit)\//);
  });
  await test.step("sent again as it is, it is refused again; sent again once the leader gave the job back, it is in", async () => {
    await tablet.strip.click();
    const refused = async () => (await tablet.rows<{ id: string; status: string }>("outbox")).filter((e) => e.status === "rejected").map((e) => e.id);
    const [before] = await refused();
    await tablet.tap("resend");
    await expect.poll(async () => (await refused()).filter((id) => id !== before).length, { timeout: 30_000 }).toBe(1);
    await expect(tablet.page.getByTestId("refused")).toHaveCount(1);
    await give(guo);
    await tablet.tap("resend");
    await expect.poll(stateThere, { timeout: 30_000 }).toBe("in_progress");
    await expect(tablet.page.getByTestId("refused")).toHaveCount(0);
    await expect.poll(stateHere).toBe("in_progress");
  });
  expect(tablet.errors).toEqual([]);
});

test("O-02 X-02 a dead login's queue is sent as its own person when somebody else signs in on the tablet", async ({ browser }) => {
  const tablet = await open(browser);
  const visit = await visitOf("Z02");
  await tablet.signIn("xu");
  await tablet.installed();
  await tablet.offline();
  await tablet.note(visit, "登录失效前徐岚记下的。");
  const xu = await office.staff("xu");
  await office.patch("gao", "staff", xu, { password: `${password}-3`, passwordConfirm: `${password}-3` });
  await tablet.signOut();
  tablet.link.set("up");
  await tablet.otherAccount("chen");
  await tablet.note(visit, "之后陈佳宁记下的。");
  for (const [words, login] of [["登录失效前徐岚记下的。", "xu"], ["之后陈佳宁记下的。", "chen"]] as const) {
    await arrives(words).toBe(1);
    expect((await office.one("concerns", `words = "${words}"`)).created_by, words).toBe(await office.staff(login));
  }
  await office.patch("gao", "staff", xu, { password, passwordConfirm: password });
  expect(tablet.errors).toEqual([]);
});

/** The tablet has wiped itself and says so; what was on it is gone, and what a thief kept of it opens nothing. */
async function lost(tablet: Tablet, device: string, keys: { token: string; credential: string }): Promise<void> {
  await expect(tablet.page.getByTestId("wiped")).toBeVisible({ timeout: 60_000 });
  expect(await tablet.keys("chen"), "no token, no credential").toEqual({ token: "", credential: "" });
  for (const table of ["meta", "outbox", "sent", "customers", "vehicles", "visits", "photo_bytes"]) {
    await expect.poll(async () => (await tablet.rows(table)).length, { message: `${table} is empty` }).toBe(0);
  }
  const asked = async (path: string, method = "GET", headers: Record<string, string> = {}) => (await fetch(server.url + path, { method, headers: { Authorization: keys.token, ...headers } })).status;
  expect(await asked(`/api/sync/pull?device=${device}&cursor=`)).toBe(401);
  expect(await asked("/api/collections/staff/auth-refresh", "POST")).toBe(401);
  const read = await fetch(`${server.url}/api/collections/customers/records`, { headers: { Authorization: keys.token } });
  expect(read.ok ? ((await read.json()) as { items: unknown[] }).items : []).toEqual([]);
  expect(await asked("/api/uploads/", "POST", { "Tus-Resumable": "1.0.0", "Upload-Length": "10" })).toBe(401);
  const push = await fetch(`${server.url}/api/sync/push`, { method: "POST", headers: { Authorization: `Device ${keys.credential}`, "Content-Type": "application/json" }, body: JSON.stringify({ device, epoch: "", app: "0.1.0", mutations: [] }) });
  expect([push.status, JSON.stringify(await push.json()).includes("device.revoked")]).toEqual([403, true]);
}

test("O-03 a tablet given up as lost while it was away: its next contact wipes it, and it says so", async ({ browser }) => {
  const [tablet, desk] = [await open(browser), await open(browser)];
  const visit = await visitOf("Z01");
  await tablet.signIn("chen");
  await tablet.installed();
  await tablet.note(visit, "丢失之前说的。");
  await arrives("丢失之前说的。").toBe(1);
  await tablet.drained();
  const [device, keys] = [await tablet.device(), await tablet.keys("chen")];
  expect(keys.credential).not.toBe("");
  await tablet.offline();
  await tablet.note(visit, "这句话不该到服务器。");
  await test.step("the manager finds it in the list and gives it up", async () => {
    await desk.signIn("gao");
    await desk.go("/devices");
    const { letter } = await office.one("devices", `id = "${device}"`);
    const card = desk.page.getByTestId("tablet").filter({ hasText: "陈佳宁" }).filter({ hasText: new RegExp(`\\b${letter}\\b`) }).first();
    await card.getByTestId("tablet-lost").click();
    await card.getByTestId("tablet-lost-confirm").click();
    await expect.poll(async () => (await office.one("devices", `id = "${device}"`)).revoked).toBe(true);
  });
  tablet.link.set("up");
  await tablet.tryNow();
  await lost(tablet, device, keys);
  expect(await office.noted("这句话不该到服务器。")).toBe(0);
  await test.step("nothing comes back with a reload", async () => {
    await tablet.page.reload();
    await expect(tablet.page.getByTestId("login")).toBeVisible();
    expect((await tablet.rows("customers")).length).toBe(0);
  });
  for (const t of [tablet, desk]) expect(t.errors).toEqual([]);
});

test("O-03 revoking reaches a tablet that is online: it is wiped while it lies there", async ({ browser }) => {
  const tablet = await open(browser);
  await tablet.signIn("chen");
  const [device, keys] = [await tablet.device(), await tablet.keys("chen")];
  await expect.poll(async () => (await office.rows("devices", `id = "${device}"`)).length).toBe(1);
  await office.patch("gao", "devices", device, { revoked: true });
  await lost(tablet, device, keys);
  expect(tablet.errors).toEqual([]);
});
