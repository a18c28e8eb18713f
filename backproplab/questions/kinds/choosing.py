"""One of several, with a reason for every option: a wrong choice is answered by what is wrong with it."""
from __future__ import annotations

from typing import Any

from ..draws import Draw
from ..model import Kind, Outcome, Posed, Question, QuestionError, correct, kind, mistaken
from ..typed import cannot

LETTERS = "ABCDEFGHIJ"


def chosen(given: Any, options: tuple[tuple[str, bool, str], ...]) -> int:
    """Which option was meant: a letter, a number from 1, or its text.

    Raises
    ------
    AnswerError
    """
    texts = [t.replace("`", "") for t, _, _ in options]
    if isinstance(given, str):
        said = given.strip().replace("`", "")
        for text in (said, said := said.strip("().:")):          # a formula may end with a bracket of its own
            if text in texts:
                return texts.index(text)
        if len(said) == 1 and said.upper() in LETTERS[:len(options)]:
            return LETTERS.index(said.upper())
        if said.isdecimal() and len(said) < 4:
            given = int(said)
    if isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= len(options):
        return given - 1
    raise cannot(str(given), f"Choose one: a letter from A to {LETTERS[len(options) - 1]}.")


@kind
class Choice(Kind):
    """A question with options, shuffled by the seed."""

    name = "choice"
    parameters = {"options": "[(text, right?, reason)]: a reason for every option"}
    optional = {"fixed": "True to keep the order"}
    answers = "a letter"
    written = 'a letter in quotes, as "B"'

    def pose(self, question: Question, seed: Any) -> Posed:
        options = [tuple(o) for o in question.parameters["options"]]
        right = sum(bool(o[1]) for o in options)
        if not 2 <= len(options) <= len(LETTERS) or right != 1 or not all(len(o) == 3 and o[2] for o in options):
            raise QuestionError(f"posing the question {question.id!r}", f"it has {len(options)} options, {right} of them right",
                                "Give two to ten options as (text, right?, reason), one of them right, each with its reason.")
        if not question.parameters.get("fixed"):
            options = Draw(question.id, seed).shuffled(options)
        return self.posed(question, seed, next(k for k, o in enumerate(options) if o[1]), {}, options=tuple(options))

    def judge(self, posed: Posed, given: Any) -> Outcome:
        k = chosen(given, posed.options)
        text, right, reason = posed.options[k]
        return correct(reason) if right else mistaken(reason)

    def shown(self, posed: Posed) -> str:
        return f"{LETTERS[posed.answer]}: {posed.options[posed.answer][0]}"
