"""What a question finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One sentence; where something is wrong, what mends it, in a sentence of its own or within this one."""

    says: str
    mend: str = ""
    tells_mend: bool = False  # within `says`

    @property
    def wrong(self) -> bool:
        return self.tells_mend or bool(self.mend)


def fine(says: str) -> list[Finding]:
    return [Finding(says)]


def fault(says: str, mend: str) -> list[Finding]:
    return [Finding(says, mend)]
