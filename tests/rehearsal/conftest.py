from collections.abc import Iterator

import pytest

from tests.rehearsal.hotlines import Rehearsal, TinyHotline, run_carrier, run_hotline


@pytest.fixture
def hotline() -> Iterator[TinyHotline]:
    with run_hotline() as running:
        yield running


@pytest.fixture
def rehearsal(hotline: TinyHotline) -> Iterator[Rehearsal]:
    with run_carrier(hotline) as running:
        yield running


@pytest.fixture
def unhurried(hotline: TinyHotline) -> Iterator[Rehearsal]:
    """A carrier on which somebody who acts in time is in time, on a busy machine, too."""
    with run_carrier(hotline, speed=4) as running:
        yield running
