"""The first start: people, a line and a studio, and a handful of calls and texts through the real webhooks."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.directory.keep_place import Typed, keep_place
from hotline.flow.load_tree import load_trees
from hotline.flow.prompts import PROMPTS
from hotline.flow.studio import STUDIO
from hotline.flow.turn import Clip
from hotline.intake.add_line import add_line
from hotline.rehearsal.client import Phone
from hotline.settings import Settings
from hotline.staff.add_member import add_member
from hotline.staff.models import User
from hotline.staff.passwords import make_password
from hotline.webhooks.switchboard import load_catalogue

LINE = "+6620000142"
STUDIO_LINE = "+6620000144"  # where staff record prompts by telephone
STRANGE_LINE = "+6620000999"  # answered all the same, and shown to the administrator
SUPERVISOR = "Somchai"
STAFF = (
    ("thiri@hotline.example", "Thiri", "transcriber", "my,th"),
    ("bimala@hotline.example", "Bimala", "transcriber", "ne,en"),
    ("htet@hotline.example", "Htet", "caseworker", "my,th,ne,en"),
    ("somchai@hotline.example", SUPERVISOR, "supervisor", "th,my"),
    ("anong@hotline.example", "Anong", "administrator", ""),
)
# (from, to, keys, language and prompt spoken into the microphone, when they hang up)
CALLS = (
    ("+66812345601", LINE, "12", ("my", "rights"), "after"),
    ("+66812345602", LINE, "31", ("ne", "rights"), "recording"),
    ("+66812345603", LINE, "21", ("th", "speak_danger"), "after"),
    ("+266696687", LINE, "11", ("my", "consent"), "recording"),
    ("+66812345604", LINE, "1", None, "key"),
    ("+66812345605", STRANGE_LINE, "41", ("en", "rights"), "after"),
    ("+66812345602", LINE, "1", ("ne", "speak_danger"), "recording"),
)
# (kind, name, area, languages spoken there, hours): nobody has their numbers
HELP = (
    ("shelter", "Invented House", "Samut Sakhon", ("my", "th"), ""),
    ("shelter", "Example Home", "Bangkok", ("th", "ne"), "mon-fri 09:00-17:00"),
    ("embassy", "Embassy of Nowhere", "Bangkok", ("ne", "en"), "mon-fri 09:00-12:00"),
    ("legal", "Made-up Legal Aid", "Samut Sakhon", ("my", "th", "en"), "mon-sat 09:00-18:00"),
    ("legal", "Unreal Lawyers", "Bangkok", ("th", "en"), "mon-fri 09:00-17:00"),
    ("clinic", "Pretend Clinic", "Samut Sakhon", ("my",), ""),
)
TEXTS = (
    ("+66812345606", "मेरो तलब दुई महिनादेखि आएको छैन।"),
    ("+66812345607", "นายจ้างหักค่าที่พักเดือนละสองพันบาท ไม่มีใบเสร็จ"),
)


def add_people(session: Session) -> dict[str, str]:
    """Staff and the line, where there is nobody yet; passwords by e-mail address, to be shown once."""
    if session.scalar(sa.select(sa.func.count()).select_from(User)):
        return {}
    passwords = {}
    for email, name, role, languages in STAFF:
        passwords[email] = make_password()
        spoken = [tag for tag in languages.split(",") if tag]
        add_member(session, email, name=name, role=role, languages=spoken, password=passwords[email])
    return passwords


def add_first_lines(session: Session, settings: Settings) -> None:
    for number, tree, languages, name in (
        (LINE, "main", ("my", "th", "ne", "en"), "Main line"),
        (STUDIO_LINE, STUDIO, ("en",), "Studio"),
    ):
        add_line(
            session,
            number,
            tree=tree,
            languages=languages,
            trees=load_trees(PROMPTS),
            spoken=load_catalogue(settings).scripts,
            name=name,
            now=datetime.now(UTC),
        )


def add_help(session: Session, spoken: Collection[str]) -> None:
    """Invented places, so that there is something to hear; the last has not been checked for long."""
    now = datetime.now(UTC)
    for number, (kind, name, area, languages, hours) in enumerate(HELP, 150):
        typed = Typed(
            kind, name, "TH", f"02 000 0{number}", "invented for rehearsal", area, tuple(languages), hours,
            always=not hours,
        )  # fmt: skip
        place = keep_place(session, typed, spoken, None, now).place
    place.checked_at = now - timedelta(days=200)


def play_calls(settings: Settings, progress: Callable[[int, int], None]) -> None:
    """Calls and texts as workers would make them, in placeholder voices."""
    phone, catalogue = Phone(settings.twilio_api_url), load_catalogue(settings)
    done, of = 0, len(CALLS) + len(TEXTS)
    for from_, to, keys, spoken, hang_up in CALLS:
        sound = catalogue.sound(Clip(spoken[1], spoken[0])).audio if spoken else None
        phone.play(from_=from_, to=to, keys=keys, speak=sound, hang_up=hang_up)
        done += 1
        progress(done, of)
    for from_, body in TEXTS:
        phone.text(from_=from_, to=LINE, body=body)
        done += 1
        progress(done, of)
