// Hands a matter to a colleague as a clear text: the car, what was wanted, why it did not work, what others did, both values.
import type { Rows } from "../../db";
import { t } from "../../i18n/index.svelte";
import { dateTime, plateText, stamp } from "../../ui/format";
import { modelName } from "../../ui/person";
import type { Matter } from "./matters";
import { fieldText, valueText, type Names } from "./values";
import { intentText, linesOf, othersText, reasonText } from "./words";

type Car = Rows["vehicles"] | null;

function carLine(vehicle: Car): string[] {
  return vehicle ? [[plateText(vehicle.plate), modelName(vehicle)].filter(Boolean).join(" ")] : [];
}

/** The matter of a refused edit in words. */
export function askText({ entry, after }: Matter, vehicle: Car, names: Names, me: string): string {
  const refused = entry.refused;
  if (!refused) return "";
  const what = intentText(entry.intent);
  return [
    t("queue.ask_head", { what }),
    ...carLine(vehicle),
    t("queue.ask_when", { name: me, time: dateTime(stamp(entry.at)) }),
    `${t("queue.reason")}: ${reasonText(refused)}`,
    ...refused.others.map((o) => othersText(o, names)),
    ...linesOf(refused).map((l) => `${fieldText(l.field)}: ${t("queue.mine")} ${valueText(l.collection, l.field, l.mine, names)}${l.known ? `, ${t("queue.theirs")} ${valueText(l.collection, l.field, l.theirs, names)}` : ""}`),
    ...(after.length > 0 ? [`${t("queue.after", { n: after.length })}: ${after.map((e) => intentText(e.intent)).join(t("roles.between"))}`] : []),
  ].join("\n");
}

/** Two values in words, for who has to decide. */
export function askConflictText(values: { field: string; kept: string; other: string; subject: string }, vehicle: Car): string {
  return [
    t("queue.two_values", { field: values.field }),
    ...carLine(vehicle), ...(values.subject ? [values.subject] : []),
    `${t("queue.shown_now")}: ${values.kept}`,
    `${t("queue.other_value")}: ${values.other}`,
    t("queue.ask_decide"),
  ].join("\n");
}

/**
 * Shares a text by the tablet's own sheet, else puts it on the clipboard. "shown": neither is there (no secure address,
 * say) and the person copies it by hand.
 */
export async function handOver(text: string): Promise<"shared" | "copied" | "shown"> {
  if (typeof navigator.share === "function") {
    try {
      await navigator.share({ text });
      return "shared";
    } catch (error) {
      if ((error as { name?: string }).name === "AbortError") return "shown";
    }
  }
  try {
    await navigator.clipboard.writeText(text);
    return "copied";
  } catch {
    return "shown";
  }
}
