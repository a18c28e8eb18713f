"""`drawing`: a run, a style and some options, and the picture comes out. A style is one entry of the table below."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..engine.errors import listed
from ..engine.run import Run
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
STYLES: Mapping[str, Callable[..., Drawing]] = {"boxes": boxes, "variables": variables, "gates": gates, "derivatives": derivatives}
DIRECTIONS = {"right": False, "down": True}


def drawing(run: Run, *, style: str = "boxes", direction: str = "right", glyphs: Glyphs | None = None, tickets: Tickets | None = None,
            room: float | None = None, numbers: bool = True, parameters: Iterable[str] | None = None, notation: str = "g",
            groups: Groups | None = None, opened: Iterable[str] = (), path: str | Sequence[str] | None = None, backward: str | None = None,
            wrap: float | None = None, layout: Layout | None = None) -> Drawing:
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
        A layer that needs more pixels across the reading direction is split.
    numbers : bool
        Show values and gradients.
    parameters : iterable of str, optional
        Inputs that are drawn as parameters; by default those with a gradient, if other inputs have none.
    notation : str
        How formulas are written.
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
    layout : callable or dict, optional
        A layout function of networkx, any other that takes a graph and returns positions, or positions by name, y upwards.

    Returns
    -------
    Drawing

    Raises
    ------
    DrawingError
        For a style or direction that does not exist, and for a picture of more than 2 000 boxes.
    """
    if style not in STYLES:
        raise DrawingError(f"drawing {run.name} in the style {style!r}", f"there are the styles {listed(STYLES)}", "Choose one of these.")
    if direction not in DIRECTIONS:
        raise DrawingError(f"drawing {run.name} with direction={direction!r}", "a picture reads to the right or down",
                           "Write direction='right' or 'down'.")
    if backward is not None:
        if style != "boxes":
            raise DrawingError(f"drawing the backward step of {backward} in the style {style!r}", "its contributions stand on the edges of boxes",
                               "Leave out style=, or backward=.")
        tickets = tickets_of(run, backward)
    wanted = edges_of_paths(run, path) if path is not None else []
    if len(run.variables) > MOST and not _folds_enough(run, groups):
        raise DrawingError(f"drawing {run.name}", f"it has {len(run.variables)} variables",
                           f"A picture of more than {MOST} boxes shows nothing: trace a "
                           "smaller case, such as fewer layers or steps, or fold groups of variables into one box each with groups=.")
    options: dict[str, Any] = {"arrangement": Arrangement(DIRECTIONS[direction], room, wrap, layout), "tickets": tickets, "numbers": numbers,
                               "parameters": parameters, "notation": notation, "groups": groups, "opened": opened}
    made = STYLES[style](run, glyphs or Glyphs(), **options)
    if wanted:
        made = with_path(made, wanted)
    return made if backward is None else with_backward(made, run, backward)


def _folds_enough(run: Run, groups: Groups | None) -> bool:
    return len(folded(run, groups).units) <= MOST
