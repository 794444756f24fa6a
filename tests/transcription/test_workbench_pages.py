"""Who may open, hear and write down a report; what of that is written down."""

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from hotline.db import new_id, utcnow
from hotline.intake.models import Message, Report
from hotline.settings import Settings
from hotline.vault.audit import AuditRow
from hotline.web.database import ENGINE
from tests.signing_in import SignIn, post
from tests.transcription.reports import make_contact, make_text, make_voicemail, somebody_speaks

LINE = {"at": 0, "spoken": "က", "meaning": "k"}


def save(client: FlaskClient, report: Report, version: object = 0, segments: object = (LINE,)):  # type: ignore[no-untyped-def]
    return client.post(
        f"/reports/{report.id}/draft",
        json={"version": version, "segments": segments},
        headers={"X-CSRFToken": client.get("/me/token").text},
    )


def acts(session: Session, *actions: str) -> list[AuditRow]:
    session.rollback()
    wanted = sa.select(AuditRow).where(AuditRow.action.in_(actions)).order_by(AuditRow.id)
    return list(session.scalars(wanted))


def test_a_report_that_one_may_not_see_is_not_there(
    signed_in: SignIn, session: Session, settings: Settings
) -> None:
    report = make_voicemail(session, settings, language="ne")
    client = signed_in("caseworker", ("my", "th"))
    for path in (f"/reports/{report.id}", f"/reports/{report.id}/audio", f"/reports/{uuid.uuid4()}"):
        assert client.get(path).status_code == 404
    for act in ("claim", "language", "number"):
        assert post(client, f"/reports/{report.id}/{act}", language="ne", reason="to call").status_code == 404
    assert save(client, report).status_code == 404
    assert acts(session, "claimed", "listened", "unmasked") == []


def test_an_administrator_sees_no_content(signed_in: SignIn, session: Session, settings: Settings) -> None:
    report = make_voicemail(session, settings)
    client = signed_in("administrator", ("my",))
    assert client.get(f"/reports/{report.id}").status_code == 403
    assert client.get(f"/reports/{report.id}/audio").status_code == 403


