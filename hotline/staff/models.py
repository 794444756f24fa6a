"""Who works here: accounts as Flask-Security needs them, without addresses of where they signed in from."""

import uuid
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.db import Base, new_id
from hotline.vault.columns import SealedText

RoleName = Literal["transcriber", "caseworker", "supervisor", "administrator"]
ROLES: tuple[RoleName, ...] = ("transcriber", "caseworker", "supervisor", "administrator")

# Flask-Security finds these by the names User, Role and roles_users.
roles_users = sa.Table(
    "roles_users",
    Base.metadata,
    sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("role_id", sa.ForeignKey("roles.id"), primary_key=True),
)


class Role(Base, RoleMixin):
    """One of ROLES. What each may do stands in hotline.web.rules."""

    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(sa.Integer, sa.Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    permissions: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))


class User(Base, UserMixin):  # type: ignore[misc]
    """A member of staff."""

    __tablename__ = "users"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)  # type: ignore[assignment]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    languages: Mapped[list[str]] = mapped_column(default=list)  # those they listen to and write down
    theme: Mapped[str | None]  # light or dark; empty: as their system
    zone: Mapped[str | None]  # whose "today" they see; empty: the office's
    phone: Mapped[str | None] = mapped_column(SealedText("users.phone"))  # where calls are put through to
    takes_calls: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # the switch ...
    duty: Mapped[str] = mapped_column(default="", server_default="")  # ... within these hours; empty: any
    added_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]

    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)  # changing it ends every session
    tf_primary_method: Mapped[str | None]
    tf_totp_secret: Mapped[str | None]  # encrypted by Flask-Security
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    last_totp_counter: Mapped[int | None] = mapped_column(sa.BigInteger)  # a code signs in once

    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]
        secondary=roles_users, lazy="selectin"
    )

    @property
    def role(self) -> str:
        """Everybody has exactly one."""
        return self.roles[0].name if self.roles else ""

    @property
    def initials(self) -> str:
        """Two letters for the round mark beside a name."""
        letters = [word[0] for word in self.name.split() if word]
        return ("".join(letters[:2]) if len(letters) > 1 else self.name[:2]).upper()

    def check_tf_required(
        self, tf_setup_methods: list[tuple[str, str]], tf_fresh: bool
    ) -> tuple[bool, list[tuple[str, str]]]:
        """Flask-Security asks after the password: a second factor is due where one is set up or required."""
        return bool(tf_setup_methods) or self.check_tf_required_setup(), tf_setup_methods

    def check_tf_required_setup(self) -> bool:
        """Whether this person must have a second factor."""
        from hotline.staff.second_factor import requires_second_factor

        return requires_second_factor(self)

    def track_failed_authn(self, auth_type: str, tfa: bool = False) -> None:
        """Flask-Security tells of a wrong password or code."""
        from hotline.staff.lock_out import count_wrong_code, count_wrong_password

        count_wrong_code(self) if tfa else count_wrong_password(self)

    def is_locked(self, form_error: list[str] | None = None) -> bool:
        """Flask-Security asks after a right password."""
        from hotline.staff.lock_out import is_resting

        return is_resting(self)
