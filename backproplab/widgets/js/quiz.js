// The quiz: questions of every kind, one at a time, each answer told right or wrong with its reason.

import { h, rich, plain } from "./dom.js";
import { kindOf } from "./quiz-kinds.js";
import { Unreadable } from "./typed.js";

const PATIENCE = 8000;                                    // milliseconds until a kernel that does not answer is taken to be gone

function render({ model, el }) {
  const state = model.get("state"), { questions } = state;
  const answers = { ...model.get("answers") };             // index -> { done, right, tries, hints, mistakes, value, said }
  let at = Math.max(0, Math.min(model.get("at") ?? 0, questions.length - 1)), waiting = null, number = 0;

  const dots = h("div", { class: "bp-dots", role: "tablist", "aria-label": "Questions" }, questions.map((q, i) =>
    h("button", { class: "bp-dot-button", type: "button", role: "tab", "aria-label": `Question ${i + 1}`, onclick: () => go(i) }, String(i + 1))));
  const tally = h("span", { class: "bp-tally", title: "Right at the first try, without a hint" });
  const note = h("p", { class: "bp-note-line", role: "status" }, model.get("problem") ?? "");
  const body = h("div", { class: "bp-quiz-body", role: "tabpanel", "aria-label": "The question" });
  const root = h("div", { class: "bp-widget bp-quiz", role: "region", "aria-label": "Questions" }, h("div", { class: "bp-quiz-head" }, dots, tally), body, note);
  el.replaceChildren(root);

  const mine = () => ({ tries: 0, hints: 0, ...answers[at] });
  function keep(answer) {
    answers[at] = answer;
    model.set("answers", { ...answers });
    try { model.save_changes(); } catch { /* without a kernel the answer stays in the page */ }
    head();
  }
  function head() {
    [...dots.children].forEach((dot, i) => {
      dot.classList.toggle("bp-here", i === at);
      dot.setAttribute("aria-selected", String(i === at));
      dot.tabIndex = i === at ? 0 : -1;
      dot.classList.toggle("bp-done", Boolean(answers[i]?.right));
      dot.classList.toggle("bp-missed", Boolean(answers[i]?.done && !answers[i].right));
      dot.setAttribute("aria-label", `Question ${i + 1}${answers[i]?.right ? ", right" : answers[i]?.done ? ", revealed" : ""}`);
    });
    const done = Object.values(answers).filter((a) => a.done);
    tally.textContent = done.length ? `${done.filter((a) => a.right && a.tries === 1 && !a.hints).length} of ${done.length} at once` : "";
  }
  function go(to) {
    at = Math.max(0, Math.min(questions.length - 1, to));
    model.set("at", at);
    show();
  }
  dots.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    go(at + by);
    dots.children[at].focus();
  });

  function show() {
    const q = questions[at], kind = kindOf(q), input = kind.make(q, () => form.requestSubmit());
    const feedback = h("p", { class: "bp-feedback", role: "status" }), hints = h("ol", { class: "bp-hints", "aria-live": "polite" });
    const hint = h("button", { class: "bp-text-button", type: "button", onclick: () => { keep({ ...mine(), hints: mine().hints + 1 }); showHints(); } }, "Hint");
    const reveal = h("button", { class: "bp-text-button", type: "button", onclick: () => {
      const said = { kind: "hint", mark: "Revealed.", text: `The answer is ${kind.shown(q)}` };
      keep({ ...mine(), done: true, right: false, value: input.read(), said });
      say(said);
    } }, "Reveal");
    const next = at < questions.length - 1 && h("button", { class: "bp-text-button", type: "button", onclick: () => go(at + 1) }, "Next question");
    const showHints = () => {
      hints.replaceChildren(...q.hints.slice(0, mine().hints).map((text) => h("li", null, rich(text))));
      hint.disabled = mine().hints >= q.hints.length;
    };
    function say(said) {
      feedback.className = `bp-feedback bp-${said.kind}`;
      feedback.replaceChildren(h("b", null, said.mark), " ", ...rich(said.text));
    }
    function judged(said) {
      say(said);
      const before = mine();
      if (before.done) return;
      keep({ ...before, tries: before.tries + (said.mark === "Not read." ? 0 : 1), done: said.kind === "right", right: said.kind === "right",
        mistakes: [...(before.mistakes ?? []), ...(said.names ?? [])], value: input.read(), said });
      if (said.kind !== "right") input.control.select?.();
      else (next || reveal).focus();
    }
    function askPython(value) {
      number += 1;
      const own = number, index = at;
      say({ kind: "hint", mark: "Checking …", text: "" });
      clearTimeout(waiting);
      waiting = setTimeout(() => { if (index === at) say({ kind: "hint", mark: "No kernel answers.", text: "This kind of answer is checked by Python: run the cell again." }); }, model.static ? 0 : PATIENCE);
      model.set("wanted", { index, value, number: own });
      try { model.save_changes(); } catch { /* the time-out says so */ }
    }
    const form = h("form", { class: "bp-quiz-form", onsubmit: (event) => {
      event.preventDefault();
      const value = input.read();
      if (!kind.judge) { askPython(value); return; }
      try { judged(kind.judge(q, value)); } catch (problem) {
        if (!(problem instanceof Unreadable)) throw problem;
        judged({ kind: "hint", mark: "Not read.", text: problem.message });
      }
    } }, input.control, h("div", { class: "bp-ask-row" }, h("button", { class: "bp-text-button bp-solid", type: "submit" }, "Check"), hint, reveal, next), feedback, hints);
    body.replaceChildren(...[
      h("p", { class: "bp-label" }, q.objective), h("p", { class: "bp-prompt" }, rich(q.prompt)),
      q.code.length ? h("pre", { class: "bp-code", tabindex: 0, "aria-label": "Program" }, q.code.join("\n")) : null,
      q.at ? h("p", { class: "bp-at" }, "at ", rich(q.at)) : null, form].filter(Boolean));
    input.control.setAttribute("aria-label", plain(q.prompt).slice(0, 200));
    if (answers[at]?.value !== undefined) input.write(answers[at].value);
    if (answers[at]?.said) say(answers[at].said);
    showHints();
    head();
    onVerdict = (found) => { clearTimeout(waiting); if (found.index === at && found.number === number) judged(found.said); };
  }

  let onVerdict = () => {};
  const arrived = () => onVerdict(model.get("judged"));
  const troubled = () => { note.textContent = model.get("problem") ?? ""; };
  model.on("change:judged", arrived);
  model.on("change:problem", troubled);
  show();
  return () => { clearTimeout(waiting); model.off?.("change:judged", arrived); model.off?.("change:problem", troubled); };
}

export default { render };
