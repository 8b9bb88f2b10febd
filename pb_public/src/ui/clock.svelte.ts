// The screens' two hands: one that moves every twenty seconds, so that "6 分钟前" ages by itself, and the second hand of
// clocks that run, which ticks only while somebody looks at it.
import { createSubscriber } from "svelte/reactivity";

let now = $state(Date.now());
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  now = Date.now();
}

export const clock = {
  /** Milliseconds since 1970, at most twenty seconds old. */
  get now(): number {
    return now;
  },
  /** Looks at once: the time was set. */
  look: tick,
  start(): () => void {
    tick();
    timer ??= setInterval(tick, 20_000);
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(timer);
      timer = undefined;
      document.removeEventListener("visibilitychange", tick);
    };
  },
};

const seconds = createSubscriber((update) => {
  const ticking = setInterval(update, 1_000);
  return () => clearInterval(ticking);
});

/** The present instant in ms; read in a template or $derived it is followed by the second. */
export function nowBySecond(): number {
  seconds();
  return Date.now();
}
