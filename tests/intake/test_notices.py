"""A supervisor puts a notice before a line in one click; it ends by itself."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.intake.models import Line
from hotline.vault.audit import AuditRow
from tests.signing_in import SignIn, post


def test_a_notice_is_put_and_ended_and_written_down(line: str, session: Session, signed_in: SignIn) -> None:
    supervisor = signed_in("supervisor")
    one = session.scalars(sa.select(Line)).one()
    answer = post(supervisor, f"/notices/{one.id}", notice="announce_busy", hours="4", straight="1")
    assert answer.status_code == 302
    page = supervisor.get("/notices").text
    assert "Very many people are calling, and callers go straight to the microphone" in page
    session.refresh(one)
    assert one.notice_until and abs((one.notice_until - utcnow()).total_seconds() - 4 * 3600) < 60
    post(supervisor, f"/notices/{one.id}", do="end")
    session.refresh(one)
    assert (one.notice, one.notice_until, one.straight_until) == ("", None, None)
    acts = session.scalars(sa.select(AuditRow.action).where(AuditRow.subject == "lines")).all()
    assert acts == ["announced", "ended notice"]


def test_no_notice_lasts_for_ever_or_says_what_nobody_recorded(
    line: str, session: Session, signed_in: SignIn
) -> None:
    supervisor = signed_in("supervisor")
    one = session.scalars(sa.select(Line)).one()
    for wrong in ({"notice": "announce_busy", "hours": "100000"}, {"notice": "rights", "hours": "1"},
                  {"notice": "", "hours": "1"}, {"notice": "announce_busy", "hours": "x"}):  # fmt: skip
        post(supervisor, f"/notices/{one.id}", **wrong)
        session.refresh(one)
        assert one.notice == "" and one.straight_until is None
