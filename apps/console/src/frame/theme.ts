export type Theme = "light" | "dark" | "system";

export const themes: readonly { readonly theme: Theme; readonly name: string }[] = [
  { theme: "light", name: "Light" },
  { theme: "dark", name: "Dark" },
  { theme: "system", name: "As the system" },
];

const key = "tcm-theme";
const darkClass = "pf-v6-theme-dark";

/** What the person chose; the system's own theme when they did not, or when nothing may be stored. */
export function chosenTheme(): Theme {
  try {
    const chosen = localStorage.getItem(key);
    return chosen === "light" || chosen === "dark" ? chosen : "system";
  } catch {
    return "system";
  }
}

export function chooseTheme(theme: Theme): void {
  try {
    if (theme === "system") localStorage.removeItem(key);
    else localStorage.setItem(key, theme);
  } catch {
    // It holds until the page is left, then.
  }
  showTheme(theme);
}

function showTheme(theme: Theme): void {
  const isDark = theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle(darkClass, isDark);
}

/** The system may change its theme in the evening. */
export function followSystemTheme(): () => void {
  const media = matchMedia("(prefers-color-scheme: dark)");
  const follow = (): void => showTheme(chosenTheme());
  media.addEventListener("change", follow);
  return () => media.removeEventListener("change", follow);
}
