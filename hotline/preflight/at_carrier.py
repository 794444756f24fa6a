"""The carrier: it knows us, its numbers lead here, and its clock is ours."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from hotline.carrier.asking import Account
from hotline.carrier.errors import CarrierError, NotThere, RefusedByCarrier
from hotline.carrier.profiles import profile_for
from hotline.preflight.database import lines
from hotline.preflight.finding import Finding, fault, fine
from hotline.settings import Settings

APART = 30.0  # seconds
AWAY = fault("The carrier does not answer.", "Look at TWILIO_API_URL, and whether this machine gets out.")

AGAIN = "#rc=3&rp=all"  # so often, after any failure (Twilio, "Webhooks: connection overrides"): a text has no fallback


def account_of(settings: Settings) -> Account:
    token = settings.twilio_auth_tokens[0]
    return Account(settings.twilio_account_sid, token, settings.twilio_api_url, profile_for(settings))


def is_carrier_ready(settings: Settings) -> list[Finding]:
    try:
        said = account_of(settings).ask("GET")
    except (RefusedByCarrier, NotThere):
        mend = "Look at TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (the first one is used)."
        return fault("The carrier does not accept our credentials.", mend)
    except CarrierError:
        return AWAY
    status = str(said.get("status", "active"))
    if status != "active":
        return fault(
            f"The account is {status}.", "Look at the carrier's console: the balance, a letter from them."
        )
    return fine("It answers, and knows us.")


def is_clock_right(settings: Settings) -> list[Finding]:
    """Signatures, codes of second factors and ages all lean on it."""
    try:
        theirs = account_of(settings).ask_time()
    except CarrierError:
        return fault("The clock cannot be compared.", "First mend the carrier.")
    if theirs is None:
        return fine("The carrier does not say what time it is.")
    apart = (datetime.now(UTC) - theirs).total_seconds()
    if abs(apart) > APART:
        says = f"This machine is {abs(apart):.0f} s {'ahead of' if apart > 0 else 'behind'} the carrier."
        return fault(says, "Turn on time synchronisation (timedatectl set-ntp true).")
    return fine("It agrees with the carrier's.")


def lead_numbers_here(settings: Settings) -> list[Finding]:
    try:
        numbers = lines(settings)
    except sa.exc.DBAPIError:
        return fault("Our numbers cannot be read.", "First mend the database.")
    account, found = account_of(settings), []
    for number in numbers:
        try:
            found += _compare(number, _ask(account, number), settings.public_url, account.profile.fallback)
        except NotThere:
            return fine("This carrier does not tell where its numbers lead: compare them by hand.")
        except CarrierError:
            return fault("Where our numbers lead cannot be asked.", "First mend the carrier.")
    return found or fine("Each number leads here.")


def _ask(account: Account, number: str) -> dict[str, Any] | None:
    said = account.ask("GET", "IncomingPhoneNumbers", params={"PhoneNumber": number})
    listed = said.get("incoming_phone_numbers") or []
    return next((one for one in listed if one.get("phone_number") == number), None)


def _compare(number: str, said: dict[str, Any] | None, public_url: str, has_fallback: bool) -> list[Finding]:
    if said is None:
        return fault(f"{number} is not a number of this account.", "Buy it there, or take the line away.")
    if said.get("voice_application_sid") or said.get("trunk_sid"):
        mend = "Take it away there, and paste our addresses at the number itself."
        return fault(f"{number} is answered by an application or trunk of the carrier's.", mend)
    found = []
    for name, label, path in (
        ("voice_url", "A call comes in", "/voice/incoming"),
        ("voice_fallback_url", "Primary handler fails", "/voice/fallback"),
        ("status_callback", "Call status changes", "/voice/status"),
        ("sms_url", "A message comes in", f"/sms/incoming{AGAIN}"),
    ):
        if name == "voice_fallback_url" and not has_fallback:
            continue
        there, ought = str(said.get(name) or ""), public_url + path
        if _bare(there) == _bare(ought) or (name == "voice_fallback_url" and _is_elsewhere(number, said)):
            continue
        leads = f"leads to {there}" if there else "is empty"
        found.append(Finding(f"{number}: “{label}” {leads}.", f"Paste there: {ought}"))
    if str(said.get("status_callback_method") or "POST") != "POST":
        found.append(Finding(f"{number}: the status is told by GET.", "Choose HTTP POST there."))
    return found


def _bare(address: str) -> str:
    """Without how often the carrier is to try it, which is theirs to choose."""
    return address.partition("#")[0].rstrip("/")


def _is_elsewhere(number: str, said: dict[str, Any]) -> bool:
    """A document of `hotline fallback write`, asked for by GET."""
    ending = f"/{number.removeprefix('+')}/incoming.xml"
    return (
        str(said["voice_fallback_url"] or "").endswith(ending) and said.get("voice_fallback_method") == "GET"
    )
