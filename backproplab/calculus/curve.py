"""The picture of finite differences: the error over the step size, with its two parts, as an SVG that is the same on every machine.

Both axes are logarithmic, so that a power of h is a straight line: truncation falls with h, rounding rises, and the error follows
whichever is larger.
"""
from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .steps import StepSizes

WIDE, HIGH = 620, 330                     # pixels
LEFT, RIGHT, TOP, BOTTOM = 74, 36, 34, 48
SMALLEST, LARGEST = -17, 2                # powers of ten of the error that are shown
INK, BLUE, ORANGE, PALE = "#1b1b1f", "#0067a0", "#b84a00", "#e4e4e8"
POWERS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def svg(steps: StepSizes) -> str:
    """The curve of `step_sizes` as the text of an SVG; large steps on the left, as the table reads from the top."""
    h = [-math.log10(r.h) for r in steps.rows]

    def x(power: float) -> float:
        return LEFT + (WIDE - LEFT - RIGHT) * power / h[-1]

    def y(power: float) -> float:
        return TOP + (HIGH - TOP - BOTTOM) * (LARGEST - power) / (LARGEST - SMALLEST)

    def points(errors: Sequence[float]) -> list[tuple[float, float]]:
        return [(x(k), y(min(LARGEST, max(SMALLEST, math.log10(e) if e > 0 else SMALLEST)))) for k, e in zip(h, errors, strict=True) if e == e]

    def path(errors: Sequence[float], colour: str, dashes: str, wide: float) -> str:
        d = " L".join(f"{a:.0f} {b:.0f}" for a, b in points(errors))
        return f'<path d="M{d}" fill="none" stroke="{colour}" stroke-width="{wide}" stroke-dasharray="{dashes}"/>' if d else ""

    lines = []
    for power in range(LARGEST, SMALLEST - 1, -3):
        lines.append(f'<path d="M{LEFT} {y(power):.0f} H{WIDE - RIGHT}" stroke="{PALE}"/>')
        lines.append(f'<text x="{LEFT - 8}" y="{y(power) + 4:.0f}" text-anchor="end">{_ten(power)}</text>')
    for power in range(0, round(h[-1]) + 1, 2):
        lines.append(f'<text x="{x(power):.0f}" y="{HIGH - BOTTOM + 18}" text-anchor="middle">{_ten(-power)}</text>')
    lines.append(f'<text x="{(LEFT + WIDE - RIGHT) / 2:.0f}" y="{HIGH - 8}" text-anchor="middle">step h</text>')
    lines.append(f'<text transform="translate(16 {(TOP + HIGH - BOTTOM) / 2:.0f}) rotate(-90)" text-anchor="middle">error of the derivative</text>')
    lines += [path([r.truncation for r in steps.rows], BLUE, "7 4", 2), path([r.rounding for r in steps.rows], ORANGE, "2 3", 2),
              path([r.error for r in steps.rows], INK, "none", 1.2)]
    lines += [f'<circle cx="{a:.0f}" cy="{b:.0f}" r="3.2" fill="{INK}"/>' for a, b in points([r.error for r in steps.rows])]
    for place, (colour, said) in zip((LEFT, LEFT + 110, LEFT + 320), ((INK, "● error"), (BLUE, "- - truncation: the formula"),
                                                                      (ORANGE, "··· rounding: the computer")), strict=True):
        lines.append(f'<text x="{place}" y="20" fill="{colour}">{said}</text>')
    title = f"Error of {steps.method} differences over the step; smallest at h = {steps.best.h:.0e}"
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" width="{WIDE}" height="{HIGH}" role="img" aria-label="{title}" '
            f'font-family="sans-serif" font-size="13" fill="{INK}"><title>{title}</title><rect width="{WIDE}" height="{HIGH}" fill="#ffffff"/>'
            f'{"".join(lines)}</svg>')


def _ten(power: int) -> str:
    return f"10{str(power).translate(POWERS)}" if power else "1"
