"""The line of the shape bench, run by Node: whatever is done to it, it stays a line, and everything can be undone."""
import random

from tests.widgets import nodes

PLAY = """
console.log(JSON.stringify(data.map((moves) => {
  const line = newLine(), seen = [];
  const state = () => ({ text: line.text(), selected: line.selected, factors: line.factors.length, operators: line.operators.length, sum: line.sum });
  for (const [name, ...rest] of moves) {
    const before = line.text(), sign = line.pending;
    if (name === "pending") { [line.pending] = rest; continue; }
    line[name](...rest);
    const after = state();
    if (name !== "select") {
      line.undo();
      after.back = line.text() === before;
      line.pending = sign;
      line[name](...rest);
    }
    seen.push(after);
  }
  while (line.undoable()) line.undo();
  return { seen, end: state() };
})));
"""


def plays(count):
    """Random changes, each possible where it is made; with the text that a line of Python's lists would have."""
    draw = random.Random(5)
    for _ in range(count):
        moves, factors = [], 0
        for _ in range(draw.randint(1, 14)):
            choices = [["add", draw.choice("XGW"), draw.random() < 0.5, draw.choice([None, 0, factors])]] if factors < 4 else []
            if factors:
                place = draw.randrange(factors)
                choices += [["remove", place], ["turn", place], ["move", place, draw.randrange(factors)], ["setSum", draw.choice([0, 1])], ["clear"],
                            ["select", draw.randrange(2 * factors - 1)], ["pending", "*"]]
            move = draw.choice(choices)
            factors = {"add": factors + 1, "remove": factors - 1, "clear": 0}.get(move[0], factors)
            moves.append(move)
        yield moves


def test_a_line_stays_a_line_and_every_change_is_undone(tmp_path):
    made = list(plays(400))
    for played in nodes.run("shapes-line.js", PLAY, made, tmp_path):
        for after in played["seen"]:
            assert after.get("back", True), after
            assert after["operators"] == max(0, after["factors"] - 1)
            assert -1 <= after["selected"] <= max(-1, 2 * after["factors"] - 2)
            assert after["factors"] or after["sum"] is None and after["text"] == ""
        assert played["end"] == {"text": "", "selected": -1, "factors": 0, "operators": 0, "sum": None}


def test_a_line_reads_as_it_was_built(tmp_path):
    moves = [["add", "G", False, None], ["pending", "*"], ["add", "X", True, 0], ["setSum", 1], ["turn", 1]]
    seen = nodes.run("shapes-line.js", PLAY, [moves], tmp_path)[0]["seen"]
    assert [s["text"] for s in seen] == ["G", "X.T * G", "sum1(X.T * G)", "sum1(X.T * G.T)"]
