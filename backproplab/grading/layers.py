"""Which layers of isolation this machine offers, and what a sandbox may read. What is offered here is proven in `probing.py`."""
from __future__ import annotations

import functools
import os
import shutil
import stat
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from .filters import filter_program

OUTSIDER = 65_533                          # a user id that owns nothing: nobody's number less one
BASIC = ("limits", "capabilities", "no_new_privileges")
ORDER = ("limits", "user", "capabilities", "no_new_privileges", "landlock", "seccomp")      # as `inside/confine.py` applies them
# What must hold before anything is graded: system calls are restricted, and files are hidden in one of two ways.
ENOUGH = "seccomp, and landlock or bubblewrap"


@dataclass(frozen=True)
class Isolation:
    """The layers that a sandbox is started with.

    Attributes
    ----------
    inside : tuple of str
        Those that the sandbox applies to itself, by their names in `inside/confine.py`.
    bubblewrap : bool
        Whether it is started in namespaces of its own.
    """

    inside: tuple[str, ...] = BASIC
    bubblewrap: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.inside, "bubblewrap") if self.bubblewrap else self.inside

    @property
    def enough(self) -> bool:
        """Whether hidden tests may be used behind it."""
        return "seccomp" in self.inside and ("landlock" in self.inside or self.bubblewrap)


def offered() -> Isolation:
    """All layers that seem to be there. In namespaces nobody is root, so `user` is for where there are none."""
    there = {"user": not bubblewrap_runs() and user_possible(), "landlock": landlock_version() > 0, "seccomp": filter_program() is not None}
    return Isolation(tuple(name for name in ORDER if there.get(name, True)), bubblewrap_runs())


def user_possible() -> bool:
    """Whether a sandbox can become another user: of root, and where that user can still read Python and NumPy."""
    return os.getuid() == 0 and readable_by_all()


@functools.cache
def landlock_version() -> int:
    """The version of the kernel's Landlock; 0 when it, or landlockpy, is not there."""
    if find_spec("landlockpy") is None:
        return 0
    import landlockpy
    return int(landlockpy.abi_version())


@functools.cache
def bubblewrap_runs() -> bool:
    """Whether bubblewrap is installed and may make namespaces here; in many containers it may not."""
    program = shutil.which("bwrap")
    if program is None:
        return False
    try:
        tried = subprocess.run([program, "--unshare-all", "--ro-bind", "/", "/", "--dev", "/dev", "true"],
                               capture_output=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return tried.returncode == 0


# What a sandbox reads ---------------------------------------------------------------------------------------------------------------

INSIDE = Path(__file__).resolve().parent / "inside"


def packages() -> list[str]:
    """Where NumPy and landlockpy are installed: searched until they are loaded, and not afterwards."""
    found = [Path(spec.origin).parent.parent for name in ("numpy", "landlockpy") if (spec := find_spec(name)) and spec.origin]
    return [str(path) for path in dict.fromkeys(found)]


@functools.cache
def readable() -> tuple[str, ...]:
    """Files and folders that a sandbox may read: the interpreter, the standard library, the system's libraries and NumPy.

    Never a folder of installed packages as a whole: it may hold this package, a course's bank, a solution.
    """
    standard = standard_library()
    found = [entry for entry in standard.iterdir() if entry.name not in ("site-packages", "dist-packages", "__pycache__")]
    numpy = find_spec("numpy")
    if numpy is not None and numpy.origin is not None:
        folder = Path(numpy.origin).parent
        found += [folder, folder.parent / "numpy.libs"]
    found += [Path("/etc/ld.so.cache"), Path(sys.executable).resolve(), *system_libraries()]
    return tuple(dict.fromkeys(str(path) for path in found if path.exists()))


def standard_library() -> Path:
    """Where the interpreter itself finds it: it is started by its real path, whatever links lead there."""
    return Path(sysconfig.get_path("stdlib")).resolve()


def system_libraries() -> list[Path]:
    """The system's shared libraries: a folder that holds nothing else where there is one, else file by file; and those that Conda or Debian link."""
    machine = os.uname().machine
    folders = [folder for place in ("/usr/lib", "/lib") if (folder := Path(place) / f"{machine}-linux-gnu").is_dir()]
    places = [Path("/lib64")] if folders else [Path("/lib64"), Path("/lib")]
    files = [file for place in places if place.is_dir() for file in place.glob("*.so*") if file.is_file()]
    prefix = Path(sys.base_prefix)
    own = [file for file in (prefix / "lib").glob("*.so*" if (prefix / "conda-meta").is_dir() else "libpython*") if file.is_file()]
    linked = [Path(os.path.realpath(path)) for path in (*folders, *files, *own)] + [file for file in own if file.is_symlink()]
    return list(dict.fromkeys(linked + [place for place in [Path("/etc/alternatives")] if place.is_dir()]))      # Debian's BLAS is a link there


def listed() -> list[str]:
    """Folders whose names may be listed, so that a module is found: never what is in their files."""
    return [str(standard_library())]


def readable_by_all() -> bool:
    """Whether another user could read the interpreter and NumPy; only then may a root become one."""
    return all(_open_to_all(Path(path)) for path in (sysconfig.get_path("stdlib"), *packages(), os.path.realpath(sys.executable)))


def _open_to_all(path: Path) -> bool:
    wanted = stat.S_IROTH | stat.S_IXOTH
    return all(place.stat().st_mode & wanted == wanted for place in (path, *path.parents))


def wrapped(command: list[str], readable: tuple[str, ...]) -> list[str]:
    """The command in namespaces of its own: no network, no other process, and of the files what is readable alone."""
    program = shutil.which("bwrap") or "bwrap"
    words = [program, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv", "--hostname", "sandbox"]
    for name, value in ENVIRONMENT.items():
        words += ["--setenv", name, value]
    words += ["--tmpfs", "/", "--dev", "/dev"]                       # no /proc: nothing needs it, and it tells of what ran before
    for path in ("/lib", "/lib64", "/usr/lib", "/usr/lib64"):
        if os.path.islink(path):
            words += ["--symlink", os.readlink(path), path]
    standard = standard_library()                                    # as one mount, its packages covered up: a mount for each file is slow
    others = [path for path in readable if not Path(path).is_relative_to(standard) or "-packages" in path]
    covered = [word for name in ("site-packages", "dist-packages") if (standard / name).is_dir() for word in ("--tmpfs", str(standard / name))]
    words += ["--ro-bind", str(standard), str(standard), *covered]
    for path in dict.fromkeys([*others, str(INSIDE), *loaders()]):
        words += ["--ro-bind", path, path]
    landlockpy = find_spec("landlockpy")
    if landlockpy is not None and landlockpy.origin is not None:
        folder = str(Path(landlockpy.origin).parent)
        words += ["--ro-bind", folder, folder]
    if os.getuid() == 0:
        words += ["--uid", str(OUTSIDER), "--gid", str(OUTSIDER)]
    return [*words, "--remount-ro", "/", "--chdir", "/", "--", *command]


def loaders() -> list[str]:
    """The program that starts programs, under the name that they know it by: of x86 below /lib64, of ARM below /lib."""
    places = [Path(f"/usr{place}" if os.path.islink(place) else place) for place in ("/lib64", "/lib")]
    return [str(path) for place in places for pattern in ("ld-linux*", "ld-musl*") for path in place.glob(pattern)]


# OpenBLAS reserves memory for every thread, which a limit on memory would not let it have.
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent",
               "LANG": "C.UTF-8", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
