import { defineConfig } from "@playwright/test";

const long = ["visits.spec.ts", "screens-counters.spec.ts"];

// Each spec starts its own real binary on a free port with its own data, so nothing here serves.
export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/empty.mjs",
  // The longest first: begun last, one would keep the other worker waiting.
  projects: [{ name: "the longest", testMatch: long }, { name: "the rest", testMatch: "*.spec.ts", testIgnore: long }],
  timeout: 240_000,
  expect: { timeout: 15_000 },
  workers: 2,
  fullyParallel: false,
  reporter: [["list"], ["./e2e/failures.mjs"]],
  forbidOnly: true,
  use: {
    browserName: "chromium",
    headless: true,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    actionTimeout: 15_000,
    trace: process.env.TRACE ? "retain-on-failure" : "off", // costs every test a fifth of its time; a failed one leaves pictures and rows anyway
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    },
  },
});
