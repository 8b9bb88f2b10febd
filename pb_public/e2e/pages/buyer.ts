import { expect, type Locator, type Page } from "@playwright/test";

/** The customer's page of claims on a phone. */
export class BuyerPage {
  constructor(readonly page: Page) {}

  private at(id: string): Locator {
    return this.page.getByTestId(id);
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

  get drafts(): Locator {
    return this.at("draft-row");
  }

  get claims(): Locator {
    return this.at("claim-row");
  }

  get timeline(): Locator {
    return this.at("claim-timeline");
  }

  /** What the timeline tells, in its order. */
  events(): Promise<(string | null)[]> {
    return this.timeline.locator("li").evaluateAll((lines) => lines.map((l) => l.getAttribute("data-event")));
  }

  /** Nothing waits any more. */
  async sent(): Promise<void> {
    await expect(this.at("buyer-net")).toHaveAttribute("data-waiting", "0", { timeout: 30_000 });
  }
}
