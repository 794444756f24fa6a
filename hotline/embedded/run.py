"""Become one part of the hotline, for a supervisor: `python -m hotline.embedded.run postgres FOLDER`,
`… valkey FOLDER`, or `… with-parent COMMAND …` for any other program.

Each ends with its parent, even when that is killed.
"""

import os
import signal
import sys
from pathlib import Path

from hotline.embedded.children import CannotStart, die_with_parent


def main() -> None:
    kind, *rest = sys.argv[1:]
    try:
        # Read where they are used: most programs are neither, and begin the sooner.
        if kind == "postgres":
            from hotline.embedded import postgres

            postgres.prepare(Path(rest[0])).become()
        elif kind == "valkey":
            from hotline.embedded import valkey

            valkey.prepare(Path(rest[0])).become()
    except CannotStart as cannot:
        sys.exit(str(cannot))
    die_with_parent(signal.SIGTERM)
    os.execvp(rest[0], rest)


if __name__ == "__main__":
    main()
