import { expect, test } from "@playwright/test";
import { Office } from "./pages/office";
import { Tablet, password } from "./pages/tablet";
import { Workshop } from "./pages/workshop";
import { Server } from "./server.mjs";

// Several people on one tablet, one person on several, and what becomes of their edits when something is refused.
const binary = process.env.AFTERCARE ?? "../build/aftercare";

let server: InstanceType<typeof Server>;
let office: Office;
let seed = 100;

test.beforeAll(async () => {
  server = await new Server(binary).start();
  office = new Office(server.url);
});
test.afterEach(({}, info) => Tablet.putAway(info));
test.afterAll(() => server.stop());

const visitOf = async (number: string) => (await office.one("visits", `number = "${number}"`)).id;

/** What a customer said, written down on the tablet; true on the screen at once. */
async function note(tablet: Tablet, visit: string, words: string): Promise<void> {
  await tablet.go(`/visit/${visit}/concerns`);
  await tablet.page.getByTestId("concern-words").fill(words);
  await tablet.tap("concern-add");
  await expect(tablet.page.getByText(words).first()).toBeVisible();
}

async function offline(tablet: Tablet): Promise<void> {
  tablet.link.set("offline");
  await expect(tablet.strip).toHaveAttribute("data-mode", "offline", { timeout: 30_000 });
}

async function online(tablet: Tablet): Promise<void> {
  tablet.link.set("up");
  await expect(tablet.strip).toHaveAttribute("data-mode", "idle", { timeout: 60_000 });
}

const arrives = (words: string) => expect.poll(async () => (await office.rows("concerns", `words = "${words}"`)).length, { timeout: 60_000 });

test("O-02 X-02 two people on one tablet: PIN without a network, each their own queue, all of it sent", async ({ browser }) => {
  const tablet = await Tablet.open(browser, server, ++seed);
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
    await offline(tablet);
    await note(tablet, visit, "雨天雨刮有水痕。");
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
    const chen = await office.one("staff", 'username = "chen"');
    expect((await office.one("concerns", 'words = "雨天雨刮有水痕。"')).created_by).toBe(chen.id);
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
  const tablet = await Tablet.open(browser, server, ++seed);
  const visit = await visitOf("Z03");
  await tablet.signIn("xu");
  await tablet.installed();
  await offline(tablet);
  await note(tablet, visit, "倒车时雷达偶尔不响。");
  const xu = await office.one("staff", 'username = "xu"');
  await office.patch("gao", "staff", xu.id, { password: `${password}-2`, passwordConfirm: `${password}-2` });
  tablet.link.set("up");
  await expect(tablet.strip).toContainText("请重新登录", { timeout: 60_000 });
  await tablet.go(`/visit/${visit}/concerns`);
  await expect(tablet.page.getByText("倒车时雷达偶尔不响。").first(), "nothing is lost on the tablet").toBeVisible();
  await note(tablet, visit, "后备箱要用力才关得上。");
  await tablet.page.getByTestId("queue-strip").click();
  await tablet.page.getByTestId("queue").getByRole("button", { name: "登录" }).click();
  await tablet.page.getByTestId("login").fill("xu");
  await tablet.page.getByTestId("password").fill(`${password}-2`);
  await tablet.tap("sign-in");
  await expect(tablet.strip).toHaveAttribute("data-mode", "idle", { timeout: 60_000 });
  await arrives("倒车时雷达偶尔不响。").toBe(1);
  await arrives("后备箱要用力才关得上。").toBe(1);
  await office.patch("gao", "staff", xu.id, { password, passwordConfirm: password });
  expect(tablet.errors).toEqual([]);
});

test("X-09 a second tab of the same person sees an edit at once, and sends it when the first is closed", async ({ browser }) => {
  const tablet = await Tablet.open(browser, server, ++seed);
  const visit = await visitOf("Z02");
  await tablet.signIn("chen");
  await tablet.installed();
  const second = await tablet.context.newPage();
  tablet.watch(second);
  await second.goto(`/#/visit/${visit}/concerns`);
  await expect(second.getByTestId("concern-words")).toBeVisible();
  await offline(tablet);
  await note(tablet, visit, "右后车窗升得慢。");
  await expect(second.getByText("右后车窗升得慢。").first()).toBeVisible({ timeout: 1000 });
  await expect(second.getByTestId("queue-strip")).not.toHaveAttribute("data-pending", "0");
  await tablet.page.close();
  tablet.link.set("up");
  await arrives("右后车窗升得慢。").toBe(1);
  await expect(second.getByTestId("queue-strip")).toHaveAttribute("data-pending", "0", { timeout: 30_000 });
  expect(tablet.errors).toEqual([]);
});

