import { afterEach, expect, test, vi } from "vitest";
import { request } from "./http.ts";

afterEach(() => vi.unstubAllGlobals());

const json = (status: number, text: string) => new Response(text, { status, headers: { "content-type": "application/json" } });
const html = (status: number) => new Response("<html>WLAN 登录</html>", { status, headers: { "content-type": "text/html" } });

test.each([
  ["a captive portal's page", () => html(200), "retry"],
  ["a captive portal that forbids", () => html(403), "retry"],
  ["a tired proxy", () => html(502), "retry"],
  ["a server of ours in trouble", () => json(503, `{"status":503,"message":"busy","data":{}}`), "retry"],
  ["a body that was cut", () => json(200, `{"epoch":"e1","outco`), "retry"],
  ["a stranger's JSON that says no", () => json(403, `{"error":"login first"}`), "retry"],
  ["no network", () => Promise.reject(new TypeError("network")), "retry"],
  ["our answer", () => json(200, `{"epoch":"e1"}`), "ok"],
  ["our refusal", () => json(409, `{"status":409,"message":"","data":{"epoch":{"code":"sync.epoch","message":""}}}`), "fault"],
])("X-02 %s is understood for what it is", async (_who, answer, kind) => {
  vi.stubGlobal("fetch", async () => answer());
  expect((await request("POST", "/api/sync/push", { body: { mutations: [] } })).kind).toBe(kind);
});
