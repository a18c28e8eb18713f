"""Releases: what a student gets, what he must not get, and the words in which an instructor's slips are told."""
import base64
import json
import zlib

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from backproplab.cli import main
from backproplab.engine.errors import BackpropError
from backproplab.exercises.release import leaks, load_bank, package_bank, read_roster, release
from backproplab.exercises.release.notebooks import only_numpy
from backproplab.questions import QUESTIONS, QuestionError, question

BANK = '''
import numpy as np
from backproplab.questions import question

question("what-add-does", "gates", "choice", "What does a sum send back?", points=2, options=[
    ("the gradient, unchanged, to both", True, "A sum grows as fast as each of its terms does."),
    ("half of it to each", False, "Nothing is ever shared out by a sum."),
    ("nothing", False, "It would then not learn at all.")])
question("linear-backward", "program a layer", "task", "Write `{name}(X, W, g)`: the gradients of `X` and `W`.", points=3,
         name="linear_backward", solution=lambda X, W, g: (g @ W.T, X.T @ g), outputs=("dX", "dW"),
         inputs=lambda draw: {"X": draw.array(4, 3), "W": draw.array(3, 2), "g": draw.array(4, 2)})
question("one-number", "chain", "number", program="a = x * z; y = np.exp(a)", at={"x": (0.3, 1.8), "z": (0.3, 1.5)}, asked=["x"])
'''
SOLUTION = "def linear_backward(X, W, g):\n    ### BEGIN SOLUTION\n    weights = X.T @ g\n    return g @ W.T, weights\n    ### END SOLUTION"
CHOICE = "# question: what-add-does\n### BEGIN SOLUTION\nanswer = 'the gradient, unchanged, to both'\n### END SOLUTION"


def cells():
    return [new_markdown_cell("# Homework"), new_code_cell("import numpy as np"), new_markdown_cell("Think.\n\n{{what-add-does}}"),
            new_code_cell(CHOICE), new_code_cell("# question: linear-backward\n" + SOLUTION),
            new_code_cell("# check: linear-backward\nassert linear_backward(np.ones((2, 3)), np.ones((3, 1)), np.ones((2, 1)))[0].shape == (2, 3)\n"
                          "### BEGIN HIDDEN TESTS\nassert linear_backward(np.ones((2, 3)), np.ones((3, 1)), np.ones((2, 1)))[1].sum() == 6\n"
                          "### END HIDDEN TESTS")]


@pytest.fixture
def course(tmp_path):
    """A bank and a source, and a function that releases them."""
    (tmp_path / "bank.py").write_text(BANK)

    class Course:
        folder = tmp_path
        out = tmp_path / "out"

        def source(self, made=None):
            nbformat.write(new_notebook(cells=cells() if made is None else made), str(tmp_path / "hw.ipynb"))
            return tmp_path / "hw.ipynb"

        def release(self, made=None, **options):
            path = self.source(made) if made is not None or not (tmp_path / "hw.ipynb").exists() else tmp_path / "hw.ipynb"
            return release(path, self.out, **{"bank": tmp_path / "bank.py", **options})

        def read(self, *place):
            return nbformat.read(str(self.out.joinpath(*place, "hw.ipynb")), 4)
    return Course()


def test_a_student_gets_prompts_places_to_write_in_and_locked_cells(course):
    course.release()
    made = course.read()
    nbformat.validate(made)
    by = {c.id: c for c in made.cells}
    assert by["linear-backward"].source == "# Marked: linear-backward\ndef linear_backward(X, W, g):\n    ...  # write your code here"
    assert by["what-add-does"].source.endswith('answer = ...  # a letter in quotes, as "B"')
    assert "**Marked, 2 points.** What does a sum send back?" in made.cells[2].source and "- C: " in made.cells[2].source
    assert by["linear-backward-text"].source.startswith("**Marked, 3 points.** Write `linear_backward(X, W, g)`")
    open_ = [c.id for c in made.cells if c.metadata.get("editable", True)]
    assert open_ == ["what-add-does", "linear-backward"]
    graders = {c.id: c.metadata.nbgrader for c in made.cells}
    assert all(g.grade_id == id and g.schema_version == 3 for id, g in graders.items())
    assert {id: g.points for id, g in graders.items() if g.grade} == {"what-add-does": 2, "linear-backward-check": 3}
    assert "HIDDEN" not in json.dumps(made) and "== 6" not in json.dumps(made)


