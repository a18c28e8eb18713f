// The ledger of a gradient: a row for each consumer, upstream times local, and the running sum. Rows multiply and columns add as printed.

import { aligned, h, s } from "./dom.js";
import { cells, unknown } from "./grids.js";

/** The running sum as a small waterfall: each bar starts where the one above ended; negative ones are hollow. */
function waterfall(rows, i) {
  const ends = [0, ...rows.map((c) => c.s)], low = Math.min(...ends), high = Math.max(...ends), width = 104;
  const x = (v) => ((v - low) / (high - low || 1)) * (width - 4) + 2;
  const a = x(ends[i]), b = x(ends[i + 1]), flat = Math.abs(a - b) < 2;
  return s("svg", { class: "bp-fall", viewBox: `0 0 ${width} 28`, preserveAspectRatio: "none", "aria-hidden": "true" },
    s("path", { class: "bp-zero", d: `M${x(0)} 0V28` }),
    i > 0 && s("path", { class: "bp-carry", d: `M${a} 0V8` }),
    s("rect", { class: rows[i].p < 0 ? "bp-minus" : "bp-plus", x: Math.min(a, b) - (flat ? 1 : 0), y: 8, width: Math.max(2, Math.abs(a - b)), height: 12 }),
    i < rows.length - 1 && s("path", { class: "bp-carry", d: `M${b} 20V28` }));
}

const heading = (text, number = true) => h("th", { scope: "col", class: number && "bp-num" }, text);
const caption = (name) => h("caption", { class: "bp-sr" }, `Contributions to the gradient of ${name}`);

/**
 * @param step the backward step
 * @param known (kind, row) -> may this number be shown? Kinds: upstream, local, product, sum, gradient
 * @param asked (kind, row) -> is it the one that is asked just now?
 * @param label name of a consumer -> element
 * @param point (edge, on) -> called when a row is pointed at
 */
export function ledger(step, known, asked, label, point) {
  const rows = step.contribs, fork = rows.length > 1;
  const column = (key, kind) => {
    const texts = aligned(rows.map((c) => c[key]));
    return rows.map((c, i) => h("span", { class: asked(kind, c, i) && "bp-asked" }, known(kind, c, i) ? texts[i] : "?"));
  };
  const up = column("up", "upstream"), local = column("loc", "local"), product = column("shown", "product"), sums = column("sum", "sum");
  const whole = known("gradient");
  const through = (c, i) => h("th", { scope: "row" }, fork && h("span", { class: "bp-dot" }, i + 1), label(c.by));
  const pointing = (c) => ({ onmouseenter: () => point(c.edge, true), onmouseleave: () => point(c.edge, false) });
  return h("table", { class: `bp-ledger${fork ? " bp-fork" : ""}` }, caption(step.node),
    h("thead", null, h("tr", null, heading("through", false), heading("upstream"), heading("× local"), heading("= contribution"),
      fork && heading("sum so far"), fork && h("td", { class: "bp-fall-cell", "aria-hidden": "true" }))),
    h("tbody", null, rows.map((c, i) => h("tr", pointing(c), through(c, i),
      h("td", { class: "bp-num bp-grad" }, up[i]),
      h("td", { class: "bp-num bp-value" }, h("span", { class: "bp-local" }, c.localFormula(), local[i])),
      h("td", { class: "bp-num bp-grad bp-strong" }, product[i]),
      fork && h("td", { class: "bp-num bp-grad" }, sums[i]),
      fork && h("td", { class: "bp-fall-cell" }, whole && waterfall(rows, i))))),
    fork && h("tfoot", null, h("tr", null,
      h("th", { scope: "row", colspan: 3 }, h("span", { class: "bp-dot" }, "Σ"), `sum of ${rows.length}`, h("span", { class: "bp-long" }, " contributions")),
      h("td", { class: "bp-num bp-grad bp-total", colspan: 2 }, h("span", { class: asked("gradient") && "bp-asked" }, whole ? rows.at(-1).sum : "?")), h("td", { class: "bp-fall-cell" }))));
}

/** The same for arrays: the operator in symbols, contributions and running sum as small grids. `asked`: the kind of what is to be predicted, if anything is. */
export function arrayLedger(step, asked, label, point) {
  const rows = step.contribs, fork = rows.length > 1;
  const shown = (grid) => h("div", { class: `bp-fig bp-fig-${grid.role}` }, cells(asked ? unknown(grid, asked === "shape") : grid));
  return h("table", { class: "bp-ledger bp-array-ledger" }, caption(step.node),
    h("thead", null, h("tr", null, ["through", "upstream", "sent back by", "= contribution", fork && "sum so far"].filter(Boolean).map((t) => heading(t, false)))),
    h("tbody", null, rows.map((c, i) => h("tr", { onmouseenter: () => point(c.edge, true), onmouseleave: () => point(c.edge, false) },
      h("th", { scope: "row" }, fork && h("span", { class: "bp-dot" }, i + 1), label(c.by)),
      h("td", { class: "bp-grad bp-shape" }, c.up), h("td", null, c.ruleFormula()), h("td", null, shown(c.part)), fork && h("td", null, shown(c.upto))))));
}

/** Version B: what a variable pushes to each input of its line, and what has arrived there so far. */
export function pushLedger(step, label, point) {
  const rows = step.pushes, up = aligned(rows.map((c) => c.up)), array = rows.some((c) => c.array);
  const product = aligned(rows.map((c) => c.shown ?? "")), sums = aligned(rows.map((c) => c.sofar));
  return h("table", { class: `bp-ledger bp-fork${array ? " bp-array-ledger" : ""}` }, h("caption", { class: "bp-sr" }, `What ${step.node} pushes to its inputs`),
    h("thead", null, h("tr", null, heading("to", false), heading("upstream"), heading("× local"), heading("= increment"), heading("there so far"), heading("arrived"))),
    h("tbody", null, rows.map((c, i) => h("tr", { onmouseenter: () => point(c.edge, true), onmouseleave: () => point(c.edge, false) },
      h("th", { scope: "row" }, label(c.to)), h("td", { class: "bp-num bp-grad" }, up[i]),
      h("td", { class: "bp-num bp-value" }, c.array ? c.ruleFormula() : h("span", { class: "bp-local" }, c.localFormula(), c.loc)),
      h("td", { class: "bp-num bp-grad bp-strong" }, c.array ? h("div", { class: "bp-fig bp-fig-g" }, cells(c.part)) : product[i]),
      h("td", { class: "bp-num bp-grad" }, c.array ? "" : sums[i]), h("td", { class: "bp-num bp-shape" }, `${c.count} of ${c.of}`)))));
}
