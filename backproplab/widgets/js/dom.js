// Elements by one short call each, and prose in which variable names are set as variables.

const SVG_NS = "http://www.w3.org/2000/svg";

function filled(el, props, kids) {
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value == null || value === false) continue;
    if (key.startsWith("on")) el.addEventListener(key.slice(2), value);
    else el.setAttribute(key, value === true ? "" : value);
  }
  el.append(...kids.flat(3).filter((kid) => kid != null && kid !== false));
  return el;
}

/**
 * An HTML element. Text is inserted as text, never as HTML.
 * JupyterLab's own shortcuts match at the focused element (`d d` deletes the cell), so each focusable one must suppress them itself.
 */
export function h(tag, props, ...kids) {
  const el = filled(document.createElement(tag), props, kids);
  if (el.tabIndex >= 0) el.setAttribute("data-lm-suppress-shortcuts", "true");
  return el;
}

/** An SVG element. */
export const s = (tag, props, ...kids) => filled(document.createElementNS(SVG_NS, tag), props, kids);

/** Prose marks names with backticks: here they become variables. */
export const rich = (text) => text.split("`").map((part, i) => (i % 2 ? variable(part) : part));

/** The same prose for a screen reader. */
export const plain = (text) => text.replaceAll("`", "");

const GREEK = {                                          // the letters of notation/letters.py; a test keeps them the same
  alpha: "α", beta: "β", gamma: "γ", delta: "δ", epsilon: "ϵ", varepsilon: "ε", zeta: "ζ", eta: "η", theta: "θ", vartheta: "ϑ", iota: "ι", kappa: "κ",
  lambda: "λ", mu: "μ", nu: "ν", xi: "ξ", pi: "π", rho: "ρ", sigma: "σ", tau: "τ", upsilon: "υ", phi: "ϕ", varphi: "φ", chi: "χ", psi: "ψ", omega: "ω",
  Gamma: "Γ", Delta: "Δ", Theta: "Θ", Lambda: "Λ", Xi: "Ξ", Pi: "Π", Sigma: "Σ", Upsilon: "Υ", Phi: "Φ", Psi: "Ψ", Omega: "Ω", lam: "λ", eps: "ϵ",
};

function variable(name) {
  const [, bare, mark] = name.match(/^(\w+?)_(star|hat)$/) ?? [null, name, ""];
  const [, base, number] = bare.match(/^([A-Za-z]+?)_?(\d+)$/) ?? [null, bare, ""];
  const letter = (GREEK[base] ?? base) + (mark === "hat" ? "\u0302" : "");          // combining, after the letter
  return /^[\w.]+$/.test(name) ? h("var", null, letter, number && h("sub", null, number), mark === "star" && "*") : h("code", { class: "bp-inline" }, name);
}

const ICONS = {
  first: "M3 3h1.6v10H3zM13 3v10L6 8z", prev: "M11 3v10L4 8z", play: "M4 2.5v11L13 8z", pause: "M4 3h3v10H4zM9 3h3v10H9z",
  next: "M5 3v10l7-5z", last: "M3 3v10l7-5zM11.4 3H13v10h-1.6z", copy: "M5 2h8v9h-1.5V3.5H5zM3 5h7v9H3zm1.5 1.5v6h4v-6z",
};

export const icon = (name) => s("svg", { viewBox: "0 0 16 16", "aria-hidden": "true", class: "bp-icon" }, s("path", { d: ICONS[name] }));

/** Pad with spaces so that decimal points stand under each other (monospace, white-space: pre). */
export function aligned(texts) {
  const split = texts.map((t) => { const k = t.indexOf("."); return k < 0 ? [t, ""] : [t.slice(0, k), t.slice(k)]; });
  const left = Math.max(...split.map(([a]) => a.length)), right = Math.max(...split.map(([, b]) => b.length));
  return split.map(([a, b]) => a.padStart(left) + b.padEnd(right));
}

/** Open a card under the button that belongs to it, or close it; it stays within the window. */
export function beneath(button, card) {
  card.togglePopover();
  const { bottom, right } = button.getBoundingClientRect(), gap = 8;
  const within = (wanted, size, room) => Math.max(gap, Math.min(wanted, room - size - gap));
  card.style.inset = `${within(bottom + 4, card.offsetHeight, innerHeight)}px auto auto ${within(right - card.offsetWidth, card.offsetWidth, innerWidth)}px`;
}
