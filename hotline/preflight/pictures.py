"""What comes with texts: whether the carrier has such a thing, and whether it can be fetched. Nothing is deleted."""

from hotline.carrier.asking import Account
from hotline.carrier.client import Carrier
from hotline.carrier.errors import CarrierError, LedElsewhere, NotThere
from hotline.preflight.finding import Finding, fault, fine
from hotline.preflight.mend_claim import mend_claim

NONE = "No text of the newest has a picture with it: whether one can be fetched is not proved."


def do_pictures_come(account: Account, carrier: Carrier) -> list[Finding]:
    """The newest text is asked for what came with it, and the newest picture fetched."""
    if not account.profile.mms:
        return fine(
            "Texts are words alone, as the profile says: pictures and voice notes are lost on the way."
        )
    try:
        texts = next(account.pages("Messages", query={}), [])
        if texts:
            carrier.list_media(str(texts[0].get("sid")))
    except NotThere:
        says = "The carrier knows of nothing that comes with a text, though the profile claims it."
        return fault(says, mend_claim(account.profile, "mms", "false"))
    except CarrierError as failed:
        return fault(f"Texts cannot be listed ({type(failed).__name__}).", "First mend the carrier’s lists.")
    sids = [str(text.get("sid")) for text in texts if str(text.get("num_media", "0")) not in ("0", "None")]
    return _fetch(carrier, sids[0]) if sids else fine(NONE)


def _fetch(carrier: Carrier, text_sid: str) -> list[Finding]:
    try:
        held = carrier.list_media(text_sid)
        if not held:
            return fine(NONE)
        fetched = carrier.fetch_media(text_sid, held[0].sid)
    except LedElsewhere as led:
        says = f"A picture is fetched from {led.host}, which the profile does not name."
        return fault(says, f"If that is the carrier’s own host: HOTLINE_MEDIA_HOSTS={led.host}")
    except CarrierError as failed:
        mend = "Without it no picture and no voice note by text is received: ask the carrier."
        return fault(f"What came with the text {text_sid} cannot be fetched ({type(failed).__name__}).", mend)
    return fine(f"What comes with a text can be fetched ({len(fetched.body)} bytes).")
