// The kinds of question: for each the control that takes an answer, and how an answer is judged in the page.
// A formula and a function are judged by Python; everything else here, without a kernel.

import { h, rich } from "./dom.js";
import { verdict } from "./judging.js";
import { readArray, readNumber, readShape, shapeOf } from "./typed.js";

const LETTERS = "ABCDEFGHIJ";
const right = (text = "") => ({ kind: "right", mark: "✓ Right.", text });
const wrong = (text) => ({ kind: "wrong", mark: "Not yet.", text });
const both = (w) => [w.why, w.action].filter(Boolean).join(" ");

/** A text field; `read()` gives what stands in it. */
function field(placeholder, submit, long = false) {
  const input = h(long ? "textarea" : "input", { class: `bp-input bp-answer${long ? " bp-area" : ""}`, autocomplete: "off", spellcheck: "false", "aria-label": "Your answer", placeholder,
    maxlength: 4000, rows: long && 8, onkeydown: (event) => {
      if (event.key !== "Enter" || event.isComposing || (long && !event.ctrlKey)) return;
      event.preventDefault();
      submit();
    } });
  return { control: input, read: () => input.value, write: (text) => { input.value = text ?? ""; }, focus: () => input.focus() };
}

/** One of several; `mono` for lines of a program. */
function choices(options, submit, mono) {
  const group = `bp${Math.random().toString(36).slice(2)}`;
  const radios = options.map((o, i) => h("input", { type: "radio", name: group, value: i, onkeydown: (event) => { if (event.key === "Enter") { event.preventDefault(); submit(); } } }));
  const control = h("div", { class: `bp-choices${mono ? " bp-mono" : ""}`, role: "radiogroup", "aria-label": "Your answer" }, options.map((o, i) =>
    h("label", { class: "bp-choice" }, radios[i], h("span", { class: "bp-letter", "aria-hidden": "true" }, mono ? i + 1 : LETTERS[i]), h("span", null, mono ? o.text : rich(o.text)))));
  return { control, read: () => radios.findIndex((r) => r.checked), write: (i) => { if (radios[i]) radios[i].checked = true; }, focus: () => (radios.find((r) => r.checked) ?? radios[0]).focus() };
}

/** Lines to bring into order, by buttons or by Alt and the arrow keys. */
function sorting(options) {
  let order = options.map((_, i) => i);
  const control = h("ol", { class: "bp-sorting", "aria-label": "Lines, in your order" });
  const move = (at, by) => {
    const to = at + by;
    if (to < 0 || to >= order.length) return;
    order.splice(to, 0, order.splice(at, 1)[0]);
    draw();
    control.children[to].querySelector(by < 0 ? ".bp-up" : ".bp-down-button").focus();
  };
  const button = (text, className, label, act, disabled) => h("button", { type: "button", class: `bp-mini-button ${className}`, "aria-label": label, title: label, "aria-disabled": disabled && "true", onclick: act }, text);
  const draw = () => control.replaceChildren(...order.map((k, at) => h("li", { onkeydown: (event) => {
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) { event.preventDefault(); move(at, event.key === "ArrowUp" ? -1 : 1); }
  } }, button("↑", "bp-up", `Move ${options[k].text} up`, () => move(at, -1), at === 0), button("↓", "bp-down-button", `Move ${options[k].text} down`, () => move(at, 1), at === order.length - 1),
    h("code", null, options[k].text))));
  draw();
  return { control, read: () => order, write: (saved) => { if (Array.isArray(saved)) { order = saved; draw(); } }, focus: () => control.querySelector("button").focus() };
}

function judgedNumber(q, text) {
  const typed = readNumber(text);
  return told(q, verdict(typed, q.answer, q.wrong.filter((w) => typeof w.value === "number").map((w) => w.value), q.tolerance), q.wrong.filter((w) => typeof w.value === "number"));
}

function judgedArray(q, text) {
  const typed = readArray(text), wanted = shapeOf(q.answer), flat = (v) => [v].flat(9);
  if (String(typed.shape) !== String(wanted)) return wrong(`That has shape (${typed.shape.join(", ")}), and the answer has shape (${wanted.join(", ")}).`);
  const known = q.wrong.filter((w) => String(shapeOf(w.value)) === String(wanted));
  return told(q, verdict({ value: flat(typed.value), units: flat(typed.units) }, flat(q.answer), known.map((w) => flat(w.value)), q.tolerance), known);
}

