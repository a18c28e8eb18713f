"""Pages of results, each one file without script or network, made for paper too: a student's, and the class's."""
from __future__ import annotations

import hashlib
import html
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from .words import NOTHING, PARTLY, WORDS, word

STYLE = """
:root { color-scheme: light dark; --ink: #1c2733; --soft: #5a6672; --line: #d5dbe1; --bar: #3b6ea8; --good: #1a6b3c; --bad: #a1341f; --part: #80580b;
  --paper: #fff }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e9ee; --soft: #a3afba; --line: #3b4651; --bar: #7fb0e6; --good: #7fd1a0; --bad: #f09a86;
  --part: #e3bd6b; --paper: #14191f } }
@media print { :root { --ink: #000; --soft: #444; --line: #bbb; --bar: #555; --good: #000; --bad: #000; --part: #000;
  --paper: #fff } tr, figure { break-inside: avoid } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem } p { margin: .4rem 0 } .soft { color: var(--soft) }
.score { font-size: 2rem; font-variant-numeric: tabular-nums }
.wide { overflow-x: auto } table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .45rem .8rem .45rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
td.n, th.n { text-align: right; padding-right: 1.6rem; font-variant-numeric: tabular-nums; white-space: nowrap }
th { font-weight: 600; color: var(--soft); font-size: .9rem } pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem }
td:last-child.n, th:last-child.n { padding-right: 0 } td:last-child { padding-right: 0 } .said { color: var(--soft) }
svg { width: 100%; height: auto } svg text { fill: var(--soft); font-size: 12px } svg rect { fill: var(--bar) } figcaption { color: var(--soft) }
code { font-size: .95em } a { color: inherit; text-underline-offset: .2em } .right { color: var(--good) } .other { color: var(--bad) }
.right::before { content: "\\2713\\a0" } .other::before { content: "\\2717\\a0" }
.partly { color: var(--part) } .partly::before { content: "\\25d0\\a0" }
@media (max-width: 36rem) { .stack thead { display: none } .stack tr { display: block; border-bottom: 1px solid var(--line); padding: .5rem 0 }
 .stack td { display: block; border: 0; padding: .1rem 0; text-align: left } svg text { font-size: 17px } }
"""
MOST_STUDENTS = 30                         # of those that an instructor should look at
BARS = 12
STEPS = (0.25, 0.5, 1, 2, 5, 10, 20, 50, 100)      # points that a bar may be wide
SHARED = "handed in the notebook that was released for the same student as that of"


def literal(text: Any) -> str:
    """Text of anybody in a page: nothing in it is markup."""
    return html.escape("".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in str(text)))


def shown(text: Any) -> str:
    """The same, where `code` is marked up as our own sentences mean it."""
    return re.sub(r"`([^`\n]*)`", r"<code>\1</code>", literal(text))


def file_name(student: str) -> str:
    """A name for a student's file that is one everywhere, and no other student's."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", student).strip("-")[:60]
    if plain and plain == student and plain.lower() == student and not re.search("-[0-9a-f]{8}$", plain):
        return plain
    return f"{plain or 'student'}-{hashlib.sha256(student.encode('utf-8', 'replace')).hexdigest()[:8]}"


def marked_word(entry: dict[str, Any]) -> str:
    """The word, with a sign before it that needs no colour."""
    said = word(entry)
    manner = "right" if entry["verdict"] == "correct" else "partly" if said == PARTLY else "other"
    return f"<span class='{manner}'>{said.replace(' ', chr(0xA0))}</span>"


def page(title: str, body: Iterator[str]) -> bytes:
    head = (f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">'
            f"<title>{shown(title)}</title><style>{STYLE}</style></head><body><main>")
    return (head + "\n".join(body) + "</main></body></html>\n").encode("utf-8", "replace")


def student_page(student: str, result: dict[str, Any]) -> bytes:
    """One student's page: the sum, and a sentence for each question. It holds no time and no expected value."""
    def body() -> Iterator[str]:
        yield f"<h1>{shown(student)}</h1><p class='soft'>{shown(result['bank'])}</p>"
        yield f"<p class='score'>{number(result['score'])} <span class='soft'>of {number(result['max_score'])}</span></p>"
        if result["unsafe"]:
            yield "<p>Marked without isolation.</p>"
        for note in result["notes"]:
            yield f"<p>{shown(note)}</p>"
        yield from table(["Question", "Result", "Feedback", ("Points", "n")], (
            [f"{shown(q['id'])}<br><span class='soft'>{shown(q['objective'])}</span>", marked_word(q),
             feedback(q),
             f"{number(q['score'])} of {number(q['max_score'])}" if q["marked"] else "practice"] for q in result["questions"]), "stack")
        if result["errors"]:
            yield "<h2>Cells that stopped</h2>"
            yield from table(["Code cell", "Error", "What Python said"],
                             ([str(cell + 1), shown(name), shown(text)] for cell, name, text in result["errors"][:20]))
        if result["output"]:
            yield f"<h2>Printed</h2><pre>{shown(result['output'])}</pre>"
    return page(student, body())


