"""Who works here: for administrators."""

import uuid

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from hotline.staff.add_member import WrongMember, add_member
from hotline.staff.change_member import change_languages, let_go, take_back
from hotline.staff.forget_second_factor import forget_second_factor
from hotline.staff.models import ROLES, User
from hotline.staff.passwords import make_password
from hotline.staff.set_password import set_password
from hotline.web.database import session
from hotline.web.parts import known_languages
from hotline.web.rules import allowed

pages = Blueprint("members", __name__, template_folder="templates")


@pages.get("/members")
@allowed("manage_staff")
def members() -> ResponseReturnValue:
    return _page()


@pages.post("/members")
@allowed("manage_staff")
def add() -> ResponseReturnValue:
    """A new member; the password is made, and shown once."""
    form, password = request.form, make_password()
    try:
        member = add_member(
            session(),
            form.get("email", ""),
            name=form.get("name", "")[:60],
            role=form.get("role", ""),
            languages=_languages(),
            password=password,
            by=current_user,
        )
    except WrongMember as wrong:
        session.rollback()
        return _page(wrong=str(wrong)), 400
    session.commit()
    return _page(shown=(member.email, password))


@pages.post("/members/<uuid:member_id>")
@allowed("manage_staff")
def change(member_id: uuid.UUID) -> ResponseReturnValue:
    """One act on one member: their languages, a new password, a new second factor, let go, take back."""
    member = session.get(User, member_id) or abort(404)
    match request.form.get("act"):
        case "languages":
            change_languages(session(), member, _languages(), current_user)
        case "password":
            password = make_password()
            set_password(session(), member, password, current_user)
            session.commit()
            return _page(shown=(member.email, password))
        case "second factor":
            forget_second_factor(session(), member, current_user)
        case "let go" if member.id != current_user.id:
            let_go(session(), member, current_user)
        case "take back":
            take_back(session(), member, current_user)
        case _:
            abort(400)
    session.commit()
    flash("Saved.")
    return redirect(url_for(".members"))


def _languages() -> list[str]:
    said = request.form.get("languages", "").replace(" ", ",").split(",")
    return [tag for tag in dict.fromkeys(part.strip() for part in said) if tag in known_languages()]


def _page(wrong: str = "", shown: tuple[str, str] | None = None) -> str:
    found = session.scalars(sa.select(User).order_by(User.active.desc(), User.name)).all()
    return render_template(
        "staff/members.html", page="staff", members=found, roles=ROLES, wrong=wrong, shown=shown,
        typed=request.form if wrong else {}, spoken=sorted(known_languages()),
    )  # fmt: skip
