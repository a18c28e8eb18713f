"""`drawing`: a run, a style and some options, and the picture comes out. A style is one entry of the table below."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..engine.errors import listed
from ..engine.run import Run
from ..notation import Glyphs
from .boxes import Tickets, boxes
from .errors import DrawingError
from .model import Drawing

MOST = 2000                               # boxes of a picture
STYLES: Mapping[str, Callable[..., Drawing]] = {"boxes": boxes}
DIRECTIONS = {"right": False, "down": True}


def drawing(run: Run, *, style: str = "boxes", direction: str = "right", glyphs: Glyphs | None = None, tickets: Tickets | None = None,
            room: float | None = None, numbers: bool = True, parameters: Iterable[str] | None = None, notation: str = "g") -> Drawing:
    """Lay out the picture of a run.

    Parameters
    ----------
    run : Run
    style : {"boxes"}
        The convention to follow.
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
        raise DrawingError(f"drawing {run.name} with direction={direction!r}", "a picture reads to the right or down", "Write direction='right' or 'down'.")
    if len(run.variables) > MOST:
        raise DrawingError(f"drawing {run.name}", f"it has {len(run.variables)} variables", f"A picture of more than {MOST} boxes shows nothing: trace a "
                           "smaller case, such as fewer layers or steps, or fold groups of variables into one box each with groups=.")
    options: dict[str, Any] = {"down": DIRECTIONS[direction], "tickets": tickets, "room": room, "numbers": numbers, "parameters": parameters,
                               "notation": notation}
    return STYLES[style](run, glyphs or Glyphs(), **options)
