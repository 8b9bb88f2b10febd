import { type Browser, expect, type Page } from "@playwright/test";
import { BuyerPage } from "./buyer";
import type { Office, Row } from "./office";
import { Phone } from "./phone";

export const day = 86_400_000;

/** An order of one piece at 528 yuan under the customer's phone, received so long ago; null: on its way. */
export async function sell(office: Office, number: string, phone: string, receivedAgo: number | null): Promise<Row> {
  const { shop } = await office.one("claims", 'state = "submitted"'), ago = (ms: number) => new Date(Date.now() - ms).toISOString().replace("T", " ");
  const times = { ordered_at: ago((receivedAgo ?? 0) + 4 * day), shipped_at: ago((receivedAgo ?? 0) + 3 * day), ...(receivedAgo === null ? {} : { received_at: ago(receivedAgo) }) };
  const order = await office.create("gao", "sales_orders", { shop, platform: "天猫", external_id: number, number, revision: 1, state: "incoming", customer_name: "沈一诺", phone, carrier: "顺丰速运", tracking_number: `SF-${number}`, ...times, items_fen: 52_800, shipping_fen: 0, paid_fen: 52_800 });
  await office.create("gao", "sales_items", { shop, sales_order: order.id, line_number: 1, sku: "YP-09", name: "四季坐垫", quantity: 1, unit_fen: 52_800, paid_fen: 52_800 });
  return office.patch("gao", "sales_orders", order.id, { state: "placed" });
}

/** Somebody who bought something, with the page of claims on a phone. */
export class Customer {
  /** Errors nobody caught: a failure of the test, whatever the screen shows. */
  readonly errors: string[] = [];
  readonly page: Page;
  readonly buyer: BuyerPage;

  private constructor(readonly phone: Phone) {
    this.page = phone.page;
    this.buyer = new BuyerPage(phone.page);
    this.page.on("pageerror", (e) => this.errors.push(e.stack ?? e.message));
  }

  static async open(browser: Browser, url: string): Promise<Customer> {
    return new Customer(await Phone.open(browser, url));
  }

  /** With the code that comes to this number, and to no other. */
  async signIn(office: Office, order: string, number: string): Promise<void> {
    await this.buyer.open();
    await this.buyer.signIn(order, number, () => office.sms(/(?<=验证码 )\d{6}/, "gao", number));
  }

  /** The claim on the screen, the only one about that order: its id, which the server knows, too. */
  async claim(office: Office, order: string): Promise<string> {
    const { id } = await office.one("claims", `sales_order.number = "${order}"`);
    await expect.poll(() => new URL(this.page.url()).hash).toBe(`#/claim/${id}`);
    return id;
  }

  close(): Promise<void> {
    return this.phone.close();
  }
}
