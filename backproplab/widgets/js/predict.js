// Predict before you see: what is asked at a step, one question after the other, and what is said about an answer.

import { h, plain, rich } from "./dom.js";
import { verdict } from "./judging.js";
import { readNumber, readRow, readShape, Unreadable } from "./typed.js";

/** How much is asked; each level shows what the ones before it asked for. The kinds stand in the state. */
export const LEVELS = [["upstream", "the upstream"], ["local", "upstream and local"], ["sum", "every factor and sum"], ["all", "the gradient only"]];

/** The asks of a step at a level, in the order of the ledger. One that tells little (0, 1, -1) is left out where others remain. */
export function posed(step, kinds, level) {
  const asked = (step.asks ?? []).filter((a) => kinds.includes(a.kind) || (level === "sum" && a.kind === "gradient" && step.contribs.length > 1));
  const entry = asked.some((a) => a.kind === "entry");
  const once = asked.filter((a) => !(entry && a.kind === "row"));
  const telling = once.filter((a) => !a.trivial);
  return telling.length ? telling : once;
}

/** Names an ask within a step, whatever the level. */
export const keyOf = (at, ask) => [at, ask.kind, ask.through].filter((part) => part !== undefined).join(":");

/** What to say about a typed answer: {kind: "right" | "wrong" | "hint", mark, text}, and `slip` where it looks like a known mistake. */
export function judged(ask, text, tolerance) {
  try {
    if (ask.kind === "shape") return judgedShape(ask, readShape(text));
    const typed = ask.kind === "row" ? readRow(text) : readNumber(text);
    const [said, which] = verdict(typed, ask.answer, ask.wrong.map((w) => w.value), tolerance);
    if (said === "right") return { kind: "right", mark: "✓ Right.", text: "" };
    if (said === "rounded") return { kind: "hint", mark: "Nearly.", text: "Right but for rounding: keep four digits on the way and in the answer." };
    if (said === "looks like") return { kind: "wrong", mark: "Not yet.", text: reason(ask.wrong[which]), slip: true };
  } catch (problem) {
    if (!(problem instanceof Unreadable)) throw problem;
    return { kind: "hint", mark: "Not read.", text: problem.message };
  }
  return { kind: "wrong", mark: "Not yet.", text: ask.hints[0] ?? "" };
}

const reason = (w) => `Looks like this: ${[w.why, w.action].filter(Boolean).join(" ")}`;

function judgedShape(ask, typed) {
  const same = (a, b) => a.length === b.length && a.every((n, i) => n === b[i]);
  if (same(typed, ask.answer)) return { kind: "right", mark: "✓ Right.", text: "" };
  const slip = ask.wrong.find((w) => same(typed, w.value));
  return { kind: "wrong", mark: "Not yet.", text: slip ? [slip.why, slip.action].filter(Boolean).join(" ") : ask.hints[0] ?? "" };
}

const PLACEHOLDERS = { shape: "such as (3, 4)", row: "such as [1, 2]" };

/**
 * The form that asks.
 * @param ask the ask
 * @param answer what was answered before: {text, tries, hints, slips}; slips are wrong answers that look like a known mistake
 * @param acts {answered(answer), skip(), tolerance}
 * @param above what is said of the question before, or null
 */
export function question(ask, answer, acts, above) {
  const now = { text: "", tries: 0, hints: 0, ...answer };
  const input = h("input", { class: `bp-input bp-answer${ask.kind in PLACEHOLDERS ? " bp-wide" : ""}`, type: "text", inputmode: ask.kind === "shape" || ask.kind === "row" ? "text" : "decimal", autocomplete: "off", spellcheck: "false",
    "aria-label": plain(ask.question), placeholder: PLACEHOLDERS[ask.kind] ?? "your number", value: now.text, maxlength: 200,
    onkeydown: (event) => {                                // JupyterLab stops the browser from submitting a form by Enter
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      input.form.requestSubmit();
    } });
  const feedback = h("p", { class: "bp-feedback", role: "status" });
  const hints = h("ol", { class: "bp-hints", "aria-live": "polite" });
  const hintButton = h("button", { class: "bp-text-button", type: "button", onclick: () => { now.hints += 1; acts.answered({ ...now, text: input.value }); showHints(); } }, "Hint");
  const say = (said) => {
    feedback.className = `bp-feedback bp-${said.kind}`;
    feedback.replaceChildren(h("b", null, said.mark), " ", ...rich(said.text));
  };
  const showHints = () => {
    hints.replaceChildren(...ask.hints.slice(0, now.hints).map((text) => h("li", null, rich(text))));
    hintButton.disabled = now.hints >= ask.hints.length;
  };
  showHints();
  if (now.text && now.tries) say(judged(ask, now.text, acts.tolerance));
  return h("form", { class: "bp-ask", onsubmit: (event) => {
    event.preventDefault();
    const said = judged(ask, input.value, acts.tolerance), right = said.kind === "right";
    if (said.mark !== "Not read.") now.tries += 1;
    now.text = input.value;
    if (said.slip) now.slips = [...(now.slips ?? []), input.value].slice(-8);
    acts.answered({ ...now, done: right, right });
    if (!right) { say(said); input.select(); }
  } }, above,
    h("div", { class: "bp-ask-row" }, h("span", { class: "bp-question", "aria-hidden": "true" }, rich(ask.question)), input,
      h("button", { class: "bp-text-button bp-solid", type: "submit" }, "Check"), hintButton,
      h("button", { class: "bp-text-button", type: "button", onclick: () => acts.answered({ ...now, done: true, right: false, text: input.value }) }, "Reveal"),
      h("button", { class: "bp-text-button", type: "button", onclick: acts.skip }, "Skip")), feedback, hints);
}

/** What is said of an answered ask. */
export function outcome(ask, answer) {
  if (!answer?.done) return null;
  const right = Array.isArray(ask.answer) ? `(${ask.answer.map(shown).join(", ")}${ask.kind === "shape" && ask.answer.length === 1 ? "," : ""})` : shown(ask.answer);
  return h("p", { class: `bp-feedback ${answer.right ? "bp-right" : "bp-hint"}`, role: "status" }, h("b", null, answer.right ? "✓ Right." : "Revealed."),
    answer.right ? ` You wrote ${answer.text.trim().replace("-", "−")}.` : [" ", ...rich(ask.question.replace(/^What is /, "").replace(/\?$/, "")), ` is ${right}.`]);
}

const shown = (v) => String(Number(v.toPrecision(4))).replace("-", "−");

/** How many were right at the first try, without a hint: "3 of 5". */
export function score(answers) {
  const done = Object.values(answers).filter((a) => a.done);
  return done.length ? `${done.filter((a) => a.right && a.tries === 1 && !a.hints).length} of ${done.length}` : "";
}
