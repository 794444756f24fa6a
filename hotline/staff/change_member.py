"""What an administrator changes about a member of staff."""

from sqlalchemy.orm import Session

from hotline.staff.models import User
from hotline.staff.set_password import sign_out_everywhere
from hotline.vault.audit import record


def change_languages(session: Session, member: User, languages: list[str], by: User | None) -> None:
    """Which languages this person is given to listen to."""
    before, member.languages = member.languages, languages
    record(session, by.id if by else None, "languages", "users", member.id, before=before, after=languages)


def let_go(session: Session, member: User, by: User | None) -> None:
    """This person may sign in no more, and is signed out at once."""
    member.active = False
    sign_out_everywhere(member)
    record(session, by.id if by else None, "let go", "users", member.id)


def take_back(session: Session, member: User, by: User | None) -> None:
    """This person may sign in again."""
    member.active = True
    record(session, by.id if by else None, "taken back", "users", member.id)
