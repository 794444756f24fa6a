"""The workbench: hear a report, write it down, say what it means."""

import uuid
from datetime import datetime

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from hotline.db import utcnow
from hotline.intake.models import Report
from hotline.intake.reasons import NoReason
from hotline.intake.show_number import show_number
from hotline.intake.take_in_recording import place_of
from hotline.media.listen import PLAYBACK_TYPE
from hotline.media.open_store import open_store
from hotline.media.ranges import part_of
from hotline.transcription.claim_pages import claim_lasts, spoken_languages
from hotline.transcription.claim_report import hold_on, standing_claim, takes
from hotline.transcription.errors import NotHeld, TwoVersions
from hotline.transcription.models import Claim
from hotline.transcription.note_listen import note_listen
from hotline.transcription.queue import targets
from hotline.transcription.queue_pages import settings
from hotline.transcription.read_attachments import Shown, read_attachments
from hotline.transcription.read_thread import Said, read_thread
from hotline.transcription.read_workbench import (
    earlier_reports,
    lines_of,
    peaks_of,
    read_report,
    readers_of,
    way_in,
    written_for,
)
from hotline.transcription.save_draft import save_draft
from hotline.transcription.segments import BadSegments, parse_segments, read_segments
from hotline.web.database import session
from hotline.web.rules import allowed, i_may, my_id
from hotline.web.shared import local

pages = Blueprint("workbench", __name__, template_folder="templates")


@pages.get("/reports/<uuid:report_id>")
@allowed("see_queue")
def workbench(report_id: uuid.UUID) -> ResponseReturnValue:
    """One report; to write in it one has to hold it."""
    return _drawn(readable(report_id))


@pages.get("/reports/<uuid:report_id>/audio")
@allowed("listen")
def audio(report_id: uuid.UUID) -> ResponseReturnValue:
    """The playback copy, or one part of it; each listen is written down."""
    report = readable(report_id)
    if not may_open(report):
        abort(403)
    recording = report.recording
    if recording is None or recording.playback is None:
        abort(404)
    sealed = open_store(settings()).get(recording.playback)
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


@pages.post("/reports/<uuid:report_id>/number")
@allowed("unmask")
def unmask(report_id: uuid.UUID) -> ResponseReturnValue:
    """The same page with the number shown, this once, for a reason that is kept."""
    report = readable(report_id)
    try:
        number = show_number(session(), report.contact, my_id(), request.form.get("reason", ""))
        session.commit()
    except NoReason:
        flash("Say in a few words why you need the number.")
        return redirect(url_for(".workbench", report_id=report_id))
    return _drawn(report, number)


@pages.post("/reports/<uuid:report_id>/draft")
@allowed("write_down")
def save(report_id: uuid.UUID) -> ResponseReturnValue:
    """Save the draft: JSON {version, segments}. 409: saved elsewhere since, or held no more."""
    readable(report_id)
    said = request.get_json(silent=True)
    said = said if isinstance(said, dict) else {}
    version = said.get("version")
    try:
        if not isinstance(version, int):
            raise BadSegments("which version?")
        segments = parse_segments(said.get("segments"))
        draft = save_draft(session(), report_id, current_user, segments, version, utcnow(), claim_lasts())
    except BadSegments as bad:
        return jsonify(why=str(bad)), 400
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
    hold_on(session(), report_id, current_user, utcnow(), claim_lasts())
    session.commit()
    return jsonify(until=_until(report_id))


@pages.errorhandler(NotHeld)
def not_held(_error: NotHeld) -> ResponseReturnValue:
    return jsonify(why="not held"), 409


def _drawn(report: Report, number: str | None = None) -> str:
    held = _held(report.id)
    mine = held is not None and held.holder_id == current_user.id
    written = written_for(session(), report, current_user, may_read=reads_done(report))
    listens = (mine or reads_done(report)) and report.recording is not None and report.recording.playback
    return render_template(
        "transcription/workbench.html",
        page="queue",
        report=report,
        number=number,
        held=held,
        mine=mine,
        written=written,
        segments=lines_of(report, written),
        thread=_thread(report),
        attached=_attached(report),
        may_open=mine or reads_done(report),
        peaks=peaks_of(report) if listens else None,
        way_in=way_in(session(), report),
        earlier=earlier_reports(session(), report),
        target=targets(settings())[report.urgency],
        languages=[tag for tag in spoken_languages() if tag != report.language],
        colleagues=readers_of(session(), report.language) if i_may("reassign") else [],
    )


def readable(report_id: uuid.UUID) -> Report:
    """The report, where this person may know that it exists; else 404."""
    report = read_report(session(), report_id)
    if report is None or not (takes(current_user, report) or reads_done(report)):
        abort(404)
    return report


def reads_done(report: Report) -> bool:
    """What was handed in is read, and heard again, by those who read cases."""
    return report.state == "done" and i_may("read_case")


def may_open(report: Report) -> bool:
    """Hear it, see its pictures: who holds it, or reads it once it is done."""
    held = _held(report.id)
    return reads_done(report) or (held is not None and held.holder_id == current_user.id)


def _thread(report: Report) -> list[Said]:
    """The texts of the same contact that this person reads; of others only this one."""
    if report.came_with is None:
        return []
    everything = i_may("see_all_languages") or reads_done(report)
    return read_thread(session(), report, None if everything else current_user.languages)


def _attached(report: Report) -> list[Shown]:
    message = report.came_with
    return read_attachments(session(), [message.id]).get(message.id, []) if message else []


def _held(report_id: uuid.UUID) -> Claim | None:
    claim = standing_claim(session(), report_id)
    return claim if claim and claim.ends_at > utcnow() else None


def _until(report_id: uuid.UUID) -> str:
    claim = _held(report_id)
    return _hour(claim.ends_at) if claim else ""


def _hour(at: datetime, seconds: bool = False) -> str:
    return local(at).strftime("%H:%M:%S" if seconds else "%H:%M")
