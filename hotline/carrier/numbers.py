"""Numbers as carriers write them: who withheld theirs, and who is a telephone at all."""

from functools import lru_cache

import phonenumbers

# Fixed stand-ins for a number that the caller withheld (Twilio, "Incoming calls": letters on a keypad).
WITHHELD = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
WORDS = frozenset({"anonymous", "restricted", "unavailable", "unknown", "private", "blocked", "withheld"})


def caller_number(said: str) -> str | None:
    """The number of who calls or texts, or nothing where it was withheld or is no number of theirs."""
    number = said.strip()
    if not number or number in WITHHELD or number.lower() in WORDS or number.startswith(("client:", "sip:")):
        return None
    return number


def is_phone(number: str) -> bool:
    """Whether this is somebody's phone, not a short code or a name.

    "Possible" is enough: what libraries hold valid lags months behind real numbering plans.
    """
    if not number.startswith("+"):
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return False


DEAR = (
    phonenumbers.PhoneNumberType.PREMIUM_RATE,
    phonenumbers.PhoneNumberType.SHARED_COST,
    phonenumbers.PhoneNumberType.UAN,
    phonenumbers.PhoneNumberType.PAGER,
    phonenumbers.PhoneNumberType.VOICEMAIL,
)


MOST_HIDING = 3  # digits


def may_be_called(number: str, countries: tuple[str, ...]) -> bool:
    """Whether we call this number at our cost: an ordinary phone in one of these countries (calling codes)."""
    if not is_phone(number):
        return False
    read = phonenumbers.parse(number, None)
    return str(read.country_code) in countries and not _is_dear(number)


def _is_dear(number: str) -> bool:
    """Also where digits too many hide it: a switch dials what it needs, and leaves the rest."""
    kind = phonenumbers.number_type(phonenumbers.parse(number, None))
    if kind != phonenumbers.PhoneNumberType.UNKNOWN:
        return kind in DEAR
    shorter = (number[:-more] for more in range(1, MOST_HIDING + 1))
    return any(
        is_phone(one) and phonenumbers.number_type(phonenumbers.parse(one, None)) in DEAR for one in shorter
    )


COUNTRIES = frozenset(phonenumbers.SUPPORTED_REGIONS)  # ISO 3166


@lru_cache(maxsize=256)
def country_of(number: str, said: str = "") -> str:
    """The country that is `said`, else whose calling code it bears; nothing where that is none of one country."""
    if said:
        return said
    try:
        read = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return ""
    country = phonenumbers.region_code_for_country_code(read.country_code or 0)
    return country if country.isalpha() and country != "ZZ" else ""
