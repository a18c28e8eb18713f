"""Everything the stepper can show of a run, as one JSON state: nodes, steps, listing, two layouts, outlines of formulas.

Nothing in it is placed by hand, and nothing is computed later: the page only shows it.
"""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..drawing import repeats, shape_text
from ..drawing.cards import Card, cards
from ..drawing.groups import Groups
from ..engine.run import Run
from ..notation import NOTATIONS, Glyphs, Setting, digits, plain
from ..questions.asks import FADING, asks
from ..questions.matching import TOLERANCE
from .formulas import Formulas, shown
from .pictures import STYLES, Pictures, key
from .steps import step_data, ticket_rule, ticket_sum

LONGEST = 90                              # characters of the inputs' values in the head
MOST_USES = 16                            # uses of variables up to which a state carries all notations
MOST_ASKED = 80                           # variables up to which every step can be predicted; nobody predicts more
MOST_TYPED = 24                           # entries of an input that can be typed in the page
MANY = 300                                # a run with more variables has its repeated blocks folded, unless groups are given


def stepper_state(run: Run, notation: str = "g", folded: bool = True, style: str = "boxes", groups: Groups | None = None,
                  opened: Iterable[str] = ()) -> dict[str, Any]:
    """The state of a stepper.

    Parameters
    ----------
    run : Run
    notation : str
        How gradients are written. Where the state stays small, it carries the other notations too.
    folded : bool
        One box for each variable; otherwise one for each operation.
    style : {"boxes", "variables", "gates"}
        How the graph is drawn. Where the state stays small, it carries the other styles too.
    groups : dict of str to names, optional
        Variables that are folded into one box each, in the style "boxes". By default the repeated blocks of a run with very many variables.
    opened : iterable of str
        Groups that are drawn whole to begin with. A state with few groups carries every way of opening them.

    Returns
    -------
    dict
        JSON data: ``id, head, at, out, code, nodes, steps, asking, picture, wide, tall, pictures, styles, groups, opened, letter, letters,
        notations, folded, live, glyphs``.

    Raises
    ------
    DrawingError
        For groups that name no variables, or cannot be folded.
    """
    if not folded:
        run = run.unfolded()
    glyphs = Glyphs()
    formulas = Formulas(run, glyphs, notation)
    code, lines = _listing(run)
    tickets = {(v.name, c.consumer): (ticket_rule(c, run), ticket_sum(c)) for v in run.variables.values() for c in v.uses}
    groups = {name: tuple(members) for name, members in (({} if len(run.variables) <= MANY else repeats(run)) if groups is None else groups).items()}
    opened = [g for g in groups if g in set(opened)]
    pictures = Pictures(run, glyphs, tickets, groups)
    first = pictures.pair(style, opened)
    small = _uses(run) <= MOST_USES
    others = {s: pictures.pair(s) for s in STYLES if s != style and s != "boxes"} if small else {}
    if style != "boxes" and (small or groups):
        others[key("boxes", opened)] = pictures.pair("boxes", opened)
    others |= pictures.every_opening(opened)
    nodes = [_node(c) | {"line": lines[c.name]} for c in cards(run, glyphs, notation=notation)]
    questions = asks(run) if len(run.variables) <= MOST_ASKED else [[] for _ in run.steps]
    steps = [step_data(s, run, formulas, lines, found) for s, found in zip(run.steps, questions, strict=True)]
    return {"id": run.name, "head": formulas.head(), "at": _point(run), "out": run.output, "code": code, "nodes": nodes, "steps": steps,
            "asking": {"kinds": FADING, "tolerance": TOLERANCE.data}, "picture": key(style, opened if style == "boxes" else ()), **first,
            "pictures": others, "styles": STYLES, "groups": groups, "opened": opened,
            "letter": notation, "letters": [{"name": n, "example": plain(Setting.of(run, n).gradient(nodes[0]["id"]))} for n in NOTATIONS],
            "notations": _other_letters(run, glyphs, notation, steps), "folded": folded, "live": _live(run), "glyphs": glyphs.outlines}


def _node(card: Card) -> dict[str, Any]:
    data = dict(card.data or {})
    return data | {k: shown(data[k]) for k in ("label", "fn") if data[k]}


def _other_letters(run: Run, glyphs: Glyphs, notation: str, steps: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """For every other notation what differs: the formulas of the backward steps. Empty where that would be much."""
    if _uses(run) > MOST_USES:
        return {}
    found: dict[str, dict[str, Any]] = {}
    for name in NOTATIONS:
        if name != notation:
            formulas = Formulas(run, glyphs, name)
            found[name] = {str(i): {"sym": formulas.seed(s.variable) if not s.variable.uses else formulas.gradient(s.variable),
                                    "num": _differing(formulas.gradient_in_numbers(s.variable), steps[i]["num"]) if s.variable.uses else None,
                                    "label": formulas.gradient_label(s.variable.name) if steps[i].get("show") else None}
                           for i, s in enumerate(run.steps) if s.phase == "backward"}
    return found


def _uses(run: Run) -> int:
    return sum(len(v.uses) for v in run.variables.values())


def _differing(f: dict[str, Any] | None, other: dict[str, Any] | None) -> dict[str, Any] | None:
    """A formula in pieces without those that are the same in another: 0 stands for them."""
    if f is None or other is None or len(f["parts"]) != len(other["parts"]):
        return f
    return {"say": f["say"], "parts": [0 if p == q else p for p, q in zip(f["parts"], other["parts"], strict=True)]}


def _live(run: Run) -> list[dict[str, Any]] | None:
    """The inputs that can be typed anew, with their present text; None for a run whose function is not known."""
    if run.function is None:
        return None
    shown = {n: v for n, v in run.inputs.items() if np.size(v) <= MOST_TYPED and np.asarray(v).dtype.kind in "fiu"}
    return [{"name": n, "text": _typed(v), "long": bool(np.ndim(v))} for n, v in shown.items()]


def _typed(v: Any) -> str:
    return repr(float(v)) if np.ndim(v) == 0 else str(np.asarray(v).tolist())


def _listing(run: Run) -> tuple[list[str], dict[str, int]]:
    """(lines of source, a variable's name -> the row that makes it). Without source the call stands for all."""
    if not run.code:
        return [f"{run.name}({', '.join(run.inputs)})"], dict.fromkeys(run.variables, 0)
    row = {number: k for k, (number, _) in enumerate(run.code)}
    start = next((k for k, (_, text) in enumerate(run.code) if text.lstrip().startswith(f"def {run.name}")), 0)
    return [text for _, text in run.code], {v.name: row.get(v.line, start) for v in run.variables.values()}


def _point(run: Run) -> str:
    """x = 2,  z = 3."""
    told = [f"{n} = {digits(v, 4)}" if np.ndim(v) == 0 else f"{n} {shape_text(v)}" for n, v in run.inputs.items()]
    return ",  ".join(told) if sum(map(len, told)) + 3 * len(told) < LONGEST else f"{len(told)} inputs"
