"""A result as Gradescope's autograder reads it: results.json. Written whatever happened; without a score where we could not mark."""
from __future__ import annotations

import json
from typing import Any


def results_json(result: dict[str, Any]) -> bytes:
    """The file's bytes.

    A question without a score, for a fault of ours, is there in words; then the whole has no score either, and Gradescope shows the
    submission as one to be looked at, not as a 0.
    """
    tests = []
    for q in result["questions"]:
        output = q["message"] + (f"\nYour answer, as it was read: {q['read']}" if q.get("read") else "")
        test = {"name": q["id"] + ("" if q["marked"] else " (practice)"), "number": q["id"], "output": output, "visibility": "visible",
                "status": "passed" if q["verdict"] == "correct" else "failed"}
        if q["score"] is not None:
            test |= {"score": q["score"], "max_score": q["max_score"]}
        tests.append(test)
    said = list(result["notes"])
    if result["unsafe"]:
        said.append("Marked without isolation.")
    if result["verdict"] == "fault":
        said.append("The grader could not mark all of it. It is not your fault; your instructor is told.")
    whole: dict[str, Any] = {"tests": tests, "visibility": "visible", "output": "\n".join(said),
                             "extra_data": {"verdict": result["verdict"], "layers": result["layers"], "unsafe": result["unsafe"]}}
    if result["score"] is not None:
        whole["score"] = result["score"]
    return json.dumps(whole, indent=1).encode() + b"\n"
