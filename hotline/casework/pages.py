"""Cases: the list, one case, what is changed and written there; handing in from the workbench."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    after_this_request,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_security import current_user

from hotline.casework.add_note import NotANote, add_note
from hotline.casework.add_to_case import OtherContact
from hotline.casework.answer_by_voice import has_mailbox
from hotline.casework.change_case import Field, NoSuchWord, NotTheNextState, change_case
from hotline.casework.find_cases import (
    After,
    Filter,
    NotFindable,
    all_cases,
    count_unread,
    find_cases,
    readable_in,
)
from hotline.casework.hand_in import cases_of, hand_in
from hotline.casework.models import CATEGORIES, STATES, Case
from hotline.casework.timeline import read_timeline
from hotline.casework.why_no_texts import why_no_texts
from hotline.casework.write_text import may_text
from hotline.db import utcnow
from hotline.flow.reference import printed
from hotline.intake.models import URGENCIES, Contact
from hotline.intake.reasons import NoReason
from hotline.intake.show_number import show_number
from hotline.transcription.claim_pages import take_the_next
from hotline.transcription.errors import NotHeld
from hotline.transcription.hand_in_transcript import NothingWritten
from hotline.vault.audit import record
from hotline.web.database import session
from hotline.web.rules import allowed, i_may, my_id
from hotline.web.shared import language_name, local, zone
from hotline.web.sheets import TYPES, Row, send_sheet
from hotline.web.uploads import MICROPHONE

EXPORTED = (
    "Case", "Caller", "Opened", "Closed", "Language", "Urgency", "About", "State", "Opened by", "Rehearsal",
)  # fmt: skip

pages = Blueprint("cases", __name__, template_folder="templates")


def share_cases(app: Flask) -> None:
    """Give the workbench what it offers when a report is handed in."""
    app.jinja_env.globals["CATEGORIES"] = CATEGORIES
    app.jinja_env.globals["cases_of"] = lambda contact: cases_of(session(), contact)


@pages.get("/cases")
@allowed("see_case_header")
def cases() -> ResponseReturnValue:
    wanted, why = _filter(), ""
    try:
        found, more = find_cases(session(), wanted, After.read(request.args.get("after", "")))
    except NotFindable as not_findable:
        found, more, why = [], None, str(not_findable)
    if wanted.words and len(found) == 1:
        return redirect(url_for(".case", code=found[0].code))
    kept = {name: value for name, value in request.args.items() if name != "after" and value}
    return render_template(
        "casework/cases.html", page="cases", cases=found, why=why, more=more, kept=kept, states=STATES,
        urgencies=URGENCIES, categories=CATEGORIES, unread=count_unread(session(), found),
    )  # fmt: skip


@pages.get("/cases/export")
@allowed("export")
def export() -> ResponseReturnValue:
    """The list as it is narrowed, without anybody's words, name or number."""
    kind = request.args.get("as", "csv")
    if kind not in TYPES:
        abort(404)
    try:
        found = list(all_cases(session(), _filter()))
    except NotFindable:
        found = []
    record(session(), my_id(), "exported", "cases", "", rows=len(found))
    session.commit()
    return send_sheet("cases", kind, EXPORTED, map(_exported, found))


def _exported(case: Case) -> Row:
    closed = local(case.closed_at).isoformat(" ", "minutes") if case.closed_at else None
    return (
        printed(case.code), case.contact.code, local(case.opened_at).isoformat(" ", "minutes"), closed,
        language_name(case.language), case.urgency, case.category, case.state, case.opened_by.name,
        "yes" if case.rehearsal else "no",
    )  # fmt: skip


@pages.get("/cases/<code>")
@allowed("see_case_header")
def case(code: str) -> ResponseReturnValue:
    """A whole case; of those who may not read it, only the header."""
    return case_page(find_case(code))


def case_page(case: Case, **more: object) -> str:
    """The page of a case; `more` is what is shown in it this once."""

    @after_this_request
    def _let_record(answer: Response) -> Response:
        answer.headers["Permissions-Policy"] = MICROPHONE
        return answer

    timeline = read_timeline(session(), case) if i_may("read_case") else []
    return render_template(
        "casework/case.html", page="cases", case=case, timeline=timeline, states=STATES,
        urgencies=URGENCIES, categories=CATEGORIES, why_no_text=may_text(case),
        no_texts=why_no_texts(session(), case.contact),
        has_mailbox=has_mailbox(session(), case), **more,
    )  # fmt: skip


