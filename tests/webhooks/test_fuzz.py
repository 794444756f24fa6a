"""Nonsense, rightly signed: every answer is TwiML or a refusal, and nothing is half written."""

import itertools

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from hotline.db import utcnow
from hotline.intake.ledger import keep_ledger
from hotline.settings import Settings
from hotline.webhooks.form import Form
from tests.fuzzing import Request, make_requests

REQUESTS, SEED = 3500, 20261125  # and 1,500 at the console's forms: tests/web/test_fuzz_forms.py
IN_DANGER = "s.waits = 'record' AND s.urgency = 'danger'"
HALF_WRITTEN = {
    "a recording without its promise": "SELECT count(*) FROM recordings r WHERE NOT EXISTS (SELECT FROM outbox"
    " WHERE payload->>'recording_sid' = r.sid)",
    "a recording without its report": "SELECT count(*) FROM recordings r WHERE NOT EXISTS (SELECT FROM reports"
    " WHERE recording_sid = r.sid)",
    "a report of nothing": "SELECT count(*) FROM reports p WHERE recording_sid IS NULL AND message_id IS NULL"
    f" AND NOT EXISTS (SELECT FROM steps s WHERE s.call_sid = p.call_sid AND {IN_DANGER})",
    "danger at the microphone without its report": f"SELECT count(*) FROM steps s WHERE {IN_DANGER}"
    " AND NOT EXISTS (SELECT FROM reports p WHERE p.call_sid = s.call_sid AND p.urgency = 'danger')",
    "a text that does not queue": "SELECT count(*) FROM messages m WHERE direction = 'in' AND NOT EXISTS"
    " (SELECT FROM reports WHERE message_id = m.id)",
    "a picture without its promise": "SELECT count(*) FROM attachments a WHERE NOT EXISTS (SELECT FROM outbox"
    " WHERE payload->>'attachment_id' = a.id::text)",
    "a call of nobody": "SELECT count(*) FROM calls WHERE contact_id IS NULL",
}


def _send(client: FlaskClient, settings: Settings, request: Request) -> int:
    pairs = Form.of(request.body, path="", query="", at=utcnow()).pairs
    try:
        signature = RequestValidator(settings.twilio_auth_tokens[0]).compute_signature(
            settings.public_url + request.path, MultiDict(pairs)
        )
    except UnicodeEncodeError:  # what is no text cannot be signed
        signature = "none"
    answer = client.post(
        request.path.partition("?")[0],
        query_string=request.path.partition("?")[2],
        data=request.body,
        content_type=request.kind,
        headers={"X-Twilio-Signature": signature},
        environ_overrides={"RAW_URI": request.path},
    )
    if answer.status_code == 200:
        assert answer.mimetype == "text/xml" and answer.data.startswith(b"<?xml"), request
    return answer.status_code


def test_nonsense_is_answered_and_leaves_nothing_half_written(
    app: Flask, settings: Settings, session: Session, line: str
) -> None:
    client = app.test_client()
    codes = [_send(client, settings, one) for one in itertools.islice(make_requests(SEED), REQUESTS)]
    assert set(codes) <= {200, 400, 403, 413}, f"seed {SEED}"
    assert codes.count(200) > REQUESTS / 3, "most of it came as far as the views"
    for what, query in HALF_WRITTEN.items():
        assert session.scalar(sa.text(query)) == 0, what
    ledger = keep_ledger(session)
    assert ledger.calls == ledger.reached_microphone + ledger.elsewhere + ledger.unknown > 0
