import { expect } from "@playwright/test";
import type { Tablet } from "./tablet";

/** The calendar as advisors, parts counter and manager use it. */
export class Book {
  id = "";
  constructor(readonly tablet: Tablet) {}
  get page() {
    return this.tablet.page;
  }

  /** A known car, the day after tomorrow at the time (tomorrow the server itself may remind them), for an hour in a bay; the work as a free line. */
  async byPhone(fragment: string, words: string, work: string, at: string, hands = 1): Promise<string> {
    await this.tablet.go("/book");
    await this.tablet.tap("new-appointment");
    await this.page.getByTestId("search").first().fill(fragment);
    await this.page.getByTestId("hit").first().click();
    await this.page.getByTestId("needs").fill(words);
    await this.tablet.tap("line-free");
    await this.page.getByTestId("line-work-0").fill(work);
    await this.page.getByTestId("line-minutes-0").fill(String(60 * hands));
    await this.page.getByTestId("line-minutes-0").blur();
    await this.page.getByTestId("line-labour-0").fill("240");
    await this.page.getByTestId("line-labour-0").blur();
    await expect(this.page.getByTestId("quote-total")).toContainText("240.00");
    if (hands > 1) {
      const more = this.page.getByTestId("book-hands");
      await more.fill(String(hands));
      await more.blur();
    }
    await expect(this.page.getByTestId("book-minutes")).toHaveValue("60");
    await this.tablet.tap("book-next-day");
    await this.tablet.tap("book-next-day");
    await this.tablet.tap(`pick-${at}`);
    await this.tablet.tap("book-save");
    await this.page.waitForURL(/#\/book\/[a-z0-9]{15}$/);
    this.id = /book\/([a-z0-9]{15})/.exec(this.page.url())![1]!;
    return this.id;
  }

  async state(id: string): Promise<string> {
    return (await this.tablet.rows<{ id: string; state: string }>("appointments")).find((a) => a.id === id)?.state ?? "";
  }

  async open(id: string): Promise<void> {
    await this.tablet.go(`/book/${id}`);
    await expect(this.page.getByTestId("needs-said")).toBeVisible();
  }

  async here(): Promise<string> {
    await this.tablet.tap("customer-here");
    await this.page.getByTestId("arrive-odometer").fill("51200");
    await this.tablet.tap("arrive-now");
    await this.page.waitForURL(/#\/visit\/[a-z0-9]{15}\/concerns/);
    return /visit\/([a-z0-9]{15})/.exec(this.page.url())![1]!;
  }
}
