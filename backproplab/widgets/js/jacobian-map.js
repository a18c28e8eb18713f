// The map of a Jacobian: flattened, or as one box for each output ("by index"). Sign is printed and coloured; an entry that is zero
// whatever the numbers are is a dot on bare paper.

import { h } from "./dom.js";

/** A number in few digits, with a true minus. */
export const entryText = (v, digits = 2) => { const r = Number(v.toFixed(digits)); return r < 0 ? `−${-r}` : String(Math.abs(r)); };

/** An entry's cell. `at`: "output,input". */
export function entryCell(map, o, i, largest, on) {
  const v = map.values[o][i], free = map.free[o][i], sign = !free || Math.abs(v) < 1e-9 ? "none" : v < 0 ? "minus" : "plus";
  return h("td", { role: "gridcell", class: `${free ? "jv-cell" : "jv-zero"} ${on ? "jv-on" : ""}`, "data-at": `${o},${i}`, "data-sign": sign, tabindex: on ? 0 : -1, "data-lm-suppress-shortcuts": "true",
    style: `--share:${Math.round(10 + (65 * Math.abs(v)) / (largest || 1))}%`, "aria-label": `∂${map.outputs[o]}/∂${map.inputs[i]} = ${free ? entryText(v) : "0, always"}` }, free ? entryText(v) : "·");
}

/**
 * Rows are outputs, or inputs where turned; beside it, where asked, the upstream gradient and the product.
 * @returns {{node, rows, columns, place(r, c)}} place gives [output, input]
 */
export function flatMap(node, { turned, product, at }) {
  const { map } = node, rows = turned ? map.inputs : map.outputs, columns = turned ? map.outputs : map.inputs;
  const place = (r, c) => (turned ? [c, r] : [r, c]), largest = Math.max(...map.values.flat().map(Math.abs));
  const head = (text, className = "", scope = "col") => h("th", { class: className, scope, role: scope === "col" ? "columnheader" : "rowheader" }, text);
  const plain = (className, text, data = {}) => h("td", { role: "gridcell", class: className, ...data }, text);
  const beside = product && !turned, result = `∂L/∂${node.wrt}`;
  const body = rows.map((name, r) => h("tr", { role: "row" }, head(name, "", "row"), beside && plain("jv-g", entryText(map.g[r]), { "data-output": r }),
    columns.map((_, c) => { const [o, i] = place(r, c); return entryCell(map, o, i, largest, o === at[0] && i === at[1]); }), product && turned && plain("jv-sum", entryText(map.result[r]), { "data-input": r })));
  const top = h("tr", { role: "row" }, head(turned ? "inputs ↓ outputs →" : "outputs ↓ inputs →", "jv-corner"), beside && head("g", "jv-letter"), columns.map((c) => head(c)), product && turned && head(result));
  const upstream = product && turned && h("tr", { role: "row" }, head("g", "jv-letter", "row"), map.g.map((v, o) => plain("jv-g", entryText(v), { "data-output": o })), plain("", ""));
  const total = beside && h("tr", { role: "row", class: "jv-total" }, head(result, "", "row"), plain("", "="), map.result.map((v, i) => plain("jv-sum", entryText(v), { "data-input": i })));
  return { node: h("table", { role: "grid", "aria-label": `Jacobian, ${rows.length} by ${columns.length}. Arrow keys move.` }, [top, upstream, ...body, total].filter(Boolean)), rows: rows.length, columns: columns.length, place };
}

/** One box for each output, each in the shape of the input: ∂z₁/∂W, ∂z₂/∂W, ... The last axis lies, the others stand. */
export function boxesMap(node, { at }) {
  const { map, wrtShape } = node, wide = wrtShape.at(-1) ?? 1, high = map.inputs.length / wide, largest = Math.max(...map.values.flat().map(Math.abs));
  const boxes = map.outputs.map((name, o) => h("table", { role: "grid", class: "jv-box", "aria-label": `∂${name}/∂${node.wrt}, in the shape of ${node.wrt}` }, h("caption", null, `∂${name}/∂${node.wrt}`),
    Array.from({ length: high }, (_, r) => h("tr", { role: "row", class: wrtShape.length > 2 && r && r % wrtShape.at(-2) === 0 && "jv-next" }, Array.from({ length: wide }, (__, c) => { const i = r * wide + c; return entryCell(map, o, i, largest, o === at[0] && i === at[1]); })))));
  const rows = map.outputs.length * high;
  return { node: h("div", { class: "jv-boxes" }, boxes), rows, columns: wide, place: (r, c) => [Math.floor(r / high), (r % high) * wide + c], find: ([o, i]) => [o * high + Math.floor(i / wide), i % wide] };
}
