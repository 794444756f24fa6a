"""Whether the carrier forgets what it is told to."""

from collections.abc import Callable
from dataclasses import dataclass

from hotline.carrier.errors import CarrierError, NotThere, TryLater
from hotline.carrier.profiles import Profile
from hotline.preflight.finding import Finding, fault, fine
from hotline.preflight.mend_claim import mend_claim


@dataclass(frozen=True)
class Forgotten:
    """Something that may go. `claim` is the profile's, `what` its name in a sentence."""

    claim: str
    what: str
    delete: Callable[[], object]
    fetch: Callable[[], object]


def is_forgotten(profile: Profile, thing: Forgotten) -> list[Finding]:
    """It is deleted, and then must not be there to be fetched."""
    says = f"It still has {thing.what} that it was told to delete, though the profile claims that it deletes."
    still = fault(says, mend_claim(profile, thing.claim, "false"))
    try:
        thing.delete()
        thing.fetch()
    except NotThere:
        return fine(f"It deletes {thing.what} that it is told to.")
    except TryLater as busy:
        says = f"Whether it deletes {thing.what} could not be tried just now ({type(busy).__name__})."
        return fault(says, "Try again in a while; the profile may be right.")
    except CarrierError:
        return still
    return still
