// What is being written about a claim and is not saved yet: kept on this tablet over a reload, per person and field, until it was saved
// or given up.
import { dropDraft, readDraft, writeDraft } from "../walkaround/drafts.ts";

/** The half-written text of one field of a claim. */
export interface Typing {
  /** What was typed before a reload; "" for nothing. */
  readonly before: string;
  keep(text: string): void;
  done(): void;
}

export function typing(claim: string, field: string): Typing {
  const key = `claim.${claim}.${field}`;
  return {
    before: readDraft(key) ?? "",
    keep: (text) => (text.trim() ? writeDraft(key, text) : dropDraft(key)),
    done: () => dropDraft(key),
  };
}
