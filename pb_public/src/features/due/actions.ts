// What people do with a due item: close it with a word, answer a progress check, tell the customer. Each is one act, on the
// tablet at once and sent when there is a network.
import { act, newId } from "../../db/index.ts";
import type { Entry } from "./load.ts";
import type { DueItem, Message } from "./model.ts";

export type Answer = Exclude<DueItem["answer"], "">;

/** Closes an item by saying what was done; a progress check by its answer as well (W-06). */
export async function closeItem(item: DueItem, note: string, answer?: Answer): Promise<void> {
  await act("due.done", (w) => w.patch("due_items", item.id, { state: "done", note: note.trim(), ...(answer ? { answer } : {}) }));
}

/** Takes an item on, or gives it to somebody else. */
export async function giveItem(item: DueItem, owner: string): Promise<void> {
  await act("due.give", (w) => w.patch("due_items", item.id, { owner }));
}

export interface Telling {
  /** "phone": the customer has been told by now. */
  channel: Message["channel"];
  text: string;
  lang: Message["lang"];
  /** The new promised time as stored; "" leaves the promise as it is. */
  promisedAt: string;
}

/** Where the customer is told things: mail or phone number, "" when the file has none. */
export function addressOf(entry: Entry, channel: Message["channel"]): string {
  if (!entry.customer || channel === "mail") return ""; // mail addresses are the server's: they are part of a login
  return entry.customer.phone || (entry.customer.phones as string[] | null)?.[0] || "";
}

/** D-02: tells the customer of a delay, promises the new time, and closes the item, all in one act. */
export async function tellDelay(entry: Entry, t: Telling): Promise<void> {
  const { item } = entry;
  await act("due.tell", (w) => {
    for (const order of entry.orders) if (t.promisedAt && order.promised_at && order.promised_at !== t.promisedAt) w.patch("work_orders", order.id, { promised_at: t.promisedAt });
    w.create("messages", messageOf(entry, t, "delay", `${item.key}:${newId()}`));
    w.patch("due_items", item.id, { state: "done", note: t.text.trim() });
  });
}

/** D-02: the customer was told that the car is ready. */
export async function tellReady(entry: Entry, t: Telling): Promise<void> {
  const { item } = entry;
  await act("due.tell", (w) => {
    w.create("messages", messageOf(entry, t, "ready", item.key));
    w.patch("due_items", item.id, { state: "done", note: t.text.trim() });
  });
}

function messageOf(entry: Entry, t: Telling, kind: string, key: string): Partial<Message> {
  return {
    key, kind, channel: t.channel, to: addressOf(entry, t.channel), lang: t.lang, text: t.text.trim(), state: t.channel === "phone" ? "told" : "queued",
    visit: entry.item.visit, customer: entry.customer?.id ?? "", subject_collection: "visits", subject_record: entry.item.visit,
  };
}

/** A message that was given up goes into the queue again. */
export async function resend(message: Message): Promise<void> {
  await act("message.resend", (w) => w.patch("messages", message.id, { state: "queued" }));
}

/** A message that has not gone yet is taken back. */
export async function cancelMessage(message: Message): Promise<void> {
  await act("message.cancel", (w) => w.patch("messages", message.id, { state: "cancelled" }));
}
