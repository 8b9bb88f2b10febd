// The search box's state: answers while typing, the newest question wins.
import { onSearchRenewed, searchVehicles, type VehicleHit } from "../../db";

export class VehicleSearch {
  text = $state("");
  hits = $state.raw<VehicleHit[]>([]);
  /** The text the hits answer; differs from `text` while an answer is on its way. */
  answered = $state("");
  failed = $state.raw<unknown>(null);
  #turn = 0;

  constructor(text = "", private readonly limit = 20) {
    if (text) void this.set(text);
  }

  /** Asks again when a newer list is there. Until the returned function is called. */
  follow(): () => void {
    return onSearchRenewed(() => void (this.text.trim() && this.set(this.text)));
  }

  async set(text: string): Promise<void> {
    this.text = text;
    const turn = ++this.#turn;
    const fragment = text.trim();
    try {
      const hits = fragment === "" ? [] : await searchVehicles(fragment, this.limit);
      if (turn !== this.#turn) return;
      this.hits = hits;
      this.answered = fragment;
      this.failed = null;
    } catch (error) {
      if (turn === this.#turn) this.failed = error;
    }
  }

  /** True when the answer is here and it is "nothing". */
  get none(): boolean {
    return this.answered !== "" && this.answered === this.text.trim() && this.hits.length === 0;
  }
}