@pages.post("/cases/<code>")
@allowed("change_case")
def change(code: str) -> ResponseReturnValue:
    found = find_case(code)
    fields: tuple[Field, ...] = ("urgency", "category", "state")
    changes = {field: request.form[field] for field in fields if field in request.form}
    try:
        change_case(session(), found, current_user, changes, utcnow())
        session.commit()
    except NoSuchWord:
        abort(400)
    except NotTheNextState:
        session.rollback()
        flash("A case goes from new to in progress to closed, and from closed back to in progress.")
    return redirect(url_for(".case", code=code))


@pages.post("/cases/<code>/notes")
@allowed("change_case")
def note(code: str) -> ResponseReturnValue:
    found = find_case(code)
    try:
        add_note(session(), found, current_user, request.form.get("words", ""), utcnow())
        session.commit()
    except NotANote:
        flash("A note has words, and at most ten thousand letters.")
    return redirect(url_for(".case", code=code))


@pages.post("/cases/<code>/number")
@allowed("unmask")
def unmask(code: str) -> ResponseReturnValue:
    """Show the number once, for a reason that is kept."""
    found = find_case(code)
    contact = session.get_one(Contact, found.contact_id)
    try:
        number = show_number(session(), contact, current_user.id, request.form.get("reason", ""))
        session.commit()
    except NoReason:
        flash("Say in a few words why you need the number.")
        return redirect(url_for(".case", code=code))
    return case_page(found, number=number or "withheld")


@pages.post("/reports/<uuid:report_id>/hand-in")
@allowed("hand_in")
def hand_in_report(report_id: uuid.UUID) -> ResponseReturnValue:
    """From the workbench: into a case, then the next one."""
    urgency, category = request.form.get("urgency"), request.form.get("category")
    chosen = request.form.get("case", "new")
    if urgency not in URGENCIES or category not in CATEGORIES:
        abort(400)
    try:
        case_id = None if chosen == "new" else uuid.UUID(chosen)
        made = hand_in(
            session(),
            report_id,
            current_user,
            urgency=urgency,
            category=category,
            case_id=case_id,
            now=utcnow(),
        )
    except (NotHeld, NothingWritten) as cannot:
        session.rollback()
        held = isinstance(cannot, NotHeld)
        flash("You do not hold this any more." if held else "Nothing is written down yet.")
        return redirect(url_for("workbench.workbench", report_id=report_id))
    except (OtherContact, ValueError, sa.exc.NoResultFound):
        abort(400)
    session.commit()
    flash(f"Handed in: case {made.code[:3]} {made.code[3:6]}-{made.code[6]}.")
    return take_the_next()


def find_case(code: str) -> Case:
    """The case, where this person may know that it exists; else 404."""
    wanted = sa.select(Case).where(Case.code == code)
    if not i_may("read_case"):
        wanted = wanted.where(readable_in(current_user.languages))
    return session.scalars(wanted).one_or_none() or abort(404)


def _filter() -> Filter:
    said = request.args
    state = said.get("state", "open")
    states = {"open": ("new", "in_progress"), "all": ()}.get(state, (state,) if state in STATES else ())
    words = said.get("q", "").strip()
    return Filter(
        states=() if words else states,
        urgency=said.get("urgency", ""),
        category=said.get("category", ""),
        language=said.get("language", ""),
        opened_by=current_user.id if said.get("mine") else None,
        since=_day(said.get("since", "")),
        until=_day(said.get("until", ""), after=True),
        words=words,
        readable=None if i_may("read_case") else tuple(current_user.languages),
    )


def _day(said: str, *, after: bool = False) -> datetime | None:
    """The beginning of a day in the reader's zone, or of the next one."""
    here: ZoneInfo | Any = zone()
    try:
        day = datetime.fromisoformat(said).replace(tzinfo=here)
    except ValueError:
        return None
    return (day + timedelta(days=1) if after else day).astimezone(UTC)
