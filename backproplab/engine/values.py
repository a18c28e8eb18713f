"""Values at the door: a private copy of every number and array that comes in, and short words for them in messages."""
from __future__ import annotations

from collections.abc import Mapping
from types import FrameType
from typing import Any

import numpy as np

from .errors import InputError, TraceError, UnknownNameError, listed, quoted_line

WHY_NOT = {"U": "Text is not a number: write the number itself, 2.0 and not '2.0'.", "S": "Bytes are not numbers.",
           "c": "Complex numbers have no gradient here: trace the real and the imaginary part as two inputs."}


def frozen(value: Any, what: str, frame: FrameType | None = None) -> Any:
    """A private, read-only copy: numbers and float arrays as float64, integer and boolean arrays with the dtype they have.

    Raises
    ------
    InputError
        For text, None, ragged lists, complex numbers, objects.
    """
    if value.__class__ is np.float64 or value.__class__ is np.bool_:
        return value
    if value.__class__ is float or value.__class__ is int:
        try:
            return np.float64(value)
        except OverflowError:
            raise InputError(f"tracing with {what}{quoted_line(frame)}", f"it is a whole number of {len(str(value))} digits",
                             "The largest float64 is about 1.8e308: rescale it.") from None
    if type(value).__module__.startswith("numpy.ma") and np.any(value.mask):
        raise InputError(f"tracing with {what}{quoted_line(frame)}", f"it is a masked array of shape {value.shape}",
                         "Its mask would be lost: choose with np.where(mask, a, b), or fill it in with .filled(0.0).")
    try:
        array = np.array(value)
    except TraceError:
        raise
    except Exception as error:                                          # ragged lists, objects whose conversion fails
        why = "Its rows have different lengths, and an array needs rows of equal length." if "inhomogeneous" in str(error) else \
            f"It cannot become an array: NumPy says {str(error).rstrip('.')}."
        raise InputError(f"tracing with {what}{quoted_line(frame)}", f"it is {shortened(value)}", why) from None
    kind = array.dtype.kind
    if kind not in "fiub":
        why = WHY_NOT.get(kind, "Give a number, an array of real numbers, or a list of them.")
        if value is None:
            why = "None is not a number: a helper without `return` gives None."
        elif isinstance(value, dict):
            why = f"A dict is not a number: use its entries, such as params[{next(iter(value), 'W')!r}]."
        raise InputError(f"tracing with {what}{quoted_line(frame)}", f"it is {shortened(value)}", why)
    if kind == "f" or kind in "iu" and not isinstance(value, (np.ndarray, np.generic)):
        array = array.astype(np.float64)                                # a list of whole numbers is a list of numbers
    if array.ndim == 0:
        scalar = array[()]
        return scalar if kind == "b" or kind in "iu" and isinstance(value, np.ndarray) else np.float64(scalar)
    array.setflags(write=False)
    return array


def sealed(value: Any) -> Any:
    """The same array, which can no longer be written into."""
    if value.__class__ is np.ndarray:
        value.setflags(write=False)
    return value


def shortened(value: Any, most: int = 60) -> str:
    """Its repr on one line, cut when long."""
    text = f"{value!r}".replace("\n", " ")
    return f"{text[:most - 1]}…" if len(text) > most else text


def shown(value: Any) -> str:
    """A value for reading: at most six digits; a large array by its corner."""
    if np.ndim(value) == 0:
        return f"{value:.6g}" if np.asarray(value).dtype.kind == "f" else str(value)
    return np.array2string(np.asarray(value), precision=4, threshold=20, suppress_small=True)


def described(value: Any) -> str:
    """A value in a message: a number, or an array with its shape, on one line."""
    if np.ndim(value) == 0:
        return shown(value)
    text = np.array2string(np.asarray(value), precision=4, threshold=6).replace("\n", "")
    return f"{text} of shape {np.shape(value)}" if np.size(value) > 6 else text


class Named(dict[str, Any]):
    """Values by the author's names; an unknown name is an error that lists the known ones."""

    def __init__(self, what: str, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.what = what

    def __missing__(self, name: object) -> Any:
        raise UnknownNameError(f"looking up {name!r} among the {self.what}", f"there are {listed(self) or 'none'}", "Use one of these names.")
