// Beside the bench: the questions that a line must pass, the prediction of a shape, what is said of a wrong line and why a right one is.

import { h } from "./dom.js";
import { dimsOf } from "./shapes-arithmetic.js";
import { cellText } from "./shapes-picture.js";
import { readShape, Unreadable } from "./typed.js";

const differing = (a, b) => a.flat().filter((v, i) => Math.abs(v - b.flat()[i]) > 1e-6).length;

/** The three questions, each open, passed or failed. */
export function gateList(result, ask, verdict, goal) {
  const t = ask.truth, has = result.groups.length > 0, bad = result.joints.find((j) => !j.ok), have = result.value && dimsOf(result.value.values);
  const fits = goal && have && have[0] === t.length && have[1] === t[0].length, judged = verdict && verdict.gate >= 3;
  const rows = [
    ["Do the boxes join?", has ? !bad : null, !has ? "" : bad ? (bad.inner ? `${bad.sizes[0]} columns meet ${bad.sizes[1]} rows` : "the boxes do not cover each other") : result.joints.length ? "every joint closes" : "one piece"],
    ["Is it the asked shape?", !has || bad || !goal ? null : fits, !has || bad || !goal ? "" : fits ? `${t.length} × ${t[0].length}` : `${have.join(" × ")}, asked ${t.length} × ${t[0].length}`],
    ["Are the numbers right?", judged ? verdict.gate === 4 : null, judged ? (verdict.gate === 4 ? "equal to the true gradient" : `${differing(result.value.values, t)} of ${t.length * t[0].length} differ`) : fits ? "press Check" : ""],
  ];
  return rows.map(([question, ok, note], i) => h("li", { class: ok === null ? "bs-open" : ok ? "bs-yes" : "bs-no" },
    h("span", { class: "bs-mark", "aria-hidden": "true" }, ok === null ? String(i + 1) : ok ? "✓" : "✗"),
    h("span", null, h("b", null, question), h("span", { class: "bp-sr" }, ok === null ? " open. " : ok ? " yes. " : " no. "), h("span", { class: "bs-gatenote" }, note))));
}

/** A wrong line: what it looks like, why, what to do, and both tables where only the numbers tell. */
export function wrongCard(verdict, result, ask) {
  const table = (title, m, off) => h("table", null, h("caption", null, title), m.map((row, i) => h("tr", null, row.map((v, j) => {
    const wrong = off && Math.abs(v - ask.truth[i][j]) > 1e-6;
    return h("td", { class: wrong && "bs-off" }, cellText(v), wrong && h("span", { class: "bp-sr" }, " wrong"));
  }))));
  return [h("p", { class: "bs-looks" }, "looks like"), h("h2", null, verdict.name), h("p", null, verdict.say), h("p", { class: "bs-next" }, verdict.next),
    verdict.gate === 3 && h("div", { class: "bs-compare" }, table("yours", result.value.values, true), table(`true ∂L/∂${ask.name}`, ask.truth, false))];
}

/** Entries of the answer to choose from, and the sum that makes the chosen one. */
export function explorer(ask, entry, formula, pick) {
  const t = ask.truth;
  const grid = h("div", { class: "bs-grid", role: "group", "aria-label": `Entries of the derivative, ${t.length} by ${t[0].length}`, style: `grid-template-columns:repeat(${t[0].length}, minmax(34px, max-content))` },
    t.map((row, i) => row.map((v, j) => {
      const on = entry[0] === i && entry[1] === j;
      const b = h("button", { type: "button", class: on && "bs-on", "aria-pressed": String(on), "aria-label": `row ${i + 1}, column ${j + 1}: ${cellText(v)}`, onclick: () => pick(i, j) }, cellText(v));
      b.tabIndex = on ? 0 : -1;
      return b;
    })));
  grid.addEventListener("keydown", (event) => {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    pick(Math.max(0, Math.min(t.length - 1, entry[0] + by[0])), Math.max(0, Math.min(t[0].length - 1, entry[1] + by[1])));
  });
  return [h("p", { class: "bs-looks" }, `pick an entry of ∂L/∂${ask.name}: what makes it?`), grid, h("p", { class: "bs-terms" }, formula)];
}

/** The sum behind one entry of a right line. */
export function entryFormula(result, sum, ask, [i, j]) {
  const held = (v) => (v < 0 ? `(${cellText(v)})` : cellText(v)), below = (n) => String.fromCharCode(0x2081 + n), value = cellText(ask.truth[i][j]);
  const left = `∂L/∂${ask.name}${ask.target[0] === "1" ? "" : below(i)}${ask.target[1] === "1" ? "" : below(j)}`;
  if (sum !== null) { const m = result.product.values; return `${left} = ${(sum === 0 ? m.map((row) => row[j]) : m[i]).map(held).join(" + ")} = ${value}`; }
  if (result.groups.length < 2) {
    const boxes = result.groups[0].boxes;
    return boxes.length < 2 ? `${left} = ${value}` : `${left} = ${boxes.map((b) => held(b.values[i]?.[j] ?? 0)).join(" · ")} = ${value}`;
  }
  const last = result.groups.length - 1, b = result.groups[last].values, a = last > 1 ? result.partial[last - 2].values : result.groups[0].values;
  if (result.joints[result.groups[last].members[0] - 1].kind === "o") return `${left} = ${held(a.flat()[i])}·${held(b.flat()[j])} = ${value}`;
  return `${left} = ${a[i].map((x, k) => `${held(x)}·${held(b[k][j])}`).join(" + ")} = ${value}`;
}

/** Lengths, or letters of axes: (4, 2), 4x2, M x N. */
export function readPrediction(text, sizes) {
  const parts = text.trim().replace(/^[([]|[)\]]$/g, "").split(/\s*(?:,|×|\*|\bx\b|\bby\b)\s*|\s+/i).filter(Boolean);
  return parts.length && parts.some((p) => p.toUpperCase() in sizes && Number.isNaN(Number(p))) ? parts : readShape(text);
}

/**
 * The form that asks for the shape before anything is built.
 * @param acts {judge(typed) -> said, done(said, text), show()}
 */
export function prediction(ask, sizes, text, acts) {
  const input = h("input", { class: "bp-input bs-shape", type: "text", autocomplete: "off", spellcheck: "false", maxlength: 60, placeholder: "rows × columns", value: text,
    "aria-label": `Shape of ∂L/∂${ask.name}`,
    onkeydown: (event) => { if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); input.form.requestSubmit(); } } });
  const feedback = h("p", { class: "bp-feedback", role: "status" });
  return h("form", { class: "bs-predict", onsubmit: (event) => {
    event.preventDefault();
    let said;
    try { said = acts.judge(readPrediction(input.value, sizes)); } catch (problem) {
      if (!(problem instanceof Unreadable)) throw problem;
      said = { kind: "hint", mark: "Not read.", text: problem.message };
    }
    feedback.className = `bp-feedback bp-${said.kind}`;
    feedback.replaceChildren(h("b", null, said.mark), ` ${said.text}`);
    acts.done(said, input.value);
    input.select();
  } }, h("p", null, h("b", null, "First predict: "), "what shape has ", h("var", null, `∂L/∂${ask.name}`), "?"),
  h("div", { class: "bp-ask-row" }, input, h("button", { class: "bp-text-button bp-solid", type: "submit" }, "Check shape"), h("button", { class: "bp-text-button", type: "button", onclick: acts.show }, "Show it")), feedback);
}
