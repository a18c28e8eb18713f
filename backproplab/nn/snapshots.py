"""A training written to a file, from which it goes on as if it had never stopped: parameters, optimiser, random stream, history.

A file is written beside the old one and then takes its name, in one act of the operating system: whoever is killed while writing
leaves the old file whole. It holds arrays and text, and nothing that runs when it is read.
"""
from __future__ import annotations

import json
import os
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from ..engine.errors import InputError
from .history import History
from .trees import taken_apart


def save(path: str | Path, settings: dict[str, Any], step: int, leaves: dict[str, Any], state: Any, random: np.random.RandomState, order: np.ndarray,
         history: History) -> None:
    """Write a checkpoint, whole or not at all.

    Parameters
    ----------
    path : str or Path
    settings : dict
        What must be the same when it is read: see `load`.
    step : int
    leaves : dict of str to array
        The parameters.
    state : container
        The optimiser's.
    random : RandomState
    order : array of int
        The examples of this epoch, in the order in which they are drawn.
    history : History
    """
    kind, keys, position, has_gauss, gauss = random.get_state(legacy=True)
    text = {"settings": settings, "step": step, "history": asdict(history), "random": [kind, position, has_gauss, gauss]}
    arrays = {f"leaf_{n}": v for n, v in leaves.items()} | {f"state_{n}": v for n, v in taken_apart(state, "")[0].items()}
    path = Path(path)
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(beside, "wb") as file:
            np.savez(file, text=np.frombuffer(json.dumps(text).encode(), np.uint8), keys=keys, order=order, **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def load(path: str | Path, settings: dict[str, Any],
         state: Any) -> tuple[int, dict[str, Any], Any, np.random.RandomState, np.ndarray, History] | None:
    """What `save` wrote, or None where there is no such file.

    Parameters
    ----------
    path : str or Path
    settings : dict
        Of the training that wants to go on.
    state : container
        An optimiser's state at its start, for its structure.

    Returns
    -------
    (step, leaves, state, random, order, history) or None

    Raises
    ------
    InputError
        When the file is no checkpoint, or one of another training.
    """
    path = Path(path)
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as file:
            found = {k: file[k] for k in file.files}
        text = json.loads(found["text"].tobytes())
        kind, position, has_gauss, gauss = text["random"]
        before = text["settings"]
    except (ValueError, KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile):
        raise InputError(f"resuming from {path.name}", "it is no checkpoint of a training",
                         "Give another path, or remove the file to start afresh.") from None
    other = [k for k in settings if before.get(k) != settings[k]]
    if other:
        said = "; ".join(f"{k} was {short(before.get(k))} and is now {short(settings[k])}" for k in other)
        raise InputError(f"resuming from {path.name}", said,
                         "A checkpoint goes on with the training that wrote it: use the same settings, or another path to start afresh.")
    random = np.random.RandomState()
    random.set_state((kind, found["keys"], position, has_gauss, gauss))
    leaves = {name.removeprefix("leaf_"): v[()] for name, v in found.items() if name.startswith("leaf_")}
    values, assembled = taken_apart(state, "")
    return text["step"], leaves, assembled({n: found[f"state_{n}"][()] for n in values}), random, found["order"], History(**text["history"])


def short(value: Any) -> str:
    text = str(value)
    return text if len(text) < 60 else f"{text[:57]}..."
