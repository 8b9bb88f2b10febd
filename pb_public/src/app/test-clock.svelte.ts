// A test's server runs on a clock of its own (`serve --test-clock`): the tablet takes that time for the present, so that
// deadlines can be seen to come. Asked once at the start; a shop's own server says no, and nothing else happens.

import { clock } from "../ui/clock.svelte.ts";

let test = $state(false);
let offset = 0;

export const testClock = {
  /** This is a test's database: every screen says so. */
  get test(): boolean {
    return test;
  },
};

const RealDate = Date;
const every = 2_000;

/** Dates that run `offset` ms beside the tablet's. Timers stay on real time. */
class ShiftedDate extends RealDate {
  constructor(...given: ConstructorParameters<typeof Date> | []) {
    if (given.length) super(...(given as ConstructorParameters<typeof Date>));
    else super(RealDate.now() + offset);
  }
  static override now(): number {
    return RealDate.now() + offset;
  }
}

async function ask(): Promise<void> {
  let said: { test?: boolean; moved?: boolean; now?: string };
  try {
    const answer = await fetch("/api/test/clock", { cache: "no-store", signal: AbortSignal.timeout(10_000) });
    said = (await answer.json()) as typeof said;
  } catch {
    return; // out of reach: as it was
  }
  test = said.test === true;
  if (!test) return;
  if (said.moved && said.now) {
    const before = offset;
    offset = RealDate.parse(said.now) - RealDate.now();
    globalThis.Date = ShiftedDate as DateConstructor;
    if (Math.abs(offset - before) > 1_000) clock.look();
  }
  setTimeout(() => void ask(), every);
}

/** Follows a test's clock from here on, if the server has one. */
export function followTestClock(): void {
  void ask();
}
