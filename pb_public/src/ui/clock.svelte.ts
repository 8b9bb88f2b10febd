// The minute hand of the screens: a rune that moves every twenty seconds, so that "6 分钟前" ages by itself.
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
