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
    page.on("pageerror", (e) => this.errors.push(e.message));
  }

  async signIn(login: string): Promise<void> {
    await this.page.goto("/");
    await this.page.getByTestId("login").fill(login);
    await this.page.getByTestId("password").fill(password);
    await this.page.getByTestId("sign-in").click();
    await expect(this.page.getByTestId("queue-strip")).toBeVisible({ timeout: 30_000 });
    await this.synced();
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

  /** Types a PIN where one is asked for. */
  async pin(pin: string): Promise<void> {
    await this.digits(pin);
    await this.tap("pin-enter");
  }

  /** Signs somebody else in by password, beside those who are known. */
  async otherAccount(login: string): Promise<void> {
    await this.page.getByRole("button", { name: /用别的账号登录|another account/ }).click();
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

  /** What every open tablet shows, for whoever reads a failed run; then all are put away. */
  static async putAway(info: TestInfo): Promise<void> {
    for (const [i, tablet] of Tablet.all.splice(0).entries()) {
      if (info.status !== info.expectedStatus) await tablet.page.screenshot({ path: info.outputPath(`tablet-${i}.png`) }).catch(() => {});
      await tablet.close();
    }
  }

  /** The app is in the service worker's hands: from here on it opens without a network. */
  async installed(): Promise<void> {
    await this.page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      if (!navigator.serviceWorker.controller && registration.active) await new Promise((r) => setTimeout(r, 500));
    });
  }

  async synced(timeout = 30_000): Promise<void> {
    await expect(this.page.getByTestId("queue-strip")).toContainText(/已连接|Connected/, { timeout });
  }

  async go(path: string): Promise<void> {
    await this.page.evaluate((p) => (location.hash = p), path);
  }

  tap(testid: string): Promise<void> {
    return this.page.getByTestId(testid).first().click();
  }

  async chip(group: string, text: string | RegExp): Promise<void> {
    await this.page.getByTestId(group).getByRole("button", { name: text }).first().click();
  }

  /** Rows of one collection in this tablet's store, as the person signed in has them. */
  rows<T = Record<string, unknown>>(collection: string): Promise<T[]> {
    return this.page.evaluate(async (name) => {
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

  async close(): Promise<void> {
    await this.context.close();
    await this.link.close();
  }
}
