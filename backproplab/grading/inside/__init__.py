"""What runs in the sandbox, beside the student's code: it imports the standard library and NumPy alone, and nothing of this package.

`worker.py` is started as a script. `wire.py` is read on both sides of the pipe; nothing else here is imported by the grader.
"""
