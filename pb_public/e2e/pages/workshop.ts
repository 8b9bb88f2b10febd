import { expect } from "@playwright/test";
import type { Photo } from "./reception";
import type { Tablet } from "./tablet";

const items = ["jobs_done", "fasteners", "nothing_left_inside", "road_test", "outside_compared", "papers"];

/** The workshop's screens: what technician, team leader and inspector do. */
export class Workshop {
  constructor(readonly tablet: Tablet) {}
  get page() {
    return this.tablet.page;
  }

  async dispatch(order: string, technician: string): Promise<void> {
    await this.tablet.go(`/order/${order}`);
    await this.page.getByTestId("next-step").filter({ hasText: /派工|Dispatch/ }).click();
    await this.page.getByTestId("dispatch-sheet").getByRole("button", { name: technician }).click();
    await this.tablet.tap("dispatch-now");
    await expect(this.page.getByTestId("dispatch-sheet")).toBeHidden();
  }

  async openJob(job: string): Promise<void> {
    await this.tablet.go(`/jobs/${job}`);
    await expect(this.page.getByTestId("next-step")).toBeVisible();
  }

  /** Presses the one big button, when it offers this step. */
  async next(step: string): Promise<void> {
    await this.page.locator(`[data-testid=next-step][data-step=${step}]`).click();
  }

  async checkSheet(): Promise<void> {
    await this.next("check_sheet");
    await expect(this.page.getByTestId("check-sheet")).toBeVisible();
    await this.page.getByTestId("fault-confirmed").getByRole("button").first().click();
    await this.tablet.tap("sheet-checked");
    await expect(this.page.getByTestId("check-sheet")).toBeHidden();
  }

  async pause(reason: string): Promise<void> {
    await this.tablet.tap("pause");
    await this.tablet.tap(`pause-${reason}`);
    const now = this.page.getByTestId("pause-now");
    if (await now.isVisible()) await now.click();
    await expect(this.page.getByTestId("pause-sheet")).toBeHidden();
  }

  async found(work: string, note: string, photo: Photo): Promise<void> {
    await this.tablet.tap("found-problem");
    await this.page.getByTestId("found-work").fill(work);
    await this.page.getByTestId("found-note").fill(note);
    await this.page.getByTestId("found-photo").first().setInputFiles(photo);
    await expect(this.page.getByTestId("found-sheet").locator(".ph img")).toBeVisible(); // prepared, and in the sheet
    await this.tablet.tap("found-send");
    await expect(this.page.getByTestId("found-sheet")).toBeHidden();
  }

  async check(order: string, stage: string): Promise<void> {
    await this.tablet.go(`/quality/${order}`);
    await expect(this.page.getByTestId(`stage-${stage}`)).toBeVisible();
    for (const item of items) await this.tablet.tap(`check-${item}-ok`);
    if (stage === "final") await this.page.getByTestId("advice").fill("两千公里后复查刹车片");
    await this.tablet.tap("check-pass");
  }

  async fail(order: string, cause: string, job: string): Promise<void> {
    await this.tablet.go(`/quality/${order}`);
    for (const item of items) await this.tablet.tap(`check-${item}-${item === "fasteners" ? "fail" : "ok"}`);
    await this.page.getByTestId("failed-jobs").getByRole("button", { name: job }).click();
    await this.page.getByTestId("check-cause").fill(cause);
    await this.tablet.tap("check-fail");
  }
}
