"""Every shipped question and 200 variants of each, screened: `python -m tests.questions.screen [--seeds 200]`."""
import argparse
import time

from backproplab.questions import QUESTIONS, QuestionError, report, variant


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
            found = report(posed)
            tells.append(len(found.apart))
            answers.add(str(posed.answer))
            if not found.fair:
                bad.append(str(found))
        unfair += len(bad)
        print(f"{id:28} {q.kind:9} {seeds - len(bad)} of {seeds} fair, {len(answers)} different answers, tells apart {min(tells, default=0)} to "
              f"{max(tells, default=0)} mistakes, {1000 * (time.perf_counter() - start) / seeds:.0f} ms each"
              + "".join(f"\n    {b}" for b in bad[:3]))
    return unfair


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    raise SystemExit(min(screen(parser.parse_args().seeds), 99))
