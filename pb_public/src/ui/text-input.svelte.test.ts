import { flushSync, mount, unmount } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import TextInput from "./TextInput.svelte";

let shown: ReturnType<typeof mount> | null = null;
afterEach(() => {
  if (shown) void unmount(shown);
  shown = null;
});

/** A field over a row that is read again whenever somebody changes anything. */
function field(onchange?: (value: string) => void) {
  let row = $state({ note: "左前" });
  shown = mount(TextInput, { target: document.body, props: { get value() { return row.note; }, onchange } });
  flushSync();
  const input = document.querySelector("input")!;
  const fire = (type: string) => (input.dispatchEvent(new Event(type, { bubbles: true })), flushSync());
  return {
    input,
    type: (text: string) => ((input.value = text), fire("input")),
    leave: () => fire("change"),
    read: (note: string) => ((row = { note }), flushSync()),
  };
}

test("X-05 what is being typed stands while the row behind it is read again", () => {
  const f = field();
  f.type("左前门");
  f.read("左前");
  expect(f.input.value).toBe("左前门");
});

test("X-05 what others write is shown where nobody types, also after the field was left", () => {
  const said = vi.fn(), f = field(said);
  f.read("右后");
  expect(f.input.value).toBe("右后");
  f.type("右后门");
  f.leave();
  expect(said).toHaveBeenCalledExactlyOnceWith("右后门");
  f.read("右后门");
  f.read("右后");
  expect(f.input.value).toBe("右后");
});

test("a field whose text was taken is emptied by whoever took it", () => {
  let words = $state("");
  shown = mount(TextInput, { target: document.body, props: { get value() { return words; }, set value(v: string) { words = v; } } });
  const input = document.querySelector("input")!;
  input.value = "顺丰";
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
  flushSync();
  expect(words).toBe("顺丰");
  words = "";
  flushSync();
  expect(input.value).toBe("");
});
