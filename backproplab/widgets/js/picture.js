// Zooming and panning the graph, and taking its picture along.

import { h, plain } from "./dom.js";

const STEPS = [0.5, 0.7, 0.85, 1, 1.25, 1.6, 2, 2.6], FIT = 3;

/** Buttons that make the picture smaller and larger; with Ctrl the wheel does the same, dragging moves it. */
export function zooming(stage) {
  let level = FIT, drag = null;
  const apply = () => {
    const svg = stage.querySelector(".bp-graph");
    if (!svg) return;
    svg.dataset.fit ??= `${svg.style.maxWidth};${svg.style.minWidth}`;
    const [max, min] = svg.dataset.fit.split(";"), k = STEPS[level];
    svg.style.maxWidth = level === FIT ? max : "none";
    svg.style.minWidth = level === FIT ? min : "0";
    svg.style.width = level === FIT ? "" : `${Math.round(parseFloat(max) * k)}px`;
    smaller.disabled = level === 0;
    larger.disabled = level === STEPS.length - 1;
  };
  const to = (next) => { level = Math.max(0, Math.min(STEPS.length - 1, next)); apply(); };
  const button = (text, label, act) => h("button", { class: "bp-mini-button", type: "button", "aria-label": label, title: label, onclick: act }, text);
  const smaller = button("−", "Smaller picture", () => to(level - 1)), larger = button("+", "Larger picture", () => to(level + 1));
  const fit = button("fit", "Fit the picture to the page", () => to(FIT));
  stage.addEventListener("wheel", (event) => { if (event.ctrlKey) { event.preventDefault(); to(level - Math.sign(event.deltaY)); } }, { passive: false });
  stage.addEventListener("pointerdown", (event) => {
    if (event.button || event.target.closest(".bp-node") || event.pointerType !== "mouse") return;
    drag = [event.clientX + stage.scrollLeft, event.clientY + stage.scrollTop];
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointermove", (event) => { if (drag) { stage.scrollLeft = drag[0] - event.clientX; stage.scrollTop = drag[1] - event.clientY; } });
  for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, () => { drag = null; });
  return { tools: h("div", { class: "bp-zoom", role: "group", "aria-label": "Size of the picture" }, smaller, larger, fit), apply };
}

const KEPT = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "visibility", "font-family", "font-size", "font-weight", "font-style", "text-anchor", "paint-order"];

/** The graph as it stands, as an SVG file that needs no style sheet. */
export function standalone(svg) {
  const copy = svg.cloneNode(true), from = [svg, ...svg.querySelectorAll("*")], to = [copy, ...copy.querySelectorAll("*")];
  to.forEach((el, i) => {
    const style = getComputedStyle(from[i]);
    el.removeAttribute("class");
    if (style.visibility === "hidden") { el.dataset.out = "1"; return; }
    el.setAttribute("style", KEPT.map((name) => `${name}:${style.getPropertyValue(name)}`).join(";"));
  });
  copy.querySelectorAll("[data-out]").forEach((el) => { if (!el.querySelector(":scope > :not([data-out])")) el.remove(); });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const [, , w, height] = svg.getAttribute("viewBox").split(" ");
  copy.setAttribute("width", w);
  copy.setAttribute("height", height);
  return new XMLSerializer().serializeToString(copy);
}

/** Offer text as a file. */
export function download(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href: url, download: plain(name) }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
