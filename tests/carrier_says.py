"""The carrier as the tests speak for it: signed forms, answers read as documents."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from hotline.settings import Settings

LINE, CALLER = "+6620000142", "+66812345678"
Say = Callable[..., TestResponse]


@pytest.fixture
def line(engine: sa.Engine, settings: Settings) -> str:
    """The main line, in Burmese, Thai, Nepali and English."""
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO lines (id, number, name, tree, languages, answers_texts, added_at) VALUES"
                " (gen_random_uuid(), :number, 'Main', 'main', '{my,th,ne,en}', true, now())"
            ),
            {"number": LINE},
        )
    return LINE


@pytest.fixture
def say(client: FlaskClient, settings: Settings) -> Say:
    """Post a signed webhook: `say("/voice/incoming", CallSid="CA1", From=…)`."""

    def post(path: str, **fields: str) -> TestResponse:
        path = path.removeprefix(settings.public_url)
        signature = RequestValidator(settings.twilio_auth_tokens[0]).compute_signature(
            settings.public_url + path, fields
        )
        return client.post(
            path,
            data=urlencode(fields),
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signature},
        )

    return post


class Document:
    """A TwiML answer, read as the carrier reads it."""

    def __init__(self, answer: TestResponse) -> None:
        assert answer.status_code == 200, answer.status
        assert answer.mimetype == "text/xml"
        assert not answer.data[:1].isspace()
        self.root = ElementTree.fromstring(answer.data)
        assert self.root.tag == "Response"

    @property
    def verbs(self) -> list[str]:
        return [verb.tag for verb in self.root]

    @property
    def plays(self) -> list[str]:
        return [verb.text or "" for verb in self.root.iter("Play")]

    def find(self, verb: str) -> ElementTree.Element:
        found = self.root.find(verb)
        assert found is not None, f"no {verb} in {self.verbs}"
        return found

    def next(self, verb: str, attribute: str = "action") -> str:
        """Where the carrier goes on from a verb: path and query."""
        address = urlsplit(self.find(verb).attrib[attribute])
        return f"{address.path}?{address.query}"


class CallFrom:
    """One call, told webhook by webhook."""

    def __init__(self, say: Say, sid: str = "CA1", caller: str = CALLER, line: str = LINE) -> None:
        self.say, self.sid = say, sid
        self.fields = {"CallSid": sid, "From": caller, "To": line, "CallStatus": "in-progress"}

    def start(self) -> Document:
        return Document(self.say("/voice/incoming", **self.fields))

    def press(self, document: Document, digits: str) -> Document:
        said = {"Digits": digits} if digits else {}
        return Document(self.say(document.next("Gather"), **self.fields, **said))

    def to_the_microphone(self, *keys: str) -> Document:
        document = self.start()
        for key in keys:
            document = self.press(document, key)
        return document

    def record(self, document: Document, sid: str = "RE1", seconds: str = "42") -> Document:
        return Document(
            self.say(
                document.next("Record"),
                **self.fields,
                RecordingSid=sid,
                RecordingDuration=seconds,
                RecordingUrl=f"http://carrier.test/{sid}",
            )
        )


@pytest.fixture
def call(say: Say, line: str) -> CallFrom:
    return CallFrom(say)
