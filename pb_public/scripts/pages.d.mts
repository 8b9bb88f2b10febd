import type { Plugin } from "vite";
export function withHead(html: string): string;
export function pages(): Plugin;
