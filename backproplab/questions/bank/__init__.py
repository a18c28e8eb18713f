"""The questions that come with the package. A file is a subject, a call one question; a new file is added to the line below."""
from . import derivatives, drawings, engines, forks, graphs, shapes  # noqa: F401
