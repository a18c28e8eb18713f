"""From what the user typed to named inputs: which argument is which, and errors that name what is missing, unknown or clashing."""
from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from .containers import flattened, slots
from .errors import InputError, listed, near_names
from .node import Node
from .outputs import function_name
from .values import shortened


class BoundCall(NamedTuple):
    """How to call the function: `args` and `kwargs` hold Slots where inputs go; `structure` holds the same by parameter."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    inputs: dict[str, Any]
    structure: dict[str, Any]


def bound_call(f: Any, args: tuple[Any, ...], named: Mapping[str, Any], inputs: Mapping[str, Any] | None, caller: str,
               options: Mapping[str, Any]) -> BoundCall:
    """Match arguments with the parameters of f.

    Raises
    ------
    InputError
        When f cannot be called, or an input is missing, unknown, given twice, or named like an option.
    """
    refuse_no_function(f, caller, f"bl.{caller}(f, x=2.0)")
    name = function_name(f) if function_name(f) != "the function" else "f"
    if inputs is not None and not isinstance(inputs, Mapping):
        raise InputError(f"calling bl.{caller} on {name}", f"inputs= is {shortened(inputs)}", "It is a dict of inputs by name: inputs={'x': 2.0}.")
    try:
        signature = inspect.signature(f)
    except (TypeError, ValueError):
        signature = inspect.Signature([inspect.Parameter(n, inspect.Parameter.POSITIONAL_ONLY) for n in "xyzuvw"[:len(args)]])
    parameters = signature.parameters
    twice = sorted(set(named) & set(inputs or {}))
    if twice:
        raise InputError(f"calling bl.{caller} on {name}", f"{listed(twice)} came both as a keyword and in inputs=", "Give each input once.")
    given = {**named, **(inputs or {})}
    clash = [p for p in parameters if p in options and options[p] is not None and p not in given]
    if clash:
        raise InputError(f"calling bl.{caller} on {name}({', '.join(parameters)})", f"{clash[0]}= is an input of {name} and an option of bl.{caller}",
                         f"Give that input in the dict: bl.{caller}({name}, inputs={{'{clash[0]}': ...}}).")
    try:
        bound = signature.bind(*args, **given)
    except TypeError as error:
        raise _explained(name, caller, parameters, args, given, error) from None
    return _slots(bound, parameters, name, caller)


def refuse_no_function(f: Any, caller: str, example: str) -> None:
    """Refuse what is not a function.

    Raises
    ------
    InputError
    """
    if isinstance(f, type) or not callable(f):
        article = "an" if type(f).__name__[0] in "aeiou" else "a"
        raise InputError(f"calling bl.{caller} on {shortened(f)}", f"it is {article} {type(f).__name__}, not a function",
                         f"Give the function itself, and its inputs after it: {example}, not bl.{caller}(f(2.0)).")


def _explained(name: str, caller: str, parameters: Mapping[str, inspect.Parameter], args: tuple[Any, ...], given: Mapping[str, Any],
               error: TypeError) -> InputError:
    attempted = f"calling {name}({', '.join(parameters)}) in bl.{caller}"
    plain = [p for p, q in parameters.items() if q.kind in (q.POSITIONAL_ONLY, q.POSITIONAL_OR_KEYWORD)]
    takes_any = any(q.kind is q.VAR_KEYWORD for q in parameters.values())
    unknown = [] if takes_any else [n for n in given if n not in parameters]
    if unknown:
        near = near_names(unknown[0], parameters, 1, .5)
        return InputError(attempted, f"it has no input called {listed(unknown)}",
                          f"Did you mean {near[0]}?" if near else f"Its inputs are {listed(parameters) or 'none'}.")
    double = [p for p in plain[:len(args)] if p in given]
    if double:
        return InputError(attempted, f"{listed(double)} came twice, by position and by name", "Give each input once.")
    if len(args) > len(plain):
        return InputError(attempted, f"{len(args)} inputs came by position", f"It takes {len(plain)}: {listed(plain) or 'none'}.")
    missing = [p for k, (p, q) in enumerate(parameters.items()) if q.default is q.empty and q.kind not in (q.VAR_POSITIONAL, q.VAR_KEYWORD)
               and p not in given and not (p in plain and k < len(args))]
    if missing:
        example = ", ".join(f"{p}=..." for p in missing)
        return InputError(attempted, f"no value came for {listed(missing)}", f"Add it: bl.{caller}({name}, {example}).")
    return InputError(attempted, f"Python says: {error}", "Give each input once, by position or by name.")


def _slots(bound: inspect.BoundArguments, parameters: Mapping[str, inspect.Parameter], name: str, caller: str) -> BoundCall:
    inputs: dict[str, Any] = {}
    structure: dict[str, Any] = {}

    def slot(key: str, value: Any) -> Any:
        before = set(inputs)
        try:
            template = flattened(key, value, inputs)
        except KeyError as error:
            raise InputError(f"calling bl.{caller} on {name}", f"two inputs would be called {error.args[0]}", "Rename one of them.") from None
        for leaf in inputs:
            if leaf not in before and not isinstance(inputs[leaf], Node):
                refuse_nonsense(leaf, inputs[leaf], name)
        structure[key] = template
        return template
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    gap = False                                  # after a default that was left out, names are used
    for p, q in parameters.items():
        if p not in bound.arguments:
            gap = gap or q.kind is not q.VAR_POSITIONAL
            continue
        value = bound.arguments[p]
        if q.kind is q.VAR_POSITIONAL:
            args += [slot(f"{p}_{k}", v) for k, v in enumerate(value)]
        elif q.kind is q.VAR_KEYWORD:
            kwargs |= {k: slot(k, v) for k, v in value.items()}
        elif q.kind is q.KEYWORD_ONLY or gap:
            kwargs[p] = slot(p, value)
        else:
            args.append(slot(p, value))
    if not inputs:
        example = ", ".join(f"{p}=..." for p in parameters) or "x=..."
        raise InputError(f"calling bl.{caller} on {name}", "it was given no inputs",
                         f"A gradient is taken with respect to inputs: bl.{caller}({name}, {example}).")
    return BoundCall(tuple(args), kwargs, inputs, structure)


def refuse_nonsense(key: str, value: Any, name: str) -> None:
    """Refuse at the door what can never be an input.

    Raises
    ------
    InputError
    """
    if value is None or isinstance(value, (str, bytes)):
        why = f"{key} is {'None' if value is None else 'text'}, not a number"
        hint = f"Leave out the quotes: {key}={value!s}." if value is not None and _numeric(value) else f"Write the number itself: {key}=2.0."
        if value is not None and not _numeric(value):
            hint += f" An option is no input, and is fixed outside: lambda x: {name}(x, {key}={shortened(value, 20)})."
        raise InputError(f"calling {name} with {key}={shortened(value)}", why, hint)
    if isinstance(value, set) or callable(value):
        raise InputError(f"calling {name} with {key}={shortened(value)}", f"{key} is a {type(value).__name__}",
                         "An input is a number, an array, or a dict, list or dataclass of them.")


def _numeric(text: Any) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def active_inputs(call: BoundCall, wrt: Any) -> set[str] | None:
    """The inputs (leaves of containers) that get a gradient; None for all of real numbers.

    Raises
    ------
    InputError
        When wrt names an input that does not exist, or one of whole numbers or truth values.
    """
    if wrt is None:
        return None
    asked = [wrt] if isinstance(wrt, str) else list(wrt) if isinstance(wrt, (list, tuple, set)) else [wrt]
    attempted = f"taking the gradient with wrt={wrt!r}"
    found: set[str] = set()
    for n in asked:
        leaves = None
        if isinstance(n, str):
            leaves = [n] if n in call.inputs else [s.name for s in slots(call.structure[n])] if n in call.structure else None
        if leaves is None:
            raise InputError(attempted, f"{n!r} is not an input", f"The inputs are {listed(dict.fromkeys([*call.structure, *call.inputs]))}.")
        for leaf in leaves:
            value = call.inputs[leaf]
            kind = np.asarray(getattr(value, "value", value)).dtype.kind
            if isinstance(value, (np.ndarray, bool)) and kind in "iub" and len(leaves) == 1:
                raise InputError(attempted, f"{leaf} holds {'truth values' if kind == 'b' else 'whole numbers'}",
                                 f"Only real numbers have a gradient: convert it with {leaf}.astype(float), or leave it out of wrt.")
        found.update(leaves)
    if not asked:
        raise InputError(attempted, "the list is empty", f"Name at least one of {listed(call.structure)}.")
    return found
