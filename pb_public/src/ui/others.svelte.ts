// What other people left unsent on this shared tablet (O-02). Each has a store of their own, so it is looked up now and
// then, beside the work: never at the start, never while nobody looks.
import { unsentOfOthers, type OthersUnsent } from "../db/unsent";
import { session } from "../db/session.svelte";

const everyMs = 60_000;
const firstMs = 4_000;

let people = $state.raw<OthersUnsent[]>([]);

export const others = {
  /** People besides the one at the tablet who have something unsent or refused here. */
  get people(): OthersUnsent[] {
    return people;
  },
  /** Edits and photos of theirs that are not on the server yet. */
  get unsent(): number {
    return people.reduce((sum, p) => sum + p.edits + p.photos, 0);
  },
  async look(): Promise<void> {
    const me = session.user?.id;
    try {
      const found = me ? await unsentOfOthers(me) : [];
      if (me === session.user?.id) people = found;
    } catch (error) {
      console.warn("others' queues not counted", error);
    }
  },
  /** Looks now and then until the returned function is called. */
  watch(): () => void {
    const look = () => document.visibilityState === "visible" && void others.look();
    const first = setTimeout(look, firstMs);
    const timer = setInterval(look, everyMs);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
      people = [];
    };
  },
};
