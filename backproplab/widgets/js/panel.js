// What a step says: its words, its formula in symbols and in numbers, its question, its ledger.

import { h, icon, rich } from "./dom.js";
import { figure, unknown } from "./grids.js";
import { arrayLedger, ledger } from "./ledger.js";
import { question, verdict } from "./predict.js";

/**
 * @param panel the element to fill
 * @param state what Python computed
 * @param draw from `formulas`
 * @param acts {answered, skip, point, copied}
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
  function row(step, hidden) {
    const last = step.show.length - 1;
    return h("div", { class: "bp-show" }, step.show.map((item, i) => (typeof item === "string"
      ? h("span", { class: "bp-between" }, item)
      : figure(hidden && i === last ? unknown(item) : item, formula(item.label), hidden && i === last ? step.ask?.cell : null))));
  }

  const rows = (step) => step.contribs.map((c) => ({ ...c, localFormula: () => c.local && formula(c.local), ruleFormula: () => formula(c.rule) }));

  return function paint(step, at, hidden, predict, answer) {
    const backward = step.phase === "backward";
    const [k, of] = backward ? [at - state.forwardCount + 1, state.steps.length - state.forwardCount] : [at + 1, state.forwardCount];
    const table = backward && step.contribs.length > 0 && !step.show;
    panel.className = `bp-panel bp-is-${step.phase}`;
    panel.replaceChildren(...[
      h("div", { class: "bp-panel-head" }, h("h2", null, step.title.replace(/\S+$/, ""), formula(state.byName[step.node].label, "bp-h2-name", step.node)),
        h("p", { class: "bp-eyebrow" }, h("span", { "aria-hidden": "true" }, backward ? "← " : "→ "), `${step.phase} ${k} of ${of}`)),
      hidden ? question(step.ask, answer, acts) : null,
      hidden ? null : h("p", { class: "bp-words" }, rich(step.words), step.note && h("span", { class: "bp-note" }, " ", rich(step.note))),
      hidden || !predict ? null : verdict(answer),
      h("div", { class: "bp-formulas" },
        step.sym && h("div", { class: "bp-line-sym" }, pieces(step.sym), copyButton(step.sym)),
        !hidden && step.num && h("div", { class: "bp-line-num" }, pieces(step.num))),
      step.show ? row(step, hidden) : null,
      table ? (step.contribs[0].array ? arrayLedger : ledger)({ ...step, contribs: rows(step) }, hidden, label, acts.point) : null,
    ].filter(Boolean));
  };
}

