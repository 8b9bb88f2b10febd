// The arrival queue 受理排队: who is next, and how long each may expect to wait. Pure.

export interface Waiting {
  id: string;
  appointment: string;
  advisor: string;
  arrived_at: string;
}

/** Appointments first, then order of arrival. */
export function inOrder<W extends Waiting>(waiting: readonly W[]): W[] {
  return [...waiting].sort((a, b) => Number(!a.appointment) - Number(!b.appointment) || compare(a.arrived_at, b.arrived_at) || compare(a.id, b.id));
}

/**
 * Expected wait of each who waits, in whole minutes, in their order: every advisor who is busy is free when a reception's
 * usual time is over, and takes the next. `busy` are the minutes their receptions have run already.
 */
export function expectedWaits(waiting: number, advisors: number, busy: readonly number[], minutes: number): number[] {
  const hands = Math.max(1, advisors, busy.length);
  const free: number[] = Array.from({ length: hands }, (_, i) => (i < busy.length ? Math.max(0, minutes - (busy[i] ?? 0)) : 0));
  return Array.from({ length: waiting }, () => {
    const next = free.indexOf(Math.min(...free));
    const wait = free[next] ?? 0;
    free[next] = wait + minutes;
    return Math.ceil(wait);
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
