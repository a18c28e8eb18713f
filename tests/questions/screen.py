"""Every shipped question and 200 variants of each, screened: `python -m tests.questions.screen [--seeds 200]`.

What a question says of itself is not all: for gradients the mistakes are planted once more, by editing the printed program.
"""
import argparse
import time
from collections import Counter

import numpy as np

from backproplab.questions import QUESTIONS, TOLERANCE, QuestionError, report, variant
from backproplab.questions.screening import apart
from tests.questions.second_route import Text, wrong_answers


def planted(source, inputs, asked):
    """{(mistake, scope, which): value} by the second route; what is made further up is not screened."""
    count, found = Counter(), {}
    with np.errstate(all="ignore"):
        for id_, scope, value in wrong_answers(source, inputs, asked):
            count[id_, scope] += 1
            if scope != "elsewhere" and value is not None:
                found[id_, scope, count[id_, scope]] = np.asarray(value, float)[()]
    return found


def passing(posed):
    """Mistakes of the second route that would pass as right in this variant, and would not at other inputs."""
    if posed.kind not in ("number", "array"):
        return []
    run, asked = posed.facts["run"], posed.facts["asked"]
    source, inputs = run.program.source, {n: np.asarray(v, float)[()] for n, v in run.inputs.items()}
    right = np.asarray(run.grads[asked], float)[()]
    near = [key for key, v in planted(source, inputs, asked).items() if not apart(v, right, TOLERANCE.close)]
    for factor in (1.0837, 0.9171, 1.2113):
        if near:                                                     # at every input equal: no number can tell it from right
            moved = {n: v * (factor + 0.0173 * k) for k, (n, v) in enumerate(inputs.items())}
            there = planted(source, moved, asked)
            other = Text(source).run(moved)[f"g_{asked}"]
            near = [key for key in near if key not in there or not same(there[key], other)]
    return near


def same(a, b):
    return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-9, atol=0)


def screen(seeds):
    """Prints a line a question; returns how many variants were not fair."""
    unfair = 0
    for id, q in QUESTIONS.items():
        start, bad, tells, answers = time.perf_counter(), [], [], set()
        for seed in range(seeds):
            try:
                posed = variant(id, seed)
            except QuestionError as error:
                bad.append(str(error))
                continue
            found, hidden = report(posed), passing(posed)
            tells.append(len(found.apart))
            answers.add(str(posed.answer))
            if not found.fair or hidden:
                bad.append(f"{found}{'; by the second route passes as right: ' if hidden else ''}{', '.join(map(str, hidden))}")
        unfair += len(bad)
        print(f"{id:28} {q.kind:9} {seeds - len(bad)} of {seeds} fair, {len(answers)} different answers, tells apart {min(tells, default=0)} to "
              f"{max(tells, default=0)} mistakes, {1000 * (time.perf_counter() - start) / seeds:.0f} ms each"
              + "".join(f"\n    {b}" for b in bad[:3]), flush=True)
    return unfair


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=200)
    raise SystemExit(min(screen(parser.parse_args().seeds), 99))
