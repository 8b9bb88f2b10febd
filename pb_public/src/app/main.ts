import { mount } from "svelte";
import "../ui/tokens.css";
import "../ui/look.css";
import { markDocument } from "../i18n/index.svelte";
import { startSync } from "../sync/engine";
import { keepApp } from "../sync/update";
import { applyTheme } from "../ui/theme.svelte";
import App from "./App.svelte";

markDocument();
applyTheme();
const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app");
startSync();
void keepApp();
mount(App, { target });
