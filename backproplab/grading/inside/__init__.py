"""What runs in the sandbox, beside the student's code: it imports the standard library and NumPy alone, and nothing of this package.

`forkserver.py` is started as a script, and forks what `worker.py` then is. `wire.py` is read on both sides of the pipe; nothing else here is
imported by the grader but the letters of `forkserver.py`.
"""
