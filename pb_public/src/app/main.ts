import { mount } from "svelte";
import "../ui/tokens.css";
import "../ui/look.css";
import { keepSearchWarm } from "../db/search";
import { markDocument } from "../i18n/index.svelte";
import { startSync } from "../sync/engine";
import { keepApp } from "../sync/update";
import { watchStylesheets } from "../ui/stylesheets";
import { applyTheme } from "../ui/theme.svelte";
import App from "./App.svelte";
import { route } from "./router.svelte";
import { rowsHere } from "./rows-here";
import { loadScreen, preloadScreens } from "./screens";
import { followTestClock } from "./test-clock.svelte";

watchStylesheets();
markDocument();
applyTheme();
followTestClock();
const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app");
startSync();
keepSearchWarm();
void keepApp(rowsHere());
// The screen's code comes while the person's store is opened; if it cannot come, the screen says so in its own place.
if (route.pattern && route.pattern !== "/" && route.pattern !== "/lounge/:token") loadScreen(route.pattern).catch(() => undefined);
mount(App, { target });
preloadScreens();
