import type { Plugin } from "vite";

export function shellOf(root: string): { version: string; urls: string[] };
export function pageShellOf(root: string, page: string, path: string): { version: string; urls: string[]; only: { path: string; page: string } };
export function serviceWorker(): Plugin;
