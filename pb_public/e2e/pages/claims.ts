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

  /** The slip of a claim, or a parcel, that this tablet has heard of: scanned, its claim is open. */
  async scanKnown(code: { slip: string } | { parcel: string }): Promise<void> {
    const [rows, field, value] = "slip" in code ? ["claims", "id", code.slip] as const : ["shipments", "tracking_number", code.parcel] as const;
    await expect.poll(async () => (await this.tablet.rows<Record<string, unknown>>(rows)).some((row) => row[field] === value), { timeout: 30_000, message: `${value} on the tablet` }).toBe(true);
    await this.scan("slip" in code ? `AC-RMA:${value}` : value);
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

  /** A plan for the customer to decide on (L-06); the price in yuan. */
  async plan(method: string, yuan: string, days: string): Promise<void> {
    await this.page.getByTestId("plan-method").fill(method);
    await this.page.getByTestId("plan-fen").fill(yuan);
    await this.page.getByTestId("plan-days").fill(days);
    await this.page.getByTestId("plan-days").blur();
    await this.tablet.tap("plan-offer");
    await this.stands("plan_offered");
  }

  /** Something was found at the bench: the work waits (L-12). */
  async finds(words: string, yuan: string, days: string): Promise<void> {
    await this.tablet.tap("surprise");
    await this.page.getByTestId("surprise-words").fill(words);
    await this.page.getByTestId("surprise-fen").fill(yuan);
    await this.page.getByTestId("surprise-days").fill(days);
    await this.page.getByTestId("surprise-days").blur();
    await this.tablet.tap("surprise-save");
    await expect(this.page.getByTestId("repair")).toHaveAttribute("data-plan", "paused");
  }

  async stands(state: string): Promise<void> {
    await expect(this.claim).toHaveAttribute("data-state", state);
  }

  async open(id: string, state: string): Promise<void> {
    await this.tablet.go(`/claims/${id}`);
    await this.stands(state);
  }

  /** The goods are exchanged for something else, at a price in yuan. */
  async exchanges(replacement: string, yuan: string): Promise<void> {
    await this.page.getByTestId("replacement").fill(replacement);
    await this.page.getByTestId("replacement").blur();
    await this.page.getByTestId("replacement-fen").fill(yuan);
    await this.page.getByTestId("replacement-fen").blur();
  }

  /** The slip is scanned, and what came is ticked with its photo. */
  async unpacks(id: string, things: string[], photos: File[]): Promise<void> {
    await this.scanKnown({ slip: id });
    await this.stands("in_transit");
    await this.tablet.tap("receive");
    await this.stands("received");
    for (const [i, thing] of things.entries()) await this.shoot(thing, photos[i]!);
  }

  /** Something is missing: back it goes, with the dock's words. */
  async sendsBack(seen: string, number: string): Promise<void> {
    await this.page.getByTestId("arrival-note").fill(seen);
    await this.page.getByTestId("arrival-note").blur();
    await this.tablet.tap("send-back");
    await this.parcel(number);
    await this.stands("sent_back");
  }

  /** A picture for the eye, where SCREENS names a folder. */
  async shot(name: string): Promise<void> {
    if (process.env.SCREENS) await this.page.screenshot({ path: `${process.env.SCREENS}/${name}.png`, fullPage: true });
  }
}
