"""Add what a worker told us to a case they have already."""

from datetime import datetime

from sqlalchemy.orm import Session

from hotline.casework.change_case import set_field
from hotline.casework.models import Case
from hotline.intake.models import URGENCIES, Report
from hotline.staff.models import User
from hotline.vault.audit import record


class OtherContact(Exception):
    """The case belongs to another person: their words stay apart."""


def add_to_case(session: Session, report: Report, case: Case, member: User, now: datetime) -> None:
    """Make the report part of the case; a closed case is opened again, and none waits longer than its report may.

    Raises:
        OtherContact: see there.
    """
    if case.contact_id != report.contact_id:
        raise OtherContact(case.code)
    report.case_id = case.id
    if case.state == "closed":
        set_field(session, case, member, "state", "in_progress", now)
    if URGENCIES.index(report.urgency) < URGENCIES.index(case.urgency):
        set_field(session, case, member, "urgency", report.urgency, now)
    record(session, member.id, "extended", "cases", case.id, report=str(report.id))
