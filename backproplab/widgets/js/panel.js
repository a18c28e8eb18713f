// What a step says: its words, its formula in symbols and in numbers, its question, its ledger.

import { h, icon, rich } from "./dom.js";
import { figure, unknown } from "./grids.js";
import { arrayLedger, ledger, pushLedger } from "./ledger.js";
import { outcome, question } from "./predict.js";

/**
 * @param panel the element to fill
 * @param state what Python computed
 * @param draw from `formulas`
 * @param acts {answered, skip, point, copied, about, tolerance}
 */
export function stepPanel(panel, state, draw, acts) {
  const { formula, pieces } = draw;
  const label = (name) => formula(state.byName[name].label);

  function copyButton(f) {
    const button = h("button", { class: "bp-copy", type: "button", "aria-label": "Copy the formula as LaTeX", title: "Copy as LaTeX",
      onclick: async () => { await navigator.clipboard?.writeText(f.tex); button.classList.add("bp-done"); acts.copied(); } }, icon("copy"));
    return button;
  }

  /** What goes in, and what comes out: X · W + b = Z as a row of grids. */
  function row(step, now) {
    const last = step.show.length - 1, hidden = Boolean(now);
    return h("div", { class: "bp-show" }, step.show.map((item, i) => (typeof item === "string"
      ? h("span", { class: "bp-between" }, item)
      : figure(hidden && i === last ? unknown(item, now.kind === "shape") : item, formula(item.label), hidden && i === last ? now.cell : null))));
  }

  const rows = (step) => (step.pushes ?? step.contribs).map((c) => ({ ...c, localFormula: () => c.local && formula(c.local), ruleFormula: () => formula(c.rule) }));

  /** May a number of the ledger be shown while questions are open? Only what was answered, and what no open question asks for. */
  function knowing(step, asking) {
    const done = (a) => asking.answered(a)?.done;
    const open = asking.posed.filter((a) => !done(a));
    const find = (kind, by) => asking.posed.find((a) => a.kind === kind && a.through === by);
    const free = (kind, c) => { const a = find(kind, c.by); return a ? done(a) : null; };
    const whole = asking.level === "all";
    function known(kind, c, i) {
      if (!open.length) return true;
      if (kind === "gradient") return false;
      if (kind === "shape") return open[0].kind !== "shape";
      const own = free(kind, c);
      if (own !== null) return own;
      if (kind === "upstream") return true;
      if (whole) return false;
      if (kind === "local") return true;
      if (kind === "product" && step.contribs.length === 1 && find("gradient")) return false;      // it is the gradient
      if (kind === "product") return known("upstream", c, i) && known("local", c, i);
      return i < step.contribs.length - 1 && step.contribs.slice(0, i + 1).every((d, j) => known("product", d, j)) && step.contribs.slice(0, i).every((d, j) => known("sum", d, j));
    }
    const asked = (kind, c) => open[0]?.kind === kind && (kind === "gradient" || open[0].through === c.by);
    return { known, asked };
  }

  /**
   * @param asking {posed, now, answered(ask), level}: the questions of this step; `now` is the open one, or null
   */
  return function paint(step, at, asking) {
    const backward = step.phase === "backward", hidden = Boolean(asking.now);
    const [k, of] = backward ? [at - state.forwardCount + 1, state.steps.length - state.forwardCount] : [at + 1, state.forwardCount];
    const table = backward && step.contribs.length > 0 && !step.show && !step.pushes;
    const before = asking.posed.filter((a) => asking.answered(a)?.done).at(-1);
    const said = before && outcome(before, asking.answered(before));
    const { known, asked } = knowing(step, asking);
    panel.className = `bp-panel bp-is-${step.phase}`;
    panel.replaceChildren(...[
      h("div", { class: "bp-panel-head" }, h("h2", null, step.title.replace(/\S+$/, ""), formula(state.byName[step.node].label, "bp-h2-name", step.node)),
        h("button", { class: "bp-mini-button bp-about", type: "button", "aria-label": `About ${step.node}`, title: "What it is, what it feeds and is fed by (i)", onclick: () => acts.about(step.node) }, "i"),
        h("p", { class: "bp-eyebrow" }, h("span", { "aria-hidden": "true" }, backward ? "← " : "→ "), `${step.phase} ${k} of ${of}`)),
      hidden ? question(asking.now, asking.answered(asking.now), acts, said) : null,
      hidden ? null : h("p", { class: "bp-words" }, rich(step.words), step.note && h("span", { class: "bp-note" }, " ", rich(step.note))),
      hidden ? null : said,
      h("div", { class: "bp-formulas" },
        step.sym && h("div", { class: "bp-line-sym" }, pieces(step.sym), copyButton(step.sym)),
        !hidden && step.num && h("div", { class: "bp-line-num" }, pieces(step.num))),
      step.show ? row(step, asking.now) : null,
      step.pushes?.length ? pushLedger({ ...step, pushes: rows(step) }, label, acts.point) : null,
      table && step.contribs[0].array ? arrayLedger({ ...step, contribs: rows(step) }, asking.now?.kind, label, acts.point) : null,
      table && !step.contribs[0].array ? ledger({ ...step, contribs: rows(step) }, known, asked, label, acts.point) : null,
    ].filter(Boolean));
    return { known };
  };
}
