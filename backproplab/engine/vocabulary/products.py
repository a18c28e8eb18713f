"""Products of vectors and matrices."""
import numpy as np

from ..marks import static
from ..rules import operation


@operation(np.matmul)
class matmul:
    """x @ y, by the shapes that meet: inner product, matrix times vector, vector times matrix, matrices, stacks of matrices."""
    samples = "v @ w", "M @ v", "v @ N", "M @ N", "T @ N", "T @ v", "v @ S", "T @ S", "M @ S"
    def forward(x, y): return x @ y

    def backward(g, out, x, y):
        if np.ndim(x) == 1 and np.ndim(y) == 1:
            return g * y, g * x
        if np.ndim(x) == 1 and np.ndim(y) == 2:
            return y @ g, np.outer(x, g)
        if np.ndim(x) == 2 and np.ndim(y) == 1:
            return np.outer(g, y), x.T @ g
        if np.ndim(x) == 2 and np.ndim(y) == 2:
            return g @ y.T, x.T @ g
        if np.ndim(x) == 1:
            return (y @ g[..., None])[..., 0], x[:, None] * g[..., None, :]
        if np.ndim(y) == 1:
            return g[..., None] * y, (np.swapaxes(x, -1, -2) @ g[..., None])[..., 0]
        return g @ np.swapaxes(y, -1, -2), np.swapaxes(x, -1, -2) @ g


@operation(np.dot)
class dot:
    """np.dot: x @ y for vectors and matrices, x * y where one is a single number."""
    samples = "M.dot(N)", "np.dot(v, w)", "np.dot(M, v)", "np.dot(v, N)", "np.dot(a, M)", "np.dot(M, a)"
    def forward(x, y): return np.dot(x, y)

    def backward(g, out, x, y):
        if np.ndim(x) == 0 or np.ndim(y) == 0:
            return g * y, g * x
        if np.ndim(x) == 1 and np.ndim(y) == 1:
            return g * y, g * x
        if np.ndim(x) == 1:
            return y @ g, np.outer(x, g)
        if np.ndim(y) == 1:
            return np.outer(g, y), x.T @ g
        return g @ y.T, x.T @ g

    def refuse(x, y):
        if max(np.ndim(x), np.ndim(y)) > 2:
            return "np.dot pairs axes of larger arrays in its own way: write {0} @ {1} for stacks of matrices, or np.einsum and name the axes."
        return None


@operation(np.outer)
class outer:
    """Every entry of x times every entry of y."""
    samples = "np.outer(v, w)", "np.outer(M, v)", "np.outer(v, M)"
    def forward(x, y): return np.outer(x, y)
    def backward(g, out, x, y): return np.reshape(g @ np.ravel(y), np.shape(x)), np.reshape(np.ravel(x) @ g, np.shape(y))


@operation(np.trace)
class trace:
    """The sum of the diagonal; its gradient is the identity matrix."""
    samples = "np.trace(M)", "np.trace(M @ M.T)", "T.trace()"
    def forward(x): return np.trace(x)

    def backward(g, out, x):
        if np.ndim(x) == 2:
            return g * np.eye(np.shape(x)[0], np.shape(x)[1])
        return g * np.expand_dims(np.eye(np.shape(x)[0], np.shape(x)[1]), behind(x))


@static
def behind(x):
    """The axes after the first two."""
    return tuple(range(2, np.ndim(x)))


@static
def alone(subscripts, i):
    """Has the i-th input an index that stands nowhere else, so that its entries were just added up?"""
    inputs, out = subscripts.split("->")
    terms = inputs.split(",")
    return bool(set(terms[i]) - set(out).union(*(t for k, t in enumerate(terms) if k != i)))


@static
def spread(subscripts, i):
    """Subscripts of the i-th gradient of an einsum: g, the other inputs, ones where axes were summed alone, an identity for each repetition."""
    inputs, out = subscripts.split("->")
    terms = inputs.split(",")
    own, identities = unrepeated(terms[i])
    others = [t for k, t in enumerate(terms) if k != i]
    return ",".join([out, *others, *([own] if alone(subscripts, i) else []), *identities]) + "->" + own


@static
def identities(subscripts, xs, i):
    """An identity matrix for each index that is repeated in the i-th input."""
    term = subscripts.split("->")[0].split(",")[i]
    return tuple(np.eye(np.shape(xs[i])[term.index(pair[0])]) for pair in unrepeated(term)[1])


def unrepeated(term):
    """(a term in which every index stands once, pairs of an index and what stands for its repetition): 'ii' -> ('iA', ['iA'])."""
    fresh = iter("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    seen, own, pairs = set(), "", []
    for c in term:
        if c in seen:
            new = next(f for f in fresh if f not in term)
            pairs.append(c + new)
            own += new
        else:
            own += c
        seen.add(c)
    return own, pairs


def explicit(subscripts, ranks):
    """Subscripts with an arrow and without an ellipsis."""
    subscripts = subscripts.replace(" ", "")
    inputs, arrow, out = subscripts.partition("->")
    terms = inputs.split(",")
    if len(terms) != len(ranks):
        raise TypeError(f"{subscripts!r} names {len(terms)} arrays, and {len(ranks)} came", "Write the axes of each array, with commas between them.")
    if "..." in subscripts:
        free = [c for c in "zyxwvutsrqponmlkjihgfedcba" if c not in subscripts]
        most = max(r - len(t.replace("...", "")) for t, r in zip(terms, ranks, strict=True) if "..." in t)
        letters = "".join(free[:most])[::-1]
        terms = [t.replace("...", letters[len(letters) - (r - len(t.replace("...", ""))):]) for t, r in zip(terms, ranks, strict=True)]
        out = out.replace("...", letters) if arrow else letters + "".join(sorted(c for c in set(inputs) - {"."} if inputs.count(c) == 1 and c != ","))
    elif not arrow:
        out = "".join(sorted(c for c in set(inputs) - {","} if inputs.count(c) == 1))
    return f"{','.join(terms)}->{out}"


@operation(np.einsum)
class einsum:
    """A sum of products over named axes: 'ij,jk->ik' is the matrix product. The gradient of an input swaps it with the output."""
    samples = ("np.einsum('ij,jk->ik', M, N)", "np.einsum('ij,j', M, v)", "np.einsum('ij->', M)", "np.einsum('bij,jk->bik', T, N)",
               "np.einsum('ii->i', M[:, :3])", "np.einsum('ii', M[:, :3] * M[:, :3])", "np.einsum('...j,j->...', T, v)",
               "np.einsum('i,i,i->', v, w, v)")
    leading = "subscripts",

    def received(subscripts, *xs, optimize=False):
        if not isinstance(subscripts, str):
            raise TypeError("its first argument is not text", "The subscripts come first, as text: np.einsum('ij,jk->ik', A, B).")
        return xs, {"subscripts": explicit(subscripts, [np.ndim(x) for x in xs])}

    def forward(*xs, subscripts=""): return np.einsum(subscripts, *xs)

    def backward(g, out, *xs, subscripts="", i=0):
        if alone(subscripts, i):
            return np.einsum(spread(subscripts, i), g, *xs[:i], *xs[i + 1:], np.ones(np.shape(xs[i])), *identities(subscripts, xs, i))
        return np.einsum(spread(subscripts, i), g, *xs[:i], *xs[i + 1:], *identities(subscripts, xs, i))