def feedback(entry: dict[str, Any]) -> str:
    """What a student's page says about a question: the message, where it is more than the word beside it, and the answer that was marked."""
    said = [] if entry["code"] in ("correct", "wrong", "partly") else [shown(entry["message"])]
    if entry.get("read"):                                            # results of an earlier version have none
        said.append(f"<span class='soft'>Your answer, as it was read: <code>{literal(entry['read'])}</code></span>")
    return "<br>".join(said)


def class_page(run: dict[str, Any], found: Sequence[tuple[str, dict[str, Any] | None]], missing: Sequence[str] = (),
               anonymous: bool = False) -> bytes:
    """The class: how scores are spread, whom to look at, how hard each question was, which mistakes were most frequent, and everybody's score."""
    results = [(student, result) for student, result in found if result is not None]
    scored = [result["score"] for _, result in results if result["score"] is not None]
    most = max((result["max_score"] for _, result in results), default=0)

    def body() -> Iterator[str]:
        yield f"<h1>{shown(run['bank'])}</h1>"
        unmarked = len(found) - len(scored)
        yield f"<p class='{'soft' if not unmarked else 'other'}'>{len(scored)} of {len(found)} notebooks are marked.</p>"
        if scored and most:
            yield f"<p class='score'>{number(round(median(scored), 2))} <span class='soft'>of {number(most)}, the median</span></p>"
            yield f"<figure style='margin:0'>{bars(scored, most)}</figure>"
        whys = look(run, found, anonymous)
        if whys:
            yield "<h2>To be looked at</h2>"
            yield from table(["Student", "Why"], ([link(s), "<br>".join(map(shown, why))] for s, why in list(whys.items())[:MOST_STUDENTS]))
            if len(whys) > MOST_STUDENTS:
                yield f"<p class='soft'>and {len(whys) - MOST_STUDENTS} more</p>"
        if run.get("roster"):
            yield f"<h2>Handed in nothing: {len(missing)} of {len(run['roster'])}</h2>"
            if missing and not anonymous:
                yield f"<p>{shown('; '.join(missing))}</p>"
        yield "<h2>Questions, the hardest first</h2>"
        yield from table(["Question", ("Right", "n"), ("Points", "n"), "The others"], difficulty(run, [r for _, r in results]))
        mistakes = Counter((q["mistakes"] or q["message"], q["id"]) for _, r in results for q in r["questions"]
                           if q["mistakes"] or q["code"] == "known")
        if mistakes:
            yield "<h2>Most frequent mistakes</h2>"
            yield from table(["Mistake", "Question", ("Times", "n")],
                             ([shown(name), shown(id), str(count)] for (name, id), count in mistakes.most_common(12)))
        yield "<h2>Scores, the lowest first</h2>"
        yield from table(["Student", ("Points", "n"), "Not right"], everybody(results))
    return page(f"{run['bank']}: the class", body())


def look(run: dict[str, Any], found: Sequence[tuple[str, dict[str, Any] | None]], anonymous: bool) -> dict[str, list[str]]:
    """Whom an instructor should look at, the gravest first, and why."""
    roster, entries = set(run.get("roster", ())), run.get("students", {})      # where names are numbers, no entry is found
    released: dict[str, list[str]] = {}
    for student, result in found:
        if result is not None and result.get("released_for"):
            released.setdefault(result["released_for"], []).append(student)
    whys: dict[str, list[str]] = {}
    for student, result in found:
        if result is None:
            whys[student] = ["not marked yet"]
            continue
        entry, whose = entries.get(student, {}), result.get("released_for")
        listed = entry.get("listed")
        others = [other for other in released.get(str(whose), ()) if other != student]
        why = [f"{SHARED} {', '.join(others[:5])}"] if others else []
        if listed and whose and whose != listed:
            why.append(f"handed in the notebook released for {whose}, and is marked on variants of their own")
        if roster and not anonymous and not {listed, whose} & roster:
            why.append("not on the roster")
        if entry.get("others"):
            why.append(f"handed in {entry['others'] + 1} notebooks; {entry['source']} is marked")
        if entry.get("late"):
            why.append("late")
        why += reasons(result)
        if why:
            whys[student] = why
    return dict(sorted(whys.items(), key=lambda item: -any(SHARED in why or "released for" in why for why in item[1])))


