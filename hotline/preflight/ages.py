"""What is told only for so long: messages on the law of a country, and places where help is."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.directory.ages import NEAR, by_age
from hotline.directory.models import HelpPlace
from hotline.directory.names import names_that_wait
from hotline.flow.topics import TOPICS, Message, read_topics
from hotline.preflight.database import connected
from hotline.preflight.finding import Finding, fault, fine
from hotline.settings import Settings

CHECK_RIGHTS = "Have a lawyer read it again, and write the day into ivr_prompts/topics.yaml."


def are_rights_checked(settings: Settings) -> list[Finding]:
    """What is too old for its country gives way to the general message; if that is, callers are told so."""
    try:
        topics = read_topics(TOPICS)
    except ValueError as broken:
        return fault(f"topics.yaml cannot be read: {broken}", "Mend that file.")
    today, days = utcnow().date(), settings.rights_days
    old = [one for one in topics if one.is_old(today, days)]
    near = [one for one in topics if one not in old and one.is_old(today + NEAR, days)]
    unread = [one for one in topics if not one.checked_by]
    found = []
    if old:
        found += fault(f"Callers no longer hear {_listed(old)}: not checked for {days} days.", CHECK_RIGHTS)
    if near:
        found += fine(f"Too old within {NEAR.days} days: {_listed(near)}.")
    if unread:
        says = f"{len(unread)} of {len(topics)} messages were not yet checked by a lawyer."
        found += fault(says, CHECK_RIGHTS) if settings.env == "production" else fine(says)
    return found or fine(f"Each message was checked within {days} days.")


def are_places_checked(settings: Settings) -> list[Finding]:
    try:
        with connected(settings) as connection, Session(connection) as session:
            wanted = sa.select(HelpPlace).where(HelpPlace.withdrawn_at.is_(None)).order_by(HelpPlace.name)
            places = by_age(session.scalars(wanted), utcnow(), settings.help_days)
            waiting = len(names_that_wait(session))
    except sa.exc.DBAPIError:
        return fault("The places where help is cannot be read.", "First mend the database.")
    found = []
    if places["due"]:
        says = (
            f"Callers no longer hear of {_names(places['due'])}: not checked for {settings.help_days} days."
        )
        found += fault(says, "Check them again: Help, in the console.")
    if places["near"]:
        found += fine(f"Hidden within {NEAR.days} days, unless checked again: {_names(places['near'])}.")
    if waiting:
        found += fine(f"Spoken names that wait for a second person: {waiting} (Prompts, Names that wait).")
    told = len(places["near"]) + len(places["fresh"])
    return found + fine(f"Callers can hear of {told} places." if told else "Callers hear of no place yet.")


def _listed(messages: list[Message]) -> str:
    return ", ".join(one.prompt for one in messages)


def _names(places: list[HelpPlace]) -> str:
    return ", ".join(place.name for place in places)
