// What depends on how the screen is laid out. Whoever asks an element for its place or size while a screen is being drawn has all
// of it laid out at once, and again when the rest is there: here the browser tells, after the one layout that is needed.
import type { Attachment } from "svelte/attachments";

/** Brings the piece of a row that is chosen into sight, with the next frame. Returns what calls it off. */
export function intoSight(row: HTMLElement | undefined, chosen: string): () => void {
  const frame = requestAnimationFrame(() => row?.querySelector(chosen)?.scrollIntoView({ block: "nearest", inline: "center" }));
  return () => cancelAnimationFrame(frame);
}

/** Brings the top of an element into sight, with the next frame. Returns what calls it off. */
export function fromItsTop(element: HTMLElement | undefined): () => void {
  const frame = requestAnimationFrame(() => element?.scrollIntoView({ block: "start" }));
  return () => cancelAnimationFrame(frame);
}

/** Tells the size of an element's content in CSS px, and again when it changes. */
export function sized(tell: (width: number, height: number) => void): Attachment {
  return (element) => {
    const watch = new ResizeObserver(([seen]) => seen && tell(seen.contentRect.width, seen.contentRect.height));
    watch.observe(element);
    return () => watch.disconnect();
  };
}
