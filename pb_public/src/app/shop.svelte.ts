// Whether this person's shop is on the tablet yet: its row comes with the first snapshot.
let present = $state<boolean | null>(null);

export const shopHere = {
  /** null while nobody has looked yet. */
  get present(): boolean | null {
    return present;
  },
  set(value: boolean | null): void {
    present = value;
  },
};
