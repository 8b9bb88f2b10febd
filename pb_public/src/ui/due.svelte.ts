// What is due for the person at the tablet, as the menu says it on every screen. Whoever knows what is due tells it (app/Due.svelte).
let open = $state(0);
let late = $state(0);

export const due = {
  get open(): number {
    return open;
  },
  /** How many of them are late. */
  get late(): number {
    return late;
  },
  set(counts: { open: number; late: number }): void {
    open = counts.open;
    late = counts.late;
  },
};
