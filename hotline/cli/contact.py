"""`hotline contact`: erase a person, or hold what they said for a legal reason."""

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.cli._settings import known_settings, open_session
from hotline.db import make_engine, make_sessions, utcnow
from hotline.intake.models import Contact
from hotline.media.open_store import open_store
from hotline.retention.erase import OnHold, erase_contact, repeat_erasures
from hotline.vault.audit import record


@click.group()
def contact() -> None:
    """People who called or wrote, by the code that staff see (such as K-12)."""


@contact.command()
@click.argument("code")
def erase(code: str) -> None:
    """Destroy this person's key, number and words, for good; a restored backup erases them again."""
    settings = known_settings()
    with open_session(settings) as session:
        contact_id = _found(session, code).id
    sessions = make_sessions(make_engine(settings, pooled=False))
    try:
        erase_contact(sessions, open_store(settings), settings, contact_id)
    except OnHold:
        raise click.ClickException(
            f"{code} is held for a legal reason. First: hotline contact release {code}"
        ) from None
    click.echo(
        f"{code} is erased. That somebody called stays, to be counted; nothing tells who or what they said."
    )


@contact.command("erase-again")
def erase_again() -> None:
    """Erase whoever is on the list of erasures and is here again: after restoring a backup by hand."""
    settings = known_settings()
    sessions = make_sessions(make_engine(settings, pooled=False))
    count = repeat_erasures(sessions, open_store(settings), settings)
    click.echo(f"{count} erased again.")


@contact.command()
@click.argument("code")
@click.option(
    "--reason", required=True, help="Such as a court's file number; no names. It is in the audit trail."
)
def hold(code: str, reason: str) -> None:
    """Keep everything of this person until released: neither purge nor erase touches it."""
    with open_session() as session:
        held = _found(session, code)
        held.held_since = held.held_since or utcnow()
        record(session, None, "held", "contacts", held.id, reason=reason)
        session.commit()
    click.echo(f"{code} is held.")


@contact.command()
@click.argument("code")
def release(code: str) -> None:
    """End the hold; the usual keeping counts again."""
    with open_session() as session:
        held = _found(session, code)
        held.held_since = None
        record(session, None, "released", "contacts", held.id)
        session.commit()
    click.echo(f"{code} is released.")


def _found(session: Session, code: str) -> Contact:
    number = code.upper().removeprefix("K-")
    found = (
        session.scalar(sa.select(Contact).where(Contact.ordinal == int(number))) if number.isdigit() else None
    )
    if found is None:
        raise click.ClickException(f"There is nobody with the code {code}.")
    return found
