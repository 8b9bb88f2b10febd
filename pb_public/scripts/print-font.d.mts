import type { Plugin } from "vite";

export function printFont(): Plugin;