def test_each_student_has_variants_of_his_own_and_the_same_every_time(course):
    names = [f"student{k}" for k in range(8)]
    (course.folder / "roster.txt").write_text("\n".join(names))
    options = {"students": course.folder / "roster.txt", "course_key": course.folder / "key"}
    said = course.release(**options)
    assert len(said.files) == 8 and any("course's key" in n for n in said.notes)
    texts = {n: course.read(n).cells[2].source for n in names}
    assert len(set(texts.values())) > 1
    assert (course.folder / "key").stat().st_mode & 0o077 == 0
    course.out = course.folder / "again"
    assert not course.release(**options).notes
    assert {n: course.read(n).cells[2].source for n in names} == texts
    assert course.read("student3").metadata.backproplab.student == "student3"
    (course.folder / "key").write_bytes(b"another key of the course")
    course.out = course.folder / "other"
    course.release(**options)
    assert {n: course.read(n).cells[2].source for n in names} != texts


def test_the_bank_of_the_package_checks_itself_and_stays_as_it_is(course):
    before = dict(QUESTIONS)
    load_bank(course.folder / "bank.py")
    assert before == QUESTIONS and list(QUESTIONS) == list(before)
    made = [new_code_cell("import backproplab as bl\nimport numpy as np"),
            new_code_cell("# question: what-add-does\n### BEGIN SOLUTION\nanswer = 'A'\n### END SOLUTION")]
    right = next(o for o in "ABCD" if bl_judges(o))
    made[1].source = made[1].source.replace("'A'", repr(right))
    course.release(made, bank=None)
    assert "**Practice, not marked.**" in course.read().cells[1].source
    assert not package_bank().marks("what-add-does") and load_bank(course.folder / "bank.py").marks("what-add-does")


def bl_judges(option):
    from backproplab.questions import judge, variant
    return judge(variant("what-add-does", 0), option).right


@pytest.mark.parametrize("change, words", [
    (lambda c: c.pop(3), "nothing answers 'what-add-does'"),
    (lambda c: c[4].update(source="# question: linear-backwards\n" + SOLUTION), "bank.py has linear-backward"),
    (lambda c: c.append(new_code_cell(CHOICE)), "is answered in cell 4 as well"),
    (lambda c: c[3].update(source="# question: what-add-does\nanswer = 'A'"), "outside the markers, so it would be handed out"),
    (lambda c: c[4].update(source="# question: linear-backward\nlinear_backward = 1"), "is not marked, so it would be handed out"),
    (lambda c: c[4].update(source=c[4].source.replace("    ### END SOLUTION", "")), "is never ended"),
    (lambda c: c[4].update(source=c[4].source.replace("BEGIN", "END")), "that was not begun"),
    (lambda c: c[4].update(source=c[4].source.replace("return", "### BEGIN HIDDEN TESTS\n    return")), "inside another"),
    (lambda c: c[4].update(source=c[4].source.replace("X.T @ g", "X.T @ g * 2")), "answer is not right"),
    (lambda c: c[4].update(source=c[4].source.replace("X.T @ g", "X.T @ nothing")), "is not right: It raised NameError"),
    (lambda c: c[4].update(source=c[4].source.replace("weights =", "import backproplab as bl; weights =")), "its solution uses backproplab"),
    (lambda c: c[4].update(source=c[4].source.replace("def linear_backward", "def linear")), "does not define linear_backward"),
    (lambda c: c[5].update(source=c[5].source.replace("(2, 3)", "(2, 4)", 1).replace("shape == (2, 3)", "shape == (2, 9)")), "running the check"),
    (lambda c: c.clear(), "it asks no question"),
])
def test_a_slip_is_told_before_anything_is_written(course, change, words):
    made = cells()
    change(made)
    with pytest.raises(BackpropError) as told:
        course.release(made)
    assert words in str(told.value)
    assert not course.out.exists()


def test_a_wrong_choice_in_the_source_is_told_the_right_one_and_wrong_code_is_not(course):
    made = cells()
    made[3].source = CHOICE.replace("the gradient, unchanged, to both", "nothing")
    with pytest.raises(BackpropError, match=r"Right is [A-C]: the gradient, unchanged, to both"):
        course.release(made)
    made = cells()
    made[4].source = made[4].source.replace("X.T @ g", "X.T @ g * 2")
    with pytest.raises(BackpropError) as told:
        course.release(made)
    assert "Right is" not in str(told.value)


