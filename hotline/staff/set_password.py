"""A new password for somebody, who is signed out everywhere by it."""

import secrets

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.staff.models import User
from hotline.staff.passwords import hash_new_password
from hotline.vault.audit import record


class NoSuchMember(LookupError):
    """Nobody here has that address."""


def find_member(session: Session, email: str) -> User:
    """Raises: NoSuchMember."""
    found = session.scalars(sa.select(User).where(User.email == email.strip().lower())).one_or_none()
    if found is None:
        raise NoSuchMember(f"nobody here has the address {email}")
    return found


def set_password(session: Session, member: User, password: str, by: User | None = None) -> None:
    """Raises: WeakPassword."""
    member.password = hash_new_password(password)
    sign_out_everywhere(member)
    record(session, by.id if by else None, "password set", "users", member.id)


def sign_out_everywhere(member: User) -> None:
    """End every session of this person: a session cookie is good only with the mark it was made for."""
    member.fs_uniquifier = secrets.token_hex(32)
