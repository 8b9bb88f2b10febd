// What must be said to customers today, most urgent first: late and soon late cars, supplements and estimates that wait
// for a signature, cars that are ready. Pure: the instant is an argument.
import { cover } from "../order/coverage";
import type { OrderCase } from "../order/load";
import { isActive, type Job, ms } from "../order/model";
import { customerFen } from "../order/total";
import { lateness, stageOf } from "../workshop/stage";

export type SayKind = "late" | "soon" | "supplement_price" | "supplement_sign" | "estimate_sign" | "ready";

export interface Say {
  kind: SayKind;
  case: OrderCase;
  /** The moment it is about: the promised time, or since when it waits (milliseconds; NaN when unknown). */
  at: number;
  jobs: Job[];
  fen: number;
}

const ORDER: SayKind[] = ["late", "supplement_sign", "supplement_price", "soon", "ready", "estimate_sign"];

/** The shape that goes with it: red is for lateness only. */
export function shapeOf(kind: SayKind): "bad" | "attention" | "hold" | "good" {
  if (kind === "late") return "bad";
  if (kind === "soon" || kind === "supplement_price") return "attention";
  return kind === "ready" ? "good" : "hold";
}

/** All there is to say about these orders at `now`. One order may be in it twice: late and waiting for a signature. */
export function toSay(cases: OrderCase[], now: number): Say[] {
  const all = cases.flatMap((c) => sayOf(c, now));
  return all.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || time(a) - time(b) || a.case.order.id.localeCompare(b.case.order.id));
}

const time = (s: Say): number => (Number.isNaN(s.at) ? Infinity : s.at);

function sayOf(c: OrderCase, now: number): Say[] {
  const stage = stageOf(c);
  if (!stage) return [];
  if (stage === "ready") return [make("ready", c, ms(c.order.updated), [])];
  const says: Say[] = [];
  if (c.order.state !== "draft" && c.order.state !== "presented") {
    const late = lateness(c, stage, now);
    if (late === "late" || late === "soon") says.push(make(late, c, ms(c.order.promised_at), []));
  }
  const open = c.jobs.filter((j) => j.state === "proposed" && isActive(j) && cover(j, c.consents).state !== "declined");
  const supplements = open.filter((j) => j.origin === "supplement");
  const unpriced = supplements.filter((j) => !j.priced_at);
  const priced = supplements.filter((j) => j.priced_at);
  if (unpriced.length) says.push(make("supplement_price", c, earliest(unpriced.map((j) => j.created || j.captured_at)), unpriced));
  if (priced.length) says.push(make("supplement_sign", c, earliest(priced.map((j) => j.priced_at)), priced));
  const estimate = open.filter((j) => j.origin === "estimate");
  if (estimate.length && c.order.state === "presented") says.push(make("estimate_sign", c, ms(c.order.updated), estimate));
  return says;
}

function make(kind: SayKind, c: OrderCase, at: number, jobs: Job[]): Say {
  return { kind, case: c, at, jobs, fen: jobs.reduce((sum, j) => sum + customerFen(j), 0) };
}

function earliest(times: string[]): number {
  const known = times.map(ms).filter((x) => !Number.isNaN(x));
  return known.length ? Math.min(...known) : NaN;
}
