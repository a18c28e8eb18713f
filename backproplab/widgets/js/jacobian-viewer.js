// The Jacobian viewer: a map to be read entry by entry, and the vector-Jacobian product that makes it unnecessary.
// Everything shown stands in the state; turning the layout only exchanges rows and columns.

import { h } from "./dom.js";
import { formulas } from "./formula.js";
import { boxesMap, entryText, flatMap } from "./jacobian-map.js";
import { choiceBar } from "./shapes-controls.js";

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
function bytesText(n) {
  let size = n, unit = 0;
  while (size >= 1000 && unit < UNITS.length - 1) { size /= 1000; unit += 1; }
  return `${size >= 100 || unit === 0 ? Math.round(size) : size.toPrecision(2)} ${UNITS[unit]}`;
}
const factorText = (v) => (v < 0 ? `(${entryText(v)})` : entryText(v));

function render({ model, el }) {
  const state = model.get("state"), draw = formulas(state.glyphs);
  const here = { node: 0, layout: "numerator", view: "flat", product: false, width: "1024", ...model.get("place") };
  here.node = Math.max(0, Math.min(state.nodes.length - 1, here.node));
  let at = [0, 0], shape = null;                           // at: [output, input], whatever the layout

  const keepPlace = () => model.set("place", { ...here });
  const change = (what) => { Object.assign(here, what); keepPlace(); paint(); };
  const nodes = choiceBar("Node", state.nodes.map((n, i) => [String(i), n.title]), () => String(here.node), (v) => { at = [0, 0]; change({ node: Number(v) }); });
  const layouts = choiceBar("Layout", [["numerator", "numerator: rows are outputs"], ["denominator", "denominator: rows are inputs"]], () => here.layout, (v) => change({ layout: v }));
  const views = choiceBar("View", [["flat", "flattened"], ["index", "by index"]], () => here.view, (v) => change({ view: v }));
  const title = h("p", { class: "jv-title" }), map = h("div", { class: "jv-map" }), side = h("div", { class: "jv-side" });
  const never = h("button", { class: "bp-text-button bp-solid jv-never", type: "button", onclick: () => change({ product: !here.product }) });
  const collapse = h("div", { class: "jv-collapse", role: "group", "aria-label": "Vector-Jacobian product" }), status = h("div", { class: "bp-sr", role: "status" });
  const root = h("div", { class: "bp-widget jv", role: "region", "aria-label": "Jacobian viewer" }, h("div", { class: "jv-head" }, nodes.node, layouts.node, views.node), title, h("div", { class: "jv-main" }, map, side), never, collapse, status);

  const node = () => state.nodes[here.node];
  const byIndex = () => here.view === "index" && !views.node.hidden;
  const turned = () => here.layout === "denominator";
  const count = (shape_) => shape_.reduce((a, b) => a * b, 1);
  const shapeText = (shape_) => (shape_.length ? shape_.join("×") : "a number");

  function paint() {
    const n = node(), m = n.map, [a, b] = [count(n.ofShape), count(n.wrtShape)];
    for (const bar of [nodes, layouts, views]) bar.update();
    views.node.hidden = !m || n.wrtShape.length < 2;
    layouts.node.hidden = byIndex();
    title.replaceChildren(draw.formula(n.forward), h("span", null, `∂${n.of}/∂${n.wrt} is ${(turned() ? [b, a] : [a, b]).join(" × ")}: ${n.of} is ${shapeText(n.ofShape)}, ${n.wrt} is ${shapeText(n.wrtShape)}. `,
      byIndex() ? `One box for each entry of ${n.of}, each lying like ${n.wrt}.` : n.ofShape.length > 1 || n.wrtShape.length > 1 ? "Flattened row by row." : ""));
    const focused = map.contains(document.activeElement);
    shape = m && (byIndex() ? boxesMap(n, { at }) : flatMap(n, { turned: turned(), product: here.product, at }));
    map.replaceChildren(shape?.node ?? h("p", { class: "jv-large" }, n.instead || `${n.entries.toLocaleString("en")} numbers, ${bytesText(8 * n.entries)}: too many to look at, and nobody forms them.`));
    if (focused) map.querySelector(".jv-on")?.focus();
    mark();
    paintSide();
    paintProduct();
  }
  function mark() {
    for (const td of map.querySelectorAll("[data-output]")) td.classList.toggle("jv-lit", Number(td.dataset.output) === at[0]);
    for (const td of map.querySelectorAll("[data-input]")) td.classList.toggle("jv-lit", Number(td.dataset.input) === at[1]);
  }
  function go(to, focus) {
    at = to;
    const before = map.querySelector(".jv-on"), now = map.querySelector(`[data-at="${to.join(",")}"]`);
    if (before) { before.classList.remove("jv-on"); before.tabIndex = -1; }
    now.classList.add("jv-on");
    now.tabIndex = 0;
    if (focus) now.focus();
    mark();
    paintSide();
  }
  const cellAt = (event) => event.target.closest?.("[data-at]")?.dataset.at.split(",").map(Number);
  map.addEventListener("pointerover", (event) => { const to = cellAt(event); if (to && !map.contains(document.activeElement)) go(to, false); });
  map.addEventListener("click", (event) => { const to = cellAt(event); if (to) go(to, true); });
  map.addEventListener("keydown", (event) => {
    if (!cellAt(event)) return;
    const find = shape.find ?? (([o, i]) => (turned() ? [i, o] : [o, i])), [r, c] = find(at), { rows, columns } = shape;
    const to = { ArrowUp: [r - 1, c], ArrowDown: [r + 1, c], ArrowLeft: [r, c - 1], ArrowRight: [r, c + 1], Home: [r, 0], End: [r, columns - 1], PageUp: [0, c], PageDown: [rows - 1, c] }[event.key];
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    go(shape.place(Math.max(0, Math.min(rows - 1, to[0])), Math.max(0, Math.min(columns - 1, to[1]))), true);
  });
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = { v: () => change({ product: !here.product }), l: () => change({ layout: turned() ? "numerator" : "denominator" }), i: () => views.node.hidden || change({ view: here.view === "flat" ? "index" : "flat" }) }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });

  /** What the chosen entry means. */
  function reason(m, o, i) {
    const v = m.values[o][i], out = m.outputs[o], inn = m.inputs[i];
    if (!m.free[o][i]) return `${out} never reads ${inn}: 0 for every input.`;
    if (Math.abs(v) < 1e-9) return `0 at this point, not always: here ${out} does not move with ${inn}.`;
    return `If ${inn} grows by 0.01, ${out} ${v < 0 ? "falls" : "grows"} by about ${entryText(Math.abs(v) * 0.01, 4)}.`;
  }
  function paintSide() {
    const n = node(), m = n.map, [o, i] = at;
    if (!m) { side.replaceChildren(); return; }
    const v = entryText(m.values[o][i], 3), formula = m.formulas[o][i];
    const terms = m.g.map((g, k) => [g, m.values[k][i], m.free[k][i]]).filter(([, , free]) => free).map(([g, x]) => `${factorText(g)}·${factorText(x)}`);
    side.replaceChildren(...[h("p", { class: "jv-formula" }, h("i", null, `∂${m.outputs[o]}/∂${m.inputs[i]}`), " = ", formula && formula !== v ? [h("i", null, formula), " = "] : "", h("b", null, v)),
      h("p", null, reason(m, o, i)), here.product && h("p", { class: "jv-terms" }, `Product, ${byIndex() ? "every box at" : turned() ? "row of" : "column of"} ${m.inputs[i]}: ${terms.join(" + ") || "0"} = ${entryText(m.result[i])}`),
      h("div", { class: "jv-structure" }, h("h2", null, m.structure.name), h("p", null, m.structure.say),
        h("p", { class: "bp-soft" }, h("b", null, `${m.count} of ${n.entries}`), m.count === n.entries ? " entries can be other than 0." : " entries can be other than 0; a dot is 0 for every input."))].filter(Boolean));
    status.textContent = `∂${m.outputs[o]}/∂${m.inputs[i]} = ${v}. ${reason(m, o, i)}`;
  }
  function paintProduct() {
    const n = node();
    never.setAttribute("aria-expanded", String(here.product));
    never.replaceChildren(here.product ? "Show the Jacobian alone" : "Never form it", h("kbd", { "aria-hidden": "true" }, "V"));
    collapse.hidden = !here.product;
    if (!here.product) { collapse.replaceChildren(); return; }
    const widths = choiceBar("Every axis", n.sizes.map((z) => [String(z.width), z.width.toLocaleString("en")]), () => here.width, (v) => { change({ width: v }); collapse.querySelector("[aria-checked=true]").focus(); });
    const size = n.sizes.find((z) => String(z.width) === here.width) ?? n.sizes[2], top = Math.log10(Math.max(...n.sizes.map((z) => z.jacobian))), times = size.jacobian / size.kept;
    const bar = (name, value, kind, note) => [h("dt", null, name), h("dd", null, h("span", { class: `jv-size jv-${kind}`, style: `width:${Math.max(0.6, (62 * Math.log10(value)) / top)}%` }), h("b", null, bytesText(value)), h("span", { class: "bp-soft" }, note))];
    collapse.replaceChildren(
      h("p", { class: "jv-equation" }, h("s", null, turned() ? "J g" : "g J"), " = ", draw.formula(n.product), h("span", null, n.map ? `the same ${n.map.result.length} numbers, ${n.upstream} being g` : `${n.upstream} is the gradient from above`)),
      widths.node,
      h("dl", { class: "jv-bars" }, bar(`the Jacobian, ${size.shape.map((k) => k.toLocaleString("en")).join(" × ")}`, size.jacobian, "j", ""),
        bar("the product reads", size.kept, "k", times < 2 ? "no less: but it is there already" : `${Math.round(times).toLocaleString("en")} times less`)),
      h("p", { class: "bp-soft" }, "float64. The bars are on a logarithmic scale."));
  }

  el.replaceChildren(root);
  paint();
  const renewed = () => { model.off?.("change:state", renewed); render({ model, el }); };
  model.on("change:state", renewed);
  return () => model.off?.("change:state", renewed);
}

export default { render };
