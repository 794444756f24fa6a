"""What a question finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One sentence; where something is wrong, what mends it."""

    says: str
    mend: str = ""

    @property
    def wrong(self) -> bool:
        return bool(self.mend)


def fine(says: str) -> list[Finding]:
    return [Finding(says)]


def fault(says: str, mend: str) -> list[Finding]:
    return [Finding(says, mend)]
