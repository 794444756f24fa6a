"""Spoken names as pages show them: which one callers hear, and what became of the one after it."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from hotline.directory.models import AreaName, HelpName, SpokenName


@dataclass
class Spoken:
    """One name in one language."""

    heard: SpokenName | None = None
    later: SpokenName | None = None  # waits, or was refused


def by_language(names: Iterable[SpokenName]) -> dict[str, Spoken]:
    found: dict[str, Spoken] = {}
    for name in names:
        one = found.setdefault(name.language, Spoken())
        if name.state == "approved":
            one.heard = name
        else:
            one.later = name
    return found


def hold_names(session: Session, table: str, subject: object, language: str) -> None:
    """Nobody else records this name in this language until the transaction ends."""
    lock = sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"name:{table}:{subject}:{language}"))
    session.execute(sa.select(lock))


def area_names(session: Session, area_key: str) -> Sequence[AreaName]:
    return session.scalars(sa.select(AreaName).where(AreaName.area_key == area_key)).all()


def find_name(session: Session, name_id: uuid.UUID, *, lock: bool = False) -> SpokenName | None:
    """Of a place or of an area: an id is one of either."""
    held = lock or None
    return session.get(HelpName, name_id, with_for_update=held) or session.get(
        AreaName, name_id, with_for_update=held
    )


def names_that_wait(session: Session) -> list[SpokenName]:
    """For a second person to listen to, oldest first."""
    of_places = sa.select(HelpName).where(HelpName.state == "waiting").options(selectinload(HelpName.place))
    of_areas = sa.select(AreaName).where(AreaName.state == "waiting")
    return sorted([*session.scalars(of_places), *session.scalars(of_areas)], key=lambda name: name.made_at)
