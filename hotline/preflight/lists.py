"""The carrier's lists: they can be read, come newest first, and are filtered by what the profile claims."""

from email.utils import parsedate_to_datetime
from typing import Any

from hotline.carrier.asking import Account
from hotline.carrier.errors import CarrierError
from hotline.carrier.profiles import Resource
from hotline.preflight.finding import Finding, fault, fine
from hotline.preflight.mend_claim import mend_claim

NAMES: dict[Resource, str] = {"Calls": "calls", "Messages": "texts", "Recordings": "recordings"}
FIELDS = {"To": "to", "From": "from", "CallSid": "call_sid"}  # what a filter is about, in a list's items
NOBODY = {"To": "+66200000009", "From": "+66200000009", "CallSid": "CA" + "0" * 32}  # in no list


def are_lists_as_claimed(account: Account) -> list[Finding]:
    """Each list is read once, and once more for each filter. Nothing is changed."""
    return [finding for resource in NAMES for finding in _look_at(account, resource)]


def _look_at(account: Account, resource: Resource) -> list[Finding]:
    name = NAMES[resource]
    try:
        listed = _first_page(account, resource, {})
        wrong = _order(name, listed)
        for asked in account.profile.filters[resource]:
            wrong += _filter(account, resource, asked, listed)
    except CarrierError as failed:
        mend = "Without its lists nothing is found that webhooks lost: ask the carrier."
        return fault(f"The list of {name} cannot be read ({type(failed).__name__}).", mend)
    if wrong:
        return wrong
    if not listed:
        return fine(f"The list of {name} is empty: its order and its filters cannot be seen.")
    filters = " and ".join(account.profile.filters[resource])
    how = f"is filtered by {filters}" if filters else "is looked through page by page"
    return fine(f"The list of {name} comes newest first, and {how}.")


def _order(name: str, listed: list[dict[str, Any]]) -> list[Finding]:
    made = [parsedate_to_datetime(str(item["date_created"])) for item in listed if item.get("date_created")]
    if made == sorted(made, reverse=True):
        return []
    mend = "Reading stops at what is old enough, so things would be missed: this carrier cannot be used yet."
    return fault(f"The list of {name} does not come newest first.", mend)


def _filter(account: Account, resource: Resource, asked: str, listed: list[dict[str, Any]]) -> list[Finding]:
    """Asked for what one item has, each has it; asked for what none has, there is none."""
    wanted = next((str(item[FIELDS[asked]]) for item in listed if item.get(FIELDS[asked])), None)
    if wanted is None:
        return []
    found = _first_page(account, resource, {asked: wanted})
    none = _first_page(account, resource, {asked: NOBODY[asked]})
    others = [item for item in found if item.get(FIELDS[asked]) != wanted]
    if found and not others and not none:
        return []
    says = f"The list of {NAMES[resource]} is not filtered by {asked}, though the profile claims it."
    return fault(says, mend_claim(account.profile, f"filters, {resource}", f"no {asked}"))


def _first_page(account: Account, resource: Resource, asked: dict[str, str]) -> list[dict[str, Any]]:
    return next(account.pages(resource, query=asked), [])
