import { type Browser, type BrowserContext, expect, type Locator, type Page, type TestInfo } from "@playwright/test";
import { Link } from "../link.mjs";
import type { Server } from "../server.mjs";

export const password = "aftercare-demo";

/** A tablet in somebody's hands: a browser of its own behind a link of its own. */
export class Tablet {
  static readonly all: Tablet[] = [];
  readonly errors: string[] = [];
  private constructor(readonly context: BrowserContext, readonly page: Page, readonly link: Link) {}

  static async open(browser: Browser, server: Server, seed: number, options: { width?: number; height?: number; locale?: string; dark?: boolean } = {}): Promise<Tablet> {
    const link = await new Link(server, seed).open();
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1280, height: options.height ?? 800 }, locale: options.locale ?? "zh-CN", timezoneId: "Asia/Shanghai",
      colorScheme: options.dark ? "dark" : "light", hasTouch: true, baseURL: link.url,
    });
    const tablet = new Tablet(context, await context.newPage(), link);
    tablet.watch(tablet.page);
    Tablet.all.push(tablet);
    return tablet;
  }

  /** An error nobody caught is a failure of the test, whatever the screen shows. */
  watch(page: Page): void {
    page.on("pageerror", (e) => this.errors.push(e.stack || e.message));
  }

  async signIn(login: string): Promise<void> {
    await this.page.goto("/");
    await this.page.getByTestId("login").fill(login);
    await this.page.getByTestId("password").fill(password);
    await this.page.getByTestId("sign-in").click();
    await expect(this.page.getByTestId("queue-strip")).toBeVisible({ timeout: 30_000 });
    await this.synced();
  }

  /** Out of reach of the server, and the tablet knows it. */
  async offline(): Promise<void> {
    this.link.set("offline");
    await expect(this.strip).toHaveAttribute("data-mode", "offline", { timeout: 30_000 });
  }

  /** Back in reach, and nothing waits any more. */
  async online(timeout = 60_000): Promise<void> {
    this.link.set("up");
    await this.tryNow();
    await this.drained(timeout);
  }

  /** Nothing waits on this tablet: nothing is being written, and neither in its store nor, a moment later, on its screen does anything stand. */
  async drained(timeout = 60_000, page = this.page): Promise<void> {
    const strip = page.getByTestId("queue-strip");
    await expect(strip).not.toHaveAttribute("data-writing", { timeout });
    await expect.poll(async () => (await this.rows<{ status: string }>("outbox", page)).filter((e) => e.status === "pending").length, { timeout }).toBe(0);
    await expect(strip).toHaveAttribute("data-mode", "idle", { timeout });
    await expect(strip).toHaveAttribute("data-pending", "0", { timeout });
  }

  /** What the browser says when a network is there again: no waiting for the next try. */
  async tryNow(): Promise<void> {
    await this.page.evaluate(() => void dispatchEvent(new Event("online")));
  }

  /** Only plain HTTP from here on, so that a test can lay hands on single requests. */
  async withoutSockets(): Promise<void> {
    this.link.blockSockets(true);
    await expect.poll(() => this.link.lines.size).toBe(0);
  }

  /** A second tab of the same browser. */
  async tab(path = "/"): Promise<Page> {
    const page = await this.context.newPage();
    this.watch(page);
    await page.goto(path);
    await expect(page.getByTestId("queue-strip")).toBeVisible({ timeout: 30_000 });
    return page;
  }

  get strip(): Locator {
    return this.page.getByTestId("queue-strip");
  }

  private async digits(pin: string): Promise<void> {
    for (const digit of pin) await this.page.keyboard.press(digit);
  }

  /** Chooses a PIN for the person at the tablet. */
  async setPin(pin: string): Promise<void> {
    await this.go("/more");
    await this.tap("set-pin");
    for (let twice = 0; twice < 2; twice++) {
      await this.digits(pin);
      await this.tap("pin-next");
    }
    await expect(this.page.getByTestId("pin-sheet")).toBeHidden();
  }

  /** Locks the tablet and, with a name, asks for that person's PIN. */
  async leaveTo(name = ""): Promise<void> {
    await this.go("/more");
    await this.tap("switch-user");
    await expect(this.strip).toBeHidden();
    if (name) await this.page.getByTestId("local-user").filter({ hasText: name }).click();
  }

  async signOut(): Promise<void> {
    await this.go("/more");
    await this.tap("sign-out");
    await this.tap("sign-out-confirm");
    await expect(this.strip).toBeHidden();
  }

  /** Types a PIN where one is asked for. */
  async pin(pin: string): Promise<void> {
    await this.digits(pin);
    await this.tap("pin-enter");
  }

  /** Signs somebody else in by password, beside those who are known. */
  async otherAccount(login: string): Promise<void> {
    const byPassword = this.page.getByTestId("login");
    const others = this.page.getByRole("button", { name: /用别的账号登录|another account/ });
    await expect(byPassword.or(others).first()).toBeVisible();
    if (!(await byPassword.isVisible())) await others.click();
    await this.page.getByTestId("login").fill(login);
    await this.page.getByTestId("password").fill(password);
    await this.tap("sign-in");
    await expect(this.strip).toBeVisible({ timeout: 30_000 });
    await this.synced();
  }

  /** The id under which the server knows this tablet and the person last signed in. */
  async device(): Promise<string> {
    const devices = (await this.rows<{ key: string; value: unknown }>("meta")).filter((m) => m.key === "device");
    return String(devices.at(-1)?.value ?? "");
  }

  /** After a failure: what every open tablet shows and holds, and what the server knows. Then all are put away. */
  static async putAway(info: TestInfo, server?: Server): Promise<void> {
    const failed = info.status !== info.expectedStatus;
    for (const [i, tablet] of Tablet.all.splice(0).entries()) {
      if (failed) {
        await tablet.page.screenshot({ path: info.outputPath(`tablet-${i}.png`), timeout: 5_000 }).catch(() => {});
        console.log(`tablet ${i}: ${await Promise.race([tablet.testimony(), new Promise<string>((r) => setTimeout(r, 5_000, "does not answer"))]).catch(String)}`);
      }
      await tablet.close();
    }
    if (failed && server) console.log(await whatTheServerKnows(server).catch(String));
  }

  /** Queue, photos and place in the server's log, as they are stored here. */
  private async testimony(): Promise<string> {
    const [meta, outbox, uploads] = [await this.rows<{ key: string; value: unknown }>("meta"), await this.rows("outbox"), await this.rows("uploads")];
    const brief = (rows: Record<string, unknown>[], ...fields: string[]) => rows.map((r) => fields.map((f) => `${f}=${JSON.stringify(r[f])}`).join(" ")).join("\n    ");
    return [
      `link ${this.link.mode} ${JSON.stringify(this.link.faults)} errors ${JSON.stringify(this.errors)}`,
      `strip ${await this.strip.innerText({ timeout: 1_000 }).catch(() => "not shown")}`,
      `meta ${meta.filter((m) => !/^(counter:|search)/.test(m.key)).map((m) => `${m.key}=${JSON.stringify(m.value)}`).join(" ")}`,
      `outbox ${brief(outbox.map((e) => ({ ...e, refusal: (e.refusal as { code?: string } | undefined)?.code })), "seq", "id", "intent", "status", "attempts", "refusal")}`,
      `uploads ${brief(uploads, "sha256", "state", "sent", "size", "refusal")}`,
    ].join("\n  ");
  }

  /** The app is in the service worker's hands: from here on it opens without a network. */
  async installed(): Promise<void> {
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      while (!navigator.serviceWorker.controller) await new Promise((taken) => navigator.serviceWorker.addEventListener("controllerchange", taken, { once: true }));
    });
  }

  /** The last exchange with the server worked, and nothing waits. */
  async synced(timeout = 30_000): Promise<void> {
    await expect(this.strip).toHaveAttribute("data-mode", "idle", { timeout });
  }

  /** When a place of the screen says these words for the first time, by the machine's clock: as the page itself sees it, whoever asks. */
  appears(place: string, words: string): Promise<number> {
    return this.page.evaluate(({ place, words }) => new Promise<number>((done) => {
      const there = () => [...document.querySelectorAll(place)].some((one) => one.textContent?.includes(words));
      if (there()) return done(Date.now());
      new MutationObserver((_, me) => { if (there()) { me.disconnect(); done(Date.now()); } }).observe(document.body, { subtree: true, childList: true, characterData: true });
    }), { place, words });
  }

  /** Goes to an address; when it returns, the screen that stood there before is gone. */
  async go(path: string, page = this.page): Promise<void> {
    await page.evaluate((p) => new Promise<void>((there) => {
      const before = location.href;
      addEventListener("hashchange", () => there(), { once: true });
      location.hash = p;
      if (location.href === before) there();
    }), path);
  }

  /** Whoever has asked for something waits until it is done: the app takes a second tap while it writes for no second act. */
  async written(): Promise<void> {
    await expect(this.page.locator("[data-testid=queue-strip][data-writing]")).toHaveCount(0);
  }

  async tap(testid: string): Promise<void> {
    await this.written();
    await this.page.getByTestId(testid).first().click();
  }

  async chip(group: string, text: string | RegExp): Promise<void> {
    await this.written();
    await this.page.getByTestId(group).getByRole("button", { name: text }).first().click();
  }

  /** The token and push-only credential kept here for a person: what a thief would find. */
  async keys(login: string): Promise<{ token: string; credential: string }> {
    const found = await this.page.evaluate((name) => new Promise<{ token: string; credential: string } | undefined>((resolve, reject) => {
      const opening = indexedDB.open("aftercare");
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const all = opening.result.transaction("people").objectStore("people").getAll();
        all.onsuccess = () => (opening.result.close(), resolve(all.result.find((p) => p.login === name)));
      };
    }), login);
    return { token: found?.token ?? "", credential: found?.credential ?? "" };
  }

  /** Rows of one collection in this tablet's store, as the person signed in has them. */
  rows<T = Record<string, unknown>>(collection: string, page = this.page): Promise<T[]> {
    return page.evaluate(async (name) => {
      const all: unknown[] = [];
      for (const { name: db } of await indexedDB.databases()) {
        if (!db?.startsWith("aftercare-")) continue;
        const opened = await new Promise<IDBDatabase>((resolve, reject) => {
          const r = indexedDB.open(db);
          r.onsuccess = () => resolve(r.result);
          r.onerror = () => reject(r.error);
        });
        if (opened.objectStoreNames.contains(name)) {
          all.push(...(await new Promise<unknown[]>((resolve, reject) => {
            const r = opened.transaction(name).objectStore(name).getAll();
            r.onsuccess = () => resolve(r.result);
            r.onerror = () => reject(r.error);
          })));
        }
        opened.close();
      }
      return all;
    }, collection) as Promise<T[]>;
  }

  /** Writes down what a customer said; true on the screen at once. */
  async note(visit: string, words: string, page = this.page): Promise<void> {
    await this.go(`/visit/${visit}/concerns`, page);
    await page.getByTestId("concern-words").fill(words);
    await page.getByTestId("concern-add").first().click();
    await expect(page.getByText(words).first()).toBeVisible();
  }

  async close(): Promise<void> {
    await this.context.close();
    await this.link.close();
  }
}

