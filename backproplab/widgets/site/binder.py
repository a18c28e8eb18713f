"""A link that opens a file of a repository in Binder, where strangers run it without installing anything."""
from __future__ import annotations

from urllib.parse import quote, urlsplit

SERVICE = "https://mybinder.org/v2"
HOSTS = {"github.com": "gh", "gitlab.com": "gl"}      # what Binder knows by a short name; anything else by its whole address


def binder_link(repository: str, file: str) -> str:
    """The address that builds a repository, if it is not built yet, and opens a file of the learner's in JupyterLab.

    Parameters
    ----------
    repository : str
        The repository's address.
    file : str
        The path of the file inside the image.

    Examples
    --------
    >>> binder_link("https://github.com/ORG/REPO", "backproplab-lessons/00_start_here.ipynb")
    'https://mybinder.org/v2/gh/ORG/REPO/HEAD?urlpath=lab/tree/backproplab-lessons/00_start_here.ipynb'
    """
    parts = urlsplit(repository.rstrip("/").removesuffix(".git"))
    path = parts.path.strip("/")
    if parts.hostname == "github.com":
        place = path
    elif parts.hostname in HOSTS:
        place = quote(path, safe="")
    else:
        place = quote(repository, safe="")
    return f"{SERVICE}/{HOSTS.get(parts.hostname or '', 'git')}/{place}/HEAD?urlpath=lab/tree/{quote(file)}"
