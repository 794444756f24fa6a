"""Somebody lost their phone and their recovery codes: their second factor is set up anew."""

from sqlalchemy.orm import Session

from hotline.staff.models import User
from hotline.staff.set_password import sign_out_everywhere
from hotline.vault.audit import record


def forget_second_factor(session: Session, member: User, by: User | None = None) -> None:
    """Whoever must have one is led to set it up at the next sign-in."""
    member.tf_primary_method = member.tf_totp_secret = None
    member.mf_recovery_codes = member.last_totp_counter = None
    sign_out_everywhere(member)
    record(session, by.id if by else None, "second factor forgotten", "users", member.id)
