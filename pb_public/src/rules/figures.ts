// The figures a shop's policy may set, from the same file the server embeds; twin of internal/flow/figures.go.
import raw from "../../../internal/flow/figures.json";
import type { Policy } from "./facts.ts";
import { Refused } from "./refused.ts";

/** One figure: a whole number from min to max, or a switch when the shipped value is a bool. */
export interface Figure {
  key: keyof Policy;
  requirement: string;
  unit?: string;
  min?: number;
  max?: number;
  default: number | boolean;
  title: { zh: string; en: string };
  text: { zh: string; en: string };
}

/** Every figure a policy may set, in the order people read them. */
export const figures = raw as Figure[];

/** The figures shipped with the product, for what a policy leaves out. */
export const shippedPolicy = Object.fromEntries(figures.map((f) => [f.key, f.default])) as unknown as Policy;

/** Holds a policy's data to the figures there are: policy.unknown, policy.figure, policy.switch; null when all is well. */
export function checkFigures(data: Record<string, unknown>): Refused | null {
  for (const key of Object.keys(data).sort()) {
    const figure = figures.find((f) => f.key === key);
    if (!figure) return new Refused("policy.unknown", "data", { figure: key });
    const value = data[key];
    if (typeof figure.default === "boolean") {
      if (typeof value !== "boolean") return new Refused("policy.switch", "data", { figure: figure.title });
    } else if (!Number.isInteger(value) || Number(value) < (figure.min ?? 0) || Number(value) > (figure.max ?? 0)) {
      return new Refused("policy.figure", "data", { figure: figure.title, min: figure.min ?? 0, max: figure.max ?? 0 });
    }
  }
  return null;
}
