import type { Plugin } from "vite";

export function shellOf(root: string): { version: string; urls: string[] };
export function serviceWorker(): Plugin;
