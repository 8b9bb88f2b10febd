// What depends on how the screen is laid out. Whoever asks an element for its place or size while a screen is being drawn has all
// of it laid out at once, and again when the rest is there: here the browser tells, after the one layout that is needed.
import type { Attachment } from "svelte/attachments";

/** Looks with the next frame. Returns what calls it off. */
function nextFrame(look: () => void): () => void {
  const frame = requestAnimationFrame(look);
  return () => cancelAnimationFrame(frame);
}

/** Brings the piece of a row that is chosen into sight, with the next frame. Returns what calls it off. */
export function intoSight(row: HTMLElement | undefined, chosen: string): () => void {
  return nextFrame(() => row?.querySelector(chosen)?.scrollIntoView({ block: "nearest", inline: "center" }));
}

/** Brings the top of an element into sight, with the next frame. Returns what calls it off. */
export function fromItsTop(element: HTMLElement | undefined): () => void {
  return nextFrame(() => element?.scrollIntoView({ block: "start" }));
}

/** Tells the size of an element's content in CSS px, and again when it changes. */
export function sized(tell: (width: number, height: number) => void): Attachment {
  return (element) => {
    const watch = new ResizeObserver(([seen]) => seen && tell(seen.contentRect.width, seen.contentRect.height));
    watch.observe(element);
    return () => watch.disconnect();
  };
}
