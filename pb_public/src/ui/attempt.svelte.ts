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
  private doing: Promise<unknown> = Promise.resolve();

  /** True when it went through. A second tap while the first still writes is not a second act. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    const doing = this.tap(work);
    this.doing = doing;
    try {
      return await doing;
    } finally {
      this.busy = false;
    }
  }

  /** Like run, for what a person has handed over and would have to hand over again, such as a photo: it is done when what is under way is. */
  async inTurn(work: () => Promise<unknown>): Promise<boolean> {
    untrack(() => acting++);
    try {
      while (untrack(() => this.busy)) await this.doing;
      return await this.run(work);
    } finally {
      acting--;
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