@pytest.mark.parametrize("was, slip, words", [
    ("draw.array(4, 3)", "draw.arrays(4, 3)", ["'linear-backward'", "AttributeError, in line", "draw.arrays", "Mend its program"]),
    ("(g @ W.T, X.T @ g)", "(g @ V.T, X.T @ g)", ["'linear-backward'", "NameError, in line", "name 'V' is not defined"]),
    ("(g @ W.T, X.T @ g)", "(g @ W, X.T @ g)", ["'linear-backward'", "ValueError"]),
])
def test_a_slip_in_the_bank_that_shows_when_a_question_is_posed_is_told_in_words(course, capsys, was, slip, words):
    bank = course.folder / "bank.py"
    bank.write_text(BANK.replace(was, slip))
    assert main(["release", str(course.source()), "--out", str(course.out), "--bank", str(bank)]) == 1
    told = capsys.readouterr().err
    assert told.startswith("backproplab: posing the question") and all(w in told for w in words) and not course.out.exists()


PIECE = "return g @ W.T, weights"


@pytest.mark.parametrize("plant", [
    lambda n: n["cells"][0].update(source=f"As in {PIECE}"),
    lambda n: n["metadata"].update(note={"deep": [PIECE.encode().hex()]}),
    lambda n: n["cells"][1]["metadata"].update(x=base64.b64encode(zlib.compress(PIECE.encode())).decode()),
    lambda n: n["cells"][0].update(attachments={"a.png": {"image/png": base64.b64encode(PIECE.encode()).decode()}}),
    lambda n: n["cells"][1].update(outputs=[{"output_type": "stream", "name": "stdout", "text": [PIECE]}]),
    lambda n: n["cells"][1].update(outputs=[{"output_type": "stream", "name": "stdout", "text": ["1"]}]),
    lambda n: n["metadata"].update(widgets={"application/vnd.jupyter.widget-state+json": {"state": {}}}),
    lambda n: n["cells"][0]["metadata"].update({PIECE: 1}),
])
def test_an_answer_is_found_wherever_it_hides(course, plant):
    course.release()
    notebook = json.loads((course.out / "hw.ipynb").read_text())
    assert leaks(notebook, [PIECE]) == []
    plant(notebook)
    assert leaks(notebook, [PIECE])


def test_a_solution_that_is_copied_into_a_text_stops_the_release(course):
    made = cells()
    made[1].source += "\n# weights = X.T @ g"
    with pytest.raises(BackpropError, match="holds 'weights = X.T @ g'"):
        course.release(made)


def test_what_somebody_wrote_is_not_written_over(course):
    course.release()
    course.release()                                                 # the same again is no change
    path = course.out / "hw.ipynb"
    path.write_text(path.read_text().replace("write your code here", "mine"))
    mine = path.read_bytes()
    with pytest.raises(BackpropError, match="not written over"):
        course.release()
    assert path.read_bytes() == mine


@pytest.mark.parametrize("raw, students, note", [
    (b"\xef\xbb\xbfann\r\nbob\r\n\r\n", ("ann", "bob"), ""), (b"ann\nbob\nann\n", ("ann", "bob"), "more than once"),
    ("name;student id\nZoë;z1\nØ;z2\n".encode(), ("z1", "z2"), ""), (b"ann\tx\nbob\ty", ("ann", "bob"), "first one counts, from 'ann' on"),
    (b"Student,ID,HW (7)\n    Points Possible,,8\n\"Doe, Jane\",7,\n\"Student, Test\",9,\n", ("Doe, Jane",), ""),
    (b"Student,ID,SIS User ID\nA,1,s1\nB,2,\nC,3,s3", ("A", "B", "C"), ""), ("e\u0301\n\xe9\n".encode(), ("\xe9",), "more than once"),
    (b"student\nann\n  \n,x\n", ("ann",), "nobody"), ('"O\'Neil, Pat"\n王\n'.encode(), ("O'Neil, Pat", "王"), ""),
    ("ann\nbob".encode("utf-16"), ("ann", "bob"), ""),
])
def test_odd_rosters_are_understood(tmp_path, raw, students, note):
    (tmp_path / "r.csv").write_bytes(raw)
    roster = read_roster(tmp_path / "r.csv")
    assert roster.students == students and note in " ".join(roster.notes)
    assert bool(roster.notes) == bool(note)


