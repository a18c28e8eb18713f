"""Questions: predict, and be told why. A question is data; a known mistake is data; every number is recomputed from a run."""
from .asks import FADING, ask_step, asks
from .diagnosis import Diagnoses, Diagnosis, diagnose
from .matching import TOLERANCE, Tolerance
from .misconceptions import MISCONCEPTIONS, Case, misconception
from .typed import AnswerError

__all__ = ["FADING", "MISCONCEPTIONS", "TOLERANCE", "AnswerError", "Case", "Diagnoses", "Diagnosis", "Tolerance", "ask_step", "asks", "diagnose",
           "misconception"]
