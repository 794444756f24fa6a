"""The demo's areas, named in rehearsal voices: one member records them, another approves, as people would."""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.directory.decide_name import decide_name
from hotline.directory.models import HelpPlace
from hotline.directory.record_name import record_area_name
from hotline.flow.prompts import Catalogue, Script, placeholder_name
from hotline.media.placeholders import make_placeholders
from hotline.staff.models import User

# By area and language, as a voice of that language reads it.
NAMES = {
    "Samut Sakhon": {"my": "ဆမွတ်ဆာခွန်", "th": "สมุทรสาคร", "ne": "समुत साखोन", "en": "Samut Sakhon"},
    "Bangkok": {"my": "ဘန်ကောက်", "th": "กรุงเทพ", "ne": "बैंकक", "en": "Bangkok"},
}


def name_areas(session: Session, scripts: Mapping[str, Script], recorder: str) -> None:
    """`recorder` is the name of who records them. Raises: NoVoices."""
    members = session.scalars(sa.select(User)).all()
    by = next(member for member in members if member.name == recorder)
    with tempfile.TemporaryDirectory() as scratch:
        for area, language, audio in _spoken(scripts, Path(scratch)):
            place = session.scalars(sa.select(HelpPlace).where(HelpPlace.area == area).limit(1)).one()
            other = next(member for member in members if member is not by and language in member.languages)
            name = record_area_name(session, place, language, audio, by, datetime.now(UTC))
            decide_name(session, name, "approve", other, datetime.now(UTC))


def _spoken(scripts: Mapping[str, Script], folder: Path) -> list[tuple[str, str, bytes]]:
    """(area, language, audio), of languages that have a voice."""
    languages = {language for named in NAMES.values() for language in named}
    said = {
        language: replace(scripts[language], prompts={area: named[language] for area, named in NAMES.items()})
        for language in languages
    }
    make_placeholders(Catalogue(said, {}), folder)
    files = {
        (area, language): folder / language / placeholder_name(area, words)
        for area, named in NAMES.items()
        for language, words in named.items()
    }
    return [(*of, file.read_bytes()) for of, file in files.items() if file.exists()]
