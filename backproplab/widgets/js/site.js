// A page of a site: light or dark, as the system says until the reader chooses, and scrollable pieces that the keyboard can reach.

const root = document.documentElement, KEY = "backproplab-theme";

/** A browser may refuse to remember anything for a page from a file; then the choice lasts as long as the page. */
function remembered(theme) {
  try {
    if (theme) localStorage.setItem(KEY, theme);
    return localStorage.getItem(KEY);
  } catch { return null; }
}

function useTheme(theme) {
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
}

useTheme(remembered());                                   // before the body is there, so that nothing flashes

document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector(".bs-theme"), system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
  const tell = () => {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", isDark() ? "Use the light theme" : "Use the dark theme");
  };
  button.hidden = false;
  button.addEventListener("click", () => { useTheme(isDark() ? "light" : "dark"); remembered(root.dataset.theme); tell(); });
  system.addEventListener("change", tell);
  tell();

  // Only what really scrolls stops the Tab key.
  const watch = new ResizeObserver((seen) => {
    for (const { target } of seen) {
      if (target.scrollWidth > target.clientWidth + 1) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const el of document.querySelectorAll(".bs-scroll")) watch.observe(el);
});
