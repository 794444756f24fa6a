"""What a program that reads callers' audio may use: an audio bomb of 606 kB took 2 GB without this."""

import resource
import signal
from collections.abc import Callable

MEMORY = 768 * 1024 * 1024  # bytes of address space; ffmpeg's own libraries take a third
CPU_SECONDS = 60
FILE_BYTES = 256 * 1024 * 1024


def limited() -> Callable[[], None]:
    """For a child, between fork and exec: no more memory, time or output than this."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)

    return limit
