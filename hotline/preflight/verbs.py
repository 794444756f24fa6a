"""Whether what we answer is what the carrier plays."""

from hotline.carrier.profiles import Profile
from hotline.preflight.finding import Finding, fault, fine
from hotline.preflight.mend_claim import mend_claim
from hotline.webhooks.twiml import VERBS

RINGING = {"Dial", "Number"}  # written only where staff can be asked for a key; else the microphone answers


def are_our_verbs_played(profile: Profile) -> list[Finding]:
    """Every verb that an answer of ours can bear is among those that the profile names, or has a way round."""
    ours = VERBS if profile.whispers else VERBS - RINGING
    missing = sorted(ours - profile.verbs)
    if missing:
        says = f"Our answers use {', '.join(missing)}, which this carrier does not play."
        return fault(says, mend_claim(profile, "verbs", "these, if it does") + " Else it cannot be used.")
    if not profile.whispers:
        return fine("It plays all that we answer; callers are not put through, but reach the microphone.")
    return fine("It plays all that we answer.")
