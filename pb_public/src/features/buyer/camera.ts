// A picture from the phone's camera or album as it will be kept and sent: upright, small, without metadata, hashed. A module of its
// own, so that the page opens without it.
import { newId } from "../../db/ids.ts";
import { preparePhoto } from "../../db/prepare.ts";
import type { Shot } from "./draft.ts";
import type { Picture } from "./keep.ts";

/** Throws Refused photo.broken when it is no picture. */
export async function take(slot: string, file: Blob, note: string): Promise<{ shot: Shot; picture: Picture }> {
  const { bytes, thumb, sha256, media, width, height, taken_at } = await preparePhoto(file);
  return { shot: { id: newId(), sha256, slot, note }, picture: { sha256, bytes, thumb, media, width, height, taken_at, state: "local" } };
}
