// What a learner types as a number, read kindly, and how it is compared with the right one.

/**
 * @returns {{value: number, digits: number}|{problem: string}} `digits`: significant digits typed; 0 for a fraction, which is exact
 */
export function readNumber(text) {
  const plain = text.trim().replaceAll("−", "-").replaceAll("–", "-").replace(/[\s\u00a0\u202f_]/g, "").replace(/^\+/, "")
    .replace(/[×x*]10\^?\(?(-?\d+)\)?$/i, "e$1");
  if (plain === "") return { problem: "Type a number, for example −0.25 or 1.2e3." };
  if (/^-?(nan|inf|infinity|∞|none)$/i.test(plain)) return { problem: "Here the answer is an ordinary number: neither NaN nor infinite." };
  const decimal = /^-?\d+,\d+(e[+-]?\d+)?$/i.test(plain) ? plain.replace(",", ".") : plain;
  if (/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(decimal)) {
    const value = Number(decimal);
    return Number.isFinite(value) ? { value, digits: typedDigits(decimal) } : { problem: "That is too large for a computer's number." };
  }
  const fraction = decimal.match(/^(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)$/);
  if (fraction) {
    const value = Number(fraction[1]) / Number(fraction[2]);
    return Number.isFinite(value) ? { value, digits: 0 } : { problem: "A fraction cannot have 0 below the line." };
  }
  return { problem: "A number, please: for example −0.25, 1.2e3 or 3/4." };
}

const typedDigits = (text) => text.replace(/e.*$/i, "").replace(/^-?0*\.?0*|[.]/g, "").length || 1;

/** The value rounded to so many significant digits. */
const rounded = (value, digits) => Number(value.toPrecision(Math.min(Math.max(digits, 1), 15)));

/**
 * "right": the value rounded to the digits typed, three or more, or all it has. "rounded": right too, but to one or two digits.
 * "near": within two per cent. Otherwise "wrong".
 */
export function compare({ value, digits }, answer) {
  const close = (a, b, by) => Math.abs(a - b) <= by * Math.max(Math.abs(a), Math.abs(b));
  if (value === answer || close(value, answer, 5e-5) || Math.abs(value - answer) < 1e-12) return "right";
  if (digits >= 3 && value === rounded(answer, digits)) return "right";
  if (digits > 0 && digits < 3 && value === rounded(answer, digits)) return "rounded";
  return close(value, answer, 0.02) ? "near" : "wrong";
}

/** Is the typed number this wrong one? As strict as for the right one, so that nothing is named by accident. */
export const matches = (typed, value) => ["right"].includes(compare(typed, value));
