"""The workbench: hear a report, write it down, say what it means."""

import json
import uuid
from datetime import datetime

import sqlalchemy as sa
from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from hotline.db import utcnow
from hotline.intake.models import Report, Step
from hotline.intake.take_in_recording import place_of
from hotline.media.listen import PLAYBACK_TYPE
from hotline.media.ranges import part_of
from hotline.media.store import MediaStore
from hotline.settings import Settings
from hotline.staff.models import User
from hotline.transcription.claim_report import hold_on, standing_claim, takes
from hotline.transcription.errors import NotHeld, TwoVersions
from hotline.transcription.models import Claim, Transcript
from hotline.transcription.note_listen import note_listen
from hotline.transcription.queue import earlier_reports, targets
from hotline.transcription.queue_pages import claim_lasts, spoken_languages
from hotline.transcription.save_draft import draft_of, save_draft
from hotline.transcription.segments import BadSegments, Segment, parse_segments, read_segments
from hotline.transcription.snippet import words_of
from hotline.web.database import session
from hotline.web.rules import allowed, i_may
from hotline.web.shared import local

pages = Blueprint("workbench", __name__, template_folder="templates")


@pages.get("/reports/<uuid:report_id>")
@allowed("see_queue")
def workbench(report_id: uuid.UUID) -> ResponseReturnValue:
    """One report; to write in it one has to hold it."""
    report = _readable(report_id)
    claim = standing_claim(session(), report_id)
    held = claim if claim and claim.ends_at > utcnow() else None
    mine = held is not None and held.holder_id == current_user.id
    draft = draft_of(session(), report_id, current_user)
    return render_template(
        "transcription/workbench.html",
        page="queue",
        report=report,
        held=held,
        mine=mine,
        draft=draft,
        segments=_lines(report, draft),
        words=words_of(report),
        peaks=_peaks(report) if mine else [],
        way_in=_way_in(report),
        earlier=earlier_reports(session(), report.contact, report),
        target=targets(_settings())[report.urgency],
        languages=[tag for tag in spoken_languages() if tag != report.language],
        colleagues=_colleagues(report) if i_may("reassign") else [],
    )


@pages.get("/reports/<uuid:report_id>/audio")
@allowed("listen")
def audio(report_id: uuid.UUID) -> ResponseReturnValue:
    """The playback copy, or one part of it; each listen is written down."""
    report = _readable(report_id)
    claim = standing_claim(session(), report_id)
    holds = claim is not None and claim.holder_id == current_user.id and claim.ends_at > utcnow()
    if not (holds or (report.state == "done" and i_may("read_case"))):
        abort(403)
    recording = report.recording
    if recording is None or recording.playback is None:
        abort(404)
    media = MediaStore(_settings().media_url)
    sealed = media.get(recording.playback)
    sound = report.contact.open(sealed, place_of(recording.sid, "playback"))
    note_listen(session(), report_id, current_user)
    session.commit()
    part = part_of(request.headers.get("Range"), len(sound))
    answer = Response(sound[part.first : part.last + 1], part.code, mimetype=PLAYBACK_TYPE)
    answer.headers["Accept-Ranges"] = "bytes"
    if part.code == 206:
        answer.headers["Content-Range"] = f"bytes {part.first}-{part.last}/{part.whole}"
    elif part.code == 416:
        answer.headers["Content-Range"] = f"bytes */{part.whole}"
    return answer


@pages.post("/reports/<uuid:report_id>/draft")
@allowed("write_down")
def save(report_id: uuid.UUID) -> ResponseReturnValue:
    """Save the draft: JSON {version, segments}. 409: saved elsewhere since, or held no more."""
    _readable(report_id)
    said = request.get_json(silent=True)
    said = said if isinstance(said, dict) else {}
    version = said.get("version")
    try:
        segments = parse_segments(said.get("segments"))
        if not isinstance(version, int):
            raise BadSegments("which version?")
        draft = save_draft(session(), report_id, current_user, segments, version, utcnow(), claim_lasts())
    except BadSegments as bad:
        return jsonify(why=str(bad)), 400
    except NotHeld:
        return jsonify(why="not held"), 409
    except TwoVersions as two:
        return jsonify(
            why="two versions",
            version=two.other.version,
            saved_at=_hour(two.other.saved_at),
            segments=[vars(one) for one in read_segments(two.other.report.contact, two.other)],
        ), 409
    session.commit()
    return jsonify(
        version=draft.version, saved_at=_hour(draft.saved_at, seconds=True), until=_until(report_id)
    )


@pages.post("/reports/<uuid:report_id>/touch")
@allowed("listen")
def touch(report_id: uuid.UUID) -> ResponseReturnValue:
    """The holder plays or seeks: the claim lasts."""
    try:
        hold_on(session(), report_id, current_user, utcnow(), claim_lasts())
    except NotHeld:
        return jsonify(why="not held"), 409
    session.commit()
    return jsonify(until=_until(report_id))


def _readable(report_id: uuid.UUID) -> Report:
    """The report, where this person may know that it exists; else 404."""
    report = session.get(Report, report_id)
    if report is None or not (takes(current_user, report) or (report.case_id and i_may("read_case"))):
        abort(404)
    return report


def _lines(report: Report, draft: Transcript | None) -> list[Segment]:
    if draft is not None:
        return read_segments(report.contact, draft)
    return [Segment(0.0, words_of(report), "")]


def _peaks(report: Report) -> list[int]:
    recording = report.recording
    if recording is None or recording.peaks is None:
        return []
    opened: list[int] = json.loads(report.contact.open(recording.peaks, place_of(recording.sid, "peaks")))
    return opened


def _way_in(report: Report) -> list[Step]:
    """The steps that led to the microphone."""
    if report.call_sid is None:
        return []
    wanted = sa.select(Step).where(Step.call_sid == report.call_sid).order_by(Step.number)
    return list(session.scalars(wanted))


def _colleagues(report: Report) -> list[User]:
    wanted = sa.select(User).where(User.active, User.languages.any(report.language)).order_by(User.name)
    return list(session.scalars(wanted))


def _until(report_id: uuid.UUID) -> str:
    claim: Claim | None = standing_claim(session(), report_id)
    return _hour(claim.ends_at) if claim else ""


def _hour(at: datetime, seconds: bool = False) -> str:
    return local(at).strftime("%H:%M:%S" if seconds else "%H:%M")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["hotline.settings"]
    return settings
