"""Running a notebook for its page: every output, and with it the model of every widget, since no notebook keeps those.

It runs in a new kernel of the Python that runs this, with nothing of the user's settings and history.
"""
from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbclient.exceptions
import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

WIDGETS = "application/vnd.jupyter.widget-state+json"
PATIENCE = 300                            # seconds a cell may take


class SiteError(Exception):
    """A page cannot be made; the message is a sentence for whoever asked for it."""


class FolderError(SiteError):
    """The pages cannot be written where they should go."""


@dataclass(frozen=True, slots=True)
class Executed:
    """A notebook after its run.

    Attributes
    ----------
    cells : list
        nbformat's cells, with outputs.
    models : dict
        A widget's model id -> ``{"state": {...}, "model_name": ..., ...}``, as it was at the end.
    """

    cells: list[Any]
    models: dict[str, dict[str, Any]]


def executed(path: Path) -> Executed:
    """Run a notebook from top to bottom; the file is only read.

    Parameters
    ----------
    path : Path
        The notebook. Its code runs where it lies, as in JupyterLab, so that it finds the files beside it.

    Raises
    ------
    SiteError
        When it is no notebook, or a cell fails that is not meant to.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
    except OSError as error:
        raise SiteError(f"{path.name} cannot be read: {error.strerror or error}.") from error
    except Exception as error:              # whatever the file holds; nbformat has no one error for it
        raise SiteError(f"{path.name} cannot be read as a notebook.") from error
    with tempfile.TemporaryDirectory(prefix="backproplab-export-") as own:
        client = nbclient.NotebookClient(
            notebook, km=AsyncKernelManager(kernel_spec_manager=_ThisPython(), kernel_name="python3"), timeout=PATIENCE, store_widget_state=True,
            resources={"metadata": {"path": str(path.parent)}},
            # Pictures sharp enough for a screen with small pixels, and for paper; of the kernel's own remarks only errors.
            extra_arguments=["--InlineBackend.figure_formats={'retina'}", "--HistoryManager.enabled=False", f"--ProfileDir.location={own}",
                             "--Application.log_level=ERROR"])
        try:
            client.execute(cleanup_kc=True)
        except nbclient.exceptions.CellExecutionError as error:
            raise SiteError(f"{path.name} ends in a cell with {error.ename}: {error.evalue}") from error
        except nbclient.exceptions.CellTimeoutError as error:
            raise SiteError(f"{path.name} has a cell that runs longer than {PATIENCE} seconds.") from error
        except nbclient.exceptions.DeadKernelError as error:
            raise SiteError(f"{path.name} made Python end by itself.") from error
    kept = notebook.metadata.get("widgets", {}).get(WIDGETS, {})
    return Executed(notebook.cells, dict(kept.get("state", {})))


class _ThisPython(KernelSpecManager):
    """Of all kernels on the machine the one of this very environment, whatever is registered under the name."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        # -P: what lies in the folder, a learner's random.py, must not stand in for the library's.
        command = [sys.executable, "-P", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=command, display_name="Python", language="python")
