"""The shape bench's questions: numbers drawn, gradients computed by the engine, the right line found, known mistakes listed.

A line is right when its axes, by name, are the asked ones and its numbers are the gradient. A draw in which some wrong line has the
right numbers is thrown away.
"""
from __future__ import annotations

import inspect
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..engine.errors import InputError
from ..engine.run import trace
from ..engine.values import shortened
from .shapes_formulas import ONE, Axes, Built, Forward, arrangements, evaluated, named_axes, read_forward
from .shapes_levels import COUNTS, LEVELS, PARAMETERS, Form, Level
from .shapes_words import RULES, hints

EQUAL = 3                                 # the length of every side where sizes are equal
DRAWS = 3000
NEAR = 1e-6
LAYOUTS = ("denominator", "numerator")


def bench_state(levels: Sequence[Level] = LEVELS) -> dict[str, Any]:
    """The state of a bench.

    Returns
    -------
    dict
        JSON data: ``id, title, levels, variants`` (by level/form/sizes/layout) and ``rules``.

    Raises
    ------
    InputError
        When no draw is free of accidents, or a gradient cannot be built from boxes.
    """
    variants = {key: variant for level in levels for key, variant in level_variants(level).items()}
    listed = [{"id": lv.id, "title": lv.title, "forms": list(lv.forms)} for lv in levels]
    return {"id": "shape bench", "title": "Shape bench", "levels": listed, "variants": variants, "rules": RULES}


def level_variants(level: Level) -> dict[str, dict[str, Any]]:
    """All variants of a level."""
    found = {}
    for form, equal, layout in itertools.product(level.forms, (False, True), LAYOUTS):
        key = "/".join((level.id, form, "equal" if equal else "distinct", layout))
        for seed in range(DRAWS):
            made = variant(level, level.forms[form], equal, layout, seed)
            if made is not None:
                found[key] = made
                break
        else:
            raise InputError(f"putting {level.forms[form].formula} on the shape bench",
                             f"in {DRAWS} draws some wrong line always had the right numbers",
                             "Give its sides other lengths.")
    return found


def variant(level: Level, form: Form, equal: bool, layout: str, seed: int) -> dict[str, Any] | None:
    """One draw; None where a wrong line has the right numbers."""
    forward = read_forward(form.formula)
    sizes = {a: EQUAL if equal else n for a, n in level.sizes.items()} | {ONE: 1}
    axes: dict[str, Axes] = {n: (a[0], a[1]) for n, a in form.axes.items()}
    result = named_axes(forward.product, axes)
    if result is None:
        raise InputError(f"putting {form.formula} on the shape bench", f"the sides are {dict(form.axes)}", "In a product an axis must face itself.")
    draw = np.random.RandomState(seed)
    arrays = {n: draw.choice([-2.0, -1.0, 1.0, 2.0, 3.0], (sizes[r], sizes[c])) for n, (r, c) in axes.items()}
    inner = forward.inner(arrays)
    axes[forward.out], arrays[forward.out] = result, np.maximum(inner, 0) if forward.relu else inner
    if forward.relu:
        mask = (inner > 0) * 1.0
        if not 0.3 < mask.mean() < 0.8 or (inner == 0).any():
            return None
        axes |= {forward.relu: result, "R": result}
        arrays |= {forward.relu: inner, "R": mask}
    upstream = draw.choice([-3.0, -2.0, -1.0, 1.0, 2.0, 4.0], inner.shape)
    gradients = truths(forward, arrays, upstream)
    turned = layout == "numerator"
    axes["G"] = result[::-1] if turned and _turns(result) else result
    arrays["G"] = upstream.T if turned and _turns(result) else upstream
    pieces = {n: {"axes": list(axes[n]), "role": _role(n), "values": plain(arrays[n])} for n in axes}
    tray = ["G", *[n for n in axes if n not in ("G", forward.out, forward.bias, forward.relu)]]
    asks = []
    for name in level.asks or forward.names:
        truth, target = gradients[name], axes[name]
        if turned and _turns(target):
            truth, target = truth.T, target[::-1]
        answer = right_line(forward, name, arrays, truth, axes, target)
        if answer is None:
            raise InputError(f"putting {form.formula} on the shape bench", f"the gradient of {name} is no product of its boxes in {layout} layout",
                             "Use one product of boxes, perhaps with a bias or relu.")
        wrong = wrong_lines(answer, arrays, truth, axes, target)
        if wrong is None:
            return None
        asks.append({"name": name, "target": list(target), "truth": plain(truth), "answer": str(answer), "wrong": wrong,
                     "hints": hints(answer, name, target, axes, forward)})
    return {"sizes": sizes, "words": forward.words(), "said": forward.said(), "out": forward.out, "pieces": pieces, "tray": tray, "asks": asks,
            "counts": {a: (level.counts or {}).get(a, COUNTS.get(a, "")) for a in sizes if a != ONE}, "note": "" if equal else level.note}


