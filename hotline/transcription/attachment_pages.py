"""Pictures, and what else came with a text: the copy is shown, the original opened for a reason."""

import uuid

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from hotline.intake.models import Attachment, Report
from hotline.intake.open_original import open_original
from hotline.intake.reasons import NoReason
from hotline.intake.take_in_attachment import place_of
from hotline.media.open_store import open_store
from hotline.media.picture import PICTURE_TYPE
from hotline.transcription.note_listen import note_listen
from hotline.transcription.queue_pages import settings
from hotline.transcription.workbench_pages import may_open, readable
from hotline.web.database import session
from hotline.web.rules import allowed, my_id

pages = Blueprint("attachments", __name__)

# What the original is saved as, so that a program for it can be chosen; anything else is just bytes.
ENDINGS = {
    "JPEG": "jpg", "PNG": "png", "GIF": "gif", "WebP": "webp", "HEIC": "heic", "AVIF": "avif",
    "3GP": "3gp", "MP4": "mp4", "M4A": "m4a",
    "AMR": "amr", "Ogg": "ogg", "WebM": "webm", "WAV": "wav", "MP3": "mp3", "PDF": "pdf", "vCard": "vcf",
}  # fmt: skip


@pages.get("/reports/<uuid:report_id>/pictures/<uuid:attachment_id>")
@allowed("listen")
def picture(report_id: uuid.UUID, attachment_id: uuid.UUID) -> ResponseReturnValue:
    """The copy without metadata; each look is written down."""
    report, attachment = _opened(report_id, attachment_id)
    if attachment.shown is None:
        abort(404)
    sealed = open_store(settings()).get(attachment.shown)
    copy = attachment.contact.open(sealed, place_of(attachment.id, "shown"))
    note_listen(session(), report.id, current_user, "looked")
    session.commit()
    answer = Response(copy, mimetype=PICTURE_TYPE)
    answer.headers.set("Content-Disposition", "inline", filename=_name(report, attachment, "picture", "jpg"))
    return answer


@pages.post("/reports/<uuid:report_id>/attachments/<uuid:attachment_id>/original")
@allowed("open_original")
def original(report_id: uuid.UUID, attachment_id: uuid.UUID) -> ResponseReturnValue:
    """To be saved, never shown: nobody looked whether it does harm, and it may hold a place."""
    report, attachment = _opened(report_id, attachment_id)
    try:
        body = open_original(
            session(), open_store(settings()), attachment, my_id(), request.form.get("reason", "")
        )
        session.commit()
    except NoReason:
        flash("Say in a few words why you need the original.")
        return redirect(url_for("workbench.workbench", report_id=report_id))
    except FileNotFoundError:
        abort(404)
    ending = ENDINGS.get(attachment.format or "", "bin")
    answer = Response(body, mimetype="application/octet-stream")
    answer.headers.set(
        "Content-Disposition", "attachment", filename=_name(report, attachment, "original", ending)
    )
    return answer


def _opened(report_id: uuid.UUID, attachment_id: uuid.UUID) -> tuple[Report, Attachment]:
    """Of a report that this person holds, or that is done and theirs to read; else 403, or 404."""
    report = readable(report_id)
    if not may_open(report):
        abort(403)
    attachment = session.get(Attachment, attachment_id)
    message = report.came_with
    if attachment is None or message is None or attachment.message_id != message.id:
        abort(404)
    return report, attachment


def _name(report: Report, attachment: Attachment, what: str, ending: str) -> str:
    return f"{what}-{report.reference}-{attachment.number}.{ending}"
