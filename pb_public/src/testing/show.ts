// Components on a page, for tests.
import { flushSync, mount, unmount, type Component } from "svelte";

let shown: Record<string, unknown>[] = [];

/** Puts a component on the page and returns the box it stands in. */
export function show<P extends Record<string, unknown>>(component: Component<P>, props: P): HTMLElement {
  const target = document.createElement("div");
  document.body.append(target);
  shown.push(mount(component, { target, props }) as Record<string, unknown>);
  flushSync();
  return target;
}

/** Takes everything off the page again. */
export function clear(): void {
  for (const one of shown.splice(0)) void unmount(one);
  document.body.innerHTML = "";
}