def reasons(result: dict[str, Any]) -> list[str]:
    """Why an instructor should look at a result."""
    found = ["the grader could not mark it"] * (result["verdict"] == "fault") + ["marked without isolation"] * bool(result["unsafe"])
    ended = sorted({f"{q['id']}: {WORDS[q['verdict']]}" for q in result["questions"] if q["verdict"] in ("timeout", "killed")})
    nothing = all(q["code"] in NOTHING for q in result["questions"] if q["marked"])
    return found + list(result["notes"]) + ended + ["nothing is answered"] * nothing


def everybody(results: Sequence[tuple[str, dict[str, Any]]]) -> Iterator[list[str]]:
    """A row for each student, with what was not right."""
    for student, result in sorted(results, key=lambda pair: (-1.0 if pair[1]["score"] is None else pair[1]["score"], pair[0])):
        wrong = [f"{shown(q['id'])} <span class='soft'>{word(q)}</span>" for q in result["questions"] if q["marked"] and q["verdict"] != "correct"]
        yield [link(student), number(result["score"]), ", ".join(wrong)]


def link(student: str) -> str:
    """A student's name, which leads to their page."""
    return f"<a href='students/{file_name(student)}.html'>{shown(student)}</a>"


def difficulty(run: dict[str, Any], results: Sequence[dict[str, Any]]) -> Iterator[list[str]]:
    """A row for each question: share of right answers, mean of the points, the other verdicts."""
    rows = []
    for q in run["questions"]:
        entries = [e for r in results for e in r["questions"] if e["id"] == q["id"] and e["score"] is not None]
        right = sum(e["verdict"] == "correct" for e in entries) / len(entries) if entries else 0.0
        mean = sum(e["share"] for e in entries) / len(entries) if entries else 0.0
        others = Counter(word(e) for r in results for e in r["questions"] if e["id"] == q["id"] and e["verdict"] != "correct")
        said = ", ".join(f"{n} {word}" for word, n in others.most_common())
        rows.append((right, [f"{shown(q['id'])}<br><span class='soft'>{shown(q['objective'])}</span>", f"{100 * right:.0f} %",
                             f"{100 * mean:.0f} %" if q["marked"] else "practice", shown(said)]))
    for _, row in sorted(rows, key=lambda pair: pair[0]):
        yield row


def bars(scores: Sequence[float], most: float) -> str:
    """How many students have how many points, drawn: a bar from each round number of points up to the next."""
    step = next((step for step in STEPS if most / step <= BARS), most / BARS)
    count = max(1, math.ceil(most / step))
    counts = Counter(min(count - 1, int(s / step + 1e-9)) for s in scores)
    top, width, height = max(counts.values()), 60 * BARS // count, 140
    drawn = []
    for k in range(count):
        tall = height * counts[k] / top
        drawn.append(f"<rect x='{k * width + 4}' y='{20 + height - tall:.1f}' width='{width - 8}' height='{tall:.1f}'/>")
        if counts[k]:
            drawn.append(f"<text x='{k * width + width / 2}' y='{14 + height - tall:.1f}' text-anchor='middle'>{counts[k]}</text>")
        drawn.append(f"<text x='{k * width + 4}' y='{height + 38}'>{number(round(k * step, 2))}</text>")
    end = f"<text x='{count * width - 4}' y='{height + 38}' text-anchor='end'>{number(most)}</text>"
    said = "How many students have how many points: a bar counts from the number at its left up to the next"
    return (f"<svg viewBox='0 0 {count * width} {height + 46}' role='img' aria-label='{said}'>{''.join(drawn)}{end}</svg>"
            f"<figcaption>{said}.</figcaption>")


def table(head: Sequence[str | tuple[str, str]], rows: Iterator[list[str]], manner: str = "") -> Iterator[str]:
    """A table of cells that are markup already; a column whose head is a pair has that class."""
    kinds = [f" class='{h[1]}'" if isinstance(h, tuple) else "" for h in head]
    yield f"<div class='wide'><table class='{manner}'><thead><tr>" + "".join(
        f"<th scope='col'{k}>{h[0] if isinstance(h, tuple) else h}</th>" for h, k in zip(head, kinds, strict=True)) + "</tr></thead><tbody>"
    for row in rows:
        yield "<tr>" + "".join(f"<td{k}>{cell}</td>" for cell, k in zip(row, kinds, strict=True)) + "</tr>"
    yield "</tbody></table></div>"


def number(value: float | None) -> str:
    return "\N{EM DASH}" if value is None else f"{value:g}"
