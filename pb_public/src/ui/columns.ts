// How many chips stand side by side.
import { lang } from "../i18n/index.svelte";
import type { ChipOption } from "./names";

/** English runs about 1.6 times longer: where a label is long, a column less and nothing is cut. */
export function chipColumns(options: ChipOption<string | number>[], columns?: number): number {
  const wanted = columns ?? Math.min(3, options.length);
  const long = Math.max(0, ...options.map((o) => o.label.length)) > 11;
  return lang.code === "en" && wanted > 2 && long ? wanted - 1 : wanted;
}
