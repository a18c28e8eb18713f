// What is told besides the picture: keys and signs on demand, and each step in words for a screen reader.

import { h, plain } from "./dom.js";

const KEYS = [["← →", "previous, next step"], ["Home End", "first, last step"], ["Space", "play or pause"], ["/", "go to a variable"], ["i", "about this variable"], ["?", "this card"]];
const SIGNS = [["bp-value", "6", "value, bottom left"], ["bp-grad", "+404.9", "gradient, bottom right, always signed"],
  ["bp-grad", "1 × 403 / +403.4", "upstream × local, and what it contributes"], ["bp-grad", "Σ", "contributions of several consumers are added here"]];

export function helpCard() {
  const title = (text) => h("h3", null, text);
  return h("div", { class: "bp-help", popover: "auto", role: "dialog", "aria-label": "Keys and signs" },
    title("Keys"), h("dl", null, KEYS.map(([keys, what]) => [h("dt", null, keys.split(" ").map((key) => h("kbd", null, key))), h("dd", null, what)])),
    title("Signs"), h("ul", { class: "bp-signs" }, SIGNS.map(([kind, sign, what]) => h("li", null, h("b", { class: kind }, sign), ` ${what}`))));
}

/**
 * A step in words.
 * @param place "Step 3 of 18"
 * @param now the open question, or null
 */
export function inWords(step, place, now) {
  const head = `${place}, ${step.phase}. ${step.title}. `;
  if (now) return head + plain(now.question);
  if (step.phase === "forward") return `${head}${plain(step.words)} Value ${step.value}.`;
  const parts = (step.pushes ?? step.contribs).filter((c) => c.loc).map((c) => `${c.to ? `to ${c.to}` : `through ${c.by}`}, ${c.up} times ${c.loc} is ${c.shown}`);
  return `${head}${parts.join("; ")}${parts.length ? ". " : ""}Gradient ${step.grad}.`;
}
