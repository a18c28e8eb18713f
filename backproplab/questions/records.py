"""The learner's own record: what went right and wrong, in one file of the learner's folder. Nothing leaves the machine.

The file is JSON, written whole to a neighbour and moved into place, so that it is never half written; deleting it loses the record and
nothing else. Objectives in which much went wrong come back first, as new variants.
"""
from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..engine.errors import BackpropError
from .draws import Draw
from .model import QUESTIONS, Outcome, Posed, Question

NAME = "backproplab-record.json"
VERSION = 1
MEMORY = 8                                # answers of an objective that are looked at
KEPT = 5000                               # entries; beyond, the oldest go
HALF = 0.7                                # an answer counts this much of the one after it


class RecordError(BackpropError, OSError):
    """A record that cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Row:
    """One objective, looked back at.

    Attributes
    ----------
    objective : str
    asked, right, first : int
        Questions, those answered rightly, those answered rightly at once and without a hint.
    strength : float
        0 to 1: the latest answers count most.
    mistakes : tuple of (str, int)
        The mistakes that were recognised most often.
    """

    objective: str
    asked: int
    right: int
    first: int
    strength: float
    mistakes: tuple[tuple[str, int], ...] = ()


class Record:
    """What a learner has answered.

    Parameters
    ----------
    path : str or Path, optional
        The file; by default `backproplab-record.json` in the folder one works in.

    Raises
    ------
    RecordError
        When the file exists and is not a record; it is left as it is.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.path = Path(path) if path is not None else Path.cwd() / NAME
        self.entries: list[dict[str, Any]] = self._read()

    def _read(self) -> list[dict[str, Any]]:
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        except (OSError, UnicodeDecodeError) as error:
            raise RecordError(f"reading the record {self.path.name}", f"Python says: {error}",
                              "Move the file away, or name another with path=.") from None
        try:
            found = json.loads(text)
            entries = found["answers"]
            if found["version"] != VERSION or not isinstance(entries, list) or not all(map(is_entry, entries)):
                raise ValueError
        except (ValueError, KeyError, TypeError, RecursionError):
            raise RecordError(f"reading the record {self.path.name}", "the file is not a record of this version",
                              "Move it away, and a new one will begin; or name another with path=.") from None
        return entries

    def note(self, posed: Posed, outcome: Outcome, tries: int = 1, hints: int = 0) -> None:
        """Note an answer, and write the file."""
        self.add([entry(posed.id, posed.seed, posed.objective, outcome.right, tries, hints, outcome.names)])

    def add(self, entries: Iterable[dict[str, Any]]) -> None:
        """Note several at once, after what stands in the file by now: another notebook may have written to it, or deleted it.

        Raises
        ------
        RecordError
            When the file cannot be read or written; nothing is noted then.
        """
        before = self.entries
        self.entries = [*self._read(), *entries][-KEPT:]
        try:
            self.save()
        except RecordError:
            self.entries = before
            raise

    def save(self) -> None:
        """Write the whole file beside its place, then move it there.

        Raises
        ------
        RecordError
            When the folder cannot be written to.
        """
        text = json.dumps({"version": VERSION, "answers": self.entries}, ensure_ascii=False, indent=1) + "\n"
        try:
            handle, temporary = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self.path.parent)
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(text)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(temporary, self.path)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise RecordError(f"writing the record {self.path.name}", f"Python says: {error}",
                              "Name a folder that can be written to, with path=.") from None

    def delete(self) -> None:
        """Remove the file and forget everything."""
        self.path.unlink(missing_ok=True)
        self.entries = []

    # ---- looking back --------------------------------------------------------------------------------------------------------

    def rows(self) -> list[Row]:
        """The objectives, the weakest first."""
        by: dict[str, list[dict[str, Any]]] = {}
        for e in self.entries:
            by.setdefault(e["objective"], []).append(e)
        return sorted((_row(o, found) for o, found in by.items()), key=lambda r: (r.strength, r.objective))

    def practice(self, count: int = 5, among: Iterable[str | Question] | None = None) -> list[tuple[str, int]]:
        """What to ask next: (id, seed) of new variants, weak objectives more often, objectives never met in between.

        Parameters
        ----------
        count : int
        among : iterable of str or Question, optional
            By default every question there is.

        Returns
        -------
        list of (str, int)
            The same for the same record.
        """
        ids = [q.id if isinstance(q, Question) else q for q in (among if among is not None else QUESTIONS)]
        strength = {r.objective: r.strength for r in self.rows()}
        draw = Draw("practice", len(self.entries), json.dumps(self.entries[-MEMORY:], sort_keys=True))
        chosen: list[tuple[str, int]] = []
        last: dict[str, int] = {}
        for e in self.entries:
            last[e["question"]] = max(last.get(e["question"], 0), e["seed"] if isinstance(e["seed"], int) else 0)
        while ids and len(chosen) < count:
            taken = [i for i, _ in chosen]
            weights = [(1.15 - strength.get(QUESTIONS[i].objective, 0.5)) ** 2 / (1 + taken.count(i)) ** 3 for i in ids]
            point, k = draw.real() * sum(weights), 0
            while k < len(ids) - 1 and point >= weights[k]:
                point -= weights[k]
                k += 1
            last[ids[k]] = last.get(ids[k], -1) + 1
            chosen.append((ids[k], last[ids[k]]))
        return chosen

    def __repr__(self) -> str:
        rows = self.rows()
        if not rows:
            return "Nothing has been answered yet."
        width = max(len(r.objective) for r in rows)
        head = f"{'objective'.ljust(width)}  asked  right  at once  strength"
        lines = [f"{r.objective.ljust(width)}  {r.asked:5}  {r.right:5}  {r.first:7}  {bar(r.strength)}" for r in rows]
        notes = [f"{r.objective}: most often {', '.join(f'{n} ({c})' for n, c in r.mistakes)}" for r in rows if r.mistakes]
        return "\n".join([head, *lines, *notes])

    def draw(self) -> Any:
        """The same as a picture: a matplotlib Figure with a bar for each objective.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from matplotlib.figure import Figure
        rows = self.rows()[::-1]
        figure = Figure(figsize=(7, 1.1 + 0.38 * max(1, len(rows))), layout="constrained")
        axes = figure.subplots()
        places = range(len(rows))
        axes.barh(places, [r.strength for r in rows], color="#0072b2", height=0.6)
        axes.barh(places, [1 - r.strength for r in rows], left=[r.strength for r in rows], color="none", edgecolor="#8a8a8a", height=0.6)
        for k, r in zip(places, rows, strict=True):
            axes.text(1.02, k, f"{r.right} of {r.asked} right", va="center", fontsize=9)
        axes.set_yticks(list(places), [r.objective for r in rows])
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.5, 1], ["weak", "", "strong"])
        axes.set_title("What comes back first stands on top" if rows else "Nothing has been answered yet", fontsize=10, loc="left")
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.tick_params(length=0)
        return figure


def entry(question: str, seed: Any, objective: str, right: bool, tries: int = 1, hints: int = 0, mistakes: Iterable[str] = ()) -> dict[str, Any]:
    """An answer as the file holds it."""
    return {"question": question, "seed": seed, "objective": objective, "right": right, "tries": tries, "hints": hints, "mistakes": list(mistakes)}


def is_entry(e: Any) -> bool:
    """Could this have been written here?"""
    return (isinstance(e, dict) and isinstance(e.get("question"), str) and isinstance(e.get("objective"), str) and isinstance(e.get("right"), bool)
            and isinstance(e.get("seed"), (int, str)) and all(isinstance(e.get(k), int) for k in ("tries", "hints"))
            and isinstance(e.get("mistakes"), list) and all(isinstance(m, str) for m in e["mistakes"]))


def _row(objective: str, found: list[dict[str, Any]]) -> Row:
    best: dict[tuple[str, Any], tuple[bool, bool]] = {}
    for e in found:
        right, once = best.get((e["question"], str(e["seed"])), (False, False))
        best[e["question"], str(e["seed"])] = (right or e["right"], once or at_once(e))
    recent = [1.0 if at_once(e) else 0.5 if e["right"] else 0.0 for e in found[-MEMORY:]][::-1]
    weights = [HALF**k for k in range(len(recent))]
    counts: dict[str, int] = {}
    for e in found:
        for name in e["mistakes"]:
            counts[name] = counts.get(name, 0) + 1
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:2]
    strength = sum(w * r for w, r in zip(weights, recent, strict=True)) / sum(weights)
    return Row(objective, len(best), sum(r for r, _ in best.values()), sum(o for _, o in best.values()), round(strength, 3), tuple(most))


def at_once(e: dict[str, Any]) -> bool:
    """Right at the first try, without a hint?"""
    return bool(e["right"] and e["tries"] == 1 and not e["hints"])


def bar(strength: float, width: int = 10) -> str:
    """####...... for a terminal."""
    full = round(strength * width)
    return "#" * full + "." * (width - full)


def record(path: str | Path | None = None) -> Record:
    """The learner's record; see `Record`."""
    return Record(path)
