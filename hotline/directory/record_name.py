"""The name of a place or of an area, spoken. It waits for a second person; callers hear the one before until then.

In a language without one its callers hear a place's kind alone, and an area is not offered by its name.
"""

from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.directory.models import AreaName, HelpName, HelpPlace
from hotline.directory.names import hold_names
from hotline.flow.areas import key_of
from hotline.flow.prompts import seconds_of
from hotline.media.ffmpeg import CannotDecode
from hotline.media.make_prompt import make_prompt
from hotline.staff.models import User
from hotline.vault.audit import record

LONGEST = 8.0  # seconds: a name, and where it is

Name = TypeVar("Name", HelpName, AreaName)


def record_name(
    session: Session, place: HelpPlace, language: str, recorded: bytes, by: User, now: datetime
) -> HelpName:
    """Keep it in place of one that was not approved, trimmed and evenly loud. Raises: CannotDecode."""
    return _lay(session, HelpName(place_id=place.id, language=language, **_make(recorded, by, now)))


def record_area_name(
    session: Session, place: HelpPlace, language: str, recorded: bytes, by: User, now: datetime
) -> AreaName:
    """The same, of the area that the place is in. Raises: CannotDecode."""
    area = {"area_key": key_of(place.country, place.area), "country": place.country, "area": place.area}
    return _lay(session, AreaName(language=language, **area, **_make(recorded, by, now)))


def _make(recorded: bytes, by: User, now: datetime) -> dict[str, Any]:
    audio = make_prompt(recorded).audio
    seconds = seconds_of(audio)
    if seconds > LONGEST:
        raise CannotDecode(f"it is longer than {LONGEST:.0f} seconds; a name alone is heard here")
    return {"audio": audio, "seconds": seconds, "made_at": now, "by_id": by.id}


def _lay(session: Session, name: Name) -> Name:
    table, subject, detail = name.told_as()
    hold_names(session, table, subject, name.language)
    session.execute(sa.delete(type(name)).where(name.alike(), type(name).state != "approved"))
    session.add(name)
    session.flush()
    record(session, name.by_id, "named", table, subject, language=name.language, **detail)
    return name
