"""Compiled programs: `bl.compile` makes a function and its gradients as fast as a good engineer writes them by hand.

The function is traced once and printed as a readable NumPy program; `lowering` makes a fast one from that text. Around it stand:

1. `compiling`: `bl.compile`, and the `Program` that it returns.
2. `family`: all variants of one function, and the slow door that finds or makes the right one for other shapes and branches.
3. `forms`: what a variant is: one text that is run, fast where it can be and readable where it must be.
4. `packing`: inputs in dicts, lists and dataclasses, taken apart quickly.
5. `replay`: scalar programs that are too long to be compiled, run from tables.
"""
