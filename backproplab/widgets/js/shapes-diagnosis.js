// What the shape bench says of a line: does it join, is the shape right, are the numbers right; and what a wrong one looks like.
// Axis names decide, not sizes: sizes can agree by accident. Nothing here touches the page.

import { evaluate, readLine, sameNumbers, dimsOf, transpose } from "./shapes-arithmetic.js";

const countsOf = (axes) => axes.filter((a) => a !== "1").join(" and ") || "nothing";
const together = (list) => list.join(" and ");

/** The axes of the right answer that are summed inside it. */
export function summedAxes(ask, pieces) {
  const { factors } = readLine(ask.answer), used = new Set(factors.flatMap((f) => pieces[f.p].axes));
  return [...used].filter((a) => a !== "1" && !ask.target.includes(a));
}

/**
 * A verdict: gate 1 (does not join), 2 (wrong shape), 3 (wrong numbers) or 4 (right); id, and for a wrong one name, say, next.
 * @param result from evaluate
 * @param factors what was built
 * @param ask the question
 * @param variant its variant: out, pieces
 * @param rules id -> {name, say, next}
 * @param layout "denominator" or "numerator"
 */
export function diagnose(result, factors, ask, variant, rules, layout) {
  const summed = together(summedAxes(ask, variant.pieces)) || "nothing";
  const filled = (text, more) => Object.entries({ out: variant.out, v: ask.name, other: layout === "denominator" ? "numerator" : "denominator", summed, pair: "", ...more })
    .reduce((made, [key, value]) => made.replaceAll(`{${key}}`, value), text);
  const rule = (gate, id, more = {}) => ({ gate, id, name: rules[id].name, say: filled(rules[id].say, more), next: filled(rules[id].next, more) });
  if (result.broken) return refusal(result, rules);
  const { axes, values } = result.value, { truth } = ask, [r, c] = dimsOf(values), rightShape = r === truth.length && c === truth[0].length;
  const stranger = result.joints.find((j) => !j.named);
  if (rightShape && sameNumbers(values, truth)) return { gate: 4, id: stranger || axes.join() !== ask.target.join() ? "lucky" : "right" };
  if (!(rightShape && stranger) && sameNumbers(transpose(values), truth)) return rule(rightShape ? 3 : 2, "layout");
  const pair = !stranger ? axes.join(" × ") : stranger.inner ? together(stranger.inner) : together([stranger.left, stranger.right].map((a) => a.join(" × ")));
  const known = ask.wrong.find(([, line]) => sameAs(line, values, variant.pieces));
  if (known && !(["transpose", "order"].includes(known[0]) && !stranger)) return rule(rightShape ? 3 : 2, known[0], { pair });
  if (!factors.some((f) => f.p === "G")) return rule(rightShape ? 3 : 2, "no-upstream");
  if (!rightShape) return otherShape(axes, ask);
  if (stranger) return rule(3, "transpose", { pair });
  return { gate: 3, id: "other", name: "right shape, other numbers", say: "Something besides the shape is wrong.",
    next: `Name what multiplies ${ask.name} in the forward pass. It and G are all you need.` };
}

function sameAs(line, values, pieces) {
  const { factors, operators, sum } = readLine(line), found = evaluate(factors, operators, sum, pieces).value;
  return Boolean(found) && sameNumbers(found.values, values);
}

function otherShape(axes, ask) {
  const extra = axes.find((a) => a !== "1" && !ask.target.includes(a)), missing = ask.target.find((a) => a !== "1" && !axes.includes(a));
  if (extra) {
    return { gate: 2, id: "extra-axis", name: `${extra} is still there`, say: `∂L/∂${ask.name} has no ${extra} axis, so ${extra} must be summed away: inside a product, or by Σ.`,
      next: missing ? `And ${missing} is missing: which piece brings it?` : `Let ${extra} face ${extra}.` };
  }
  return { gate: 2, id: "shape", name: "the shape is not the asked one", say: `You have ${axes.join(" × ")}; ∂L/∂${ask.name} is ${ask.target.join(" × ")}.`,
    next: missing ? "Which piece brings the missing axis?" : "The axes are the right ones: turn or swap until they lie as asked." };
}

