import { type Browser, type BrowserContext, type Locator, type Page } from "@playwright/test";

/** A customer's phone: the shop's page in a browser that has never seen the shop. */
export class Phone {
  private constructor(readonly context: BrowserContext, readonly page: Page) {}

  static async open(browser: Browser, baseURL: string): Promise<Phone> {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "zh-CN", timezoneId: "Asia/Shanghai", hasTouch: true, isMobile: true, deviceScaleFactor: 2, baseURL });
    return new Phone(context, await context.newPage());
  }

  /** The server is asked, and its answer to one address stays on its way until it is released. */
  async holds(address: string): Promise<{ held: Promise<void>; release: () => void }> {
    let release = (): void => {}, there = (): void => {};
    const wait = new Promise<void>((go) => (release = go)), held = new Promise<void>((go) => (there = go));
    await this.page.route(address, async (route) => {
      const response = await route.fetch();
      there();
      await wait;
      await route.fulfill({ response });
    });
    return { held, release: () => release() };
  }

  /** Opens a link as a message would: anew, and at this server whatever host it was made for. */
  async visit(url: string): Promise<void> {
    const { pathname, hash } = new URL(url);
    await this.page.goto("about:blank");
    await this.page.goto(pathname + hash);
  }

  line(job: string): Locator {
    return this.page.getByTestId(`portal-line-${job}`);
  }

  async say(job: string, yes: boolean): Promise<void> {
    await this.line(job).getByTestId(yes ? "portal-yes" : "portal-no").click();
  }

  async sign(): Promise<void> {
    const pad = this.page.getByTestId("sign-pad");
    await pad.scrollIntoViewIfNeeded();
    const box = (await pad.boundingBox())!;
    await this.page.mouse.move(box.x + 40, box.y + 60);
    await this.page.mouse.down();
    for (let i = 1; i <= 12; i++) await this.page.mouse.move(box.x + 40 + i * 16, box.y + 60 + (i % 3) * 20);
    await this.page.mouse.up();
  }

  get verdict(): Locator {
    return this.page.getByTestId("verdict");
  }

  async check(code: string): Promise<void> {
    await this.page.getByTestId("verify-code").fill(code);
    await this.page.getByTestId("verify-check").click();
  }

  async file(name: string, mimeType: string, buffer: Buffer): Promise<void> {
    await this.page.getByTestId("verify-file").setInputFiles({ name, mimeType, buffer });
  }

  /** A picture for the eye, where SCREENS names a folder. */
  async shot(name: string): Promise<void> {
    if (process.env.SCREENS) await this.page.screenshot({ path: `${process.env.SCREENS}/${name}.png`, fullPage: true });
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
