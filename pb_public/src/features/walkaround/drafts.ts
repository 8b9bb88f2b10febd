// Half-written text: what was typed and not yet taken over survives a reload and a reboot. Kept on this tablet only,
// per person; what is taken over goes into the records and leaves here. When storage is closed to us, nothing is kept.
import { session } from "../../db/session.svelte.ts";

const name = (key: string): string => `aftercare.draft.${session.user?.id ?? ""}.${key}`;

export function readDraft(key: string): string | null {
  try {
    return localStorage.getItem(name(key));
  } catch {
    return null;
  }
}

/** A half-filled form that was kept as JSON; null when there is none or it cannot be read. */
export function readJSON<T>(key: string): T | null {
  try {
    return JSON.parse(readDraft(key) ?? "null") as T | null;
  } catch {
    return null;
  }
}

export function writeDraft(key: string, text: string): void {
  try {
    localStorage.setItem(name(key), text);
  } catch {
    // full or closed: the text is still on screen
  }
}

export function dropDraft(key: string): void {
  try {
    localStorage.removeItem(name(key));
  } catch {
    // nothing was kept
  }
}
