import { expect } from "@playwright/test";
import type { Tablet } from "./tablet";

/** The parts store's screens: what happens over the counter. */
export class PartsStore {
  constructor(readonly tablet: Tablet) {}
  get page() {
    return this.tablet.page;
  }

  /** Opens an order of the counter's list. */
  async open(number: string): Promise<void> {
    await this.tablet.go("/parts");
    await this.page.getByTestId(`waiting-${number}`).click();
    await expect(this.page.getByTestId(`pick-${number}`)).toBeVisible();
  }

  /** Whoever takes the parts writes their name on the pad and takes them. */
  async sign(): Promise<void> {
    const receiver = this.page.getByTestId("receiver").getByRole("button");
    if (!(await this.page.locator('[data-testid=receiver] [aria-pressed="true"]').count())) await receiver.first().click();
    const box = (await this.page.getByTestId("sign-pad").boundingBox())!;
    await this.page.mouse.move(box.x + 60, box.y + 90);
    await this.page.mouse.down();
    for (let i = 1; i <= 8; i++) await this.page.mouse.move(box.x + 60 + i * 22, box.y + 90 + (i % 2 ? 30 : -30));
    await this.page.mouse.up();
    await this.tablet.tap("hand-now");
  }

  /** Everything of the order that can go, signed for. */
  async pickAll(): Promise<void> {
    await this.tablet.tap("pick-all");
    await this.tablet.tap("pick-now");
    await expect(this.page.getByTestId("hand-sheet")).toBeVisible();
    await this.sign();
    await expect(this.page.getByTestId("hand-sheet")).toBeHidden();
  }

  async levels(number: string): Promise<{ store: string; workshop: string }> {
    await this.tablet.go("/parts/stock");
    await this.page.getByTestId("stock-find").fill(number);
    await this.page.getByTestId("stock-find").press("Enter");
    await expect(this.page.getByTestId(`part-${number}`)).toBeVisible();
    const of = (place: string) => this.page.getByTestId(`level-${place}`).innerText();
    return { store: await of("store"), workshop: await of("workshop") };
  }
}
