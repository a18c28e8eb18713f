// Zooming and panning the graph, going to a variable, and taking the picture along.

import { h, plain } from "./dom.js";

const LEAST_ZOOM = 0.3, MOST_ZOOM = 3, STEP = 1.25;           // of the size the picture was drawn in

/**
 * Buttons that make the picture smaller and larger. With Ctrl the wheel does the same, and so do two fingers; dragging moves it.
 * What is under the pointer, or between the fingers, stays there.
 */
export function zooming(stage) {
  let scale = null, drag = null, pinch = null;             // scale null: as large as fits the page
  const fingers = new Map(), picture = () => stage.querySelector(".bp-graph");
  const drawn = (svg) => svg.viewBox.baseVal.width, now = () => picture().clientWidth / drawn(picture());
  function apply() {
    const svg = picture();
    if (!svg) return;
    svg.dataset.fit ??= `${svg.style.maxWidth};${svg.style.minWidth}`;
    const [max, min] = svg.dataset.fit.split(";");
    svg.style.maxWidth = scale ? "none" : max;
    svg.style.minWidth = scale ? "0" : min;
    svg.style.width = scale ? `${Math.round(drawn(svg) * scale)}px` : "";
    smaller.disabled = scale !== null && scale <= LEAST_ZOOM;
    larger.disabled = scale !== null && scale >= MOST_ZOOM;
    mark();
  }
  /** Does the picture go on beyond an edge of the stage? */
  const mark = () => { stage.classList.toggle("bp-more", stage.scrollWidth > stage.clientWidth + 1 || stage.scrollHeight > stage.clientHeight + 1); };
  /** Another size; the place (x, y) of the stage keeps showing the same. */
  function to(wanted, x = stage.clientWidth / 2, y = stage.clientHeight / 2) {
    const before = now(), left = (stage.scrollLeft + x) / before, top = (stage.scrollTop + y) / before;
    scale = wanted && Math.max(LEAST_ZOOM, Math.min(MOST_ZOOM, wanted));
    apply();
    const after = now();
    stage.scrollLeft = left * after - x;
    stage.scrollTop = top * after - y;
  }
  const button = (text, label, act) => h("button", { class: "bp-mini-button", type: "button", "aria-label": label, title: label, onclick: act }, text);
  const smaller = button("−", "Smaller picture", () => to(now() / STEP)), larger = button("+", "Larger picture", () => to(now() * STEP));
  const fit = button("fit", "Fit the picture to the page", () => to(null));
  const within = (event) => { const box = stage.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  stage.addEventListener("wheel", (event) => { if (event.ctrlKey) { event.preventDefault(); to(now() * STEP ** -Math.sign(event.deltaY), ...within(event)); } }, { passive: false });

  /** One finger pans, as the browser does it; two of them zoom. */
  const spread = () => { const [a, b] = [...fingers.values()]; return { far: Math.hypot(a[0] - b[0], a[1] - b[1]), x: (a[0] + b[0]) / 2, y: (a[1] + b[1]) / 2 }; };
  stage.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse") {
      fingers.set(event.pointerId, within(event));
      pinch = fingers.size === 2 ? { far: spread().far, scale: now() } : null;
    } else if (!event.button && !event.target.closest(".bp-node, .bp-opened")) {
      drag = [event.clientX + stage.scrollLeft, event.clientY + stage.scrollTop];
      stage.setPointerCapture(event.pointerId);
    }
  });
  stage.addEventListener("pointermove", (event) => {
    if (drag) { stage.scrollLeft = drag[0] - event.clientX; stage.scrollTop = drag[1] - event.clientY; }
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, within(event));
    if (pinch && fingers.size === 2) { const { far, x, y } = spread(); to((pinch.scale * far) / Math.max(1, pinch.far), x, y); }
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) stage.addEventListener(end, (event) => { drag = null; pinch = null; fingers.delete(event.pointerId); });
  stage.addEventListener("touchmove", (event) => { if (event.touches.length > 1) event.preventDefault(); }, { passive: false });
  return { tools: h("div", { class: "bp-zoom", role: "group", "aria-label": "Size of the picture" }, smaller, larger, fit), apply, mark };
}

/**
 * A field to type a variable's name into.
 * @param names all of them
 * @param go called with a name that exists
 * @param say called with what to tell about one that does not; with "" otherwise
 */
export function finder(names, go, say) {
  const list = h("datalist", { id: `bp-names-${Math.random().toString(36).slice(2)}` }, names.map((name) => h("option", { value: name })));
  const plainly = (text) => text.trim().replaceAll("`", "");
  /** The name as it is, else without regard to capitals, else the only one that begins like it. */
  function find(text) {
    const low = text.toLowerCase(), alike = names.filter((n) => n.toLowerCase() === low), begun = names.filter((n) => n.toLowerCase().startsWith(low));
    return names.includes(text) ? text : alike.length === 1 ? alike[0] : begun.length === 1 ? begun[0] : null;
  }
  function look() {
    const text = plainly(input.value);
    if (!text) { say(""); return; }
    const found = find(text);
    say(found ? "" : `There is no variable ${text.slice(0, 40)} here. ${names.length > 12 ? `There are ${names.length}: ${names.slice(0, 10).join(", ")} and more` : `There are ${names.join(", ")}`}.`);
    if (found) { input.value = ""; go(found); }
  }
  const input = h("input", { class: "bp-input bp-find", type: "text", list: list.id, placeholder: "go to …", "aria-label": "Go to a variable", title: "Go to a variable (/)", autocomplete: "off", spellcheck: "false", maxlength: 200,
    onkeydown: (event) => {
      if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); look(); }
      if (event.key === "Escape") { input.value = ""; say(""); }
    },
    oninput: (event) => { if (event.inputType === "insertReplacementText" || (!event.inputType && names.includes(input.value))) look(); } });
  return { input, list };
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
