"""Numbers as they stand in the experiments' sentences."""
from __future__ import annotations

import math

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def size(x: float, places: int = 2) -> str:
    """A number with so many significant digits, as powers of ten where it is small or large: 1.4·10⁻⁶.

    >>> size(0.2244, 3), size(690_000.0), size(1.4e-6)
    ('0.224', '6.9·10⁵', '1.4·10⁻⁶')
    """
    if not math.isfinite(x):
        return "not finite"
    mantissa, exponent = f"{x:.{places - 1}e}".split("e")
    power = int(exponent)
    if x == 0 or -4 <= power < 4:
        rounded, decimals = float(f"{x:.{places}g}"), max(0, places - 1 - power)
        text = f"{rounded:.{decimals}f}"
        return (text.rstrip("0").rstrip(".") if decimals else text).replace("-", "−")
    return f"{mantissa}·10{str(power).translate(_RAISED)}".replace("-", "−")
