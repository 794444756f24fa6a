"""`hotline staff`: who works here."""

import sys

import click
import sqlalchemy as sa

from hotline.cli._settings import open_session
from hotline.staff.add_member import WrongMember, add_member
from hotline.staff.forget_second_factor import forget_second_factor
from hotline.staff.models import ROLES, User
from hotline.staff.passwords import WeakPassword, make_password
from hotline.staff.set_password import NoSuchMember, find_member, set_password


@click.group()
def staff() -> None:
    """Who works here: add, list, set a password, forget a second factor."""


@staff.command("add")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--languages", default="", help="Which they listen to, such as my,th.")
@click.option("--name", default="")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add(email: str, role: str, languages: str, name: str, password_stdin: bool) -> None:
    """Add a member of staff. Without --password-stdin a password is made and shown."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else make_password()
    spoken = [tag.strip() for tag in languages.split(",") if tag.strip()]
    with open_session() as session:
        try:
            add_member(session, email, name=name, role=role, languages=spoken, password=password)
        except (WrongMember, WeakPassword) as wrong:
            raise click.ClickException(str(wrong)) from None
        session.commit()
    click.echo(f"{email} can sign in" + ("." if password_stdin else f" with {password}"))


@staff.command("password")
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def password(email: str, password_stdin: bool) -> None:
    """Set a new password; everywhere they are signed in, they are signed out."""
    new = sys.stdin.readline().rstrip("\n") if password_stdin else make_password()
    with open_session() as session:
        try:
            set_password(session, find_member(session, email), new)
        except (NoSuchMember, WeakPassword) as wrong:
            raise click.ClickException(str(wrong)) from None
        session.commit()
    click.echo(f"{email} signs in with " + ("the password given." if password_stdin else new))


@staff.command("forget-second-factor")
@click.argument("email")
def forget(email: str) -> None:
    """For whoever lost phone and recovery codes: they set it up anew."""
    with open_session() as session:
        try:
            forget_second_factor(session, find_member(session, email))
        except NoSuchMember as wrong:
            raise click.ClickException(str(wrong)) from None
        session.commit()
    click.echo(
        f"{email} signs in with the password alone, and is led to set up a second factor where one is due."
    )


@staff.command("list")
def members() -> None:
    """Everybody, with role and languages."""
    with open_session() as session:
        for member in session.scalars(sa.select(User).order_by(User.email)):
            state = "" if member.active else "  (let go)"
            click.echo(
                f"{member.email:36} {member.role:14} {','.join(member.languages):16} {member.name}{state}"
            )