def truths(forward: Forward, arrays: Mapping[str, Any], upstream: Any) -> dict[str, Any]:
    """The gradients of sum(upstream * out), by the engine."""
    names = forward.names

    def f(*given: Any) -> Any:
        made = forward.inner(dict(zip(names, given, strict=True)))
        return np.maximum(made, 0) if forward.relu else made
    f.__signature__ = inspect.Signature(                                 # type: ignore[attr-defined]
        [inspect.Parameter(n, inspect.Parameter.POSITIONAL_OR_KEYWORD) for n in names])
    found = dict(trace(f, *[arrays[n] for n in names], cotangent=upstream).grads)
    if forward.relu:
        found[forward.relu] = trace(lambda z: np.maximum(z, 0), arrays[forward.relu], cotangent=upstream).grads["z"]
    return found


def right_line(forward: Forward, name: str, arrays: Mapping[str, Any], truth: Any, axes: Mapping[str, Axes], target: Axes) -> Built | None:
    """The line that is right by name and by number: the fewest turns, the fewest pieces."""
    if name == forward.bias:
        tries: Any = [Built((("G", t),), (), total) for total in (None, 0, 1) for t in (False, True)]
        if forward.relu:
            tries = [Built((("G", t), ("R", u)), ("*",), total) for total in (None, 0, 1) for u in (False, True) for t in (False, True)]
    else:
        others = ["G", *(["R"] if forward.relu else [])]
        if name != forward.relu:
            others += [n for n, _ in forward.product.pieces if n != name]
        needed = ["*"] * bool(forward.relu) + list(forward.product.operators if name != forward.relu else ())
        tries = itertools.chain.from_iterable(arrangements(others, ops) for ops in dict.fromkeys(itertools.permutations(needed)))
        tries = sorted(tries, key=lambda b: (sum(t for _, t in b.pieces), [others.index(n) for n, _ in b.pieces]))
    for built in tries:
        if named_axes(built, axes) == target:
            found = evaluated(built, arrays)
            if found is not None and near(found, truth):
                return built
    return None


def wrong_lines(answer: Built, arrays: Mapping[str, Any], truth: Any, axes: Mapping[str, Axes], target: Axes) -> list[list[str]] | None:
    """[rule, line] of known mistakes with other numbers than the right ones; None where one of them has the right numbers."""
    names = [n for n, _ in answer.pieces]
    tries: list[tuple[str, Built]] = []
    if answer.total is not None:
        tries += [("bias-unsummed", Built((("G", t),), ())) for t in (False, True)]
        tries += [("bias-axis", Built((("G", t),), (), total)) for total in (0, 1) for t in (False, True)]
    else:
        if "R" in names:
            bare = tuple(p for p in answer.pieces if p[0] != "R")
            tries += [("no-mask", Built(bare, ("@",) * (len(bare) - 1)))] if len(bare) > 1 else []
            tries += [("mask-only", Built((("R", t),), ())) for t in (False, True)]
        for built in arrangements(names, answer.operators):
            tries.append(("transpose" if [n for n, _ in built.pieces] == names else "order", built))
        if "@" in answer.operators:
            tries += [("elementwise", b) for b in arrangements(names, ["*"] * len(answer.operators))]
        rest = [n for n in names if n != "G"]
        tries += [("no-upstream", b) for b in arrangements(rest, ["@"] * (len(rest) - 1))] if rest else []
        tries += [("no-local", Built((("G", t),), ())) for t in (False, True)] if len(names) > 1 else []
    kept: list[list[str]] = []
    seen: list[Any] = []
    for rule, built in tries:
        found = evaluated(built, arrays)
        if found is None:
            continue
        if near(found, truth):
            if named_axes(built, axes) != target:
                return None
            continue                                                     # another spelling of the right line
        if not any(np.array_equal(found, s) for s in seen):
            seen.append(found)
            kept.append([rule, str(built)])
    return kept


def near(a: Any, b: Any) -> bool:
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=0, atol=NEAR))


def plain(v: Any) -> list[Any]:
    """An array for JSON; whole numbers as such, which are shorter."""
    return [[int(x) if float(x).is_integer() else round(float(x), 6) for x in row] for row in v]


