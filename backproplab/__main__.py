"""`python -m backproplab`: the command, where its folder is not on the path, as is usual on Windows."""
from __future__ import annotations

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
