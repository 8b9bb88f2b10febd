// Guards of messages and due items; twin of internal/flow/guards_due.go.
import type { Facts } from "../facts.ts";
import { Refused } from "../refused.ts";
import { blank, text } from "./common.ts";

/** What a gateway can dial: digits, perhaps with a country code and separators people write. */
const phoneNumber = /^\+?[0-9][0-9 -]{4,18}[0-9]$/;

/** A message says something, to an address of its channel; what is told by telephone has been told (M-03). */
export function messageComplete(f: Facts): Refused | null {
  const channel = text(f.after, "channel");
  const to = text(f.after, "to");
  if (blank(text(f.after, "text"))) return new Refused("notify.text_missing", "text");
  if ((channel === "phone") !== (text(f.after, "state") === "told")) return new Refused("notify.channel_state", "state");
  if (channel === "sms" && !phoneNumber.test(to)) return new Refused("notify.to_invalid", "to");
  if (channel === "mail" && !mailAddress(to)) return new Refused("notify.to_invalid", "to");
  return null;
}

/** One address without a name: something, one @, something, and nothing that could end a header. */
function mailAddress(s: string): boolean {
  const at = s.indexOf("@");
  return at > 0 && at === s.lastIndexOf("@") && at < s.length - 1 && !/[ \t\r\n<>,;"]/.test(s);
}

/** A due item is closed by saying what was done. */
export function dueNote(f: Facts): Refused | null {
  return blank(text(f.after, "note")) ? new Refused("due.note_missing", "note") : null;
}

/** A progress check is closed by its answer: on time, late or abnormal (W-06). */
export function dueAnswer(f: Facts): Refused | null {
  const asked = text(f.after, "kind") === "progress_check" && text(f.after, "answer") === "";
  return asked ? new Refused("due.answer_missing", "answer") : null;
}