def _turns(axes: Axes) -> bool:
    """Does numerator layout turn it? A row stays a row: one output, many inputs."""
    return axes[0] != ONE


def _role(name: str) -> str:
    return "gradient" if name == "G" else "parameter" if name in PARAMETERS else "value"


DICTS = {"axes": '{"X": "BM"}', "sizes": '{"B": 3}'}


def own_level(formula: str, axes: Mapping[str, str] | None = None, sizes: Mapping[str, int] | None = None) -> Level:
    """A level for a formula of the learner's own.

    Raises
    ------
    InputError
        For a formula, axes or sizes that cannot be.
    """
    forward = read_forward(formula)
    for what, one in (("axes", axes), ("sizes", sizes)):
        if one is not None and not isinstance(one, Mapping):
            raise InputError(f"putting {formula} on the shape bench", f"{what} is {shortened(one)}", f'Write a dict: {what}={DICTS[what]}.')
    given = own_axes(forward, dict(axes or {}))
    letters = list(dict.fromkeys(a for pair in given.values() for a in pair if a != ONE))
    if len(letters) > 5:
        raise InputError(f"putting {formula} on the shape bench", f"it has {len(letters)} axes", "At most five are told apart by colour and pattern.")
    lengths = dict(zip(letters, (3, 4, 2, 5, 6), strict=False))
    for a, n in (sizes or {}).items():
        if a not in lengths or isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= 8:
            raise InputError(f"putting {formula} on the shape bench", f"sizes has {a!r}: {n!r}; its axes are {', '.join(letters)}",
                             "A length is a whole number from 1 to 8.")
        lengths[a] = n
    return Level("own", formula, {"row": Form(formula, {n: "".join(pair) for n, pair in given.items()})}, lengths, counts=dict.fromkeys(letters, ""))


def own_axes(forward: Forward, given: dict[str, str]) -> dict[str, Axes]:
    """Axes for every box: those given, the rest so that each axis faces itself."""
    said = f"putting {forward.said()} on the shape bench"
    for n, pair in given.items():
        if n not in forward.names or not isinstance(pair, str) or len(pair) != 2 or not all(c.isupper() or c == ONE for c in pair):
            raise InputError(said, f"axes has {n!r}: {pair!r}",
                             f'Give two capital letters for each of {", ".join(forward.names)}, or 1: axes={{"X": "BM"}}.')
    usual = {"X": "BM", "x": "1M", "W": "MN", "U": "MK", "V": "KN"}
    for chosen in ({**usual, **given}, given):
        found = _faced(forward, chosen)
        if found is not None:
            return found
    raise InputError(said, f"the axes are {given or 'not given'}",
                     "In a product the columns of one box are the rows of the next: give them one letter, and * needs equal axes.")


def _faced(forward: Forward, known: Mapping[str, str]) -> dict[str, Axes] | None:
    """Axes in which every joint meets; None where the known ones clash, or there are too many."""
    pieces = forward.product.pieces
    sides: list[list[str]] = [list(known[n][::-1] if t else known[n]) if n in known else ["", ""] for n, t in pieces]
    equal = [((k, i), (k + 1, j)) for k, operator in enumerate(forward.product.operators)
             for i, j in ([(1, 0)] if operator == "@" else [(0, 0), (1, 1)])]
    spare = iter([c for c in "MNPKQ" if c not in {c for pair in sides for c in pair}])
    while True:
        for (a, i), (b, j) in equal * len(pieces):                       # what faces each other is called the same
            if sides[a][i] and sides[b][j] and sides[a][i] != sides[b][j]:
                return None
            sides[a][i] = sides[b][j] = sides[a][i] or sides[b][j]
        k, i = next(((k, i) for k, pair in enumerate(sides) for i in (0, 1) if not pair[i]), (-1, -1))
        if k < 0:
            break
        vector = pieces[k][0].islower() and (k, i) in ((0, 0), (len(pieces) - 1, 1))
        sides[k][i] = ONE if vector else next(spare, "")
        if not sides[k][i]:
            return None
    found: dict[str, Axes] = {}
    for (n, turned), (rows, columns) in zip(pieces, sides, strict=True):
        found[n] = (columns, rows) if turned else (rows, columns)
    result = named_axes(forward.product, found)
    if result is None:
        return None
    if forward.bias:
        shape = known.get(forward.bias)
        found[forward.bias] = (shape[0], shape[1]) if shape else (ONE, result[1]) if result[1] != ONE else (result[0], ONE)
    return found

