"""Somebody joins the staff, or what we know of them changes."""

import secrets

import sqlalchemy as sa
from babel import Locale
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.flow.languages import TAG
from hotline.flow.prompts import PROMPTS
from hotline.staff.models import ROLES, Role, User
from hotline.staff.passwords import WeakPassword, hash_new_password
from hotline.vault.audit import record

__all__ = ["WeakPassword", "WrongMember", "add_member"]


class WrongMember(ValueError):
    """What was said of the new member cannot be; the text says what."""


def add_member(
    session: Session,
    email: str,
    *,
    name: str,
    role: str,
    languages: list[str],
    password: str,
    by: User | None = None,
) -> User:
    """Add a member of staff, with one role.

    Raises:
        WrongMember: an unknown role or language, or the address is taken or is none.
        WeakPassword: too short or too common.
    """
    email = email.strip().lower()
    if role not in ROLES:
        raise WrongMember(f"{role} is no role; there are {', '.join(ROLES)}")
    if email.count("@") != 1 or email.startswith("@") or email.endswith("@"):
        raise WrongMember(f"{email or 'an empty address'} is no e-mail address")
    check_languages(languages)
    if session.scalar(sa.select(User.id).where(User.email == email)):
        raise WrongMember(f"{email} is a member already")
    member = User(
        email=email,
        name=name.strip() or email.partition("@")[0].title(),
        languages=languages,
        password=hash_new_password(password),
        fs_uniquifier=secrets.token_hex(32),
        added_at=utcnow(),
        roles=[_role(session, role)],
    )
    session.add(member)
    session.flush()
    record(session, by.id if by else None, "added", "users", member.id, role=role, languages=languages)
    return member


def check_languages(languages: list[str]) -> None:
    """Raises: WrongMember, where one is not the tag of a language: one that CLDR knows, or that the hotline speaks."""
    for tag in languages:
        is_spoken = TAG.match(tag) and (PROMPTS / tag / "script.yaml").is_file()
        if tag not in Locale("en").languages and not is_spoken:
            raise WrongMember(f"{tag} is no language tag; Burmese is my, Thai th, Nepali ne, English en")


def _role(session: Session, name: str) -> Role:
    found = session.scalars(sa.select(Role).where(Role.name == name)).one_or_none()
    if found is None:
        found = Role(name=name)
        session.add(found)
    return found
