"""The kinds of question, a file each: how they are posed, and how an answer is judged."""
from . import choosing, code, errors, formulas, graphs, numbers, ordering, shapes, tasks  # noqa: F401
