"""Every fault at full length: 1,000 signed events each, parts away for a minute; was anything lost or doubled?

    .venv/bin/python -m benchmarks.faults [fault ...]

Prints the table of docs/reliability.md. Settled: seconds from the last event until everything that was
said is stored, verified and in the ledger, and the carrier has forgotten it.
"""

import sys
import tempfile
from pathlib import Path

from tests.faults.table import FAULTS
from tests.faults.world import CannotTry, a_world

EVENTS, OUTAGE, SETTLED = 1000, 60.0, 120.0  # webhooks, seconds, seconds


def main(*chosen: str) -> None:
    print("| fault | webhooks | voicemails | texts | slowest answer, s | settled, s | lost | doubled |")
    print("|---|---|---|---|---|---|---|---|")
    for fault in chosen or FAULTS:
        with tempfile.TemporaryDirectory(prefix="hotline-faults-") as folder:
            Path(folder).chmod(0o711)
            print(_try(fault, Path(folder)), flush=True)


def _try(fault: str, data: Path) -> str:
    with a_world(data, outage=OUTAGE, seed=1, HOTLINE_RECONCILE_SECONDS=20) as world:
        callers = world.callers
        try:
            world.live_through(EVENTS, FAULTS[fault])
        except CannotTry as cannot:
            return f"| {fault} | not tried: {cannot} | | | | | | |"
        try:
            settled = f"{world.settle(SETTLED):.0f}"
            world.check()
            lost = doubled = "0"
        except AssertionError as failed:
            settled, lost, doubled = "not", ", ".join(world.unsettled), str(failed).splitlines()[0]
        heard = f"{callers.sent} | {len(callers.voicemails)} | {len(callers.texts)} | {callers.slowest:.1f}"
        return f"| {fault} | {heard} | {settled} | {lost} | {doubled} |"


if __name__ == "__main__":
    main(*sys.argv[1:])
