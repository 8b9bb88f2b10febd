// How a photo stands, in a shape and a word: on the tablet, on its way, stored, verified, refused.
import type { Rows } from "../../db/index.ts";
import type { StateKind } from "../../ui/names.ts";

export interface PhotoState {
  kind: StateKind;
  word: "state_local" | "state_sending" | "state_stored" | "state_verified" | "state_refused";
  percent: number | null; // while it is being sent
}

/** `progress` (0–1) is known while this tablet sends it. */
export function photoState(photo: Pick<Rows["photos"], "state">, connected: boolean, progress?: number): PhotoState {
  if (photo.state === "verified") return { kind: "good", word: "state_verified", percent: null };
  if (photo.state === "stored") return { kind: "stored", word: "state_stored", percent: null };
  if (photo.state === "refused") return { kind: "bad", word: "state_refused", percent: null };
  if (connected && progress !== undefined && progress > 0) return { kind: "sending", word: "state_sending", percent: Math.round(progress * 100) };
  return { kind: "local", word: "state_local", percent: null };
}
