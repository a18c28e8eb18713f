"""A function or class typed into a page, defined as a cell of the learner's notebook would define it.

The text runs in the learner's own kernel, with NumPy as np and a namespace of its own. Marking other people's code is done elsewhere.
"""
from __future__ import annotations

from types import FunctionType
from typing import Any

from ..questions.generators import SCOPE
from ..questions.typed import cannot


def defined(text: str, name: str = "") -> Any:
    """The function or class of that name, or the last one that the text defines.

    Raises
    ------
    AnswerError
        In one sentence, when the text is no program, stops, or defines nothing of the kind.
    """
    if not isinstance(text, str) or not text.strip():
        raise cannot(str(text), "Nothing was typed: begin with def.")
    scope = {**SCOPE, "__name__": "answer"}
    try:
        exec(compile(text, "<answer>", "exec"), scope)
    except (SyntaxError, ValueError) as error:
        where = f"line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else "this"
        raise cannot(text, f"Python cannot read {where}: {getattr(error, 'msg', error)}.") from None
    except (Exception, SystemExit) as error:
        raise cannot(text, f"Python stopped with {type(error).__name__}: {error}.") from None
    made = {n: v for n, v in scope.items() if n not in SCOPE and isinstance(v, (FunctionType, type)) and v.__module__ == "answer"}
    if name and name in made:
        return made[name]
    if name and made:
        raise cannot(text, f"It defines {', '.join(made)}, and {name} is asked: begin with def {name}.")
    if not made:
        raise cannot(text, f"No function is defined here: begin with def{f' {name}' if name else ''}.")
    return list(made.values())[-1]
