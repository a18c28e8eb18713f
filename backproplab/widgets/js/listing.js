// The author's source with the current line, and the table of all variables.

import { h } from "./dom.js";
import { thumb } from "./grids.js";

/** The source; `paint(step)` marks the line of the step and, backward, numbers the lines that use the variable. */
export function sourceList(state) {
  const written = new Set(state.nodes.map((n) => n.written));
  const words = (line) => line.split(/(^ +|[^\W\d][\w.]*)/u).map((w) =>
    (written.has(w) ? h("span", { "data-name": w }, w) : /^ {2,}$/.test(w) ? h("span", { class: "bp-indent" }, w) : w));
  const list = h("ol", { class: "bp-source" }, state.code.map((line, i) =>
    h("li", { "data-line": i, style: `--in:${line.match(/^ */)[0].length}` }, h("span", { class: "bp-gutter", "aria-hidden": "true" }), h("code", null, words(line)))));

  const lines = [...list.children].map((li) => ({ li, words: [...li.querySelectorAll("[data-name]")], seen: "" }));
  function paint(step) {
    const uses = step.phase === "backward" && !step.pushes ? step.contribs.map((c) => state.byName[c.by].line) : [];
    lines.forEach((line, i) => {
      const { li, words } = line, first = uses.indexOf(i), last = uses.lastIndexOf(i), here = i === step.line;       // a loop uses one line more than once
      const now = first >= 0 ? `${first}|${last}|${here}|${step.node}` : String(here);
      if (line.seen === now) return;
      line.seen = now;
      li.classList.toggle("bp-here", here);
      if (here) li.setAttribute("aria-current", "true"); else li.removeAttribute("aria-current");
      li.classList.toggle("bp-use", first >= 0);
      li.firstChild.textContent = first >= 0 ? (uses.length === 1 ? "←" : last > first ? `${first + 1}–${last + 1}` : first + 1) : here ? "▸" : "";
      words.forEach((word) =>
        word.classList.toggle("bp-named", first >= 0 && word.dataset.name === state.byName[step.node].written && !here));
    });
  }
  return { list, paint };
}

/** The table; `paint(step, at, asked, gradient)` fills in what is known. `asked`: the kind of what is to be predicted now, if anything is. */
export function variableTable(state, formula, jump) {
  const rows = {};
  const heading = (text) => h("th", { scope: "col" }, text);
  const table = h("table", { class: "bp-table" }, h("caption", { class: "bp-sr" }, "All variables"),
    h("thead", null, h("tr", null, heading("variable"), state.hasArrays && heading("shape"), heading("value"), heading("gradient"))),
    h("tbody", null, state.nodes.map((n) => {
      const value = h("td", { class: "bp-value" }), grad = h("td", { class: "bp-grad" }), shape = state.hasArrays && h("td", { class: "bp-shape" });
      const name = h("button", { type: "button", class: "bp-name", title: `Go to ${n.id}`, onclick: () => jump(n.id) }, formula(n.label, "", n.id));
      const row = h("tr", null, h("th", { scope: "row" }, name), shape, value, grad);
      rows[n.id] = { row, value, grad, shape };
      return row;
    })));

  function paint(step, at, asked, gradient) {
    const backward = step.phase === "backward";
    for (const n of state.nodes) {
      const { row, value, grad, shape } = rows[n.id], current = n.id === step.node, open = current && asked, arrived = gradient(n.id);
      const hasValue = at >= state.knownAt.forward[n.id], now = [hasValue, arrived?.text, arrived?.done, current, open, step.phase].join("|");
      if (rows[n.id].seen === now) continue;
      rows[n.id].seen = now;
      row.classList.toggle("bp-here", current);
      if (current) inSight(row);
      fill(value, hasValue, open && !backward, n.value, n.grid);
      if (shape) fill(shape, hasValue, open === "shape" && !backward, n.shape);
      if (n.grad == null && !n.ggrid) grad.textContent = "—";
      else fill(grad, Boolean(arrived), open && backward, arrived?.done === false ? arrived.text : n.grad, arrived?.done && n.ggrid);
      grad.classList.toggle("bp-partial", arrived?.done === false);
    }
  }
  /** Scroll the table, and nothing else, to the current row. */
  function inSight(row) {
    const box = table.parentElement;
    if (!box || box.scrollHeight <= box.clientHeight) return;
    const top = row.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop, head = 22;
    if (top < box.scrollTop + head) box.scrollTop = top - head;
    else if (top + row.offsetHeight > box.scrollTop + box.clientHeight) box.scrollTop = top + row.offsetHeight - box.clientHeight;
  }
  function fill(cell, known, asked, text, grid) {
    cell.textContent = !known ? "·" : asked ? "?" : text ?? "";
    if (known && !asked && grid) cell.append(thumb(grid));
  }
  return { table, paint };
}
