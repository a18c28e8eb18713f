"""Questions: predict, and be told why. A question is data; a known mistake is data; every number is recomputed from a run."""
from . import kinds  # noqa: F401  (makes the kinds known, which the bank needs)

from . import bank  # noqa: F401  isort: skip
from .asking import Asked, ask
from .asks import FADING, ask_step, asks
from .diagnosis import Diagnoses, Diagnosis, diagnose
from .draws import Draw
from .generators import scalar_program
from .matching import TOLERANCE, Tolerance
from .misconceptions import MISCONCEPTIONS, Case, misconception
from .model import KINDS, QUESTIONS, Outcome, Posed, Question, QuestionError, judge, question
from .records import Record, RecordError, record
from .stepping import note_steps
from .typed import AnswerError
from .variants import Report, report, screening, variant

__all__ = [
    "FADING", "KINDS", "MISCONCEPTIONS", "QUESTIONS", "TOLERANCE", "AnswerError", "Asked", "Case", "Diagnoses", "Diagnosis", "Draw", "Outcome",
    "Posed", "Question", "QuestionError", "Record", "RecordError", "Report", "Tolerance", "ask", "ask_step", "asks", "diagnose", "judge",
    "misconception", "note_steps", "question", "record", "report", "scalar_program", "screening", "variant"]
