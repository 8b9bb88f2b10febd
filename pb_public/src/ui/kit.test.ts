import { createRawSnippet, flushSync, type Component } from "svelte";
import { afterEach, describe, expect, test, vi } from "vitest";
import Button from "./Button.svelte";
import Chips from "./Chips.svelte";
import Level from "./Level.svelte";
import NumberInput from "./NumberInput.svelte";
import Plate from "./Plate.svelte";
import PlateInput from "./PlateInput.svelte";
import Refusal from "./Refusal.svelte";
import { Refused } from "../rules/refused";
import { clear, show } from "../testing/show";

const text = (words: string) => createRawSnippet(() => ({ render: () => `<span>${words}</span>` }));
afterEach(clear);

describe("the kit", () => {
  test("a button that cannot act says why and does nothing", () => {
    const onclick = vi.fn();
    const box = show(Button, { onclick, why: "先选一辆车。", children: text("开始") });
    const button = box.querySelector("button")!;
    button.click();
    expect(onclick).not.toHaveBeenCalled();
    expect(button.hasAttribute("disabled")).toBe(false);
    expect(button.getAttribute("aria-disabled")).toBe("true");
    expect(document.getElementById(button.getAttribute("aria-describedby")!)?.textContent).toContain("先选一辆车。");
  });
  test("chips tell which one is on and hand out the value", () => {
    const onchange = vi.fn();
    const box = show(Chips as unknown as Component<Record<string, unknown>>, { options: [{ value: "a", label: "甲" }, { value: "b", label: "乙" }], value: "a", onchange });
    const [a, b] = box.querySelectorAll("button");
    expect([a?.getAttribute("aria-pressed"), b?.getAttribute("aria-pressed")]).toEqual(["true", "false"]);
    b?.click();
    expect(onchange).toHaveBeenCalledWith("b");
  });
  test("a plate is green for new energy, by the file or by its own form", () => {
    expect(show(Plate, { vehicle: { plate: "沪AD62815" } }).querySelector(".ev")).not.toBeNull();
    expect(show(Plate, { vehicle: { plate: "沪A8K359", energy: "fuel" } }).querySelector(".ev")).toBeNull();
    expect(show(Plate, { vehicle: null }).textContent).toBe("未上牌");
  });
  test("the plate's keys: provinces first, then letters, and the plate is put together", () => {
    const onchange = vi.fn();
    const box = show(PlateInput, { label: "车牌", onchange });
    box.querySelector("input")!.dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
    flushSync();
    const key = (k: string) => [...box.querySelectorAll("button")].find((b) => b.textContent === k)!;
    key("沪").click();
    flushSync();
    expect(key("京")).toBeUndefined();
    key("A").click();
    flushSync();
    expect(onchange).toHaveBeenLastCalledWith("沪A");
  });
  test("a number field takes full-width digits, keeps its bounds, and is empty when empty", () => {
    const onchange = vi.fn();
    const input = show(NumberInput, { max: 100, onchange }).querySelector("input")!;
    for (const [typed, value] of [["４８", 48], ["4,8", 48], ["900", 100], ["", null]] as const) {
      input.value = typed;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      expect(onchange).toHaveBeenLastCalledWith(value);
    }
  });
  test("a gauge is read by tap and by arrow keys", () => {
    const onchange = vi.fn();
    const box = show(Level, { label: "油量", onchange });
    box.querySelector<HTMLElement>('[data-level="4"]')!.click();
    expect(onchange).toHaveBeenLastCalledWith(50);
    flushSync();
    box.querySelector(".gauge")!.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
    expect(onchange).toHaveBeenLastCalledWith(63);
  });
  test("X-04 a refusal is said in words, with its code for tools", () => {
    const box = show(Refusal, { refused: new Refused("consent.missing") });
    const alert = box.querySelector("[role=alert]")!;
    expect(alert.getAttribute("data-code")).toBe("consent.missing");
    expect(alert.textContent!.length).toBeGreaterThan(10);
  });
});
