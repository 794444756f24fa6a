"""What may go wrong at the carrier, by what to do about it."""


class CarrierError(Exception):
    """Anything below."""


class TryLater(CarrierError):
    """The same request may succeed later. `after`: seconds, where the carrier said so."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class NotThere(TryLater):
    """404: not there yet, or not any more."""


class Busy(TryLater):
    """429: too many requests."""


class CarrierDown(TryLater):
    """5xx, no connection, or no answer in time."""


class CutOff(TryLater):
    """Fewer bytes came than were promised, or they came too slowly."""


class AnswerLost(CarrierError):
    """A text or call was handed over, and whether it was taken is not known: look before doing it again."""


class RefusedByCarrier(CarrierError):
    """4xx: the carrier will not do it, now or later. `code` is the carrier's own (21610: they sent STOP)."""

    def __init__(self, status: int, code: int | None = None) -> None:
        super().__init__(f"status {status}, code {code}")
        self.status = status
        self.code = code


class LedElsewhere(RefusedByCarrier):
    """A redirect to a host that its profile does not name."""

    def __init__(self, status: int, host: str) -> None:
        super().__init__(status)
        self.host = host


class TooLarge(CarrierError):
    """More bytes than any message can have."""
