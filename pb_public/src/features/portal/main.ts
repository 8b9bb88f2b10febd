import { mount } from "svelte";
import "../../ui/tokens.css";
import "../../ui/look.css";
import "../../rules/sentences";
import { markDocument } from "../../i18n/index.svelte";
import { applyTheme } from "../../ui/theme.svelte";
import Portal from "./Portal.svelte";

markDocument();
applyTheme();
const target = document.getElementById("app");
if (!target) throw new Error("portal.html has no #app");
mount(Portal, { target });
