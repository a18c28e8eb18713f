// Predict before you see: the question of a step, the answer typed, and what is said about it.

import { h, plain, rich } from "./dom.js";
import { compare, matches, readNumber } from "./typed.js";

/** What to say about a typed answer: {kind: "right" | "wrong" | "hint", mark, text}. */
export function judged(ask, text) {
  const typed = readNumber(text);
  if (typed.problem) return { kind: "hint", mark: "Not read.", text: typed.problem };
  const verdict = compare(typed, ask.answer);
  if (verdict === "right") return { kind: "right", mark: "✓ Right.", text: "" };
  if (verdict === "rounded") return { kind: "hint", mark: "Rounded.", text: "Right as far as it goes: give three digits or more." };
  const slip = (ask.wrong ?? []).find((w) => matches(typed, w.value));
  if (slip) return { kind: "wrong", mark: "Not yet.", text: slip.why };
  if (verdict === "near") return { kind: "hint", mark: "Very near.", text: "Keep more digits on the way." };
  return { kind: "wrong", mark: "Not yet.", text: ask.help };
}

/**
 * The form that asks.
 * @param ask {question, answer, wrong, help}
 * @param before what was answered before, or undefined
 * @param acts {answered(answer), skip()}
 */
export function question(ask, before, acts) {
  const input = h("input", { class: "bp-input", type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false", "aria-label": plain(ask.question),
    placeholder: "your number", value: before?.text ?? "", maxlength: 60 });
  const feedback = h("p", { class: "bp-feedback", role: "status" });
  const say = (said) => {
    feedback.className = `bp-feedback bp-${said.kind}`;
    feedback.replaceChildren(h("b", null, said.mark), " ", ...rich(said.text));
  };
  if (before?.text) say(judged(ask, before.text));
  const form = h("form", { class: "bp-ask" },
    h("div", { class: "bp-ask-row" }, h("span", { class: "bp-question", "aria-hidden": "true" }, rich(ask.question)), input,
      h("button", { class: "bp-text-button bp-solid", type: "submit" }, "Check"),
      h("button", { class: "bp-text-button", type: "button", onclick: () => acts.answered({ done: true, right: false, text: input.value }) }, "Reveal"),
      h("button", { class: "bp-text-button", type: "button", onclick: acts.skip }, "Skip")), feedback);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = judged(ask, input.value);
    acts.answered({ done: said.kind === "right", right: said.kind === "right", text: input.value });
    if (said.kind !== "right") { say(said); input.select(); }
  });
  return form;
}

/** What stands above a step that was asked and is now shown. */
export function verdict(answer) {
  if (!answer?.done) return null;
  return h("p", { class: `bp-feedback ${answer.right ? "bp-right" : "bp-hint"}` }, h("b", null, answer.right ? "✓ Right." : "Revealed."),
    answer.right ? ` You wrote ${answer.text.trim().replace("-", "−")}.` : " Try the next one yourself.");
}
