"""Is this Python new enough, and can it make environments? Runs on any Python, so it is written for old ones."""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "The hotline needs Python 3.11 or newer; this is %d.%d. Name another: make PYTHON=python3.11"
        % sys.version_info[:2]
    )
try:
    import ensurepip  # noqa: F401
    import venv  # noqa: F401
except ImportError:
    sys.exit("Python's venv or pip is missing. On Debian: apt install python3-venv")