/** Why two boxes do not join, and what to do. */
function refusal(result, rules) {
  const at = result.joints.findIndex((j) => !j.ok), joint = result.joints[at];
  if (joint.kind === "o") {
    return { gate: 1, id: "outer", name: "outer product of a matrix", say: "An outer product takes two vectors: every entry of one times every entry of the other.",
      next: "Use a matrix product, or take two vectors." };
  }
  if (joint.kind === "*") {
    const turned = joint.left.join() === [...joint.right].reverse().join(), say = "⊙ lays one box on the other, so both need the same shape. These do not cover each other.";
    return turned ? { gate: 1, id: "transpose", name: rules.transpose.name, say, next: "Turn one of them." }
      : { gate: 1, id: "elementwise", name: rules.elementwise.name, say, next: "Here entries must be multiplied and added up: use a matrix product." };
  }
  const g = result.groups.findIndex((x) => x.members[0] === at + 1), left = result.groups[g - 1], right = result.groups[g];
  const shared = left.axes.find((a) => a !== "1" && right.axes.includes(a));
  if (!shared) {
    return { gate: 1, id: "gap", name: "these two do not meet", say: `${left.name} counts ${countsOf(left.axes)}, ${right.name} counts ${countsOf(right.axes)}: no axis in common.`,
      next: "Something belongs between them, or one of them does not belong here." };
  }
  const rows = left.axes[0] === shared, columns = right.axes[1] === shared;
  const say = `${left.name} and ${right.name} have ${shared} in common, and a product sums over what faces: ${rows ? `in ${left.name}, ${shared} is the rows` : `in ${right.name}, ${shared} is the columns`}, so ${shared} does not face ${shared}.`;
  if (rows && columns) return { gate: 1, axis: shared, id: "order", name: rules.order.name, say, next: `Swap the two: then ${shared} faces ${shared}.` };
  return { gate: 1, axis: shared, id: "transpose", name: "missing transpose", say, next: `Turn ${rows ? left.name : right.name}: its ${rows ? "rows become columns" : "columns become rows"}.` };
}

/** Why a right line is right, in the words of its axes. */
export function reasonOf({ factors, operators, sum }, ask, pieces) {
  const turned = factors.filter((f) => f.t).map((f) => f.p), gone = summedAxes(ask, pieces);
  if (sum !== null) return `One ${ask.name} serves every sample, so the batch axis is summed away and only the shape of ${ask.name} is left.`;
  if (factors.length === 1) return "The slope is 1 everywhere, so the upstream gradient arrives unchanged.";
  if (operators.every((o) => o === "*")) return `Entry by entry: each input touches only its own output, so nothing is summed.${turned.length ? " Turned only so that the boxes lie on each other." : ""}`;
  if (!gone.length) {
    return turned.length ? `Nothing is summed: the ${sideOf(ask.target[0])} side goes left and stands up, the ${sideOf(ask.target[1])} side goes right and lies down. That is all the transpose does.`
      : "Nothing is summed: the left piece brings the rows, the right piece the columns.";
  }
  const many = gone.length > 1, faces = together(gone.map((a) => `${a} faces ${a}`));
  const why = turned.length ? `${together(turned)} ${turned.length > 1 ? "are" : "is"} turned for one reason: so that ${faces}.` : `In this layout ${faces} already: nothing has to be turned.`;
  return `${together(gone)} ${many ? "are" : "is"} not in ∂L/∂${ask.name}, so ${many ? "they are" : "it is"} summed. ${why}`;
}
const sideOf = (axis) => (axis === "1" ? "long" : axis);

/** What a derivative of this layout is like, in words. */
export const likeness = (ask, layout) => (layout === "denominator" ? `the shape of ${ask.name}`
  : ask.target[0] === "1" ? `a row: one output, ${ask.target[1]} inputs` : `the shape of ${ask.name}, turned`);

/**
 * A predicted shape, judged: {kind, mark, text}.
 * @param typed a list of lengths, or of axis letters
 */
export function judgeShape(typed, ask, variant, layout) {
  const lengths = dimsOf(ask.truth), other = layout === "denominator" ? "numerator" : "denominator";
  const named = typed.map((t) => String(t).toUpperCase()), is = (axes) => typed.length === 2 && axes.every((a, i) => named[i] === String(a).toUpperCase());
  const both = (axes, sizes) => is(axes) || is(sizes);
  if (both(ask.target, lengths)) return { kind: "right", mark: "✓ Right.", text: `It has ${likeness(ask, layout)}.` };
  const out = variant.pieces.G.axes, size = (a) => (a === "1" ? 1 : variant.sizes[a]);
  const wrong = (text) => ({ kind: "wrong", mark: "Not yet.", text });
  if (typed.length === 0) return wrong(`L is one number, but it moves with each entry of ${ask.name}: one number for each.`);
  if (both([...ask.target].reverse(), [...lengths].reverse())) return wrong(`Lying on its side: that is its ${other} layout. Asked is ${layout === "denominator" ? "the layout in which a gradient lies like its variable" : "the layout whose columns are inputs"}.`);
  if (both(out, out.map(size))) return wrong(`That is the shape of G, one number for each entry of ${variant.out}. Asked is one for each entry of ${ask.name}.`);
  if (typed.length !== 2) return wrong(`${ask.name} is a box with rows and columns here, and so is its derivative: two lengths.`);
  return wrong(`One number for each entry of ${ask.name}: how many rows and columns has ${ask.name}?`);
}