function told(q, [said, which], known) {
  if (said === "right") return right();
  if (said === "rounded") return { kind: "right", mark: "✓ Right, rounded early.", text: "Keep five digits on the way: the next steps need them." };
  return which >= 0 ? { ...wrong(`Looks like this: ${both(known[which])}`), names: known[which].names } : wrong(q.hints[0] ?? "");
}

function judgedShape(q, text) {
  const typed = readShape(text), same = (s) => String(s) === String(typed);
  return same(q.answer) ? right() : wrong(both(q.wrong.find((w) => same(w.value)) ?? { why: q.hints[0] ?? "" }));
}

const judgedOption = (q, at) => (at < 0 ? { kind: "hint", mark: "Not read.", text: "Choose one." }
  : q.options[at].right ? right(q.options[at].why) : wrong(q.options[at].why));

function judgedOrder(q, order) {
  const seen = new Set();
  for (const k of order) {
    const need = q.needs[k].find((n) => !seen.has(n));
    if (need !== undefined) return wrong(`\`${q.options[k].text}\` comes too early: it needs \`${q.options[need].text}\`.`);
    seen.add(k);
  }
  return right();
}

function judgedGraph(q, text) {
  const edges = new Set();
  for (const part of text.split(/[,;\n]+/).map((p) => p.trim()).filter(Boolean)) {
    const names = part.split(/=>|->|→|>/).map((n) => n.trim().replace(/^[`'"([]+|[`'")\]]+$/g, ""));
    if (names.length < 2 || !names.every((n) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(n))) return { kind: "hint", mark: "Not read.", text: `Write an edge as x -> a, and commas between edges; “${part}” is none.` };
    names.slice(1).forEach((to, i) => edges.add(`${names[i]} -> ${to}`));
  }
  if (!edges.size) return { kind: "hint", mark: "Not read.", text: "Give the edges of the graph: at least one, such as x -> a." };
  const wanted = new Set(q.answer.map(([a, b]) => `${a} -> ${b}`));
  const missing = [...wanted].filter((e) => !edges.has(e)), extra = [...edges].filter((e) => !wanted.has(e));
  if (!missing.length && !extra.length) return right();
  const turned = extra.filter((e) => missing.includes(e.split(" -> ").reverse().join(" -> ")));
  if (turned.length) return wrong(`\`${turned[0]}\` points the wrong way. An edge goes from a value to the line that uses it.`);
  const some = (list) => list.slice(0, 4).map((e) => `\`${e}\``).join(", ");
  return wrong([missing.length && `Missing: ${some(missing)}.`, extra.length && `Not in the program: ${some(extra)}.`].filter(Boolean).join(" "));
}

const numbers = (v) => (Array.isArray(v) ? `[${v.map(numbers).join(", ")}]` : String(Number(v.toPrecision(5))).replace("-", "−"));

const programmed = { make: (q, submit) => field("def gradients(...):\n    ...\n    return ...\n\nCtrl+Enter checks", submit, true), judge: null, shown: (q) => q.answer };

/** kind -> {make(question, submit), judge(question, answer) or null where Python judges, shown(question)} */
const KINDS = {
  number: { make: (q, submit) => field("your number", submit), judge: judgedNumber, shown: (q) => numbers(q.answer) },
  array: { make: (q, submit) => field("such as [[1, 2], [3, 4]]", submit), judge: judgedArray, shown: (q) => numbers(q.answer) },
  shape: { make: (q, submit) => field("such as (3, 4); scalar for a number", submit), judge: judgedShape, shown: (q) => `(${q.answer.join(", ")}${q.answer.length === 1 ? "," : ""})` },
  choice: { make: (q, submit) => choices(q.options, submit, false), judge: judgedOption, shown: (q) => `${LETTERS[q.answer]}: ${q.options[q.answer].text}` },
  error: { make: (q, submit) => choices(q.options, submit, true), judge: judgedOption, shown: (q) => `line ${q.answer}: ${q.options[q.answer - 1].why}` },
  order: { make: (q) => sorting(q.options), judge: judgedOrder, shown: (q) => q.answer.map((k) => q.options[k].text).join("; ") },
  graph: { make: (q, submit) => field("such as x -> a, z -> a", submit), judge: judgedGraph, shown: (q) => q.answer.map(([a, b]) => `${a} -> ${b}`).join(", ") },
  formula: { make: (q, submit) => field("such as g_b * cos(a)", submit), judge: null, shown: (q) => q.answer },
  function: programmed,
  task: programmed,
};

/** What a question of any kind is answered and judged with; of a kind that a notebook adds, by Python. */
export const kindOf = (q) => KINDS[q.kind] ?? { make: (_, submit) => field("your answer", submit), judge: null, shown: () => String(q.answer) };
