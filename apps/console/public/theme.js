// Before anything is drawn, so that nobody who works in the dark is shown a white page first. src/frame/theme.ts does the rest.
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
