"""A place is called otherwise, or lies elsewhere: its spoken name was approved for other words, and waits again."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.directory.models import HelpName, HelpPlace
from hotline.directory.names import hold_names
from hotline.vault.audit import record


def listen_again(session: Session, place: HelpPlace, member_id: uuid.UUID | None) -> tuple[str, ...]:
    """The languages in which callers heard its name, and hear its kind alone from now on.

    Of a language that has a later recording, too, that one stays alone.
    """
    of_place = HelpName.place_id == place.id
    languages = session.scalars(sa.select(HelpName.language).where(of_place).distinct())
    for language in sorted(languages):
        hold_names(session, "help_places", place.id, language)
    # Those that wait are locked first, as by who decides about one.
    rows = sa.select(HelpName).where(of_place).order_by(HelpName.state.desc(), HelpName.language)
    names = session.scalars(rows.with_for_update().execution_options(populate_existing=True)).all()
    heard = sorted((name for name in names if name.state == "approved"), key=lambda name: name.language)
    for name in heard:
        others = [other for other in names if other.language == name.language and other is not name]
        newest = max([name, *others], key=lambda one: one.made_at)
        for older in [name, *others]:
            if older is not newest:
                session.delete(older)
        session.flush()  # of each state there is one at most
        if newest is name:
            name.state, name.decided_at, name.decided_by_id = "waiting", None, None
        session.flush()
        record(session, member_id, "took back the name", "help_places", place.id, language=name.language)
    return tuple(name.language for name in heard)
