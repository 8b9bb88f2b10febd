import { expect } from "@playwright/test";
import type { Tablet } from "./tablet";

/** A car that comes back, at the reception and on its order. */
export class Comeback {
  constructor(readonly tablet: Tablet) {}
  get page() {
    return this.tablet.page;
  }

  /** Receives the car for a comeback of the named job; returns the visit. */
  async receive(fragment: string, odometer: string, original: string): Promise<string> {
    await this.tablet.go("/arrive");
    await this.page.getByTestId("search").first().fill(fragment);
    await this.page.getByTestId("hit").first().click();
    await this.tablet.chip("purpose", /返修|Comeback/);
    await this.page.getByTestId("odometer").fill(odometer);
    const choice = this.page.getByTestId(`original-${original}`);
    await expect(choice).toHaveAttribute("data-standing", "inside");
    await choice.click();
    await expect(choice).toHaveAttribute("aria-checked", "true");
    await this.tablet.tap("begin-reception");
    await this.page.waitForURL(/#\/visit\/[a-z0-9]{15}\/concerns/);
    return /visit\/([a-z0-9]{15})/.exec(this.page.url())![1]!;
  }

  /** The payer of the order's job, as the editor would have it. */
  async payer(job: string, payer: RegExp): Promise<void> {
    await this.page.getByTestId(`job-${job}`).getByRole("button").first().click();
    await this.tablet.tap(`edit-${job}`);
    await this.tablet.chip("job-payer", payer);
    await this.tablet.tap("job-save");
  }

  async decide(cause: RegExp, words: string): Promise<void> {
    await this.tablet.tap("decide");
    await this.tablet.chip("causes", cause);
    await this.page.getByTestId("cause-note").fill(words);
    await this.tablet.tap("decide-now");
  }
}
