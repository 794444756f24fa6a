"""The queue as staff see it: their languages, who holds what, what became of it; up to date by asking."""

import re
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.intake.models import Report
from hotline.settings import Settings
from hotline.staff.models import User
from hotline.transcription.claim_report import claim_report
from hotline.transcription.models import Claim
from tests.carrier_says import CallFrom
from tests.signing_in import SignIn, make_member, post
from tests.transcription.reports import make_contact, make_text, make_voicemail

LASTS = timedelta(minutes=30)


def test_rows_tell_their_state(signed_in: SignIn, session: Session, settings: Settings) -> None:
    make_voicemail(session, settings, verdict="no_speech")
    make_voicemail(session, settings, verdict="unplayable", chosen=False)
    make_voicemail(session, state="arriving", urgency="danger")
    make_voicemail(session, state="not_received", contact=make_contact(session, None))
    make_text(session, "လစာ နှစ်လ မရသေးပါဘူး။")
    page = signed_in().get("/queue").text
    for words in (
        "no speech found", "cannot be played", "language assumed", "on its way from the carrier",
        "recording not received", "number withheld", '<p class="snip" lang="my">လစာ နှစ်လ မရသေးပါဘူး။</p>',
    ):  # fmt: skip
        assert words in page
    assert page.count("data-row") == 5


def test_of_others_languages_one_sees_counts_alone(signed_in: SignIn, session: Session) -> None:
    make_text(session, "นายจ้าง", language="th")
    make_text(session, "secret words", language="ne")
    thai = signed_in(languages=("th",))
    for tab in ("all", "th", "ne", "held", "others"):
        page = thai.get("/queue", query_string={"tab": tab}).text
        assert "secret words" not in page
        assert re.search(r'Nepali <span class="count">1</span>', page)
    assert "นายจ้าง" in thai.get("/queue").text


def test_a_supervisor_sees_what_nobody_present_can_take(signed_in: SignIn, session: Session) -> None:
    make_text(session, "words of a rare language", language="ksw")
    supervisor = signed_in("supervisor", ("en",))
    assert "words of a rare" not in supervisor.get("/queue").text
    assert "words of a rare" in supervisor.get("/queue?tab=others").text


def test_an_administrator_sees_no_queue(signed_in: SignIn, session: Session) -> None:
    make_text(session, "words")
    administrator = signed_in("administrator", ())
    assert administrator.get("/queue").status_code == 403
    assert administrator.get("/queue/rows").status_code == 403


def test_nothing_new_is_204_and_news_come_with_their_version(signed_in: SignIn, session: Session) -> None:
    client = signed_in()
    page = client.get("/queue").text
    version = re.search(r'data-version="([^"]+)"', page)
    assert version
    asked = client.get("/queue/rows", query_string={"version": version[1]})
    assert asked.status_code in (204, 200)  # 200 where the ages moved on between the two
    make_text(session, "စာအသစ်")
    client.get("/queue")  # read afresh
    fresh = client.get("/queue/rows", query_string={"version": version[1]})
    assert fresh.status_code == 200
    assert "စာအသစ်" in fresh.text and fresh.headers["X-Version"] != version[1]


def test_taking_leads_to_the_workbench_and_shows_others_who_has_it(
    signed_in: SignIn, session: Session
) -> None:
    report = make_voicemail(session)
    thiri, htet = signed_in(name="Thiri"), signed_in(name="Htet")
    answer = post(thiri, f"/reports/{report.id}/claim")
    assert answer.location == f"/reports/{report.id}"
    assert re.search(r"Thiri, until \d\d:\d\d", htet.get("/queue").text)
    assert "You, until" in thiri.get("/queue?tab=held").text
    assert post(htet, f"/reports/{report.id}/claim").location == "/queue"
    assert "Thiri took this a moment ago." in htet.get("/queue").text


