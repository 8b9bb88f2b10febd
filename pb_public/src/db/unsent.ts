// What a person is told of their store: what of others is unsent beside it, and what happened to it that they should know.
import { withStore } from "./open.ts";
import { people } from "./people.ts";
import { storeInUse, type Store } from "./store.ts";

export interface OthersUnsent {
  id: string;
  name: string;
  edits: number;
  photos: number;
  /** Refused: they have to look at it themselves. */
  attention: number;
  /** It cannot be sent without them: they have to sign in here again. */
  held: boolean;
}

async function count(store: Store): Promise<Pick<OthersUnsent, "edits" | "photos" | "attention">> {
  const edits = await store.outbox.where("status").equals("pending").count();
  const photos = await store.uploads.where("state").anyOf("local", "uploading", "stored").count();
  const attention = (await store.outbox.where("status").equals("rejected").count()) + (await store.uploads.where("state").equals("refused").count());
  return { edits, photos, attention };
}

/** Of everybody known on this tablet but one: who has something unsent or refused here. */
export async function unsentOfOthers(me: string): Promise<OthersUnsent[]> {
  const found: OthersUnsent[] = [];
  for (const person of await people.people.toArray()) {
    if (person.id === me) continue;
    const counts = await withStore(person.id, count);
    if (counts.edits + counts.photos + counts.attention > 0) found.push({ id: person.id, name: person.name, held: person.held === true, ...counts });
  }
  return found;
}

export interface Restored {
  at: number;
  applied: number;
  waiting: number;
  refused: number;
}

/** The server came back from an older backup: what became of what it was offered again. Null: never, or the person has read it. */
export async function restored(): Promise<Restored | null> {
  const store = storeInUse();
  const told = await store?.get("restored");
  if (!store || !told) return null;
  const again = (await store.outbox.where("status").anyOf("pending", "rejected").toArray()).filter((e) => e.commit);
  const refused = again.filter((e) => e.status === "rejected").length;
  return { at: told.at, applied: Math.max(0, told.offered - again.length), waiting: again.length - refused, refused };
}

export async function dismissRestored(): Promise<void> {
  await storeInUse()?.set("restored", null);
}
