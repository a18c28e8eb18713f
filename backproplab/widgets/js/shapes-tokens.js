// The line as buttons: each piece with its size, each joint with its sign, and beside what is selected what can be done to it.

import { h } from "./dom.js";
import { dimsOf, transpose } from "./shapes-arithmetic.js";
import { OPERATORS, SUMS, turnedName } from "./shapes-line.js";

/**
 * The tokens of a line.
 * @param line from newLine
 * @param joints of the evaluated line: {ok}
 * @param pieces by name
 * @param words {lead, empty}
 * @param acts {select(place), turn(piece), remove(piece), join(sign), setSum(axis), begin()}
 */
export function tokens(line, joints, pieces, words, acts) {
  const token = (place, className, label, ...kids) => h("button", { class: `bs-token ${className} ${place === line.selected ? "bs-selected" : ""}`, type: "button", "data-token": place, "aria-label": label,
    "aria-pressed": String(place === line.selected), tabindex: place === line.selected || (line.selected < 0 && place === 0) ? 0 : -1, onclick: () => acts.select(place) }, kids);
  const mini = (text, label, act, pressed) => h("button", { class: "bs-mini", type: "button", "aria-label": label, "aria-pressed": pressed, onclick: act }, text);
  const made = [h("span", { class: "bs-lead" }, words.lead)];
  if (line.sum !== null) {
    const { sign, name } = SUMS[line.sum];
    made.push(h("button", { class: "bs-token bs-sum", type: "button", title: "remove the sum", "aria-label": `${name}, press to remove`, onclick: () => acts.setSum(line.sum) }, sign));
  }
  line.factors.forEach((f, i) => {
    if (i) {
      const { name, sign } = OPERATORS[line.operators[i - 1]], { ok } = joints[i - 1];
      made.push(token(i * 2 - 1, `bs-between ${ok ? "" : "bs-bad"}`, `joint ${i}: ${name}, ${ok ? "joins" : "does not join"}`, ok ? sign : `${sign} ✗`));
    }
    const { values, role } = pieces[f.p], [a, b] = dimsOf(f.t ? transpose(values) : values);
    const piece = token(i * 2, `bs-${role}`, `${f.p}${f.t ? " transposed" : ""}, ${a} by ${b}`, turnedName(f), h("small", null, `${a}×${b}`));
    piece.addEventListener("dblclick", () => acts.turn(i));
    made.push(piece);
  });
  if (!line.factors.length) made.push(h("button", { class: "bs-empty", type: "button", onclick: acts.begin }, words.empty));
  else if (line.onPiece()) {
    const i = line.selected / 2, { p } = line.factors[i];
    made.push(h("span", { class: "bs-beside" }, mini(["turn", h("kbd", { "aria-hidden": "true" }, "T")], `turn ${p}`, () => acts.turn(i)), mini("remove", `remove ${p}`, () => acts.remove(i))));
  }
  if (line.factors.length && line.pending) made.push(h("span", { class: "bs-pending" }, `${OPERATORS[line.pending].sign} ▢`));
  if (line.onJoint()) {
    made.push(h("span", { class: "bs-beside bs-signs" }, "joint:", Object.entries(OPERATORS).map(([o, d]) => mini(d.sign, `join by ${d.name}`, () => acts.join(o), String(line.operators[(line.selected - 1) / 2] === o)))));
  }
  return made;
}
