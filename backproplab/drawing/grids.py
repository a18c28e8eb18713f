"""An array as a small table of numbers, tinted by magnitude.

Cells have few decimals and a common power of ten, which the badge under the table says together with the shape. A large array shows
its corner; one with more than two axes its rows one under the other.
"""
from __future__ import annotations

import math
from typing import Any

import numpy as np

MOST = 6                                  # rows and columns of a corner
WHOLE_SIDE, WHOLE = 8, 64                 # an array up to so many rows and columns, and so many entries, is shown whole
RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def shape_text(value: Any) -> str:
    """"4×3", "3", or "scalar"."""
    return "×".join(map(str, np.shape(value))) if np.ndim(value) else "scalar"


def grid(value: Any, role: str, *, peak: float | None = None, places: int | None = None) -> dict[str, Any]:
    """The cells of an array.

    Parameters
    ----------
    value : array
    role : str
        "v" for a value, "g" for a gradient.
    peak : float, optional
        The largest magnitude that tints and the power of ten go by, where several arrays are compared; by default the array's own.
    places : int, optional
        Decimals, where a printed column of several arrays has to add up.

    Returns
    -------
    dict
        ``cells`` rows of text, ``heat`` rows of numbers from 0 to 1, ``shape`` the badge, ``role``.
    """
    whole = np.asarray(value)
    a = whole.reshape(-1, whole.shape[-1]) if whole.ndim > 1 and whole.size else np.atleast_2d(whole)
    badge = shape_text(whole)
    if not a.size:
        return {"cells": [["empty"]], "heat": [[0.0]], "shape": badge, "role": role}
    if whole.ndim > 2:
        badge += f" as {a.shape[0]} rows"
    if max(a.shape) > WHOLE_SIDE or a.size > WHOLE:
        a = a[:MOST, :MOST]
        badge += " corner"
    if a.dtype.kind not in "f":
        cells = [[str(x).replace("-", "−") for x in row] for row in a.tolist()]
        top = float(np.abs(a.astype(float)).max()) or 1.0
        return {"cells": cells, "heat": [[round(abs(float(x)) / top, 2) for x in row] for row in a.tolist()], "shape": badge, "role": role}
    finite = np.abs(a[np.isfinite(a)])
    top = peak or float(finite.max(initial=0.0)) or 1.0
    power = 3 * math.floor(math.log10(top) / 3) if not 0.05 <= top < 1e4 else 0
    top, a = top / 10.0**power, a / 10.0**power
    shown = max(0, places + power) if places is not None else 2 if top < 10 else 1 if top < 100 else 0
    if power:
        badge += f" ·10{str(power).translate(RAISED)}"
    return {"cells": [[_cell(x, shown) for x in row] for row in a.tolist()],
            "heat": [[round(min(1.0, abs(x) / top), 2) if math.isfinite(x) else 1.0 for x in row] for row in a.tolist()], "shape": badge,
            "role": role}


def _cell(x: float, places: int) -> str:
    if not math.isfinite(x):
        return "NaN" if math.isnan(x) else "∞" if x > 0 else "−∞"
    text = f"{x:.{places}f}"
    return text.lstrip("-") if not float(text) else text.replace("-", "−")
