"""Marking other people's notebooks: `backproplab grade` and `backproplab report`.

What is protected, from whom, and how. A notebook is a program of somebody who may want a better mark, or trouble. Its cells run in a
process of their own (`inside/`), which knows no test, no expected value and no other student's work; `sandbox.py` asks it for values over two
pipes (`inside/wire.py`), and only right values, on inputs that nobody has seen, earn marks. So these hold:

marks         a wrong answer earns none, whatever is patched, forged or equal to everything: the comparison is made in another process
hidden tests  expected values never leave the grader; inputs come when the cells have run, and nothing of what is printed, raised or named
              from then on is handed on (`messages.py` holds all that is said)
the machine   no file is written, none is read but Python's and NumPy's, no network, no program, no process, no thread, no signal to others;
              memory, processor time, output and files are bounded (`layers.py`, `inside/confine.py`, `filters.py`)
others        each notebook has a process of its own, which leaves nothing behind: a fork of one that has read Python and NumPy only (`forkserver.py`)
the run       no notebook stops it; what the grader itself cannot do is a `fault`, which has no score, and is tried again alone; a run that
              was killed goes on where it was (`batch.py`, `results.py`)

Layers: Landlock hides files, seccomp allows a list of system calls, limits bound what is used, a root becomes nobody where it may, and
bubblewrap adds namespaces where they may be made. Before anything is marked each is proven by things that it must refuse
(`probing.py`); without seccomp and one of Landlock and bubblewrap nothing is marked, unless `--unsafe` is given, which every result then says.

Not protected: against a fault in the kernel, in Python's reading of JSON or in NumPy's of bytes; against whoever may write to the bank,
to the results or to the grader's own process; against a solution that somebody else wrote, and against numbers that were found by central
differences as exactly as is asked. Without a roster (`--students`), and where the names of folders are not on it, who hands in a notebook
released for another is marked on that one's variant, and the class page says where two did so; who is found on it is marked on their own.
A few bits a question leaks with every mark and every name of an error, and who hands in often learns from them. Without bubblewrap the names,
sizes and dates of files can be found, not what is in them. How long a program took is in the results, and told to instructors alone. macOS
and Windows have no such layers: there nothing is marked.
"""
