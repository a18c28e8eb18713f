"""The public calls: a run, a function or a drawing in; SVG text, a figure or a file out."""
from __future__ import annotations

import inspect
import io
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..engine.errors import listed
from ..engine.run import Run, as_run
from .errors import DrawingError
from .figure import figure_of
from .model import Drawing
from .network import network
from .styles import drawing
from .svg import svg_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("svg", "pdf", "png")


def svg(run: Any, /, *args: Any, theme: str = "auto", background: bool = True, **options: Any) -> str:
    """A run as the text of an SVG file.

    Parameters
    ----------
    run : Run, callable or Drawing
        A function is traced first, with the inputs given.
    *args
        Its inputs, by position.
    theme : {"auto", "light", "dark", "print"}
        "auto" follows the reader's own light or dark setting.
    background : bool
        Fill the page behind the picture.
    **options
        Those of `drawing`, such as ``style="gates"`` or ``direction="down"``; inputs of a function by name, or in a dict ``inputs=`` where
        a name is an option too.

    Returns
    -------
    str
        The same text every time.

    Raises
    ------
    DrawingError
        For options that do not exist and pictures that are too large.

    Examples
    --------
    >>> svg(lambda x: x * x, x=3.0, style="gates")[:4]
    '<svg'
    """
    return svg_of(_drawn(run, args, options), theme, background)


def draw(run: Any, /, *args: Any, style: str = "boxes", theme: str = "light", scale: float = 1.0, **options: Any) -> Figure:
    """A run as a matplotlib figure.

    Parameters
    ----------
    run : Run, callable or Drawing
        A function is traced first, with the inputs given.
    *args
        Its inputs, by position.
    style : str
        See `drawing`.
    theme : {"light", "dark", "print"}
    scale : float
        1 for the size in which the picture is meant to be seen.
    **options
        Those of `drawing`; inputs of a function by name, or in a dict ``inputs=`` where a name is an option too.

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
    return figure_of(_drawn(run, args, options), theme, scale)


def draw_network(what: Any, /, *args: Any, theme: str = "light", scale: float = 1.0, **options: Any) -> Figure:
    """The diagram of a neural network as a matplotlib figure: circles for units, weights on the edges, no intercept, no loss.

    Parameters
    ----------
    what : Run, callable or sequence of int
        A run whose function is a network, such a function with its inputs, or the numbers of units from the inputs on, such as (2, 3, 1).
    *args
        Inputs of a function, by position.
    theme, scale
        As for `draw`.
    **options
        Those of `network`: ``weights=False`` for plain edges, ``blocks=True`` for one block per layer; inputs of a function by name.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    DrawingError
        When there is no network in the function, or a size is no positive whole number.
    """
    if callable(what) or isinstance(what, Run):
        what = _run(what, args, options, NETWORK)
    return figure_of(network(what, **options), theme, scale)


def save(run: Any, path: str | Path, /, *, theme: str = "light", scale: float = 1.0, **options: Any) -> Path:
    """Write a picture to a file, in the format that its name ends in. The same picture gives the same bytes.

    Parameters
    ----------
    run : Run, callable or Drawing
        A function is traced first, with the inputs given by name.
    path : str or Path
        Ending in .svg, .pdf or .png.
    theme, scale
        As for `draw`; a PNG has 192 pixels to an inch at scale 1.
    **options
        Those of `drawing`; inputs of a function by name, or in a dict ``inputs=`` where a name is an option too.

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
    made = _drawn(run, (), options)
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


OPTIONS, NETWORK = (tuple(inspect.signature(f).parameters)[1:] for f in (drawing, network))


def _drawn(run: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Drawing:
    """The drawing of a run, or of a function with its inputs."""
    if isinstance(run, Drawing):
        if args or options:
            raise DrawingError("drawing a finished drawing", f"options came with it: {listed([*map(repr, args), *options])}",
                               "Give them to bl.drawing.drawing(run, ...) instead.")
        return run
    return drawing(_run(run, args, options, OPTIONS), **options)


def _run(run: Any, args: tuple[Any, ...], options: dict[str, Any], known: Collection[str]) -> Run:
    """A run as it is, or a function traced; what is no option of a drawing is an input of the function, and leaves the options."""
    inputs = {**(options.pop("inputs", None) or {}), **{n: options.pop(n) for n in list(options) if n not in known}}
    if isinstance(run, Run) and (args or inputs):
        said = listed([*map(repr, args), *(f"{n}=" for n in inputs)])
        raise DrawingError(f"drawing {run.name}", f"{said} came with it, and a run has its inputs already", f"The options are {listed(known)}.")
    return as_run(run, args, inputs)
