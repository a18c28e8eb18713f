// What the charts and controls of all labs are made of: numbers in words, scales, marks, sliders, rows of buttons, dots of many seeds.

import { h, s } from "./dom.js";

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const raised = (n) => String(n).replace(/[-0-9]/g, (c) => (c === "-" ? "⁻" : RAISED[c]));

/** A power of ten: 10⁻³. */
export const ten = (e) => (e === 0 ? "1" : e === 1 ? "10" : `10${raised(e)}`);

/** A number as it is read: three digits, powers of ten where it is small or large. */
export function number(x) {
  if (x == null || !Number.isFinite(x)) return "not finite";
  const size = Math.abs(x);
  if (size === 0) return "0";
  if (size >= 1e-3 && size < 1e4) return String(Number(x.toPrecision(size >= 100 ? 4 : 3))).replace("-", "−");
  let e = Math.floor(Math.log10(size)), m = Number((x / 10 ** e).toFixed(1));
  if (Math.abs(m) >= 10) { m /= 10; e += 1; }
  return `${m.toFixed(1).replace("-", "−")}·${ten(e)}`;
}

/** The straight map that takes a to c and b to d. */
export const linear = (a, b, c, d) => (v) => c + ((d - c) * (v - a)) / (b - a || 1);

/** Round values from low to high, about so many of them. */
export function ticks(low, high, count = 4) {
  const raw = (high - low) / count || 1, unit = 10 ** Math.floor(Math.log10(raw)), step = unit * [1, 2, 5, 10].find((k) => k * unit >= raw * 0.999);
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) found.push(Number((k * step).toPrecision(12)));
  return found;
}

// ---- marks ---------------------------------------------------------------------------------------------------------------------

export const chart = (width, height, label, ...kids) => s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label, class: "bl-chart" }, kids.flat(Infinity));
export const line = (x1, y1, x2, y2, kind) => s("line", { x1, y1, x2, y2, class: kind });
export const path = (d, kind, more) => s("path", { d, class: kind, ...more });
export const words = (x, y, text, kind = "", anchor = "start") => s("text", { x, y, class: kind, "text-anchor": anchor }, String(text));
export const joined = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

/** One entry of a chart's key; in HTML, so that it wraps. */
export const key = (mark, text) => h("span", null, s("svg", { viewBox: "0 0 26 10", width: 26, height: 10, "aria-hidden": "true" }, mark), ` ${text}`);
export const keys = (...entries) => h("div", { class: "bl-key" }, entries.filter(Boolean));

/** A chart with its heading and a line that says what is drawn. */
export const figure = (title, sub, ...kids) => h("div", { class: "bl-figure" }, h("h3", null, title), h("p", { class: "bl-sub" }, sub), kids);

// ---- controls ------------------------------------------------------------------------------------------------------------------

// Each widget of a page has a module of its own, so a count alone would name two sliders alike.
const some = Math.random().toString(36).slice(2);
let serial = 0;

/** A name that no other element of the page has. */
export const unique = () => `bl-${some}-${(serial += 1)}`;

/** A slider over options; `sync(options, at, word)` shows where it stands. */
export function slider(label, act) {
  const id = unique(), out = h("output", { for: id }), input = h("input", { id, type: "range", min: 0, step: 1, value: 0, oninput: () => act(Number(input.value)) });
  const box = h("div", { class: "bl-slider" }, h("label", { for: id }, label), out, input);
  const sync = (count, at, word) => {
    input.max = Math.max(count - 1, 0);
    input.disabled = count < 2;
    if (Number(input.value) !== at) input.value = at;
    if (out.textContent !== word) { out.textContent = word; input.setAttribute("aria-valuetext", word); }
  };
  return { box, sync, input };
}

/** A row of buttons of which one is chosen; arrow keys go from one to the next. */
export function radios(label, act) {
  const box = h("div", { class: "bl-row", role: "radiogroup", "aria-label": label }, h("span", { class: "bl-name", "aria-hidden": "true" }, label));
  let buttons = [], shown = "";
  const choose = (i) => { buttons[i].focus(); act(i); };
  box.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    let i = buttons.indexOf(document.activeElement);
    do i = (i + way + buttons.length) % buttons.length; while (buttons[i].disabled);
    choose(i);
  });
  const sync = (texts, at, off = []) => {
    if (shown !== texts.join("|")) {
      shown = texts.join("|");
      for (const old of buttons) old.remove();
      buttons = texts.map((text, i) => h("button", { type: "button", role: "radio", class: "bl-button", onclick: () => choose(i) }, text));
      box.append(...buttons);
    }
    const reached = at >= 0 ? at : buttons.findIndex((_, i) => !off[i]);
    buttons.forEach((b, i) => { b.setAttribute("aria-checked", String(i === at)); b.tabIndex = i === reached ? 0 : -1; b.disabled = Boolean(off[i]); });
  };
  return { box, sync };
}

// ---- many seeds ----------------------------------------------------------------------------------------------------------------

/** Values of many seeds as dots above one axis, stacked where they meet. Returns [[x, level], ...] and the highest level. */
export function stacked(values, x, size) {
  const columns = new Map(), placed = [];
  for (const v of values) {
    const at = Math.round(x(v) / size), level = columns.get(at) ?? 0;
    columns.set(at, level + 1);
    placed.push([at * size, level]);
  }
  return { placed, highest: Math.max(0, ...columns.values()) };
}

/** A chart of one quantity over the seeds. `group`: {title, log, values, mark: [value, word]?} */
export function dots(group, width) {
  const usable = group.values.filter((v) => v != null && (!group.log || v > 0)), see = group.log ? Math.log10 : (v) => v, size = 9;
  if (!usable.length) return h("p", { class: "bl-sub" }, `${group.title}: no number is finite.`);
  const seen = [...usable, ...(group.mark ? [group.mark[0]] : [])].map(see), bounds = group.range ?? [Math.min(...seen), Math.max(...seen)];
  const pad = group.range ? 0 : Math.max((bounds[1] - bounds[0]) * 0.06, group.log ? 0.3 : 1e-3);
  const low = bounds[0] - pad, high = bounds[1] + pad, x = linear(low, high, 14, width - 14);
  const { placed, highest } = stacked(usable.map(see), x, size), base = Math.max(highest * size, 22) + 14, middle = see([...usable].sort((a, b) => a - b)[Math.floor(usable.length / 2)]);
  const at = group.log ? ticks(low, high, 5).filter(Number.isInteger) : ticks(low, high, 5);
  return figure(group.title, `one dot a seed; ▲ the middle one, ${number(group.log ? 10 ** middle : middle)}${usable.length < group.values.length ? `; ${group.values.length - usable.length} not finite` : ""}`,
    chart(width, base + 22, `${group.title}: ${usable.length} seeds, ${number(Math.min(...usable))} to ${number(Math.max(...usable))}`,
      line(8, base, width - 8, base, "bl-axis"), at.map((v) => [line(x(v), base, x(v), base + 4, "bl-axis"), words(x(v), base + 17, group.log ? ten(v) : number(v), "", "middle")]),
      group.mark && [line(x(see(group.mark[0])), 2, x(see(group.mark[0])), base, "bl-theory"), words(x(see(group.mark[0])) + (x(see(group.mark[0])) > width / 2 ? -5 : 5), 11, group.mark[1], "bl-halo", x(see(group.mark[0])) > width / 2 ? "end" : "start")],
      placed.map(([cx, level]) => s("circle", { cx, cy: base - 5 - level * size, r: 3.6, class: "bl-dot" })),
      path(`M${x(middle)} ${base + 1}l-5 7h10z`, "bl-here")));
}
