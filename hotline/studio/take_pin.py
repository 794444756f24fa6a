"""Take a PIN for recording by telephone, or give it back."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hotline.flow.studio import PIN
from hotline.staff.models import User
from hotline.studio.models import StudioPin
from hotline.studio.pins import LASTS, mark_of
from hotline.studio.take import require_speaker
from hotline.vault.audit import record


def take_pin(session: Session, member: User, language: str, now: datetime) -> str:
    """A new one, to be shown once; the member's former one ends. Raises: NotYours."""
    require_speaker(member, language)
    pin = f"{secrets.randbelow(10**PIN):0{PIN}d}"
    row = insert(StudioPin).values(
        member_id=member.id, language=language, mark=mark_of(pin), made_at=now, ends_at=now + LASTS
    )
    anew = {name: row.excluded[name] for name in ("language", "mark", "made_at", "ends_at")}
    session.execute(row.on_conflict_do_update(index_elements=["member_id"], set_=anew))
    record(session, member.id, "took a PIN", "studio_pins", member.id, language=language)
    return pin


def give_back_pin(session: Session, member: User) -> None:
    """From now on it opens nothing; a call that it let in goes on."""
    given = session.execute(
        sa.delete(StudioPin).where(StudioPin.member_id == member.id).returning(StudioPin.language)
    )
    if given.first():
        record(session, member.id, "gave the PIN back", "studio_pins", member.id)


def pin_of(session: Session, member: User, now: datetime) -> StudioPin | None:
    """The one that the member has, while it lasts."""
    held = session.get(StudioPin, member.id)
    return held if held is not None and held.ends_at > now else None
