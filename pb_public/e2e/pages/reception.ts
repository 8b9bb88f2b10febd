import { expect } from "@playwright/test";
import type { Tablet } from "./tablet";

export interface Photo { name: string; mimeType: string; buffer: Buffer }

/** The walk-around as an advisor does it: each method is one thing said or done at the car. */
export class Reception {
  visit = "";
  constructor(readonly tablet: Tablet) {}
  get page() {
    return this.tablet.page;
  }

  /** Someone who was here before: found by a piece of the plate. */
  async receive(fragment: string, odometer: string, purpose = /一般维修|Repair/, original = ""): Promise<void> {
    await this.tablet.go("/arrive");
    await this.page.getByTestId("search").first().fill(fragment);
    await this.page.getByTestId("hit").first().click();
    await this.tablet.chip("purpose", purpose);
    await this.page.getByTestId("odometer").fill(odometer);
    if (original) await this.tablet.tap(`original-${original}`);
    await this.tablet.tap("begin-reception");
    await this.page.waitForURL(/#\/visit\/[a-z0-9]{15}\/concerns/);
    this.visit = /visit\/([a-z0-9]{15})/.exec(this.page.url())![1]!;
  }

  async concern(words: string): Promise<void> {
    await this.page.getByTestId("concern-words").fill(words);
    await this.tablet.tap("concern-add");
    await expect(this.page.getByTestId("concern-1")).toContainText(words);
  }

  async confirmConcern(): Promise<void> {
    await this.tablet.tap("concern-confirm-1");
    await this.tablet.chip("concern-fault-1", /是|Yes|故障|fault/i);
    await this.page.getByTestId("concern-1").getByRole("textbox").fill("右前悬架异响，先诊断，修理另报价。");
    await this.tablet.tap("expert-sign-1");
    await this.tablet.tap("nothing-else");
  }

  async step(key: string): Promise<void> {
    await this.page.getByTestId(`step-${key}`).click();
    await this.page.waitForURL(new RegExp(`/${key}`));
  }

  /** A scratch on the left front door, with a photo near and one far. */
  async mark(near: Photo, far: Photo): Promise<void> {
    await this.startMark();
    await this.photo("photo-input-near", near);
    await this.photo("photo-input-far", far);
  }

  /** A scratch on the left front door, before it is photographed. */
  async startMark(): Promise<void> {
    await this.step("car");
    await this.tablet.tap("view-left");
    await this.tablet.tap("zone-left.front_door");
    await this.tablet.tap("tri-attention");
    await this.tablet.chip("mark-kind", /划痕|Scratch/);
    await this.tablet.tap("severity-to_15");
  }

  async photo(testid: string, file: Photo): Promise<void> {
    const before = (await this.tablet.rows("photos")).length;
    await this.page.getByTestId(testid).first().setInputFiles(file);
    await expect.poll(async () => (await this.tablet.rows("photos")).length, { timeout: 30_000 }).toBe(before + 1);
  }

  /** Answers what is left, view by view, the figures one by one: nothing can be skipped. */
  async lookAtEverything(): Promise<void> {
    for (const group of ["left", "rear", "right", "front", "roof", "interior", "boot", "engine"]) {
      await this.tablet.tap(`view-${group}`);
      const rest = this.page.getByTestId("rest-good");
      if (await rest.isVisible()) await rest.click();
    }
    await this.tablet.tap("view-interior");
    for (const [code, act] of [["interior.energy", () => this.page.getByTestId("energy").getByRole("button").nth(2).click()], ["interior.odometer", () => this.tablet.tap("odometer-confirm")]] as const) {
      await this.page.getByTestId(`zone-${code}`).first().click();
      await act();
    }
  }

  async belongings(): Promise<void> {
    await this.step("belongings");
    await this.page.getByTestId("covers").getByRole("button").nth(1).click();
    for (const moment of ["exit", "boot", "end"]) {
      const reminder = this.page.locator(`button[data-testid=valuables-${moment}]`);
      if (await reminder.isVisible()) await reminder.click();
    }
    await this.page.getByTestId("storage").getByRole("button").last().click();
    await this.tablet.tap("key-quick");
    await this.tablet.tap("belongings-done");
  }

  async job(work: string, labour: string, payer?: RegExp): Promise<void> {
    await this.step("readback");
    await this.tablet.tap("add-job");
    await this.page.getByTestId("job-work").fill(work);
    await this.page.getByTestId("job-minutes").fill("48");
    await this.page.getByTestId("job-labour").fill(labour);
    if (payer) await this.tablet.chip("job-payer", payer);
    await this.tablet.tap("job-save");
    await expect(this.page.getByTestId("job-editor")).toBeHidden();
  }

  /** Only finding out what is wrong, for a fee of `yuan` which the customer is told before. */
  async diagnosis(work: string, yuan: string): Promise<void> {
    await this.step("readback");
    await this.tablet.tap("add-job");
    await this.page.getByTestId("job-work").fill(work);
    await this.page.getByTestId("job-minutes").fill("30");
    await this.page.getByTestId("job-labour").fill(yuan);
    await this.tablet.tap("diagnosis-only");
    await this.tablet.tap("diagnosis-told");
    await this.tablet.tap("job-save");
    await expect(this.page.getByTestId("job-editor")).toBeHidden();
  }

  async readBack(): Promise<void> {
    await this.tablet.chip("old-parts", /看|Show/);
    await this.page.getByTestId("wash").getByRole("button").first().click();
    await this.page.getByTestId("payment").getByRole("button").first().click();
    await this.tablet.tap("complete-inspection");
    await expect(this.page.getByTestId("complete-inspection")).toBeHidden();
    await this.tablet.tap("present-order");
    await expect(this.page.getByTestId("present-order")).toBeHidden();
  }

  async strokes(): Promise<void> {
    const pad = this.page.getByTestId("sign-pad");
    const box = (await pad.boundingBox())!;
    for (const [x0, y0, x1, y1] of [[0.15, 0.3, 0.35, 0.7], [0.4, 0.6, 0.6, 0.3], [0.55, 0.35, 0.85, 0.65]] as const) {
      await this.page.mouse.move(box.x + box.width * x0, box.y + box.height * y0);
      await this.page.mouse.down();
      for (let i = 1; i <= 8; i++) await this.page.mouse.move(box.x + box.width * (x0 + ((x1 - x0) * i) / 8), box.y + box.height * (y0 + ((y1 - y0) * i) / 8));
      await this.page.mouse.up();
    }
  }

  async sign(): Promise<void> {
    await this.step("sign");
    await this.strokes();
    await this.tablet.tap("sign-done");
    await this.tablet.tap("countersign");
  }

  async handOver(receiver: string): Promise<void> {
    await this.tablet.chip("receiver", receiver);
    await this.tablet.tap("hand-over");
    await expect(this.page.getByTestId("to-order")).toBeVisible();
  }
}
