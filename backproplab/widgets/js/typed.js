// What a learner types, understood kindly: a number, a row of numbers, a shape. The same rules as questions/typed.py; a test compares the two.

const LONGEST = 400, LARGEST = 1e100;
const FUNCTIONS = { sqrt: Math.sqrt, exp: Math.exp, ln: Math.log, log: Math.log, log10: Math.log10, sin: Math.sin, cos: Math.cos, tan: Math.tan,
  tanh: Math.tanh, abs: Math.abs };
const CONSTANTS = { pi: Math.PI, e: Math.E };
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", LOWERED = "0123456789-+";
const DIGIT_BLOCKS = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xff10];
const PLAIN = /^[-+]?(?:\d+\.?(\d*)|\.(\d+))(?:[eE]([-+]?\d+))?$/;
const NOTHING = "Nothing was typed: write a number, such as 0.25 or 1/4.";
const UNREAD = "This is not a number that can be read: write it like 0.25, -3.5e-2, 1/4 or sqrt(2).";

/** An answer that cannot be read; its message is one sentence for the learner. */
export class Unreadable extends Error {}
const cannot = (sentence) => { throw new Unreadable(sentence); };

/** ½ as 1/2. */
const slashed = (fraction) => fraction.normalize("NFKC").replace("⁄", "/");

