import { mount } from "svelte";
import "../../ui/tokens.css";
import "../../ui/look.css";
import "./sentences";
import { markDocument } from "../../i18n/index.svelte";
import { watchStylesheets } from "../../ui/stylesheets";
import { applyTheme } from "../../ui/theme.svelte";
import Claims from "./Claims.svelte";
import { keepThePage } from "./worker";

watchStylesheets();
markDocument();
applyTheme();
const target = document.getElementById("app");
if (!target) throw new Error("claim.html has no #app");
mount(Claims, { target });
keepThePage();
