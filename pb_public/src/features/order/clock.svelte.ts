// The second hand, for clocks that run. It ticks only while somebody looks at it.
import { createSubscriber } from "svelte/reactivity";

const seconds = createSubscriber((update) => {
  const timer = setInterval(update, 1_000);
  return () => clearInterval(timer);
});

/** The present instant in ms; read in a template or $derived it is followed by the second. */
export function nowBySecond(): number {
  seconds();
  return Date.now();
}
