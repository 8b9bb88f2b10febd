import { expect, type Locator, type Page } from "@playwright/test";

/** The customer's page of claims on a phone. */
export class BuyerPage {
  constructor(readonly page: Page) {}

  private at(id: string): Locator {
    return this.page.getByTestId(id);
  }

  /** Goes to an address of the page; when it returns, what stood there before is gone. */
  private async goes(to: string): Promise<void> {
    await this.page.evaluate((hash) => new Promise<void>((there) => {
      const before = location.href;
      addEventListener("hashchange", () => there(), { once: true });
      location.hash = hash;
      if (location.href === before) there();
    }), to);
  }

  async open(): Promise<void> {
    await this.page.goto("/claim");
    await expect(this.at("buyer-sign-in")).toBeVisible();
    await this.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined)); // from now on it opens without a network
  }

  /** Order number and phone, without sending them. */
  async says(order: string, phone: string): Promise<void> {
    await this.at("buyer-order").fill(order);
    await this.at("buyer-phone").fill(phone);
  }

  async signIn(order: string, phone: string, code: () => Promise<string>): Promise<void> {
    await this.says(order, phone);
    await this.at("buyer-ask").click();
    await expect(this.at("buyer-code")).toBeVisible();
    await this.at("buyer-code").fill(await code());
    await this.at("buyer-enter").click();
    await expect(this.at("buyer-out")).toBeVisible();
  }

  /** Everything of the first step but the goods. */
  async tells(seen: string, words: string, kind: string): Promise<void> {
    await this.at("draft-seen").getByText(seen, { exact: true }).click();
    await this.at("draft-words").fill(words);
    await this.at("draft-kind").getByText(kind, { exact: true }).click();
  }

  async next(): Promise<void> {
    await this.at("draft-next").click();
  }

  async shoots(slots: string[], files: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
    for (const [i, slot] of slots.entries()) {
      await this.at(`album-${slot}`).setInputFiles(files[i]!);
      await expect(this.at(`slot-${slot}`)).toHaveAttribute("data-taken", "1");
    }
  }

  /** A parcel refused at the door: what does not match. */
  async refuses(mismatch: string): Promise<void> {
    await this.at("draft-parcel").getByText("当场拒收", { exact: true }).click();
    await this.at("draft-mismatch").getByText(mismatch, { exact: true }).click();
  }

  /** The claim that was filed last, opened once the server has it. */
  async newest(): Promise<void> {
    await this.claims.first().click();
    await expect(this.at("claim")).toHaveAttribute("data-waits", "false");
  }

  async opens(claim: string): Promise<void> {
    await this.goes(`#/claim/${claim}`);
    await expect(this.at("claim-now")).toBeVisible();
  }

  /** What the page says first of the open claim, once the server has told it. */
  async stands(says: string, timeout = 30_000): Promise<void> {
    await expect.poll(async () => {
      await this.asks();
      return (await this.settled()) ? this.at("claim-now").getAttribute("data-says") : "";
    }, { timeout, intervals: [300] }).toBe(says);
  }

  /** Nothing of the open claim waits to be sent: what is shown is the server's word. */
  private async settled(): Promise<boolean> {
    return (await this.at("claim").getAttribute("data-waits")) === "false";
  }

  /** One of the customer's own steps on the open claim, sent. */
  async does(act: string): Promise<void> {
    await this.at(`act-${act}`).click();
    await this.sent();
  }

  /** Waits until the open claim's next deadline is this one of the server's. */
  async due(until: unknown): Promise<void> {
    await expect(async () => {
      await this.asks();
      await expect(this.at("claim-deadline")).toHaveAttribute("data-until", String(until), { timeout: 1_000 });
    }).toPass({ timeout: 30_000 });
  }

  get drafts(): Locator {
    return this.at("draft-row");
  }

  get claims(): Locator {
    return this.at("claim-row");
  }

  get timeline(): Locator {
    return this.at("claim-timeline");
  }

  /** What the timeline tells, in its order; that somebody was told of it is left out, for that comes by the server's minute. */
  events(): Promise<(string | null)[]> {
    return this.timeline.locator('li:not([data-source="message"])').evaluateAll((lines) => lines.map((l) => l.getAttribute("data-event")));
  }

  /** Nothing is being written and nothing waits any more. */
  async sent(): Promise<void> {
    await expect(this.at("buyer-net")).not.toHaveAttribute("data-writing");
    await expect(this.at("buyer-net")).toHaveAttribute("data-waiting", "0", { timeout: 30_000 });
  }

  /** Begins a claim for one of the own orders. */
  async begins(order: string): Promise<void> {
    await this.goes("#/");
    await this.at("order-row").filter({ hasText: order }).getByTestId("file-claim").click();
    await expect(this.at("draft-order")).toContainText(order);
  }

  /** Writes and photographs a claim, up to what will happen; the only goods there are have been chosen already. */
  async writes(order: string, seen: string, words: string, kind: string, photos: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
    await this.begins(order);
    await this.tells(seen, words, kind);
    await this.next();
    await expect(this.at("shots-done")).toBeVisible();
    const slots = await this.page.locator("[data-testid^=slot-][data-taken]").evaluateAll((all) => all.map((one) => one.getAttribute("data-testid")!.slice("slot-".length)));
    await this.shoots(slots, photos);
    await this.next();
    await expect(this.at("look")).toBeVisible();
  }

  async sends(): Promise<void> {
    await this.at("draft-send").click();
    await expect(this.at("draft")).toHaveCount(0); // in the line
    await this.sent();
  }

  /** A network that comes back is asked at once. */
  async asks(): Promise<void> {
    await this.page.evaluate(() => void dispatchEvent(new Event("online")));
  }

  /** Opens a claim and waits until it stands so, as somebody does who looks again. */
  async sees(id: string, state: string): Promise<void> {
    await this.goes(`#/claim/${id}`);
    await expect(async () => {
      await this.asks();
      await expect(this.at("claim")).toHaveAttribute("data-state", state, { timeout: 1_000 });
      expect(await this.settled()).toBe(true);
    }).toPass({ timeout: 30_000 });
  }

  /** The parcel that goes to the shop. */
  async parcel(carrier: string, number: string): Promise<void> {
    await this.at("parcel-carrier").fill(carrier);
    await this.at("parcel-number").fill(number);
    await this.at("act-send_parcel").click();
    await this.sent();
  }
}
