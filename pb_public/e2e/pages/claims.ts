import { expect } from "@playwright/test";
import type { Tablet } from "./tablet";

type File = { name: string; mimeType: string; buffer: Buffer };

/** A claim at the desk, the dock and in finance, as their people work on it. */
export class ClaimDesk {
  constructor(readonly tablet: Tablet) {}
  get page() {
    return this.tablet.page;
  }
  get claim() {
    return this.page.getByTestId("claim");
  }

  /** A customer on the telephone; returns the claim's id. */
  async file(order: string, words: string): Promise<string> {
    await this.tablet.go("/claims/new");
    await this.page.getByTestId("new-find").fill(order);
    await this.page.getByTestId("new-order").first().click();
    await this.page.getByTestId("units-1").fill("1");
    await this.page.getByTestId("units-1").blur();
    await this.page.getByTestId("new-words").fill(words);
    await this.tablet.tap("new-save");
    await expect(this.claim).toHaveAttribute("data-state", "submitted");
    return /claims\/([a-z0-9]{15})/.exec(this.page.url())![1]!;
  }

  async judge(verdict: "quality" | "none", answer: string): Promise<void> {
    await this.tablet.tap(`verdict-${verdict}`);
    await this.page.getByTestId(`canned-${verdict}`).getByRole("button", { name: answer }).click();
    await this.tablet.tap("verdict-save");
    await expect(this.page.getByTestId("verdict-save")).toHaveCount(0);
  }

  /** What a hand scanner types at the dock. */
  async scan(code: string): Promise<void> {
    await this.tablet.go("/dock");
    await this.page.getByTestId("claim-find").fill(code);
    await this.page.getByTestId("claim-find").press("Enter");
  }

  async parcel(number: string): Promise<void> {
    await this.tablet.tap("carrier-sf");
    await this.page.getByTestId("tracking").fill(number);
    await this.tablet.tap("parcel-save");
  }

  async shoot(thing: string, file: File): Promise<void> {
    await this.page.getByTestId(`arrival-${thing}`).setInputFiles(file);
    await expect(this.page.getByTestId(`tick-${thing}`)).toHaveAttribute("aria-checked", "true");
  }

  async stands(state: string): Promise<void> {
    await expect(this.claim).toHaveAttribute("data-state", state);
  }
}
