// How much room the browser leaves this app on the tablet.

/** Below this much free the person is warned: some twenty photos, bytes. */
const nearlyBytes = 100_000_000;

let free = $state<number | null>(null);
let used = $state(0);

async function estimate(): Promise<void> {
  try {
    const e = await navigator.storage?.estimate?.();
    free = e?.quota && e.usage !== undefined ? e.quota - e.usage : null;
    used = e?.usage ?? 0;
  } catch {
    free = null; // the browser does not say
  }
}

export const room = {
  get nearlyFull(): boolean {
    return free !== null && free < nearlyBytes;
  },
  /** Bytes, null where the browser does not say. */
  get free(): number | null {
    return free;
  },
  get used(): number {
    return used;
  },
  /** Asks now and each minute until the returned function is called. */
  watch(): () => void {
    void estimate();
    const timer = setInterval(() => void estimate(), 60_000);
    return () => clearInterval(timer);
  },
};
