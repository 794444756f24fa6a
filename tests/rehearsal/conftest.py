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
