"""Whatever is killed, frozen, flushed or full while people call: nothing is lost, nothing doubled.

The short form, with the suite; the long one is `python -m benchmarks.faults`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.table import FAULTS
from tests.faults.world import CannotTry, World, a_world

SOON = {"HOTLINE_RECONCILE_SECONDS": 2, "HOTLINE_LEASE_SECONDS": 3}
EVENTS, OUTAGE = 60, 3.0  # webhooks, seconds
SETTLED = 15.0  # seconds


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    data: Path = tmp_path_factory.mktemp("faults")
    with a_world(data, outage=OUTAGE, seed=20261125, **SOON) as made:
        yield made


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_lost_or_doubled(world: World, fault: str) -> None:
    try:
        world.live_through(EVENTS, FAULTS[fault])
    except CannotTry as cannot:
        pytest.skip(str(cannot))
    world.settle(SETTLED)
    world.check()
