"""The list of cases: filtered, newest first, a page at a time."""

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hotline.casework.models import Case
from hotline.flow.reference import is_reference
from hotline.intake.models import Contact, Report

PAGE = 50


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed to; empty is everything.

    `readable` holds the languages of one who sees only the cases of reports in them.
    """

    states: tuple[str, ...] = ()
    urgency: str = ""
    category: str = ""
    language: str = ""
    opened_by: uuid.UUID | None = None
    since: datetime | None = None
    until: datetime | None = None  # exclusive
    words: str = ""  # a case's code, a report's number, or a contact's K-code
    readable: tuple[str, ...] | None = None


@dataclass(frozen=True)
class After:
    """The last case of the page before."""

    opened_at: datetime
    case_id: uuid.UUID

    def __str__(self) -> str:
        return f"{self.opened_at.isoformat()}_{self.case_id}"

    @classmethod
    def read(cls, text: str) -> "After | None":
        """What `str` wrote; nothing where it is something else."""
        at, _, case_id = text.partition("_")
        try:
            after = cls(datetime.fromisoformat(at), uuid.UUID(case_id))
        except ValueError:
            return None
        return after if after.opened_at.tzinfo else None


class NotFindable(Exception):
    """The words are no number that a case can be found by; the text says why."""


def find_cases(
    session: Session, wanted: Filter, after: After | None = None
) -> tuple[Sequence[Case], After | None]:
    """A page of cases, and where the next one begins, if there is one.

    Raises:
        NotFindable: see there.
    """
    query = (
        sa.select(Case)
        .where(*_conditions(wanted))
        .options(joinedload(Case.contact), joinedload(Case.opened_by))
        .order_by(Case.opened_at.desc(), Case.id.desc())
        .limit(PAGE + 1)
    )
    if after:
        query = query.where(sa.tuple_(Case.opened_at, Case.id) < (after.opened_at, after.case_id))
    found = session.scalars(query).all()
    more = After(found[PAGE - 1].opened_at, found[PAGE - 1].id) if len(found) > PAGE else None
    return found[:PAGE], more


def count_unread(session: Session, cases: Sequence[Case]) -> dict[uuid.UUID, int]:
    """How many reports of each of these cases nobody has handed in yet, where there are any: answers to staff."""
    unread = (
        sa.select(Report.case_id, sa.func.count())
        .where(Report.case_id.in_([case.id for case in cases]), Report.state.in_(("arriving", "waiting")))
        .group_by(Report.case_id)
    )
    return {case_id: count for case_id, count in session.execute(unread) if case_id}


def all_cases(session: Session, wanted: Filter) -> Iterator[Case]:
    """Every case that the list would show, page after page. Raises: NotFindable."""
    found, after = find_cases(session, wanted)
    yield from found
    while after:
        found, after = find_cases(session, wanted, after)
        yield from found


def readable_in(languages: Sequence[str]) -> sa.ColumnElement[bool]:
    """Cases to which a report in one of these languages belongs."""
    return sa.exists().where(Report.case_id == Case.id, Report.language.in_(languages))


def _conditions(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.states:
        conditions.append(Case.state.in_(wanted.states))
    for column, value in (
        (Case.urgency, wanted.urgency),
        (Case.category, wanted.category),
        (Case.language, wanted.language),
        (Case.opened_by_id, wanted.opened_by),
    ):
        if value:
            conditions.append(column == value)
    if wanted.since:
        conditions.append(Case.opened_at >= wanted.since)
    if wanted.until:
        conditions.append(Case.opened_at < wanted.until)
    if wanted.words:
        conditions.append(_named(wanted.words))
    if wanted.readable is not None:
        conditions.append(readable_in(wanted.readable))
    return conditions


def _named(words: str) -> sa.ColumnElement[bool]:
    """Cases that these words name."""
    if contact := re.fullmatch(r"\s*[Kk]-?([0-9]{1,9})\s*", words):
        ordinal = sa.select(Contact.id).where(Contact.ordinal == int(contact[1])).scalar_subquery()
        return Case.contact_id == ordinal
    number = re.sub(r"[\s-]", "", words)
    if not re.fullmatch(r"[0-9]{7}", number):
        raise NotFindable(
            "Look by a case’s or a report’s number, such as 482 719-3, or by a person’s, such as K-208."
        )
    if not is_reference(number):
        raise NotFindable(
            f"{words.strip()} is not a number of ours: its last digit does not fit. One digit is wrong."
        )
    return sa.or_(
        Case.code == number, sa.exists().where(Report.case_id == Case.id, Report.reference == number)
    )
