import { beforeEach, describe, expect, test } from "vitest";
import { back, closeQueue, go, match, openQueue, parseHash, route } from "./router.svelte";

beforeEach(() => go("/day"));

describe("router", () => {
  test("paths and their parameters", () => {
    expect(match("/visit/abc/car")).toEqual({ pattern: "/visit/:id/:step", params: { id: "abc", step: "car" } });
    expect(match("/order/abc/sign")?.pattern).toBe("/order/:id/sign");
    expect(match("/quality/abc")?.params).toEqual({ order: "abc" });
    expect(match("")?.pattern).toBe("/");
    expect(match("/visit/abc")).toBeNull();
    expect(match("/nowhere")).toBeNull();
  });
  test("a query stands behind the question mark; broken escapes do not throw", () => {
    expect(parseHash("#/order/x/sign?kind=supplement").query.get("kind")).toBe("supplement");
    expect(match("/files/%E6%B2%AAA")?.params.vehicle).toBe("沪A");
    expect(match("/files/%zz")?.params.vehicle).toBe("%zz");
  });
  test("going somewhere is seen at once", () => {
    go("/order/x1/sign?kind=supplement");
    expect(route.pattern).toBe("/order/:id/sign");
    expect(route.params.id).toBe("x1");
    expect(route.query.get("kind")).toBe("supplement");
  });
  test("X-07 the queue opens above the screen and leaves it untouched", () => {
    go("/visit/v1/car");
    const below = route.params;
    openQueue();
    expect(route.queue).toBe(true);
    expect(route.path).toBe("/visit/v1/car");
    expect(route.params).toBe(below);
  });
  test("closing the queue without a step behind it stays where the app is", () => {
    go("/queue", { replace: true });
    expect(route.queue).toBe(true);
    closeQueue();
    expect(route.path).toBe("/day");
  });
  test("back goes to the fallback when the app was opened right here", () => {
    while (history.length > 1 && route.path !== "/files") go("/files", { replace: true });
    expect(route.path).toBe("/files");
    back("/files");
    expect(route.path).toBe("/files");
  });
});
