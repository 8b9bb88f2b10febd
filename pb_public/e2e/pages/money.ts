import { expect } from "@playwright/test";
import type { Tablet } from "./tablet";

/** The cashier's desk, the gate and the delivery, as their people use them. */
export class Till {
  constructor(readonly tablet: Tablet) {}
  get page() {
    return this.tablet.page;
  }

  async open(order: string): Promise<void> {
    await this.tablet.go(`/cashier/${order}`);
    await expect(this.page.getByTestId("bill")).toBeVisible();
  }

  /** Another payer takes over a part of a job, in yuan. */
  async share(job: string, payer: string, yuan: string): Promise<void> {
    await this.page.getByTestId(`payer-${job}`).selectOption(payer);
    await this.page.getByTestId(`moved-${job}`).fill(yuan);
  }

  async sign(): Promise<void> {
    const pad = this.page.getByTestId("sign-pad").first();
    await pad.scrollIntoViewIfNeeded();
    const box = (await pad.boundingBox())!;
    await this.page.mouse.move(box.x + 40, box.y + 60);
    await this.page.mouse.down();
    for (let i = 1; i <= 12; i++) await this.page.mouse.move(box.x + 40 + i * 14, box.y + 60 + (i % 2 ? 30 : -10));
    await this.page.mouse.up();
    await this.tablet.tap("sign-here");
    await expect(this.page.getByTestId("sign-pad")).toHaveCount(0);
  }

  /** What is handed over the counter, in yuan. */
  async amount(yuan: number): Promise<void> {
    const amount = this.page.getByTestId("pay-amount");
    await amount.fill(yuan.toFixed(2));
    await amount.blur();
  }

  /** The pass on screen: what its code says. */
  async pass(): Promise<{ token: string; offline: boolean }> {
    const pass = this.page.getByTestId("pass");
    await expect(pass).toHaveAttribute("data-token", /^AP1\./);
    return { token: (await pass.getAttribute("data-token"))!, offline: (await pass.getAttribute("data-offline")) === "true" };
  }
}

export class Gate {
  constructor(readonly tablet: Tablet) {}
  get page() {
    return this.tablet.page;
  }

  /** What a hand scanner types. */
  async scan(code: string): Promise<void> {
    await this.tablet.go("/gate");
    const field = this.page.getByTestId("gate-code"), next = this.page.getByRole("button", { name: /下一辆/ });
    await expect(field.or(next).first()).toBeVisible();
    if (!(await field.isVisible())) await next.click();
    await this.page.getByTestId("gate-code").fill(code);
    await this.tablet.tap("gate-check");
  }

  async letOut(code: string, plate: RegExp): Promise<void> {
    await this.scan(code);
    await expect(this.page.getByTestId("gate-ok")).toContainText(plate);
    await this.tablet.tap("gate-open");
    await expect(this.page.getByTestId("gate-out")).toBeVisible();
  }

  async refused(code: string, why: string): Promise<void> {
    await this.scan(code);
    await expect(this.page.getByTestId("gate-no")).toHaveAttribute("data-code", why);
  }
}

/** The delivery of a car, as its advisor goes through it. */
export class Counter {
  constructor(readonly tablet: Tablet) {}
  get page() {
    return this.tablet.page;
  }

  async open(visit: string): Promise<void> {
    await this.tablet.go(`/delivery/${visit}`);
    await expect(this.page.getByTestId("delivery")).toBeVisible();
  }

  /** The first word of it: where the car stands. */
  async begin(): Promise<void> {
    const parking = this.page.getByTestId("parking");
    await parking.fill("B12");
    await parking.blur();
    await expect(this.page.getByTestId("delivery")).toHaveAttribute("data-state", "open");
  }

  /** Every moment that is left, the next service and when to call. */
  async everything(): Promise<void> {
    await expect(this.page.locator("[role=checkbox][data-testid^=tick-]").first()).toBeVisible();
    for (;;) {
      const left = this.page.locator('[role=checkbox][data-testid^=tick-][aria-checked=false]');
      const n = await left.count();
      if (n === 0) break;
      await left.first().click();
      await expect(left).toHaveCount(n - 1);
    }
    await this.page.getByTestId("next-on").fill("2027-05-21");
    await this.page.getByTestId("next-on").blur();
    await this.page.getByTestId("follow-up").getByRole("button").first().click();
  }

  async sign(): Promise<void> {
    const pad = this.page.getByTestId("sign-pad").first();
    await pad.scrollIntoViewIfNeeded();
    const box = (await pad.boundingBox())!;
    await this.page.mouse.move(box.x + 30, box.y + 50);
    await this.page.mouse.down();
    for (let i = 1; i <= 12; i++) await this.page.mouse.move(box.x + 30 + i * 14, box.y + 50 + (i % 2 ? 30 : -10));
    await this.page.mouse.up();
    await this.tablet.tap("sign-here");
  }
}
