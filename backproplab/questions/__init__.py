"""Questions: predict, and be told why. A question is data; a known mistake is data; both are recomputed from a run."""
from .asks import FADING, ask_step, asks
from .matching import TOLERANCE, Tolerance
from .misconceptions import MISCONCEPTIONS, Case, misconception

__all__ = ["FADING", "MISCONCEPTIONS", "TOLERANCE", "Case", "Tolerance", "ask_step", "asks", "misconception"]
