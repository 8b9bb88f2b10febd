// Light, dark or as the tablet says. Chosen per tablet, remembered there.

export type Theme = "light" | "dark" | "auto";
const KEY = "aftercare.theme";

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "auto";
  } catch {
    return "auto";
  }
}

let choice = $state<Theme>(stored());

function systemDark(): boolean {
  return typeof matchMedia === "function" && matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Writes the theme in force to <html data-theme>, where tokens.css reads it. */
export function applyTheme(): void {
  const dark = choice === "dark" || (choice === "auto" && systemDark());
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

/** Follows the tablet's own setting for as long as the choice is "auto". */
export function watchTheme(): () => void {
  applyTheme();
  const query = matchMedia("(prefers-color-scheme: dark)");
  query.addEventListener("change", applyTheme);
  return () => query.removeEventListener("change", applyTheme);
}

export const theme = {
  get choice(): Theme {
    return choice;
  },
  set(next: Theme): void {
    choice = next;
    try {
      if (next === "auto") localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, next);
    } catch {
      // not remembered, still switched
    }
    applyTheme();
  },
};