/** One kind of digit, minus, times sign, fraction and space; quotation marks, code marks and what cannot be seen gone. */
function tidied(text) {
  if (text.length > LONGEST) cannot(`That is ${text.length} characters, longer than any answer here: write the number itself.`);
  const simple = (t) => t.replace(/[−–—‐‑‒﹣－]/g, "-").replace(/[×·⋅∙]/g, "*").replace(/[`'"“”‘’$]/g, "");
  const seen = text.replace(/\p{Cf}/gu, "").replace(/(\d+)?\s*([¼½¾⅐-⅞↉])/g, (_, whole, f) => (whole ? `(${whole}+${slashed(f)})` : `(${slashed(f)})`)).replaceAll("⁄", "/");
  const lowered = seen.replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+/g, (m) => `^(${[...m].map((c) => LOWERED[RAISED.indexOf(c)]).join("")})`);
  return simple(simple(lowered).normalize("NFKC")).replace(/\p{Nd}/gu, (c) => {
    const code = c.codePointAt(0), start = DIGIT_BLOCKS.find((b) => code >= b && code < b + 10);
    return start === undefined ? c : String(code - start);
  }).trim();
}

function refuseWords(text) {
  const low = text.toLowerCase();
  if (!text) cannot(NOTHING);
  if (/^([-+]?nan|n\/a|undefined)$/.test(low)) cannot("NaN is what is left when a calculation breaks down; the answer here is a finite number.");
  if (/^[-+]?(inf(inity)?|∞|oo)$/.test(low)) cannot("The answer here is a finite number: look for a division by zero on the way.");
}

/** Decimal commas and spaces between groups of three digits, where there is one way to read them. */
function withPoint(text) {
  const t = text.replace(/(\d)[ _'’](?=\d{3}(?!\d))/g, "$1");
  if (/^[-+]?[1-9]\d{0,2},\d{3}$/.test(t)) cannot(`${t} can be read in two ways: write it with a point, ${t.replace(",", ".")}, or without the comma, ${t.replace(",", "")}.`);
  if (/^[-+]?\d{1,3}(,\d{3})+\.\d*$/.test(t)) return t.replaceAll(",", "");
  if (/^[-+]?\d{1,3}(\.\d{3})+,\d*$/.test(t)) return t.replaceAll(".", "").replace(",", ".");
  if (/^[-+]?[1-9]\d{0,2}(,\d{3}){2,}$/.test(t)) return t.replaceAll(",", "");
  return t.split(",").length === 2 ? t.replace(/(\d),(?=\d)/, "$1.") : t;
}

/** A number: {value, unit}; `unit` is what one unit of the last typed digit is worth, 0 for an exact number such as 3/4. */
export function readNumber(given) {
  let text = tidied(given);
  if (/^[^\d=]*[=≈~]/.test(text)) text = text.replace(/^[^=≈~]*[=≈~]/, "").trim();
  refuseWords(text);
  if ((/^[[(]/.test(text) && text.includes(",")) || text.includes(";") || text.includes("\n")) cannot("One number is asked here, and this looks like several.");
  const percent = text.endsWith("%");
  text = withPoint(text.replace(/[% ]+$/, "").trim());
  const match = text.match(PLAIN);
  let value, unit = 0;
  if (match) {
    value = Number(text);
    unit = 10 ** (Math.min(300, Math.max(-300, Number(match[3] ?? 0))) - (match[1] || match[2] || "").length);
  } else value = arithmetic(text);
  if (percent) { value /= 100; unit /= 100; }
  if (!(Math.abs(value) <= LARGEST)) cannot("That number is out of all bounds: look for a slip in the exponent.");
  return { value, unit };
}

/** Numbers, + - * / ^, roots and a few functions; never evaluated as a program. */
function arithmetic(text) {
  const spelled = text.replace(/√\s*(\d+(?:\.\d+)?|\()/g, (_, inside) => (inside === "(" ? "sqrt(" : `sqrt(${inside})`)).replaceAll("**", "^").replaceAll("π", "pi")
    .replace(/np\.|math\./g, "").replace(/(\d)\s*(?=sqrt|pi\b|\()/g, "$1*").replace(/\b(ln|log|sqrt|exp|sin|cos|tan|tanh)\s+(\d+(?:\.\d+)?)/g, "$1($2)");
  const tokens = spelled.match(/\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|[A-Za-z_]\w*|\S/g) ?? [];
  const unread = () => cannot(/^[-+.\d]+(\s+[-+.\d]+)+$/.test(text) ? "One number is asked here, and this looks like several." : UNREAD);
  let at = 0, depth = 0;
  const take = (token) => (tokens[at] === token ? (at += 1, true) : false);
  function sum() {
    let v = product();
    for (;;) { if (take("+")) v += product(); else if (take("-")) v -= product(); else return v; }
  }
  function product() {
    let v = signed();
    for (;;) {
      if (take("*")) v *= signed();
      else if (take("/")) { const by = signed(); if (by === 0) cannot("That divides by zero."); v /= by; } else return v;
    }
  }
  function signed() {
    if ((depth += 1) > 40) cannot("That is nested too deeply: write the number itself.");
    const v = take("-") ? -signed() : take("+") ? signed() : power();
    depth -= 1;
    return v;
  }
  function power() {
    const base = atom();
    return take("^") ? base ** signed() : base;
  }
  function atom() {
    const token = tokens[at];
    at += 1;
    if (token === "(") { const v = sum(); if (!take(")")) unread(); return v; }
    if (/^[.\d]/.test(token ?? "") && token !== ".") return Number(token);
    if (Object.hasOwn(CONSTANTS, token) && tokens[at] !== "(") return CONSTANTS[token];
    if (Object.hasOwn(FUNCTIONS, token) && take("(")) { const v = sum(); if (!take(")")) unread(); return FUNCTIONS[token](v); }
    if (/^[A-Za-z_]/.test(token ?? "") && tokens[at] !== "(" && tokens.length < 8) cannot(`A number is asked here: put the value of ${token} in.`);
    return unread();
  }
  const v = sum();
  if (at < tokens.length) unread();
  if (Number.isNaN(v)) cannot("That has no value among the real numbers.");
  return v;
}

const NO_MATCH = "The brackets do not match.", RAGGED = "The rows differ in length: an array needs the same number of entries in each.";
const NO_NUMBERS = "Nothing was typed: write the numbers, such as [1, 2, 3].";

/**
 * An array: nested lists, rows separated by semicolons or lines, entries by commas or spaces.
 * @returns {{value: any, units: any, shape: number[]}} nested lists, as deep as typed
 */
export function readArray(given) {
  const text = tidied(given).replace(/^[^[\]()=\d]*=/, "").trim().replace(/^(?:np\.)?(?:array|asarray)\s*\((.*)\)$/s, "$1").trim();
  refuseWords(text);
  const rows = nested(text), each = (v, pick) => (Array.isArray(v) ? v.map((x) => each(x, pick)) : pick(v));
  const shape = shapeOf(rows);
  if (!shape) cannot(RAGGED);
  if (shape.includes(0)) cannot(NO_NUMBERS);
  return { value: each(rows, (r) => r.value), units: each(rows, (r) => r.unit), shape };
}

/** A row of numbers. */
export function readRow(given) {
  const read = readArray(given);
  if (read.shape.length > 1) cannot("One row is asked here, and this looks like several.");
  return read.shape.length ? read : { value: [read.value], units: [read.units], shape: [1] };
}

function nested(text) {
  const entries = (part) => part.trim().replace(/^[,\s]+|[,\s]+$/g, "").split(/\s*,\s*|\s+/).filter(Boolean).map(readNumber);
  if (text.slice(1).includes("[") || text.startsWith("((")) {
    const body = text.replace(/\(/g, "[").replace(/\)/g, "]"), root = [], stack = [root];
    for (const piece of body.match(/\[|\]|[^[\]]+/g)) {
      if (piece === "[") {
        if (stack.length > 8) cannot(NO_MATCH);
        stack.at(-1).push([]);
        stack.push(stack.at(-1).at(-1));
      } else if (piece === "]") {
        stack.pop();
        if (!stack.length) cannot(NO_MATCH);
      } else stack.at(-1).push(...entries(piece));
    }
    if (stack.length !== 1 || !root.every(Array.isArray)) cannot(NO_MATCH);
    return root.length === 1 ? root[0] : root;
  }
  const inner = text.replace(/^[[\]()\s]+|[[\]()\s]+$/g, "");
  if (!/[^,;\s]/.test(inner)) cannot(NO_NUMBERS);
  const rows = inner.split(/[;\n]/).filter((r) => r.trim()).map(entries);
  if (rows.length === 1 && rows[0].length === 1 && !/^[[(]/.test(text)) return rows[0][0];
  return rows.length > 1 ? rows : rows[0];
}

/** The shape of nested lists; null where rows differ. */
export function shapeOf(v) {
  if (!Array.isArray(v)) return [];
  const inner = v.map(shapeOf);
  return inner.every((s) => s && String(s) === String(inner[0])) ? [v.length, ...(inner[0] ?? [])] : null;
}

/** A shape: [3, 4] for (3, 4), 3x4, 3 by 4; [] for a scalar. */
export function readShape(given) {
  const text = tidied(given).toLowerCase().replace(/^[^=\d([]*=/, "").trim();
  if (["()", "( )", "[]", "scalar", "number", "a number", "a scalar"].includes(text)) return [];
  if (!text) cannot("Nothing was typed: write a shape such as (3, 4), or scalar.");
  const parts = text.replace(/^[()[\] ]+|[()[\] ]+$/g, "").replace(/,+$/, "").split(/\s*(?:,|x|\*|by|\s)\s*/);
  if (!parts.every((p) => /^\d{1,9}$/.test(p))) cannot("A shape is a list of whole numbers: write (3, 4), 3x4, or scalar for a single number.");
  return parts.map(Number);
}
