"""What the shape bench says: the names of mistakes with their reasons, and the hints. Sentences are made from axis names."""
from __future__ import annotations

from collections.abc import Mapping

from .shapes_formulas import ONE, Axes, Built, Forward

# {out}: the output, {v}: what is differentiated by, {other}: the other layout, {pair}: two axes that meet, {summed}: axes that are summed.
RULES = {
    "layout": {"name": "the other layout", "say": "Every number is right, but lying on its side: this is the answer in {other} layout.",
               "next": "Turn the whole product: swap the factors and turn each. (PQ)ᵀ = QᵀPᵀ."},
    "transpose": {"name": "wrong or missing transpose",
                  "say": "NumPy multiplies it without complaint, because the sizes agree. But {pair} meet: two axes of equal length that count "
                         "different things.", "next": "Turn a piece so that an axis meets itself."},
    "order": {"name": "factors in the wrong order", "say": "The product exists, but {pair} meet.",
              "next": "The piece that brings the rows of the answer goes left, the one that brings its columns goes right."},
    "elementwise": {"name": "elementwise instead of matrix product",
                    "say": "⊙ pairs entry with entry and adds nothing up. Here every entry of the answer is a sum over {summed}.",
                    "next": "Change the joint to a matrix product."},
    "no-upstream": {"name": "upstream gradient left out", "say": "This is only the local part: it says how {out} moves, not how the loss moves.",
                    "next": "Multiply by G = ∂L/∂{out}."},
    "no-local": {"name": "local derivative left out", "say": "G says how the loss moves with {out}. The step from {out} back to {v} is missing.",
                 "next": "Multiply by what multiplies {v} in the forward pass."},
    "bias-unsummed": {"name": "batch sum forgotten",
                      "say": "One gradient for every sample. But {v} is one vector that all samples share, so their gradients add up.",
                      "next": "Sum over the batch axis."},
    "bias-axis": {"name": "summed over the wrong axis", "say": "You added the outputs of each sample together and kept the batch axis.",
                  "next": "Sum so that the batch axis vanishes and the outputs stay."},
    "no-mask": {"name": "ReLU mask left out", "say": "The gradient goes through relu unchanged here, even where relu had cut the value to 0.",
                "next": "Multiply G by R entry by entry first."},
    "mask-only": {"name": "upstream gradient left out", "say": "R is the local slope of relu (0 or 1). The loss has not been asked yet.",
                  "next": "Multiply G and R entry by entry."},
}


def hints(answer: Built, name: str, target: Axes, axes: Mapping[str, Axes], forward: Forward) -> list[str]:
    """Upstream first, then the local part, then the order. They never print the answer."""
    others = [n for n, _ in answer.pieces if n != "G"]
    said = [f"Upstream first. Every path from {name} to the loss goes through {forward.out}, so G = ∂L/∂{forward.out} must be in your answer. "
            "Place G."]
    if answer.total is not None:
        gone = axes["G"][answer.total]
        return [*said, f"Local next. {forward.out} takes {name} in with slope 1, once for every sample, so there is nothing to multiply by.",
                f"Last, the axes. One {name} serves all samples, so the samples' gradients add up: {gone} must vanish."]
    if not others:
        return [*said, f"Local next. {forward.out} takes {name} in with slope 1: nothing to multiply by.",
                "The shapes already agree: one piece is the answer."]
    factors = [n for n in others if n != "R"]
    local = " and ".join(factors)
    if "R" in others:
        said.append("Local next. relu lets a gradient through where its input was positive. R is 1 there and 0 elsewhere: multiply entry by "
                    "entry, before any "
                    f"matrix product.{f' Then comes {local}.' if local else ''}")
    else:
        said.append(f"Local next. In the forward pass {name} is multiplied by {local}, so {local} is what you multiply by.")
    shared = [a for a in dict.fromkeys(a for n, _ in answer.pieces for a in axes[n]) if a not in target and a != ONE]
    sides = f"The result needs {_side(target[0])} as its rows and {_side(target[1])} as its columns"
    if shared:
        met = " and ".join(shared)
        plural = len(shared) > 1
        return [*said, f"Now the order. {sides}. {met} {'are' if plural else 'is'} not in it, so {met} must be summed: turn the boxes until "
                       f"{' and '.join(f'{a} faces {a}' for a in shared)}."]
    if "@" not in answer.operators:
        return [*said, f"{sides}: entry by entry, every box must lie like that."]
    return [*said, f"Now the order. {sides}: the piece that brings {_side(target[0])} goes left, the piece that brings {_side(target[1])} goes "
            "right."]


def _side(axis: str) -> str:
    return "one line" if axis == ONE else axis
