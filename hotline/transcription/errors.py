"""Why a member cannot work on a report just now."""

from hotline.intake.models import ReportState
from hotline.transcription.models import Claim, Transcript


class NotYours(LookupError):
    """There is no such report for this member: not in their languages, or not at all."""


class NotOpen(Exception):
    """Nobody can take it: its recording is on its way, or it was handed in."""

    def __init__(self, state: ReportState) -> None:
        super().__init__(state)
        self.state = state


class HeldByAnother(Exception):
    """Another's claim has not lapsed."""

    def __init__(self, claim: Claim) -> None:
        super().__init__()
        self.claim = claim


class NotHeld(Exception):
    """The member does not hold the report (any more)."""


class TwoVersions(Exception):
    """The same draft was saved elsewhere since: both are kept, the one in hand in the page."""

    def __init__(self, other: Transcript) -> None:
        super().__init__()
        self.other = other
