"""A text queues for staff, in the language that it is most likely written in."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.flow.languages import likely_language
from hotline.intake.free_reference import free_reference
from hotline.intake.models import Contact, Report, Urgency
from hotline.intake.new_text import Kept, TextRules
from hotline.intake.text_thread import Thread


def queue_text(
    session: Session,
    kept: Kept,
    rules: TextRules,
    thread: Thread,
    urgency: Urgency,
    speaks: str | None = None,
) -> tuple[Report, bool]:
    """The report, and whether its language (`speaks`, where it is known) is more than a guess.

    An answer to staff is part of their case from the first.
    """
    text, contact = kept.text, kept.contact
    known = thread.language or contact.language
    likely = likely_language(text.body, rules.languages, known, rules.catalogue.tells())
    spoken = speaks or likely or known
    report = Report(
        reference=free_reference(session),
        kind="text",
        contact_id=contact.id,
        line_id=text.line.id if text.line else None,
        message_id=kept.id,
        language=spoken or thread.guess or rules.languages[0],
        language_chosen=False,
        urgency=urgency,
        state="arriving" if text.is_wordless else "waiting",
        received_at=text.at,
        case_id=thread.case_id,
        rehearsal=text.rehearsal,
    )
    session.add(report)
    session.flush()
    return report, spoken is not None


def settle_language(session: Session, contact: Contact, language: str) -> Report | None:
    """Their texts that still wait in an assumed language are in this one; the answer is the last of them."""
    contact.language = language
    waiting = sa.select(Report).where(
        Report.contact_id == contact.id, sa.or_(Report.kind == "text", Report.call_sid.is_(None)),
        Report.state.in_(("arriving", "waiting")),
        ~Report.language_chosen,
    )  # fmt: skip
    found = session.scalars(waiting.order_by(Report.received_at)).all()
    for report in found:
        report.language, report.language_chosen = language, True
    return found[-1] if found else None
