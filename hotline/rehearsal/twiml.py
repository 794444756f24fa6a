"""Read a TwiML answer as strictly as the carrier does."""

from dataclasses import dataclass, field
from xml.etree import ElementTree

LARGEST = 64 * 1024  # Twilio, "TwiML": 64 kB
VERBS = {
    "Play",
    "Say",
    "Pause",
    "Gather",
    "Record",
    "Redirect",
    "Hangup",
    "Reject",
    "Message",
    "Dial",
    "Number",
}
MANY = {"Pause", "Message"}  # known to Twilio alone


class BadDocument(ValueError):
    """The carrier would refuse this answer. `code` is Twilio's error."""

    def __init__(self, code: int, says: str) -> None:
        super().__init__(says)
        self.code = code


@dataclass(frozen=True)
class Verb:
    """One instruction."""

    name: str
    text: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    nested: tuple["Verb", ...] = ()

    def number(self, name: str, default: int) -> int:
        value = self.attributes.get(name, "")
        return int(value) if value.isdigit() else default

    def method(self, name: str = "method") -> str:
        """GET where it says so, else POST: as the carrier, with a warning for anything else."""
        return "GET" if self.attributes.get(name, "").upper() == "GET" else "POST"


@dataclass(frozen=True)
class Onward:
    """Where a call asks next, and what it tells; no address is the current document's own."""

    url: str
    method: str = "POST"
    more: dict[str, str] = field(default_factory=dict)


def read_twiml(body: bytes, *, few: bool = False) -> tuple[Verb, ...]:
    """What the document says. With `few` verbs it ends, and the call, where one stands that is not among them.

    Raises: BadDocument.
    """
    if len(body) > LARGEST:
        raise BadDocument(11750, "the answer is larger than 64 kB")
    if body[:1].isspace():
        raise BadDocument(12100, "a blank stands before the document")
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as broken:
        raise BadDocument(12100, f"the answer is not XML: {broken}") from None
    if root.tag != "Response":
        raise BadDocument(12102, f"the document is a {root.tag}, not a Response")
    if few:
        return _until_unknown(root)
    return tuple(_read(verb) for verb in root)


def _until_unknown(root: ElementTree.Element) -> tuple[Verb, ...]:
    known = VERBS - MANY
    done: list[Verb] = []
    for verb in root:
        if any(inner.tag not in known for inner in verb.iter()):
            return (*done, Verb("Hangup"))
        done.append(_read(verb))
    return tuple(done)


def _read(verb: ElementTree.Element) -> Verb:
    if verb.tag not in VERBS:
        raise BadDocument(12200, f"{verb.tag} is no verb that this carrier knows")
    nested = tuple(_read(inner) for inner in verb)
    return Verb(verb.tag, (verb.text or "").strip(), dict(verb.attrib), nested)
