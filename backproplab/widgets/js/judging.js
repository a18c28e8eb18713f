// How near an answer must be: right, right but rounded, a known mistake, or unknown. The same rules as questions/matching.py; a test compares the two.

const EXACT = 1e-12;
const each = (v) => (Array.isArray(v) ? v : [v]);
const size = (v) => Math.max(0, ...each(v).map(Math.abs));
const distance = (a, b) => (each(a).length === each(b).length ? size(each(a).map((x, i) => x - each(b)[i])) : Infinity);
const near = (a, b, far) => distance(a, b) <= far;

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
  const tight = t.most * large || far, fine = far <= tight;
  const unit = typed.units ? size(typed.units) : typed.unit ?? 0;
  let found = wrong.map((w, k) => [distance(value, w), k]).filter(([d]) => d <= tight);
  if (near(value, right, fine ? far : t.relative * large)) return ["right", -1];
  if (fits(typed, right)) return ["rounded", -1];
  const loose = fine ? t.close * large : Math.max(t.rounded * large, Math.min(far, 0.1 * large));
  if (near(value, right, loose)) {
    found = fine && unit <= tight ? found.filter(([d]) => t.nearer * d <= distance(value, right)) : [];
    if (!found.length) return ["rounded", -1];
  }
  if (found.length) {
    const fit = t.better * Math.max(Math.min(...found.map(([d]) => d)), unit / 2, EXACT * large);
    return ["looks like", found.find(([d]) => d <= fit)[1]];
  }
  return [near(value, right, t.rounded * size(right)) ? "rounded" : "unknown", -1];
}
