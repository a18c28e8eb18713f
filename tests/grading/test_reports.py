"""What is made of results: right numbers, no formula, no markup of a student's, and pages that need nothing else."""
import csv
import html
import io
import json
import re
from html.parser import HTMLParser

import pytest

from backproplab.grading import command
from backproplab.grading.batch import grade, threads
from backproplab.grading.collecting import collected
from backproplab.grading.marking import Marking, faulty, mark
from backproplab.grading.names import known_as, meant
from backproplab.grading.reports import ReportError, report
from backproplab.grading.reports.gradescope import results_json
from backproplab.grading.reports.pages import SHARED, bars, class_page, file_name, shown, student_page
from backproplab.grading.reports.tables import canvas, guarded
from backproplab.grading.results import Results
from backproplab.grading.sandbox import Limits
from tests.grading.notebooks import BANK, FULL, NUMPY, WRONG_LINEAR, notebook

EVIL = "=cmd|'x'!A1 <script>alert(1)</script>"


@pytest.fixture(scope="module")
def results(isolation, tmp_path_factory):
    """A class of five: right, wrong, evil, no notebook, and one that the grader could not mark."""
    place, out = tmp_path_factory.mktemp("in"), Results(tmp_path_factory.mktemp("out"))
    made = {"doejane": notebook(), "roeric": notebook({"linear": WRONG_LINEAR, "product": "def product_gradients(x, z): return z, x"}),
            "zz empty": b"", "lost": notebook(before="lost = 1"),
            "=evil": notebook(before=f"print({EVIL!r})\nraise ValueError({EVIL!r})", backproplab={"student": EVIL})}
    for name, data in made.items():
        (place / f"{name}.ipynb").write_bytes(data)
    marking = Marking(BANK, isolation, Limits(seconds=2.0), out.secret())
    grade(marking, collected(place), out, pool=threads(2))
    entry = out.run()["students"]["lost"]
    out.write(entry["hash"], faulty(marking, "lost", "lost.ipynb", b"", "The grader stopped."))
    return out


@pytest.fixture(scope="module")
def written(results, tmp_path_factory):
    out = tmp_path_factory.mktemp("report")
    return out, report(results, out)


