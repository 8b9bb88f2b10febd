// The words of a claim's timeline: what a line says, and what decided it (L-14).
import { lang, t } from "../../i18n/index.svelte";
import type { Line } from "../../rules/claim-timeline.ts";
import { steps } from "../../rules/claim-timeline.ts";
import { say } from "../../rules/refused.ts";
import { dateTime, money } from "../../ui/format";

/** What happened, in a few words. */
export function titleOf(line: Line, now: number): string {
  if (line.source === "refund") return t(`claim_course.${line.event}`, { money: money(Number(line.value)) });
  if (line.source === "message") return t(`claim_course.message_${line.event}`);
  if (line.source === "photo") return t(`claim_course.${line.event}`, { source: t(`claim_course.source_${line.value}`) });
  if (line.source === "plan" && !line.event.startsWith("work_")) return t(`claim_course.${line.event}`, { money: money(Number(line.value)), n: line.days });
  if (line.event === "sent_in" && line.rules.includes("L-01")) return t("claim_course.sent_door", { parcel: line.value });
  if (line.source !== "claim") return t(`claim_course.${line.event}`, { parcel: line.value });
  if (line.event === "plan_offered" && line.value) return t("claim_course.plan_offered", { money: money(Number(line.value)), n: line.days });
  if (line.event in steps) return say(`claim.${line.event}`, lang.code);
  const said = t(`claim_course.event_${line.event}`, { time: dateTime(line.value, now), money: money(Number(line.value)) });
  if (line.event !== "verdict" || !line.value) return said;
  // At the door it is asked whether the parcel matches the order, not whether the goods are sound (L-01).
  return `${said}${lang.code === "zh" ? "：" : ": "}${t(`claim_course.${line.rules.includes("L-01") ? "door" : "verdict"}_${line.value}`)}`;
}

/** Who did it: name and role, the role alone where no name is known, nothing where the row names nobody. */
export function personOf(line: Line): string {
  if (line.role === "system") return t("claim_course.system");
  const role = line.role ? say(`role.${line.role}`, lang.code) : "";
  return line.name && role ? t("claim_course.by", { name: line.name, role }) : line.name || role;
}

/** What decided it: each requirement with its words. */
export function rulesOf(line: Line): { rule: string; text: string }[] {
  return line.rules.map((rule) => ({ rule, text: t(`claim_course.${rule.toLowerCase().replace("-", "")}`) }));
}
