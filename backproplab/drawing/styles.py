"""`drawing`: a run, a style and some options, and the picture comes out. A style is one entry of the table below."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from ..engine.errors import listed
from ..engine.run import Run
from ..engine.settings import settings
from ..notation import Glyphs
from .arranging import Arrangement, Layout
from .boxes import Tickets, boxes
from .derivatives import derivatives
from .errors import DrawingError
from .gates import gates
from .groups import Groups, folded
from .highlight import edges_of_paths, tickets_of, with_backward, with_path
from .model import Drawing
from .variables import variables

MOST = 2000                               # boxes of a picture


class Style(NamedTuple):
    """What draws a style, and what it can show: groups folded, tickets on edges; does it draw primitive operations one by one?"""

    make: Callable[..., Drawing]
    folds: bool = False
    tickets: bool = False
    primitive: bool = False


STYLES: Mapping[str, Style] = {"boxes": Style(boxes, folds=True, tickets=True), "variables": Style(variables),
                               "gates": Style(gates, folds=True, primitive=True), "derivatives": Style(derivatives)}
DIRECTIONS = {"right": False, "down": True}


def drawing(run: Run, *, style: str = "boxes", direction: str = "right", glyphs: Glyphs | None = None, tickets: Tickets | None = None,
            room: float | None = None, numbers: bool = True, parameters: Iterable[str] | None = None, notation: str | None = None,
            groups: Groups | None = None, opened: Iterable[str] = (), path: str | Sequence[str] | None = None, backward: str | None = None,
            wrap: float | None = None, unbroken: float = 0.0, layout: Layout | None = None) -> Drawing:
    """Lay out the picture of a run.

    Parameters
    ----------
    run : Run
    style : {"boxes", "variables", "gates", "derivatives"}
        Functions in boxes, variables as nodes, a circuit of gates, or boxes for gradients as well.
    direction : {"right", "down"}
        Left to right, or top to bottom.
    glyphs : Glyphs, optional
        The table of outlines to add formulas to, where several pictures share one.
    tickets : dict, optional
        For edges ``(source, consumer)`` the two lines of text that will stand on them in the backward pass, or a size (width, height):
        the picture keeps room and hands out free places.
    room : float, optional
        A layer that needs more pixels across the reading direction is split: 640, or 720 where the picture reads downwards.
    numbers : bool
        Show values and gradients.
    parameters : iterable of str, optional
        Inputs that are drawn as parameters; by default those with a gradient, if other inputs have none.
    notation : str, optional
        How formulas are written; by default as `conventions` chose.
    groups : dict of str to names, optional
        Variables to fold into one box each (of `run.unfolded()` in the style "gates"). By default the repeated blocks of a run with many
        variables; an empty dict folds nothing.
    opened : iterable of str
        Groups that are drawn whole, inside a frame.
    path : str or list of str, optional
        Variables of a path to point out; the name of one variable for all its paths to the output.
    backward : str, optional
        A variable: show the step of the backward pass that finds its gradient, each contribution on its edge (style "boxes").
    wrap : float, optional
        Break a picture that reads to the right into lines of about so many pixels.
    unbroken : float
        With `wrap`: a picture that is no wider than this stays in one line.
    layout : callable or dict, optional
        A layout function of networkx, any other that takes a graph and returns positions, or positions by name, y upwards.

    Returns
    -------
    Drawing

    Raises
    ------
    DrawingError
        For a style or direction that does not exist, an option that a style has no place for, a picture of more than 2 000 boxes.
    """
    if style not in STYLES:
        raise DrawingError(f"drawing {run.name} in the style {style!r}", f"there are the styles {listed(STYLES)}", "Choose one of these.")
    if direction not in DIRECTIONS:
        raise DrawingError(f"drawing {run.name} with direction={direction!r}", "a picture reads to the right or down",
                           "Write direction='right' or 'down'.")
    kind = STYLES[style]
    able = {"groups": groups and not kind.folds, "tickets": tickets and not kind.tickets, "backward": backward is not None and not kind.tickets}
    for option in (name for name, asked in able.items() if asked):
        others = [n for n, s in STYLES.items() if (s.folds if option == "groups" else s.tickets)]
        raise DrawingError(f"drawing {run.name} in the style {style!r} with {option}=", f"this style has no place for {option}",
                           f"Leave out {option}=, or choose {listed(others, 'or')}.")
    if backward is not None:
        tickets = tickets_of(run, backward)
    wanted = edges_of_paths(run, path) if path is not None else []
    whole = run.unfolded() if kind.primitive else run
    count = len(whole.variables)
    if count > MOST and (not kind.folds or len(folded(whole, groups).units) > MOST):
        raise DrawingError(f"drawing {run.name}", f"it has {count} {'operations' if kind.primitive else 'variables'}",
                           f"A picture of more than {MOST} boxes shows nothing: trace a smaller case, such as fewer layers or steps, or fold "
                           "variables into one box each with groups=.")
    options: dict[str, Any] = {"arrangement": Arrangement(DIRECTIONS[direction], room, wrap, layout, unbroken), "tickets": tickets,
                               "numbers": numbers, "parameters": parameters, "notation": notation or settings().notation, "groups": groups,
                               "opened": opened}
    made = replace(kind.make(run, glyphs or Glyphs(), **options), run=run)
    if wanted:
        made = with_path(made, wanted)
    return made if backward is None else with_backward(made, run, backward)