def rows(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_the_table_has_every_student_and_no_zero_for_a_fault(written):
    out, told = written
    table = rows((out / "scores.csv").read_bytes())
    by = {row[0]: row for row in table[1:]}
    assert table[0][:4] == ["student", "score", "of", "verdict"] and set(by) == {"doejane", "roeric", "zz empty", "lost", "'=evil"}
    assert by["doejane"][1:4] == [f"{FULL:g}", f"{FULL:g}", "marked"] and by["roeric"][1] == f"{FULL - 5:g}"
    assert by["lost"][1:4] == ["", f"{FULL:g}", "not marked"]
    assert told[:2] == [f"Written into {out}:", "scores.csv: 5 of 5 students"]


@pytest.mark.parametrize("value, cell", [("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\t=1", "'\t=1"), ("\r1", "'\r1"),
                                         ("  =1", "'  =1"),
                                         ("ann", "ann"), (-1.5, "-1.5"), (None, ""), (3.0, "3")])
def test_no_cell_is_a_formula(value, cell):
    assert guarded(value) == cell


def test_no_name_reaches_past_its_cell(results, written):
    for text in ("\uff1d1+1", "\uff201", "\xa0=1"):
        assert guarded(text) == f"'{text}"
    lines = (written[0] / "scores.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) == 6 and all(line.startswith('"') and line.endswith('"') for line in lines)


def test_a_name_like_anothers_takes_neither_their_score_nor_their_page():
    by = known_as(["doejane", "roe.eric", "ann", "ann!", "Doe Jane", "roe-eric"])
    assert [meant(name, by) for name in ("doejane", "ann", "ann!", "roe.eric", "Doe Jane")] == ["doejane", "ann", "ann!", "roe.eric", "Doe Jane"]
    assert meant("roeeric", by) is meant("Doe, Jane", by) is None     # two are nearly called that
    assert file_name(file_name("Ann")) != file_name("Ann") and file_name("ann-smith") == "ann-smith"


def test_who_hands_in_another_students_release_is_seen(isolation, tmp_path):
    (tmp_path / "in").mkdir()
    for name, whose in (("ann", "ann"), ("bob", "bob"), ("zed", "ann")):
        (tmp_path / "in" / f"{name}.ipynb").write_bytes(notebook(backproplab={"student": whose}))
    out = Results(tmp_path / "out")
    grade(Marking(BANK, isolation, Limits(seconds=2.0), out.secret()), collected(tmp_path / "in"), out, pool=threads(2))
    for anonymous in (False, True):
        report(out, tmp_path / f"r{anonymous}", anonymous=anonymous)
        page = (tmp_path / f"r{anonymous}" / "class.html").read_text()
        assert page.count(SHARED) == 2 and ("zed" in page) is not anonymous
        assert anonymous or f"{SHARED} zed" in page and f"{SHARED} ann" in page
        assert not anonymous or not re.search(r">(ann|bob|zed)\b", page)


@pytest.mark.parametrize("name, who", [
    ("ann@x.edu", "ann@x.edu"), ("ann", "ann@x.edu"), ("ANN", "ann@x.edu"), ("bob.lee", "bob.lee@x.edu"), ("BobLee", "bob.lee@x.edu"),
    ("7", "7@x.edu"),
    ("Lee Ann", None), ("sam", None), ("sam@y.edu", "sam@y.edu"), ("eve", None), ("", None), ("@", None), ("an", None), ("ann@y.edu", None)])
def test_who_on_the_roster_is_meant(name, who):
    assert meant(name, known_as(["ann@x.edu", "bob.lee@x.edu", "sam@x.edu", "sam@y.edu", "7@x.edu"])) == who


@pytest.mark.parametrize("roster, name, who", [
    (["jose", "jos\u00e9"], "jose\u0301", "jos\u00e9"), (["ann.lee", "annlee"], "ann-lee", None), (["ann", "ann@y.edu"], "ann@z.edu", None),
    (["ann", "Ann"], "ANN", None), (["12", "1.2"], "1_2", None), (["ann@x.edu"], "ann@y.edu", None), (["ann@x.edu", "ann@y.edu"], "ann", None),
    (["ann"], "ann@x.edu", "ann"), (["Doe, Jane", "Roe, Jo"], "Jane Doe", "Doe, Jane"), (["doejane"], "Doe, Jane", "doejane"),
    ([" ann "], "ann", " ann "), (["Li Yang", "Yang Li"], "yangli", None), (["Ann Lee", "Bo Roy"], "leeann", "Ann Lee"),
    (["ปู"], "ปี", None), (["राम"], "रीमा", None)])
def test_where_two_may_be_meant_nobody_is(roster, name, who):
    assert meant(name, known_as(roster)) == who


def test_another_name_of_somebody_with_another_address_is_not_theirs():
    assert meant("ann@evil.com", known_as(["u1"], {"u1": ["ann@x.edu"]})) is None
    assert meant("ann@x.edu", known_as(["u1"], {"u1": ["ann@x.edu"]})) == meant("ann", known_as(["u1"], {"u1": ["ann@x.edu"]})) == "u1"


@pytest.mark.parametrize("called, lines, filled", [
    ("Ann Lee", ["Lee, Ann|ann.lee", "Lee, Ann|ann.lee2"], None),               # a name of two, though one has it for a login
    ("ann.lee", ["Lee, Ann|ann.lee", "Lee, Ann|ann.lee2"], 0),                  # a login is one's own
    ("Lee, Ann", ["Lee, Ann|q1", "Ann, Lee|q2"], 0),                            # who is called just that, before who is called nearly that
    ("राम", ["रीमा|q1", "Roy, Bo|q2"], None)])
def test_a_score_stands_in_nobody_elses_line(tmp_path, called, lines, filled):
    rows_ = [line.split("|") for line in lines]
    table = "".join(f'"{name}",{k},{login},\n' for k, (name, login) in enumerate([["Points Possible", ""], *rows_]))
    (tmp_path / "g.csv").write_text("Student,ID,SIS Login ID,HW (12)\n" + table + "\"Roe, Jo\",9,jo.roe,\n", encoding="utf-8")
    found = [(who, {"score": 1.0, "max_score": 1.0}) for who in (called, "Jo Roe")]
    written, _ = canvas(tmp_path / "g.csv", None, found)
    scores = [row[3] for row in rows(written)[2:]]
    assert scores == ["1" if k == filled else "" for k in range(len(lines))] + ["1"]


def test_with_a_roster_the_missing_are_told_and_strangers_seen(isolation, tmp_path):
    (tmp_path / "in").mkdir()
    for name, whose in (("ann", "ann@x.edu"), ("doejane", "jane@x.edu"), ("zed", ""), ("bob", "ann@x.edu")):
        (tmp_path / "in" / f"{name}.ipynb").write_bytes(notebook(backproplab={"student": whose}))
    out = Results(tmp_path / "out")
    roster = tuple((name,) for name in ("ann@x.edu", "bob@x.edu", "jane@x.edu", "=max", "eve@x.edu"))
    grade(Marking(BANK, isolation, Limits(seconds=2.0), out.secret(), roster=roster), collected(tmp_path / "in"), out, pool=threads(2))
    told = report(out, tmp_path / "r")
    assert "2 of the 5 on the roster handed in nothing: =max, eve@x.edu" in told
    table = {row[0]: row for row in rows((tmp_path / "r" / "scores.csv").read_bytes())}
    assert [table[name][1:4] for name in ("'=max", "eve@x.edu")] == [["", "", "nothing handed in"]] * 2 and len(table) == 7
    assert len({len(row) for row in table.values()}) == 1
    page = (tmp_path / "r" / "class.html").read_text()
    assert "Handed in nothing: 2 of 5" in page and "=max; eve@x.edu" in page
    assert page.count("not on the roster") == 1 and page.index(">zed<") < page.index("not on the roster")
    assert page.count("handed in the notebook released for ann@x.edu, and is marked on variants of their own") == 1
    with pytest.raises(ReportError, match="pages with names"):
        report(out, tmp_path / "r", anonymous=True)
    told = report(out, tmp_path / "a", anonymous=True)
    page = (tmp_path / "a" / "class.html").read_text()
    assert "2 of the 5 on the roster handed in nothing" in told and "Handed in nothing: 2 of 5" in page and "@x.edu" not in page
    assert "not on the roster" not in page
    assert b"=max" not in (tmp_path / "a" / "scores.csv").read_bytes()


def test_gradescope_gets_a_score_for_what_was_marked_and_none_for_a_fault(written):
    out, _ = written
    read = {file.stem: json.loads(file.read_bytes()) for file in (out / "gradescope").iterdir()}
    assert len(read) == 5
    jane, lost = read["doejane"], read["lost"]
    assert jane["score"] == FULL and sum(t["score"] for t in jane["tests"]) == FULL and {t["visibility"] for t in jane["tests"]} == {"visible"}
    assert "score" not in lost and not any("score" in t for t in lost["tests"]) and "not your fault" in lost["output"]
    assert jane["extra_data"]["layers"] and jane["extra_data"]["unsafe"] is False


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.open += [tag] if tag not in ("meta", "br", "rect") else []

    def handle_endtag(self, tag):
        assert tag == "rect" or self.open.pop() == tag


def pages(out):
    return {path.name: path.read_text(encoding="utf-8") for path in (*(out / "students").iterdir(), out / "class.html")}


def test_pages_are_whole_need_nothing_and_hold_nobodys_markup(written):
    found = pages(written[0])
    assert len(found) == 6
    for text in found.values():
        tags = Tags(text)
        assert tags.open == [] and not {"script", "link", "img", "iframe", "form"} & {tag for tag, _ in tags.tags}
        assert not re.search(r"https?:|//\w", text) and not any(k.startswith("on") or k == "src" for _, a in tags.tags for k in a)
        led = [a["href"] for _, a in tags.tags if "href" in a]
        assert all(re.fullmatch(r"students/[A-Za-z0-9_-]+\.html", link) and (written[0] / link).is_file() for link in led)
        assert bool(led) == ("the class" in text)
    evil = next(text for name, text in found.items() if name.startswith("evil"))
    assert "&lt;script&gt;" in evil and "&#x27;x&#x27;" in evil


def test_a_students_page_says_how_each_question_went_and_not_how_long_it_took(written, results):
    text = pages(written[0])["roeric.html"]
    assert "`" not in text and "<code>dX</code> has other values than asked." in text and f"{FULL - 5:g} <span class='soft'>of {FULL:g}" in text
    assert "0 of 3" in text and "practice" in text
    result = dict(results)["roeric"]
    assert result["seconds"] < 9e4 and student_page("roeric", result | {"seconds": 98765.4}) == student_page("roeric", result)


def test_the_class_page_has_the_median_the_hardest_and_the_mistakes(written):
    text = pages(written[0])["class.html"]
    assert "4 of 5 notebooks are marked" in text and "the median" in text and "<svg" in text
    assert text.index("Questions, the hardest first") < text.index("linear") < text.index("pick")
    assert "the grader could not mark it" in text and "The file is empty." in text
    assert [float(n) for n in re.findall(r"<td class='n'>([\d.]+)</td>", text[text.index("Scores, the lowest first"):])] == [0, FULL - 5, FULL, FULL]


def test_anonymous_reports_hold_no_name(results, tmp_path):
    report(results, tmp_path, anonymous=True)
    every = b"".join(p.read_bytes() + p.name.encode() for p in tmp_path.rglob("*") if p.is_file()).decode("utf-8-sig")
    assert not any(name in every for name in ("doejane", "roeric", "zz empty", "evil")) and "student 1" in every


CANVAS = ("\ufeffStudent,ID,SIS Login ID,Section,HW 1 (771),Final Score\n    Points Possible,,,,8,(read only)\n"
          "\"Doe, Jane\",11,jdoe7,A,,12\n\"Roe, Ric\",12,rroe,A,-1,\n\"Poe, Eve\",13,,A,,\n\"=1+1, X\",14,,A,,\n")


def test_canvass_gradebook_is_filled_by_name_and_stays_as_it_was(results, tmp_path):
    (tmp_path / "g.csv").write_text(CANVAS, encoding="utf-8")
    told = report(results, tmp_path / "r", canvas=tmp_path / "g.csv")
    filled, before = rows((tmp_path / "r" / "canvas.csv").read_bytes()), rows(CANVAS.encode())
    assert [row[4] for row in filled] == ["HW 1 (771)", "8", f"{FULL:g}", f"{FULL - 5:g}", "", ""]
    assert all(a[k] == b[k] for a, b in zip(filled[:5], before[:5], strict=True) for k in (0, 1, 2, 3, 5)) and filled[5][0] == "'=1+1, X"
    assert any("2 of 5 scores are in the gradebook" in line for line in told)


GRADEBOOK = "Student,ID,SIS User ID,SIS Login ID,HW (55)\n"


@pytest.mark.parametrize("lines, students, filled, told", [
    ("bob,111,s1,mallory,\n\"Roe, Bob\",222,s2,bob,\n", {"bob": {}, "eve": {}}, ["", "8"], "not in the gradebook: eve"),
    ("Mallory,222,s1,m,\nJane,333,222,j,\nBob,444,s3,b,\n", {"222": {}, "s3": {}}, ["", "8", "8"], "2 of 2 scores"),
    ("\"Doe, Jane\",111,,a,\n\"Doe, Jane\",222,,b,\n", {"doejane": {}}, ["", ""], "more than once, so in none of these lines: doejane"),
    ("Ann,1,,ann@x.edu,\nAnn B,2,,ann@y.edu,\n", {"ann": {}}, ["8", ""], "1 of 1 scores"),
    ("A,1,,ann@x.edu,\nB,2,,ann@y.edu,\n", {"ann": {}}, ["", ""], "more than once, so in none of these lines: ann"),
    ("\"Doe, Jane\",111,,a,\n\"Doe, Jane\",222,,b,\n", {"doejane_222": {"called": "doejane", "number": "222"}}, ["", "8"], "1 of its lines"),
    ("\"Doe, Jane\",7,,a,\nX,8,,b,\n", {"doejane_111": {"called": "doejane", "number": "111"}, "doejane_222": {"called": "doejane", "number": "222"}},
     ["", ""], "0 of 2 scores")])
def test_no_line_of_a_gradebook_gets_anothers_score(lines, students, filled, told, tmp_path):
    (tmp_path / "g.csv").write_text(GRADEBOOK + lines)
    data, notes = canvas(tmp_path / "g.csv", None, [(student, {"score": 8.0, "max_score": 8.0}) for student in students], students)
    assert [row[4] for row in rows(data)[1:]] == filled and told in " ".join(notes)


def test_what_is_written_over_and_another_worth_are_told(tmp_path):
    (tmp_path / "g.csv").write_text("Student,ID,HW (55),Final Score\n    Points Possible,,10,(read only)\nann,1,7,\nbob,2,8.0,\neve,3,,\n")
    found = [(student, {"score": 8.0, "max_score": 8.0}) for student in ("ann", "eve")]
    data, notes = canvas(tmp_path / "g.csv", "HW", found)
    assert [row[2] for row in rows(data)[2:]] == ["8", "8.0", "8"]
    assert "1 other scores that stood there are written over" in " ".join(notes) and "worth 10 in Canvas, and 8 here" in " ".join(notes)
    with pytest.raises(ReportError, match="'Final Score' back: it is read only"):
        canvas(tmp_path / "g.csv", "Final Score", found)
    with pytest.raises(ReportError, match="no column 'HW 9'"):
        canvas(tmp_path / "g.csv", "HW 9", found)


def test_the_gradebook_itself_is_not_written_over(results, tmp_path):
    (tmp_path / "canvas.csv").write_text(CANVAS, encoding="utf-8")
    with pytest.raises(ReportError, match="would be written over"):
        report(results, tmp_path, canvas=tmp_path / "canvas.csv")
    assert (tmp_path / "canvas.csv").read_text(encoding="utf-8") == CANVAS


def test_a_fault_leaves_what_stands_in_the_gradebook(tmp_path):
    (tmp_path / "g.csv").write_text("Student,ID,HW (55)\nann,1,7\n")
    data, notes = canvas(tmp_path / "g.csv", None, [("ann", {"score": None, "max_score": 8.0})])
    assert rows(data)[1] == ["ann", "1", "7"] and "0 of 1 scores" in notes[0] and len(notes) == 1


def test_the_columns_of_a_gradebook_are_tried_in_their_order(tmp_path):
    (tmp_path / "g.csv").write_text(GRADEBOOK + "b,1,c,a,\na,2,b,c,\nc,3,a,b,\n")
    data, _ = canvas(tmp_path / "g.csv", None, [(name, {"score": float(k), "max_score": 8.0}) for k, name in enumerate("abc")])
    assert [row[4] for row in rows(data)[1:]] == ["0", "2", "1"]      # by the login


def test_numbers_tell_nothing_about_names(results, tmp_path):
    """The order of the numbers is that of the hashes, and pages hold neither prints nor errors."""
    report(results, tmp_path, anonymous=True)
    by_hash = sorted(results.run()["students"].values(), key=lambda entry: entry["hash"])
    table = rows((tmp_path / "scores.csv").read_bytes())[1:]
    assert [row[1] for row in table] == [guarded(results.read(entry["hash"])["score"]) for entry in by_hash]
    pages = b"".join(p.read_bytes() for p in (tmp_path / "students").iterdir())
    assert b"Cells that stopped" not in pages and b"Printed" not in pages


def test_a_gradebook_is_not_filled_without_names(results, tmp_path):
    (tmp_path / "g.csv").write_text(CANVAS, encoding="utf-8")
    with pytest.raises(ReportError, match="not with --anonymous"):
        report(results, tmp_path / "r", canvas=tmp_path / "g.csv", anonymous=True)


@pytest.mark.parametrize("most, scores, labels, tall", [
    (8, [8, 8, 7.5, 0, 0.5], ["0", "1", "2", "3", "4", "5", "6", "7", "8"], {0: 2, 7: 3}),
    (3, [3, 0.5], [f"{k / 4:g}" for k in range(13)], {2: 1, 11: 1}),
    (100, [100, 55, 50], ["0", "10", "20", "30", "40", "50", "60", "70", "80", "90", "100"], {5: 2, 9: 1})])
def test_bars_stand_on_round_numbers_and_full_marks_are_in_the_last(most, scores, labels, tall):
    drawn = bars(scores, most)
    width = 60 * 12 // (len(labels) - 1)
    assert re.findall(r"y='178'[^>]*>([\d.]+)<", drawn) == labels
    counts = re.findall(r"<text x='([\d.]+)' y='[\d.]+' text-anchor='middle'>(\d+)<", drawn)
    assert {int(float(x) // width): int(count) for x, count in counts} == tall


def test_the_median_is_between_the_two_in_the_middle(results):
    run = results.run()
    one = dict(results)["doejane"]
    page = class_page(run, [("a", one | {"score": 0.0}), ("b", one | {"score": 8.0})]).decode()
    assert "<p class='score'>4 <span" in page


@pytest.mark.parametrize("text, column, words", [
    ("a,b\n", None, "no column Student"), ("", None, "no gradebook"), (CANVAS.replace("Final Score", "HW 2 (772)"), None, "Which column"),
    (CANVAS, "HW 3", "'HW 1 \\(771\\)'")])
def test_a_gradebook_that_is_not_clear_is_told(results, tmp_path, text, column, words):
    (tmp_path / "g.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ReportError, match=words):
        report(results, tmp_path / "r", canvas=tmp_path / "g.csv", column=column)


def test_names_of_files_are_safe_and_nobodys_twice():
    names = ["ann", "Ann", "../../etc/passwd", "a" * 300, "Åsa", "Asa", "=x", "", "a/b", "a\\b", "\ud800"]
    made = [file_name(name) for name in names]
    assert len({m.lower() for m in made}) == len(names) and all(re.fullmatch(r"[A-Za-z0-9_-]{1,70}", m) for m in made)
    assert shown("a\x1b[0m`<b>`") == "a\N{REPLACEMENT CHARACTER}[0m<code>&lt;b&gt;</code>"


def test_the_summary_names_faults_and_says_so_in_its_exit_code(results, capsys):
    from backproplab.grading.batch import Progress
    assert command.summary(results, Progress(5, marked=4, faults=1)) == command.FAULTS
    assert "through no fault of their own: lost" in capsys.readouterr().out


@pytest.mark.parametrize("answer, read", [("[1, 2.0]", "[1, 2]"), ("'B'", "'B'"), ("np.float32(0.5)", "0.5"), ("'<b>`x`'", "'<b>`x`'"),
                                          ("'a' * 5000", "'" + "a" * 119 + "…")])
def test_a_student_sees_the_answer_that_was_marked(isolation, answer, read):
    """Who asks why it is wrong has to see what was read; no more of it than a line, and none of it as markup."""
    marking = Marking(BANK, isolation, Limits(seconds=2.0), b"k" * 32)
    result = mark(marking, "s", "s.ipynb", notebook({"pick": f"import numpy as np\nanswer = {answer}", "typed": "answer = None"}))
    assert {q["id"]: q["read"] for q in result["questions"] if q["read"]} == {"pick": read}
    page, tests = student_page("s", result).decode(), json.loads(results_json(result))["tests"]
    assert f"<code>{html.escape(read)}</code>" in page and page.count("as it was read") == 1
    assert next(t["output"] for t in tests if t["number"] == "pick").endswith(f"\nYour answer, as it was read: {read}")


def test_numbers_in_place_of_names_go_with_nothing_that_a_student_wrote(results, tmp_path):
    report(results, tmp_path, anonymous=True)
    assert not any("as it was read" in file.read_text() for file in (tmp_path / "students").glob("*.html"))


def test_how_a_question_went_is_one_word_wherever_it_is_told(isolation, tmp_path):
    """A part of the points is partly right; the table, the student's page and the class's say the same of it."""
    half = NUMPY + "def linear_backward(X, W, g):\n    return g @ W.T, X.T @ g / len(X)\n"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "doejane.ipynb").write_bytes(notebook({"linear": half, "pick": "answer = ...", "gate": "class Gate: pass"}))
    out = Results(tmp_path / "out")
    grade(Marking(BANK, isolation, Limits(seconds=2.0), out.secret()), collected(tmp_path / "in"), out, pool=threads(1))
    report(out, tmp_path / "report")
    head, row = rows((tmp_path / "report" / "scores.csv").read_bytes())
    told = {id: row[head.index(f"{id} verdict")] for id in ("linear", "product", "gate", "pick")}
    assert told == {"linear": "partly right", "product": "right", "gate": "stopped", "pick": "not answered"}
    page, whole = ((tmp_path / "report" / name).read_text() for name in ("students/doejane.html", "class.html"))
    for said in told.values():
        assert f">{said.replace(' ', chr(0xA0))}</span>" in page and (said == "right" or f"1 {said}" in whole)
