"""The name of a place, spoken: in a language without one its callers hear the kind alone."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.directory.models import HelpName, HelpPlace
from hotline.flow.prompts import seconds_of
from hotline.media.ffmpeg import CannotDecode
from hotline.media.make_prompt import make_prompt
from hotline.staff.models import User
from hotline.vault.audit import record

LONGEST = 8.0  # seconds: a name, and where it is


def record_name(
    session: Session, place: HelpPlace, language: str, recorded: bytes, by: User, now: datetime
) -> HelpName:
    """Keep it in place of an earlier one, trimmed and evenly loud. Raises: CannotDecode."""
    audio = make_prompt(recorded).audio
    seconds = seconds_of(audio)
    if seconds > LONGEST:
        raise CannotDecode(f"it is longer than {LONGEST:.0f} seconds; a name alone is heard here")
    session.refresh(place, with_for_update=True)
    session.execute(sa.delete(HelpName).where(HelpName.place_id == place.id, HelpName.language == language))
    name = HelpName(
        place_id=place.id, language=language, audio=audio, seconds=seconds, made_at=now, by_id=by.id
    )
    session.add(name)
    session.flush()
    record(session, by.id, "named", "help_places", place.id, language=language)
    return name
