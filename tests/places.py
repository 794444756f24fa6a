"""Places where help is, for tests."""

from typing import Any

from hotline.db import utcnow
from hotline.directory.models import HelpPlace


def make_place(**given: Any) -> HelpPlace:
    """A shelter in Thailand that was checked just now, not yet in any session."""
    told = {
        "kind": "shelter", "name": "Invented House", "country": "TH", "area": "Mahachai", "languages": ["th"],
        "hours": "", "always": True, "number": "02 000 0150", "words": "Invented House: 02 000 0150",
        "source": "a test", "added_at": utcnow(), "checked_at": utcnow(),
    }  # fmt: skip
    return HelpPlace(**told | given)
