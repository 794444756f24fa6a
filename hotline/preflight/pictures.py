"""What comes with texts: whether the carrier has such a thing, and whether it can be fetched and deleted."""

from hotline.carrier.asking import Account
from hotline.carrier.client import Carrier
from hotline.carrier.errors import CarrierError, LedElsewhere, NotThere
from hotline.preflight.deletion import Forgotten, is_forgotten
from hotline.preflight.finding import Finding, fault, fine
from hotline.preflight.mend_claim import mend_claim

NONE = "No text of the newest has a picture with it: whether one can be fetched and deleted is not proved."
KEEPS = "It keeps what comes with texts, as the profile says."
UNTRIED = "Deleting was not tried; to prove it, name a text whose picture may go: --delete-picture ID"


def do_pictures_come(account: Account, carrier: Carrier, delete: str = "") -> list[Finding]:
    """The newest text is asked for what came with it, and the newest picture fetched; the first that came with the
    text `delete` is deleted there, if it is named."""
    if not account.profile.mms:
        return fine(
            "Texts are words alone, as the profile says: pictures and voice notes are lost on the way."
        )
    try:
        texts = next(account.pages("Messages", query={}), [])
        if texts:
            carrier.list_media(str(texts[0].get("sid")))
        if delete:
            return _try_named(account, carrier, delete)
        sids = [str(text["sid"]) for text in texts if str(text.get("num_media", "0")) not in ("0", "None")]
        first = next(((sid, held[0].sid) for sid in sids if (held := carrier.list_media(sid))), None)
    except NotThere:
        says = "The carrier knows of nothing that comes with a text, though the profile claims it."
        return fault(says, mend_claim(account.profile, "mms", "false"))
    except CarrierError as failed:
        return fault(f"Texts cannot be listed ({type(failed).__name__}).", "First mend the carrier’s lists.")
    if first is None:
        return fine(NONE)
    found = _fetch(carrier, *first)
    told = fine(UNTRIED if account.profile.deletes_media else KEEPS)
    return found if any(finding.wrong for finding in found) else found + told


def _try_named(account: Account, carrier: Carrier, text_sid: str) -> list[Finding]:
    """Of a text that somebody named: what is not there says nothing of the profile. Raises: CarrierError."""
    try:
        held = carrier.list_media(text_sid)
    except NotThere:
        held = []
    if not held:
        gone = f"There is no text {text_sid}, or nothing that came with it is held any more."
        return fault(gone, "Name the id of a text that the carrier lists with a picture (num_media).")
    found = _fetch(carrier, text_sid, held[0].sid)
    if any(finding.wrong for finding in found):
        return found
    if not account.profile.deletes_media:
        return found + fine(KEEPS)
    thing = Forgotten(
        "deletes_media",
        "a picture",
        lambda: carrier.delete_media(text_sid, held[0].sid),
        lambda: carrier.fetch_media(text_sid, held[0].sid),
    )
    return found + is_forgotten(account.profile, thing)


def _fetch(carrier: Carrier, text_sid: str, sid: str) -> list[Finding]:
    try:
        fetched = carrier.fetch_media(text_sid, sid)
    except LedElsewhere as led:
        says = f"A picture is fetched from {led.host}, which the profile does not name."
        return fault(says, f"If that is the carrier’s own host: HOTLINE_MEDIA_HOSTS={led.host}")
    except CarrierError as failed:
        mend = "Without it no picture and no voice note by text is received: ask the carrier."
        return fault(f"What came with the text {text_sid} cannot be fetched ({type(failed).__name__}).", mend)
    return fine(f"What comes with a text can be fetched ({len(fetched.body)} bytes).")
