// How near an answer must be: right, right but rounded, a known mistake, or unknown. The same rules as questions/matching.py; a test compares the two.

const each = (v) => (Array.isArray(v) ? v : [v]);
const size = (v) => Math.max(0, ...each(v).map(Math.abs));
const near = (a, b, far) => each(a).length === each(b).length && each(a).every((x, i) => Math.abs(x - each(b)[i]) <= far);

/** Is a row the right one with every entry rounded as it was typed? */
function fits(typed, number) {
  if (!typed.units || typed.units.length !== each(number).length || !typed.units.some(Boolean)) return false;
  const gaps = typed.value.map((x, i) => Math.abs(x - number[i]));
  return gaps.every((gap, i) => gap <= 0.5000001 * typed.units[i]) && Math.max(...gaps) <= 0.05 * size(number);
}

/**
 * @param typed from readNumber or readRow
 * @param right the number or row
 * @param wrong known wrong ones, in the order of matching
 * @param t the tolerance, as Python gives it
 * @returns {[string, number]} "right", "rounded", "looks like" or "unknown"; and which of the wrong ones it is near to, or -1
 */
export function verdict(typed, right, wrong, t) {
  const { value } = typed, large = size(value);
  if (!Number.isFinite(large)) return ["unknown", -1];
  const far = large ? Math.max(t.digit * (typed.unit ?? 0), t.relative * large) : 1e-12;
  const fine = far <= t.most * large || !large;
  if (near(value, right, fine ? far : t.relative * large)) return ["right", -1];
  const loose = fine ? t.close * large : Math.max(t.rounded * large, Math.min(far, 0.1 * large));
  if (near(value, right, loose) || fits(typed, right)) return ["rounded", -1];
  const tight = t.most * large || far;
  const found = wrong.findIndex((w) => near(value, w, tight));
  if (found >= 0) return ["looks like", found];
  return [near(value, right, t.rounded * size(right)) ? "rounded" : "unknown", -1];
}
