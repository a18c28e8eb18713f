// Arrays as small tables of numbers, tinted by magnitude; the number with its sign always stands in the cell.

import { h, s } from "./dom.js";

/** A grid inside a drawing, its top left corner at (x, y). */
export function gridAt(grid, x, y, [cw, ch]) {
  const w = grid.cells[0].length * cw, height = grid.cells.length * ch, right = grid.role === "g";
  return s("g", { class: `bp-grid bp-grid-${grid.role}`, transform: `translate(${x} ${y})` },
    grid.cells.map((row, i) => row.map((text, j) => [
      s("rect", { x: j * cw, y: i * ch, width: cw, height: ch, style: `--heat:${grid.heat[i][j]}` }),
      s("text", { x: j * cw + cw - 4, y: i * ch + ch / 2 + 4, "text-anchor": "end", "data-cell": `${i},${j}` }, text)])),
    s("rect", { class: "bp-grid-frame", width: w, height }),
    s("text", { class: "bp-badge", x: right ? w : 0, y: height + 13, "text-anchor": right ? "end" : "start" }, (right ? "grad " : "") + grid.shape));
}

/** The cells of a grid in the page. `asked`: [row, column] to be ringed. */
export function cells(grid, asked = null) {
  return h("div", { class: "bp-cells", role: "img", "aria-label": spoken(grid), style: `grid-template-columns:repeat(${grid.cells[0].length},auto)` },
    grid.cells.map((row, i) => row.map((text, j) =>
      h("span", { "aria-hidden": "true", class: asked && asked[0] === i && asked[1] === j && "bp-asked", style: `--heat:${grid.heat[i][j]}` }, text))));
}

/** A grid with its name above and its shape below. */
export const figure = (grid, label, asked) =>
  h("figure", { class: `bp-fig bp-fig-${grid.role}` }, h("figcaption", null, label), cells(grid, asked), h("small", { class: "bp-badge" }, grid.shape));

/** A grid so small that only its tint shows, for the table of variables. */
export const thumb = (grid) =>
  h("span", { class: `bp-thumb bp-fig-${grid.role}`, role: "img", "aria-label": spoken(grid), title: grid.cells.map((row) => row.join("  ")).join("\n"),
    style: `grid-template-columns:repeat(${grid.cells[0].length},9px)` }, grid.heat.flat().map((v) => h("i", { style: `--heat:${v}` })));

/** The same grid before its numbers are known; `shapeless`: before even its shape is. */
export const unknown = (grid, shapeless = false) => (shapeless ? { ...grid, cells: [["?"]], heat: [[0]], shape: "?" }
  : { ...grid, cells: grid.cells.map((row) => row.map(() => "?")), heat: grid.heat.map((row) => row.map(() => 0)) });

const spoken = (grid) => `${grid.shape}: ${grid.cells.map((row) => row.join(" ")).join("; ")}`;
