// Runs one act of a screen and keeps what the rules said, so that it stands beside the button and not in a toast.
import { Refused } from "../../db/index.ts";

export class Attempt {
  /** The rule's no, or the error nobody foresaw; null when the last act went through. */
  refused = $state.raw<Refused | Error | null>(null);
  busy = $state(false);

  /** True when it went through. A second tap while the first still writes is not a second act. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.refused = null;
    try {
      await work();
      return true;
    } catch (error) {
      this.refused = error instanceof Error ? error : new Error(String(error));
      return false;
    } finally {
      this.busy = false;
    }
  }

  clear = (): void => {
    this.refused = null;
  };
}
