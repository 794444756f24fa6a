"""Two machines that answer calls and one that keeps what is said, each with a network of its own: what is lost
when one of them loses its power or its cable?

    .venv/bin/python -m benchmarks.two_hosts [fault ...]

As root on Linux, with Caddy installed (deploy/Caddyfile stands before the two). PostgreSQL, Redis and an S3
server are on the third. Carrier and callers are outside. Prints the table of docs/scaling.md.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.hosts import Host, build_switch
from benchmarks.site import Site, a_site

EVENTS, OUTAGE, SETTLED = 300, 5.0, 60.0


def during(hurt: Callable[[Host], None], mend: Callable[[Host], None], host: Host) -> None:
    hurt(host)
    time.sleep(OUTAGE)
    mend(host)


FAULTS: dict[str, Callable[[Site], None]] = {
    "nothing": lambda site: None,
    "one of the two loses its power": lambda site: during(Host.cut_power, site.start, site.doors[0]),
    "one of the two loses its cable": lambda site: during(Host.pull_cable, Host.plug_in, site.doors[0]),
    "one of the two loses its way to the third": lambda site: during(
        lambda door: door.lose_way_to(site.keeper), lambda door: door.find_way_to(site.keeper), site.doors[0]
    ),
    "the third loses its cable": lambda site: during(Host.pull_cable, Host.plug_in, site.keeper),
}


def main(*chosen: str) -> None:
    if os.geteuid() != 0 or not shutil.which("caddy"):
        sys.exit("This takes root, for networks of its own, and Caddy.")
    build_switch()
    print(
        "| what happens | webhooks | voicemails | texts | slowest answer, s | settled, s | lost or doubled |"
    )
    print("|---|---|---|---|---|---|---|")
    most: dict[str, int] = {}
    for fault in chosen or FAULTS:
        with tempfile.TemporaryDirectory(prefix="hotline-hosts-") as folder:
            Path(folder).chmod(0o711)
            with a_site(Path(folder)) as site:
                print(_try(fault, site), flush=True)
                most = {place: max(count, most.get(place, 0)) for place, count in site.connections.items()}
    print("Most connections to PostgreSQL at once, by process:", most)


def _try(fault: str, site: Site) -> str:
    callers = site.callers
    site.live_through(EVENTS, FAULTS[fault])
    try:
        settled = f"{site.settle(SETTLED):.0f}"
        site.check()
        wrong = "0"
    except AssertionError as failed:
        settled, wrong = "not", str(failed).splitlines()[0]
    heard = f"{callers.sent} | {len(callers.voicemails)} | {len(callers.texts)} | {callers.slowest:.1f}"
    return f"| {fault} | {heard} | {settled} | {wrong} |"


if __name__ == "__main__":
    main(*sys.argv[1:])
