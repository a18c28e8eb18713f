"""Mistakes that only arrays allow: a wrong transpose, a batch not summed, a softmax cut short."""
import numpy as np

from .declare import Case, finished, layout, misconception, path, rule

X = [[1.0, 2.0], [3.0, -1.0], [0.5, 1.5]]
PRODUCT = Case("Z = X @ W; E = Z * Z; J = np.sum(E)", {"X": X, "W": [[1.0, -0.5], [0.2, 0.8]]}, "W")
SQUARE = Case("Z = X @ W; E = Z * Z; J = np.sum(E)", {"X": X[:2], "W": [[1.0, -0.5], [0.2, 0.8]]}, "W")
BIAS = Case("Z = X + b; E = Z * Z; J = np.sum(E)", {"X": X, "b": [0.1, -0.4]}, "b")
LOSS = Case("l = log_softmax(z); p = t * l; J = -np.sum(p)", {"z": [0.5, -1.0, 2.0], "t": [0.0, 1.0, 0.0]}, "z")
SOFTMAX = Case("p = softmax(z); q = p * t; J = np.sum(q)", {"z": [0.5, -1.0, 2.0], "t": [3.0, 1.0, -2.0]}, "z")


def products(g, out, x, y):
    """Every product of the upstream with an input, each transposed or not, that NumPy accepts."""
    if np.ndim(x) != 2 or np.ndim(y) != 2 or np.ndim(g) != 2:
        return None
    inputs, upstreams = (x, x.T, y, y.T), (g, g.T)
    pairs = [(a, b) for a in inputs for b in upstreams] + [(b, a) for a in inputs for b in upstreams]
    return [a @ b for a, b in pairs if a.shape[1] == b.shape[0]]


def batch_sums(p):
    """The sum over the batch: left out, averaged, last row, first row, other axis, every entry."""
    raw = p.raw
    if np.ndim(raw) != 2 or np.ndim(p.target) != 1:
        return None
    return [raw, raw.mean(0), raw[-1], raw[0], raw.sum(1), raw.sum()]


def softmax_twice(g, out, x, axis=-1):
    p = np.exp(out)
    h = g - p * np.sum(g, axis=axis, keepdims=True)
    return p * (h - np.sum(h * p, axis=axis, keepdims=True))


def each_full(g, out, x, axis=None, keepdims=False):
    """A mean that gives every entry the whole gradient."""
    return np.ones(np.shape(x)) * (g if np.ndim(g) == 0 or keepdims else np.expand_dims(g, axis))


misconception(
    "layout", layout(lambda a: a.right.T if np.ndim(a.right) == 2 else None), family="transpose",
    title="a product in the wrong order, or a wrong transpose",
    reason="{subject} is right, in the other layout: rows and columns are exchanged.",
    action="Here a gradient has the shape of its variable: transpose.",
    recognises=PRODUCT.with_answer([[20.4, 2.4], [-10.65, 11.85]]), refuses=PRODUCT.with_answer([[-20.4, -2.4], [10.65, -11.85]]))

misconception(
    "transpose", rule("matmul", None, products),
    reason="{subject} is a product of the right arrays in the wrong order or with a wrong transpose.",
    action="Write the shapes under {at}, its partner and {upstream}: one arrangement alone gives the shape of {at} and sums over what {at} has not.",
    recognises=SQUARE.with_answer([[14.0, -7.0], [2.8, 11.2]]), refuses=SQUARE.with_answer([[19.6, -11.6], [0.0, 9.0]]))

misconception(
    "bias", path(batch_sums),
    title="the gradient of a bias is not the sum over the batch",
    reason="{at} is added to every row of the batch, so every row sends a gradient back; {subject} does not add them all.",
    action="Sum {upstream} over the batch axis, so that it has the shape of {at}.",
    recognises=BIAS.with_answer([1.2, 2.2]), refuses=BIAS.with_answer([4.8, 1.3]))

misconception(
    "softmax-diag", rule("softmax", 0, lambda g, out, x, axis=-1: g * out * (1 - out)),
    title="only the diagonal of the softmax's Jacobian is used",
    reason="Every output of a softmax depends on every input; {subject} keeps only the diagonal.",
    action="Use p (g − sum of g p), not g p (1 − p).",
    recognises=SOFTMAX.with_answer([0.433690, 0.037583, -0.336869]), refuses=SOFTMAX.with_answer([0.525870, 0.039113, -1.571194]))

misconception(
    "softmax-ce",
    rule("log_softmax", 0, lambda g, out, x, axis=-1: -np.exp(out) * np.sum(g, axis=axis, keepdims=True), "p alone"),
    rule("log_softmax", 0, lambda g, out, x, axis=-1: g, "softmax skipped"), rule("log_softmax", 0, softmax_twice, "softmax twice"),
    title="softmax with cross-entropy does not give p − y",
    reason="For softmax followed by cross-entropy the gradient is probabilities minus targets; {subject} differs from that.",
    action="Write p − y once, and apply no further softmax derivative.",
    says={"p alone": ("{subject} is made of the probabilities alone: the targets are missing.",
                      "For softmax with cross-entropy write probabilities minus targets."),
          "softmax skipped": ("{subject} stops before the softmax: it is the gradient that arrives there.",
                              "For softmax with cross-entropy write probabilities minus targets."),
          "softmax twice": ("{subject} applies the derivative of softmax a second time.",
                            "Probabilities minus targets is the whole gradient: nothing follows it.")},
    recognises=LOSS.with_answer([0.175290, 0.039113, 0.785597]), refuses=LOSS.with_answer([0.2, -0.9, 0.8]))

misconception(
    "mean-sum",
    finished(lambda a: [a.right * n for n in a.counts], "times"), finished(lambda a: [a.right / n for n in a.counts], "over"),
    rule("mean", 0, each_full, "times"),
    title="a sum and a mean are confused",
    reason="{subject} is off by a factor that a sum or mean over the entries explains.",
    action="Check where the mean is taken, and divide by the number of entries once.",
    says={"times": ("{subject} is the gradient times a number of entries: a mean was treated as a sum.",
                    "A mean gives every entry its share: divide once by how many there are."),
          "over": ("{subject} is the gradient divided by a number of entries once too often.",
                   "Check where the mean is taken; a sum divides nothing.")},
    recognises=Case("E = Z * Z; J = np.mean(E)", {"Z": [1.0, 2.0, -3.0]}, "Z", [2.0, 4.0, -6.0]),
    refuses=Case("E = Z * Z; J = np.mean(E)", {"Z": [1.0, 2.0, -3.0]}, "Z", [1.0, 2.0, -3.0]))