async function whatTheServerKnows(server: Server): Promise<string> {
  const signedIn = await fetch(`${server.url}/api/collections/staff/auth-with-password`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ identity: "gao", password }) });
  const { token } = (await signedIn.json()) as { token: string };
  const all = async (collection: string) => ((await (await fetch(`${server.url}/api/collections/${collection}/records?perPage=20&sort=-updated`, { headers: { Authorization: token } })).json()) as { items?: Record<string, unknown>[] }).items ?? [];
  const lines = [];
  for (const d of await all("devices")) lines.push(`device ${d.id} user=${d.user} seq=${d.seq} revoked=${d.revoked} last_seen=${d.last_seen}`);
  for (const c of await all("conflicts")) lines.push(`conflict ${c.collection}/${c.record} ${c.field} kept=${JSON.stringify(c.kept)} other=${JSON.stringify(c.other)} ${c.state}`);
  for (const c of await all("concerns")) lines.push(`concern ${c.id} v${c.version} by=${c.created_by} device=${c.device} ${c.words}`);
  for (const p of await all("photos")) lines.push(`photo ${p.id} ${String(p.sha256).slice(0, 12)} ${p.state}`);
  return `server\n  ${lines.join("\n  ")}\n  log: ${server.log.slice(-1500)}`;
}