@pytest.mark.parametrize("raw, words", [
    (b"", "names nobody"), (b"\n\n", "names nobody"), ("Zoë".encode("latin-1"), "UTF-8"), (b"PK\x03\x04\x00\x00", "spreadsheet"),
    (b"ann\nAnn", "one folder"), (b"../x\n", ""), (b"a" * 200, "no id"), (b"a/b\na b", "one folder"),
])
def test_rosters_that_cannot_be_used_are_refused_in_words(tmp_path, raw, words):
    (tmp_path / "r.csv").write_bytes(raw)
    if not words:
        assert all("/" not in f and not f.startswith(".") for f in read_roster(tmp_path / "r.csv").folders.values())
        return
    with pytest.raises(BackpropError, match=words):
        read_roster(tmp_path / "r.csv")


def test_the_command_says_what_it_did_and_what_it_could_not_do(course, capsys):
    path = course.source()
    arguments = ["release", str(path), "--out", str(course.out), "--bank", str(course.folder / "bank.py")]
    assert main(arguments) == 0 and "Wrote 1 notebook into" in capsys.readouterr().out
    (course.folder / "roster.txt").write_text("ann")
    assert main([*arguments, "--students", str(course.folder / "roster.txt")]) == 1 and "course key" in capsys.readouterr().err
    assert main(["release", str(course.folder / "none.ipynb"), "--out", "x"]) == 1 and "No such file" in capsys.readouterr().err


def test_a_key_among_what_is_handed_out_or_a_short_one_is_refused(course):
    (course.folder / "roster.txt").write_text("ann")
    (course.folder / "short").write_text("abc")
    for key in (course.out / "key", course.folder / "short"):
        with pytest.raises(BackpropError, match="course key"):
            course.release(students=course.folder / "roster.txt", course_key=key)


@pytest.mark.parametrize("text, words", [
    ("question(", "line 1"), ("import nothing_here", "ModuleNotFoundError"), ("x = 1", "declares no question"),
    ("raise SystemExit(3)", "SystemExit"),
    ("from backproplab.questions import question\nquestion('a', 'o', 'choices', 'p')",
     "declaring the question 'a'\n  bank.py, line 2, says that its kind is"),
    ("from backproplab.questions import question\nquestion('a b', 'o', 'choice', 'p', options=[('a', True, 'r'), ('b', False, 'r')])", "id"),
])
def test_a_bank_that_cannot_be_read_is_told_with_its_line(tmp_path, text, words):
    (tmp_path / "bank.py").write_text(text)
    before = dict(QUESTIONS)
    with pytest.raises(BackpropError, match=words):
        load_bank(tmp_path / "bank.py")
    assert before == QUESTIONS


def test_the_other_columns_that_name_a_student_are_kept(tmp_path):
    (tmp_path / "r.csv").write_text("Name,E-Mail,id,email\nLee Ann,x,s1,ann@x.edu\nBob,y,s2,\n")
    assert read_roster(tmp_path / "r.csv").also == {"s1": ("Lee Ann", "ann@x.edu"), "s2": ("Bob",)}


@pytest.mark.parametrize("lines, said", [
    (("y = np.exp(x)", "z = max(y, 1)"), "Write NumPy and Python only."), ((), "Write NumPy and Python only."),
    (("y = relu(x)", "z = relu(y)"), "Write NumPy and Python only. NumPy has no `relu`: write it too."),
    (("y = relu(log_softmax(x))",), "Write NumPy and Python only. NumPy has no `relu` and no `log_softmax`: write them too.")])
def test_functions_that_numpy_lacks_are_named(lines, said):
    assert only_numpy(lines) == said


def test_two_of_one_name_in_a_table_are_two_where_another_column_tells_them_apart(tmp_path):
    """Canvas's own export begins with the name, which two may have: they got one notebook."""
    (tmp_path / "r.csv").write_text('Student,ID,SIS Login ID\n"Zhang, Wei",4,wzhang\n"Zhang, Wei",5,wzhang1\n"Ito, Hal",6,hito\n')
    found = read_roster(tmp_path / "r.csv")
    assert found.students == ("wzhang", "wzhang1", "hito") and found.notes == () and found.also["hito"] == ("Ito, Hal", "6")
    (tmp_path / "r.csv").write_text('Student,ID\n"Zhang, Wei",4\n"Ito, Hal",6\n')
    assert read_roster(tmp_path / "r.csv").students == ("Zhang, Wei", "Ito, Hal")


@pytest.mark.parametrize("points", ["3", -3, float("nan"), float("inf"), True, None])
def test_points_that_are_none_are_refused_where_they_are_written(points):
    with pytest.raises(QuestionError, match="(?s)its points are.*a number from 0 on"):
        question("q", "o", "number", program="y = x * 2", at={"x": 1.0}, asked="x", points=points)