def test_taking_the_next_takes_the_most_pressing(signed_in: SignIn, session: Session) -> None:
    make_voicemail(session)
    danger = make_voicemail(session, urgency="danger")
    client = signed_in()
    assert post(client, "/queue/next").location == f"/reports/{danger.id}"
    assert post(signed_in(languages=("ne",)), "/queue/next").location == "/queue"


def test_what_is_handed_in_cannot_be_taken(signed_in: SignIn, session: Session) -> None:
    client = signed_in()
    assert post(client, f"/reports/{make_voicemail(session, state='done').id}/claim").location == "/queue"
    assert "It was handed in already." in client.get("/queue").text


def test_giving_back(signed_in: SignIn, session: Session) -> None:
    report, client = make_voicemail(session), signed_in()
    post(client, f"/reports/{report.id}/claim")
    post(client, f"/reports/{report.id}/give-back")
    assert session.scalar(sa.select(sa.func.count()).where(Claim.released_at.is_(None))) == 0
    post(client, f"/reports/{report.id}/give-back")
    assert "You did not hold it any more." in client.get("/queue").text


def test_another_language(signed_in: SignIn, session: Session) -> None:
    make_member(session, languages=("ne",))
    report, client = make_voicemail(session), signed_in()
    post(client, f"/reports/{report.id}/language", language="xx")
    assert session.get_one(Report, report.id).language == "my"
    post(client, f"/reports/{report.id}/language", language="ne")
    session.refresh(report)
    assert report.language == "ne"
    assert client.get(f"/reports/{report.id}").status_code == 404


def test_only_supervisors_reassign(signed_in: SignIn, session: Session) -> None:
    report, htet = make_voicemail(session), make_member(session, name="Htet")
    assert (
        post(signed_in("caseworker"), f"/reports/{report.id}/reassign", member=str(htet.id)).status_code
        == 403
    )
    supervisor = signed_in("supervisor", ("en",))
    post(supervisor, f"/reports/{report.id}/reassign", member=str(htet.id))
    assert session.scalars(sa.select(Claim)).one().holder_id == htet.id
    assert post(supervisor, f"/reports/{report.id}/reassign", member="nobody").status_code == 404


def test_the_day_is_ones_own(signed_in: SignIn, session: Session) -> None:
    client = signed_in(name="Thiri")
    member = session.scalars(sa.select(User).where(User.name == "Thiri")).one()
    report = make_voicemail(session, urgency="urgent")
    claim_report(session, report.id, member, utcnow(), LASTS)
    session.commit()
    token = {"urgency": "urgent", "category": "wages", "case": "new"}
    saved = client.post(
        f"/reports/{report.id}/draft",
        json={"version": 0, "segments": [{"at": 0, "spoken": "က", "meaning": "k"}]},
        headers={"X-CSRFToken": client.get("/me/token").text},
    )
    assert saved.status_code == 200, saved.text
    post(client, f"/reports/{report.id}/hand-in", **token)
    page = client.get("/queue").text
    assert re.search(r"<dt>Handed in</dt><dd>1</dd><dt>Heavy ones</dt><dd>1</dd>", page)


def test_a_call_in_danger_without_a_recording_is_told_in_plain_words(
    call: CallFrom, signed_in: SignIn, session: Session
) -> None:
    call.to_the_microphone("1", "2")
    report, client = session.scalars(sa.select(Report)).one(), signed_in()
    assert "Call in danger" in client.get("/queue").text
    assert "at the microphone now" in client.get("/queue/rows").text
    assert "The caller is at the microphone now." in client.get(f"/reports/{report.id}").text
    call.say("/voice/status", CallSid=call.sid, CallStatus="completed", SequenceNumber="4")
    assert post(client, f"/reports/{report.id}/claim").status_code == 302
    bench = client.get(f"/reports/{report.id}").text
    assert "The caller hung up, and nothing was recorded." in bench and "Hand in" in bench
    assert report.contact.code in bench and "Call to Main" in bench
    assert client.get(f"/reports/{report.id}/audio").status_code == 404
