import { flushSync, mount, unmount } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import DecimalInput from "./DecimalInput.svelte";

let shown: ReturnType<typeof mount> | null = null;
afterEach(() => {
  if (shown) void unmount(shown);
  shown = null;
});

/** A price over a row that is read again whenever somebody changes anything. */
function field() {
  const said = vi.fn();
  let row = $state({ fen: 0 });
  shown = mount(DecimalInput, { target: document.body, props: { digits: 2, label: "价格", onchange: said, get value() { return row.fen; } } });
  flushSync();
  const input = document.querySelector("input")!;
  const on = { input, said, read: (fen: number) => ((row = { fen }), flushSync()), enter: () => (input.focus(), flushSync()), leave: () => (input.blur(), flushSync()) };
  return on;
}

test("X-05 L-10 a price that somebody else writes does not slip under the digits of who has just entered the field", () => {
  const f = field();
  f.enter();
  expect([f.input.selectionStart, f.input.selectionEnd]).toEqual([0, f.input.value.length]);
  f.read(9_900);
  f.input.setRangeText("129"); // over what is selected, as a keyboard writes
  f.input.dispatchEvent(new Event("input", { bubbles: true }));
  flushSync();
  expect(f.input.value).toBe("129");
  expect(f.said).toHaveBeenCalledExactlyOnceWith(12_900);
});

test("X-05 a price entered and left unchanged shows what others wrote meanwhile, and says nothing", () => {
  const f = field();
  f.enter();
  f.read(9_900);
  f.leave();
  expect(f.input.value).toBe("99.00");
  expect(f.said).not.toHaveBeenCalled();
});
