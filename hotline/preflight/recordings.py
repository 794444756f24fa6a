"""A recording at the carrier: fetched, and deleted where the profile says that this can be."""

from hotline.carrier.asking import Account
from hotline.carrier.client import Carrier
from hotline.carrier.errors import CarrierError, LedElsewhere
from hotline.preflight.deletion import Forgotten, is_forgotten
from hotline.preflight.finding import Finding, fault, fine

UNTRIED = "Deleting was not tried; to prove it, name a recording that may go: --delete ID"


def are_recordings_as_claimed(account: Account, carrier: Carrier, delete: str = "") -> list[Finding]:
    """The newest is fetched and forgotten here; `delete` is deleted there, if it is named."""
    try:
        page = next(account.pages("Recordings", query={}), [])
    except CarrierError as failed:
        return fault(
            f"Recordings cannot be listed ({type(failed).__name__}).", "First mend the carrier’s lists."
        )
    sid = delete or next((str(one["sid"]) for one in page if one.get("sid")), "")
    if not sid:
        return fine("The carrier holds no recording: whether one can be fetched and deleted is not proved.")
    found = _fetch(carrier, sid)
    if any(finding.wrong for finding in found):
        return found
    return found + _delete(account, carrier, delete)


def _fetch(carrier: Carrier, sid: str) -> list[Finding]:
    try:
        fetched = carrier.fetch_recording(sid)
    except LedElsewhere as led:
        says = f"A recording is fetched from {led.host}, which the profile does not name."
        return fault(says, f"If that is the carrier’s own host: HOTLINE_MEDIA_HOSTS={led.host}")
    except CarrierError as failed:
        mend = "Without it no voicemail is heard: ask the carrier, with the recording’s id."
        return fault(f"The recording {sid} cannot be fetched ({type(failed).__name__}: {failed}).", mend)
    if fetched.body[:4] != b"RIFF":
        return fault(f"The recording {sid} is no WAV file.", "Ask the carrier why it is not.")
    return fine(f"A recording can be fetched ({len(fetched.body)} bytes).")


def _delete(account: Account, carrier: Carrier, sid: str) -> list[Finding]:
    profile = account.profile
    if not profile.deletes_recordings:
        return fine(
            "It keeps its recordings, as the profile says: the workbench says that the carrier has a copy."
        )
    if not sid:
        return fine(UNTRIED)
    return is_forgotten(
        profile,
        Forgotten(
            "deletes_recordings",
            "a recording",
            lambda: carrier.delete_recording(sid),
            lambda: carrier.fetch_recording(sid),
        ),
    )
