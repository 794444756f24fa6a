"""Without a recording, from another phone, called by staff, in danger, by text: each way in through the whole hotline.

Through a carrier that can do everything, and through one with all of Somleng's gaps.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from myanmar.converter import convert
from sqlalchemy.orm import Session

from hotline.callbacks.call_now import call_now
from hotline.callbacks.models import Callback
from hotline.db import utcnow
from hotline.intake.models import Call, Contact, Line, Report
from hotline.rehearsal.client import Phone
from hotline.settings import Settings
from hotline.staff.models import User
from tests.journeys.running import Running, press_in_turn, run_hotline, wait_until
from tests.journeys.test_call_to_ready import voice  # noqa: F401
from tests.signing_in import make_member

LINE = "+6620000142"
WORKER, ANOTHER_PHONE, STRANGER = "+66812345678", "+66899999991", "+66812345679"
CASEWORKER, SUPERVISOR = "+66811111111", "+66877777777"
PIN = "4827"


@dataclass
class Place:
    """A hotline that runs, its telephones, and who works there."""

    running: Running
    phone: Phone
    session: Session
    settings: Settings
    caseworker: User
    puts_through: bool

    def call(self, from_: str, *keys: str, **more: Any) -> list[str]:
        """The prompts, and what else the carrier did, of a whole call."""
        ended = self.phone.play(from_=from_, to=LINE, keys=keys, **more)
        return [str(line.get("prompt") or line["verb"]) for line in ended["log"]]

    def verbs(self, sid: str) -> list[str]:
        return [line["verb"] for line in self.phone.look(sid)["log"]]

    def reports(self) -> list[Report]:
        self.session.rollback()
        return list(self.session.scalars(sa.select(Report).order_by(Report.received_at)))

    def texts_to(self, number: str) -> list[str]:
        return [text["body"] for text in self.phone.thread(number)]


@pytest.fixture(params=["twilio", "somleng"])
def place(
    request: pytest.FixtureRequest, settings: Settings, session: Session, data: Path
) -> Iterator[Place]:
    line = {"tree": "main", "languages": ["my", "th"], "answers_texts": True, "added_at": utcnow()}
    session.add(Line(number=LINE, name="Main", **line))
    caseworker = make_member(session, "caseworker", ("my",), "Htet")
    make_member(session, "supervisor", ("my",), "Somchai").phone = SUPERVISOR
    caseworker.phone = CASEWORKER
    session.commit()
    given = {"carrier": request.param, "callback_hours": "", "reconcile_seconds": 2}
    known, gaps = settings.model_copy(update=given), "" if request.param == "twilio" else request.param
    with run_hotline(known, data, gaps=gaps, speed="10") as running:
        yield Place(
            running,
            Phone(running.phone_url),
            session,
            known,
            caseworker,
            puts_through=request.param == "twilio",
        )
        assert running.server_errors() == []


def test_every_other_way_in_is_walked_to_its_end(place: Place, voice: bytes) -> None:  # noqa: F811
    code = _report_by_keys_alone(place)
    _come_back_from_another_phone(place, code, voice)
    _ask_to_be_called_and_be_called_by_staff(place)
    _hear_it_again_say_it_anew_and_change_the_language(place, voice)
    _have_rights_as_a_text(place)
    _be_in_danger(place, voice)
    _write_in_zawgyi_and_say_stop(place)


def _report_by_keys_alone(place: Place) -> str:
    """The code of the mailbox that is offered for it."""
    log = place.call(WORKER, "1", "4", "2", "1", "1", "2", "1", "1", PIN)
    (report,) = place.reports()
    assert report.state == "waiting" and report.recording_sid is None and "Record" not in log
    said = log[log.index("new_mailbox_code") :]
    return "".join(prompt[-1] for prompt in said[: said.index("once_more")] if prompt.startswith("digit."))


def _come_back_from_another_phone(place: Place, code: str, sound: bytes) -> None:
    refused = place.call(STRANGER, "1", "4", "4", code, "0000")
    assert "mailbox_refused" in refused and "mailbox_waiting" not in refused
    log = place.call(ANOTHER_PHONE, "1", "4", "4", code, PIN, speak=sound)
    assert "mailbox_waiting" in log and "Record" in log
    wait_until(lambda: any(one.kind == "voice" for one in place.reports()), 40, "what they left is here")


def _ask_to_be_called_and_be_called_by_staff(place: Place) -> None:
    place.call(WORKER, "4", "1", "1", "1")
    place.session.rollback()
    owed = place.session.scalars(sa.select(Callback)).one()
    assert (owed.why, owed.state, owed.text_safe) == ("asked", "due", True)
    place.phone.set_answer(CASEWORKER, "answers", press="1")
    call_now(place.session, owed.id, place.caseworker, place.settings, utcnow())
    place.session.commit()

    def rung() -> list[str]:
        return [call["sid"] for call in place.phone.calls() if call["to"] == WORKER]

    wait_until(rung, 20, "the worker's phone rings")
    press_in_turn(place.phone, rung()[0], "1")

    def is_reached() -> bool:
        place.session.expire_all()
        return owed.state == "reached"

    wait_until(is_reached, 20, "the key is told")
    if place.puts_through:
        wait_until(lambda: "Dial" in place.verbs(rung()[0]), 20, "staff are rung")
    place.phone.hang_up(rung()[0])


def _hear_it_again_say_it_anew_and_change_the_language(place: Place, sound: bytes) -> None:
    before = len(place.reports())
    log = place.call(WORKER, "*", "2", "1", "1", "2", speak=sound)
    assert log.count("speak") == 2
    wait_until(lambda: len(place.reports()) > before, 40, "the message is here")
    assert place.reports()[-1].language == "th"


def _have_rights_as_a_text(place: Place) -> None:
    before = len(place.texts_to(WORKER))
    place.call(WORKER, "3", "5", "1")
    wait_until(lambda: len(place.texts_to(WORKER)) > before, 20, "the text is there")


def _be_in_danger(place: Place, sound: bytes) -> None:
    place.call(STRANGER, "0", speak=sound)
    wait_until(lambda: bool(place.texts_to(SUPERVISOR)), 20, "the supervisor is alarmed")
    assert [one.urgency for one in place.reports()].count("danger") == 1


def _write_in_zawgyi_and_say_stop(place: Place) -> None:
    written = convert("အလုပ်ရှင်က လစာ မပေးဘူး၊ ကူညီပါ", "unicode", "zawgyi")
    place.phone.text(from_=ANOTHER_PHONE, to=LINE, body=written)
    wait_until(lambda: place.reports()[-1].kind == "text", 20, "the text is here")
    assert place.reports()[-1].language == "my"
    place.phone.text(from_=ANOTHER_PHONE, to=LINE, body="ရပ်ပါ")

    def has_refused() -> bool:
        place.session.rollback()
        contact = place.session.scalars(
            sa.select(Contact)
            .join(Call, Call.contact_id == Contact.id)
            .where(Contact.refuses_texts_since.is_not(None))
        ).first()
        return contact is not None and contact.number == ANOTHER_PHONE

    wait_until(has_refused, 20, "stop is obeyed")
