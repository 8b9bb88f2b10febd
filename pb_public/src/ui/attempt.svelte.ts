import { untrack } from "svelte";

let acting = $state(0);

/** How many things that people asked for are being done on this page just now: what they change is not kept yet. */
export const acts = {
  get now(): number { return acting; },
};

// One thing a person asked for. A rule's no is kept so that it stands beside the button and not in a toast; it goes when
// the next try begins.
export class Attempt {
  /** The rule's no, or the error nobody foresaw; null when the last act went through. */
  refused = $state.raw<unknown>(null);
  busy = $state(false);

  /** True when it went through. A second tap while the first still writes is not a second act. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    try {
      return await this.tap(work);
    } finally {
      this.busy = false;
    }
  }

  /** Like run, for acts that may follow each other quickly: they wait their turn by themselves. */
  async tap(work: () => Promise<unknown>): Promise<boolean> {
    this.refused = null;
    untrack(() => acting++);
    try {
      await work();
      return true;
    } catch (error) {
      this.refused = error;
      return false;
    } finally {
      acting--;
    }
  }

  clear = (): void => {
    this.refused = null;
  };
}
