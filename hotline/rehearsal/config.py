"""What the carrier is told at its start, and how it may be made to misbehave."""

import os
from dataclasses import dataclass, field
from typing import Any

from hotline.rehearsal.gaps import TWILIO, Gaps

INSTANT = 1000.0  # times faster than people: tests


@dataclass(frozen=True)
class Config:
    """`webhooks`: where the hotline answers. `speed`: how many times faster than people time goes.

    `gaps`: what this carrier lacks of Twilio, for good; how it misbehaves just now is its faults.
    """

    webhooks: str
    account_sid: str
    auth_token: str
    lines: tuple[str, ...] = ()
    speed: float = 1.0
    gaps: Gaps = TWILIO

    @classmethod
    def read(cls) -> "Config":
        """From REHEARSAL_… in the environment. Raises: ValueError."""
        lines = os.environ.get("REHEARSAL_LINES", "")
        return cls(
            webhooks=os.environ["REHEARSAL_WEBHOOKS"].rstrip("/"),
            account_sid=os.environ["REHEARSAL_ACCOUNT_SID"],
            auth_token=os.environ["REHEARSAL_AUTH_TOKEN"],
            lines=tuple(line.strip() for line in lines.split(",") if line.strip()),
            speed=float(os.environ.get("REHEARSAL_SPEED", "1")),
            gaps=Gaps.read(os.environ.get("REHEARSAL_GAPS", "")),
        )


@dataclass
class Faults:
    """How the carrier misbehaves just now."""

    twice: bool = False  # every webhook is sent twice
    lose_every: int = 0  # one in so many callbacks and texts is lost, nothing a call waits for; 0: none
    shuffle: bool = False  # callbacks and texts come late and in any order
    delay_s: float = 0.0  # they come so much later
    text_error: int = 0  # no text of ours arrives: undelivered, for this reason (30003: the phone is off)
    unreachable: bool = False  # the hotline is out of reach: the fallback is asked
    media_missing_s: float = 0.0  # a recording answers 404 for so long
    media_status: int = 0  # a recording answers with this
    media_slow: bool = False  # a byte a second
    media_cut: bool = False  # half of it, then the line drops
    never_complete: bool = False  # no recording is ever announced
    counted: int = field(default=0, repr=False)

    def set(self, values: dict[str, Any]) -> None:
        """Take over those that exist; others are ignored."""
        for name, value in values.items():
            if name in self.__dataclass_fields__ and name != "counted":
                setattr(self, name, type(getattr(self, name))(value))

    @property
    def is_slow(self) -> bool:
        """Whether what nobody waits for is lost or comes late."""
        return bool(self.lose_every or self.shuffle or self.delay_s)

    def loses(self) -> bool:
        """Whether the next callback is lost."""
        self.counted += 1
        return bool(self.lose_every) and self.counted % self.lose_every == 0
