// One thing a person asked for: a rule's no is kept to be shown beside the button, and goes when the next try begins.
export class Attempt {
  refused = $state.raw<unknown>(null);
  busy = $state(false);

  /** Runs it; the answer is undefined when it was refused or went wrong. A second tap while it runs does nothing. */
  async run<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.busy) return undefined;
    this.busy = true;
    this.refused = null;
    try {
      return await work();
    } catch (error) {
      this.refused = error;
      return undefined;
    } finally {
      this.busy = false;
    }
  }

  /** Like run, for acts that may follow each other quickly: they wait their turn by themselves. */
  async tap<T>(work: () => Promise<T>): Promise<T | undefined> {
    this.refused = null;
    try {
      return await work();
    } catch (error) {
      this.refused = error;
      return undefined;
    }
  }

  forget = (): void => {
    this.refused = null;
  };
}