def test_one_listens_to_what_one_holds_and_it_is_written_down_once(
    signed_in: SignIn, session: Session, settings: Settings
) -> None:
    report, client = make_voicemail(session, settings), signed_in(name="Thiri")
    path = f"/reports/{report.id}/audio"
    assert client.get(path).status_code == 403
    assert "data-audio" not in client.get(f"/reports/{report.id}").text
    post(client, f"/reports/{report.id}/claim")
    whole = client.get(path)
    assert (whole.data, whole.mimetype) == (somebody_speaks().playback, "audio/mpeg")
    assert whole.headers["Cache-Control"] == "no-store"
    part = client.get(path, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, whole.data[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(whole.data)}"
    assert client.get(path, headers={"Range": "bytes=99999999-"}).status_code == 416
    assert len(acts(session, "listened")) == 1
    post(client, f"/reports/{report.id}/give-back")
    post(client, f"/reports/{report.id}/claim")
    client.get(path)
    assert len(acts(session, "listened")) == 2, "another claim, another row"


def test_who_listens_beside_the_holder_is_refused(
    signed_in: SignIn, session: Session, settings: Settings
) -> None:
    report = make_voicemail(session, settings)
    post(signed_in(name="Thiri"), f"/reports/{report.id}/claim")
    assert signed_in(name="Htet").get(f"/reports/{report.id}/audio").status_code == 403


def test_drafts_answer_with_their_version(signed_in: SignIn, session: Session) -> None:
    report, client = make_voicemail(session), signed_in()
    assert save(client, report).get_json() == {"why": "not held"}
    post(client, f"/reports/{report.id}/claim")
    first = save(client, report)
    assert first.get_json()["version"] == 1
    conflict = save(client, report, 0, [LINE | {"spoken": "ခ"}])
    assert conflict.status_code == 409
    assert conflict.get_json() | {"saved_at": ""} == {
        "why": "two versions", "version": 1, "saved_at": "", "segments": [LINE],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("version", "segments"), [("1", [LINE]), (0, "words"), (0, [{"at": -1}]), (None, None), (True, [[]])]
)
def test_nonsense_is_refused_in_one_sentence(
    signed_in: SignIn, session: Session, version: object, segments: object
) -> None:
    report, client = make_voicemail(session), signed_in()
    post(client, f"/reports/{report.id}/claim")
    answer = save(client, report, version, segments)
    assert answer.status_code == 400
    assert answer.get_json()["why"]


def test_playing_makes_the_claim_last(signed_in: SignIn, session: Session) -> None:
    report, client = make_voicemail(session), signed_in()
    post(client, f"/reports/{report.id}/claim")
    session.execute(sa.text("UPDATE claims SET ends_at = now() + interval '1 minute'"))
    session.commit()
    answer = post(client, f"/reports/{report.id}/touch")
    assert answer.status_code == 200 and answer.get_json()["until"]
    left = session.scalar(sa.text("SELECT ends_at - now() FROM claims"))
    assert left is not None and left > timedelta(minutes=29)
    post(client, f"/reports/{report.id}/give-back")
    assert post(client, f"/reports/{report.id}/touch").status_code == 409


def test_the_earlier_holder_reads_their_draft_and_hands_in_nothing(
    signed_in: SignIn, session: Session
) -> None:
    report, thiri, htet = make_voicemail(session), signed_in(name="Thiri"), signed_in(name="Htet")
    post(thiri, f"/reports/{report.id}/claim")
    save(thiri, report)
    session.execute(sa.text("UPDATE claims SET ends_at = now() - interval '1 minute'"))
    session.commit()
    post(htet, f"/reports/{report.id}/claim")
    page = thiri.get(f"/reports/{report.id}").text
    assert "Your draft" in page and "က" in page and "Htet has it until" in page
    assert "Your draft" not in htet.get(f"/reports/{report.id}").text
    fields = {"urgency": "standard", "category": "wages", "case": "new"}
    assert post(thiri, f"/reports/{report.id}/hand-in", **fields).location == f"/reports/{report.id}"
    session.refresh(report)
    assert report.state == "waiting"


def test_what_was_handed_in_is_read_and_heard_by_caseworkers(
    signed_in: SignIn, session: Session, settings: Settings
) -> None:
    report, thiri = make_voicemail(session, settings), signed_in(name="Thiri")
    post(thiri, f"/reports/{report.id}/claim")
    save(thiri, report)
    post(thiri, f"/reports/{report.id}/hand-in", urgency="standard", category="wages", case="new")
    caseworker = signed_in("caseworker", ("en",))
    page = caseworker.get(f"/reports/{report.id}").text
    assert "Written down by Thiri" in page and "data-audio" in page
    assert caseworker.get(f"/reports/{report.id}/audio").status_code == 200
    assert signed_in(languages=("ne",)).get(f"/reports/{report.id}").status_code == 404
    assert signed_in(name="Htet").get(f"/reports/{report.id}/audio").status_code == 403


def test_a_number_is_shown_once_for_a_reason(signed_in: SignIn, session: Session) -> None:
    report = make_text(session, "စာ", contact=make_contact(session, "+66812345678"))
    caseworker = signed_in("caseworker")
    path = f"/reports/{report.id}"
    assert "+66812345678" not in caseworker.get(path).text
    assert post(caseworker, f"{path}/number", reason=" ").location == path
    shown = post(caseworker, f"{path}/number", reason="she asked to be called back")
    assert "+66812345678" in shown.text
    assert "+66812345678" not in caseworker.get(path).text
    assert post(signed_in(), f"{path}/number", reason="I am curious").status_code == 403
    assert [row.subject_id for row in acts(session, "unmasked")] == [str(report.contact_id)]


def test_a_text_is_read_in_its_thread_in_the_languages_one_has(signed_in: SignIn, session: Session) -> None:
    contact, now = make_contact(session), utcnow()
    make_text(session, "မင်္ဂလာပါ", contact=contact, received_at=now - timedelta(hours=2))
    make_text(session, "नमस्ते", language="ne", contact=contact, received_at=now - timedelta(hours=1))
    report = make_text(session, "လစာ မရသေးပါဘူး။", contact=contact, received_at=now)
    answer_id = new_id()
    sealed = contact.seal("ရပါပြီ".encode(), f"messages.body:{answer_id}")
    session.add(
        Message(id=answer_id, direction="out", dialled="+6620000142", contact_id=contact.id, at=now, body=sealed,
                answers=report.message_id, status="delivered")
    )  # fmt: skip
    session.commit()
    make_text(session, "somebody else")
    page = signed_in().get(f"/reports/{report.id}").text
    words = [page.index(f'lang="my">{words}</p>') for words in ("မင်္ဂလာပါ", "လစာ မရသေးပါဘူး။", "ရပါပြီ")]
    assert words == sorted(words)
    assert "नमस्ते" not in page and "somebody else" not in page
    assert "delivered" in page


def test_a_page_says_what_is_missing(signed_in: SignIn, session: Session, settings: Settings) -> None:
    client = signed_in()
    for report, words in (
        (make_voicemail(session, state="arriving"), "on its way from the carrier"),
        (make_voicemail(session, state="not_received"), "The recording was not received"),
        (make_voicemail(session, settings, verdict="no_speech"), "No speech was found"),
        (make_voicemail(session, settings, verdict="unplayable"), "cannot be played"),
    ):
        assert words in client.get(f"/reports/{report.id}").text


def test_a_page_says_where_the_carrier_keeps_a_copy(
    signed_in: SignIn, session: Session, settings: Settings
) -> None:
    client, report = signed_in(), make_voicemail(session, settings)
    assert "keeps its copy" not in client.get(f"/reports/{report.id}").text
    assert report.recording is not None
    report.recording.at_carrier = "kept"
    session.commit()
    assert "The carrier keeps its copy of this recording." in client.get(f"/reports/{report.id}").text


def test_a_page_is_read_with_as_many_statements_however_much_was_told_before(
    signed_in: SignIn, session: Session, app: Flask
) -> None:
    contact, client = make_contact(session), signed_in("supervisor", ("my",))
    report = make_voicemail(session, contact=contact)
    client.get(f"/reports/{report.id}")  # who is here is written at most once a minute
    statements: list[str] = []
    event.listen(app.extensions[ENGINE], "before_cursor_execute", lambda *said: statements.append(said[2]))
    counted = []
    for _ in range(2):
        statements.clear()
        assert client.get(f"/reports/{report.id}").status_code == 200
        counted.append(len(statements))
        for _ in range(10):
            make_text(session, "စာ", contact=contact, received_at=report.received_at)
    assert counted[0] == counted[1] <= 16, statements