test("X-05 two tablets change one field without a network: both values are kept, and a person decides", async ({ browser }) => {
  const [a, b] = [await Tablet.open(browser, server, ++seed), await Tablet.open(browser, server, ++seed)];
  const car = await office.one("vehicles", 'plate = "沪A8K359"');
  await a.signIn("chen");
  await b.signIn("xu");
  await a.installed();
  await b.installed();
  for (const [tablet, colour, remark] of [[a, "珍珠白", ""], [b, "象牙白", "右后门有儿童锁"]] as const) {
    await offline(tablet);
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

  await b.strip.click();
  const card = b.page.getByTestId("conflict").filter({ hasText: "珍珠白" });
  await expect(card, "both values are there").toContainText("象牙白", { timeout: 30_000 });
  await expect(card).toContainText("陈佳宁");
  const kept = String((await office.one("vehicles", `id = "${car.id}"`)).colour);
  const other = kept === "象牙白" ? "珍珠白" : "象牙白";
  await card.getByTestId("take-other").click();
  await expect(card).toHaveCount(0);
  await expect.poll(async () => (await office.one("vehicles", `id = "${car.id}"`)).colour, { timeout: 30_000 }).toBe(other);
  for (const tablet of [a, b]) {
    await expect.poll(async () => (await tablet.rows<{ id: string; colour: string }>("vehicles")).find((v) => v.id === car.id)?.colour, { timeout: 30_000 }).toBe(other);
    expect(tablet.errors).toEqual([]);
  }
});

test("X-04 a refused edit stays with its reason: dropped, put right, sent again; it holds up nothing else", async ({ browser }) => {
  const tablet = await Tablet.open(browser, server, ++seed, { width: 800, height: 1280 });
  const floor = new Workshop(tablet);
  const visit = await visitOf("Z06");
  const job = await office.one("jobs", `visit = "${visit}" && position = 1`);
  const [guo, yang] = [await office.one("staff", 'username = "guo"'), await office.one("staff", 'username = "yang"')];
  const give = (to: { id: string }) => office.patch("wu", "jobs", job.id, { technicians: [to.id] });
  const stateHere = async () => (await tablet.rows<{ id: string; state: string }>("jobs")).find((j) => j.id === job.id)?.state;
  const stateThere = async () => (await office.one("jobs", `id = "${job.id}"`)).state;

  /** guo begins the job out of reach while the leader gives it to somebody else. */
  const refusedStart = async (first: boolean): Promise<void> => {
    await offline(tablet);
    await floor.openJob(job.id);
    if (first) {
      await floor.next("check_sheet");
      await tablet.tap("sheet-checked");
      await expect(tablet.page.getByTestId("check-sheet")).toBeHidden();
    }
    await floor.next("start");
    await expect.poll(stateHere).toBe("in_progress");
    await give(yang);
    await online(tablet);
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
    await expect(card, "an edit of one's own is not what others did").not.toContainText("期间");
    await expect.poll(stateHere, { message: "the tablet shows the server's state again" }).toBe("dispatched");
    expect((await office.one("jobs", `id = "${job.id}"`)).sheet_checked_by, "the sheet checked before it is kept").toBe(guo.id);
  });
  await test.step("dropped, with a reason", async () => {
    await tablet.tap("drop");
    await tablet.page.getByTestId("drop-reason").fill("已改派给杨帆");
    await tablet.tap("drop-confirm");
    await expect(tablet.page.getByTestId("refused")).toHaveCount(0);
    expect(await stateThere()).toBe("dispatched");
    await tablet.page.keyboard.press("Escape");
  });
  await test.step("again refused; put right leads to the record", async () => {
    await give(guo);
    await expect.poll(async () => (await tablet.rows<{ id: string; technicians: string[] }>("jobs")).find((j) => j.id === job.id)?.technicians).toEqual([guo.id]);
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

test("O-03 a revoked tablet is cut off at once and sends nothing more", async ({ browser }) => {
  const tablet = await Tablet.open(browser, server, ++seed);
  const visit = await visitOf("Z01");
  await tablet.signIn("chen");
  await tablet.installed();
  await offline(tablet);
  await note(tablet, visit, "这句话不该到服务器。");
  const device = await tablet.device();
  await office.patch("gao", "devices", device, { revoked: true });
  tablet.link.set("up");
  await expect(tablet.strip).toContainText(/停用|重新登录/, { timeout: 60_000 });
  await expect.poll(async () => (await fetch(`${server.url}/api/sync/pull?device=${device}&cursor=`, { headers: { Authorization: await office.token("chen") } })).status).toBe(403);
  expect(await office.rows("concerns", 'words = "这句话不该到服务器。"')).toEqual([]);
  expect(tablet.errors).toEqual([]);
});

test("O-03 revoking reaches a tablet that is online: its socket is cut while it lies there", async ({ browser }) => {
  const tablet = await Tablet.open(browser, server, ++seed);
  await tablet.signIn("xu");
  const device = await tablet.device();
  await expect.poll(async () => (await office.rows("devices", `id = "${device}"`)).length).toBe(1);
  await office.patch("gao", "devices", device, { revoked: true });
  await expect(tablet.strip).toContainText(/停用|重新登录/, { timeout: 20_000 });
  expect(tablet.errors).toEqual([]);
});
