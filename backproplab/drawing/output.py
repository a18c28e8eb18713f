"""The public calls: a run, a function or a drawing in; SVG text, a figure or a file out."""
from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..engine.errors import listed
from ..engine.run import as_run
from .errors import DrawingError
from .figure import figure_of
from .model import Drawing
from .network import network
from .styles import drawing
from .svg import svg_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("svg", "pdf", "png")


def svg(run: Any, *, theme: str = "auto", background: bool = True, **options: Any) -> str:
    """A run as the text of an SVG file.

    Parameters
    ----------
    run : Run or Drawing
    theme : {"auto", "light", "dark", "print"}
        "auto" follows the reader's own light or dark setting.
    background : bool
        Fill the page behind the picture.
    **options
        Those of `drawing`, such as ``style="gates"`` or ``direction="down"``.

    Returns
    -------
    str
        The same text every time.

    Raises
    ------
    DrawingError
        For options that do not exist and pictures that are too large.
    """
    return svg_of(_drawn(run, options), theme, background)


def draw(run: Any, *, style: str = "boxes", theme: str = "light", scale: float = 1.0, **options: Any) -> Figure:
    """A run as a matplotlib figure.

    Parameters
    ----------
    run : Run or Drawing
    style : str
        See `drawing`.
    theme : {"light", "dark", "print"}
    scale : float
        1 for the size in which the picture is meant to be seen.
    **options
        Those of `drawing`.

    Returns
    -------
    matplotlib.figure.Figure
        A notebook shows it by itself; in a script, `fig.savefig("name.pdf")`, or `bl.drawing.save` for the same bytes every time.

    Raises
    ------
    DrawingError
        For options that do not exist and pictures that are too large.
    """
    if not isinstance(run, Drawing):
        options["style"] = style
    return figure_of(_drawn(run, options), theme, scale)


def draw_network(what: Any, *, theme: str = "light", scale: float = 1.0, **options: Any) -> Figure:
    """The diagram of a neural network as a matplotlib figure: circles for units, weights on the edges, no intercept, no loss.

    Parameters
    ----------
    what : Run or sequence of int
        A run whose function is a network, or the numbers of units from the inputs on, such as (2, 3, 1).
    theme, scale
        As for `draw`.
    **options
        Those of `network`: ``weights=False`` for plain edges, ``blocks=True`` for one block per layer.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    DrawingError
        When there is no network in the function, or a size is no positive whole number.
    """
    return figure_of(network(what, **options), theme, scale)


def save(run: Any, path: str | Path, *, theme: str = "light", scale: float = 1.0, **options: Any) -> Path:
    """Write a picture to a file, in the format that its name ends in. The same picture gives the same bytes.

    Parameters
    ----------
    run : Run or Drawing
    path : str or Path
        Ending in .svg, .pdf or .png.
    theme, scale
        As for `draw`; a PNG has 192 pixels to an inch at scale 1.
    **options
        Those of `drawing`.

    Returns
    -------
    Path

    Raises
    ------
    DrawingError
        For an ending that names no format.
    """
    path = Path(path)
    kind = path.suffix[1:].lower()
    if kind not in FORMATS:
        raise DrawingError(f"saving a picture as {path.name!r}", f"its ending is {path.suffix!r}",
                           f"End the name in {listed(['.' + f for f in FORMATS], 'or')}.")
    made = _drawn(run, options)
    if kind == "svg":
        path.write_text(svg_of(made, theme), encoding="utf-8", newline="\n")
    else:
        path.write_bytes(_bytes(figure_of(made, theme, scale), kind))
    return path


def _bytes(figure: Figure, kind: str) -> bytes:
    """A file without the date and the program's version, so that the same picture has the same bytes."""
    import matplotlib

    nothing = {"pdf": {"CreationDate": None, "Producer": None, "Creator": None}, "png": {"Software": None}}[kind]
    out = io.BytesIO()
    with matplotlib.rc_context({"pdf.fonttype": 42, "path.simplify": False}):
        figure.savefig(out, format=kind, dpi=192, metadata=nothing)
    return out.getvalue()


def _drawn(run: Any, options: dict[str, Any]) -> Drawing:
    if isinstance(run, Drawing):
        if options:
            raise DrawingError("drawing a finished drawing", f"options came with it: {listed(options)}",
                               "Give them to bl.drawing.drawing(run, ...) instead.")
        return run
    return drawing(as_run(run), **options)
