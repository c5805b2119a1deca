// Runs before anything is drawn and before any module.

// The policy of the page lets nobody make code at run time. Zod asks whether it may when the first schema is made, and asking alone
// is an error in the log of every visit. Modules come in an order that the bundler chooses; this comes before them.
globalThis.__zod_globalConfig = { jitless: true };

// Nobody who works in the dark is shown a white page first; src/frame/theme.ts does the rest.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("tcm-theme");
  } catch {
    // Storage may be forbidden: the system's own theme is shown.
  }
  const isDark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("pf-v6-theme-dark", isDark);
})();
