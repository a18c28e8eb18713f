// Controls that the shape bench and the Jacobian viewer share: a bar of choices, a button with its key, dragging.

import { h } from "./dom.js";

/**
 * Radio buttons that look like one bar: Tab enters, arrows choose.
 * @param options [[value, text, title?]]
 * @returns {{node, items, update}}
 */
export function choiceBar(label, options, get, set) {
  const items = options.map(([value, text, title]) => h("button", { type: "button", role: "radio", "data-value": value, title,
    onclick: () => { if (get() !== value) set(value); } }, text));
  const bar = h("span", { class: "bs-bar" }, items);
  const update = () => items.forEach((b) => { const on = b.dataset.value === get(); b.setAttribute("aria-checked", String(on)); b.tabIndex = on ? 0 : -1; });
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const able = items.filter((b) => !b.disabled), now = able.findIndex((b) => b.dataset.value === get());
    set(able[(now + step + able.length) % able.length].dataset.value);
    items.find((b) => b.isConnected && b.dataset.value === get())?.focus();
  });
  update();
  return { node: h("div", { class: "bs-segmented", role: "radiogroup", "aria-label": label }, h("span", { class: "bp-label", "aria-hidden": "true" }, label), bar), items, update };
}

/** A button that also tells its key. */
export const keyButton = (text, key, act, className = "") => h("button", { class: `bs-button ${className}`, type: "button", onclick: act }, h("span", null, text), key && h("kbd", { "aria-hidden": "true" }, key));

/**
 * Drag with mouse, pen or finger. A short press stays a click.
 * @param acts {ghost(): element, over(event): whether a drop is possible here, drop(event), end()}
 */
export function draggable(node, acts) {
  node.addEventListener("pointerdown", (start) => {
    if (start.button) return;
    let ghost = null;
    const move = (event) => {
      if (!ghost) {
        if (Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < 6) return;
        ghost = acts.ghost();
        node.dataset.dragged = "1";
      }
      const box = ghost.parentElement.getBoundingClientRect();
      ghost.style.transform = `translate(${event.clientX - box.left - 16}px, ${event.clientY - box.top - 20}px)`;
      ghost.classList.toggle("bs-away", !acts.over(event));
      event.preventDefault();
    };
    const end = (event) => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
      acts.end();
      if (!ghost) return;
      ghost.remove();
      setTimeout(() => delete node.dataset.dragged, 0);    // after the click that the release makes
      if (event.type === "pointerup") acts.drop(event);
    };
    addEventListener("pointermove", move, { passive: false });
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
  });
}
