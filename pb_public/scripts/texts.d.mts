import type { Plugin } from "vite";

export function areasIn(code: string, areas: string[]): string[];
export function withTexts(code: string, path: string, areas: string[]): string | null;
export function texts(): Plugin;
