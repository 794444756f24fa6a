"""Answering the person of a case by voice, and hearing again what was answered."""

import uuid

from flask import Blueprint, Response, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from hotline.casework.answer_by_voice import NotAnAnswer, answer_by_voice, open_reply
from hotline.casework.models import VoiceReply
from hotline.casework.pages import find_case
from hotline.db import utcnow
from hotline.media.listen import PLAYBACK_TYPE
from hotline.web.database import session
from hotline.web.once import id_of_form
from hotline.web.rules import allowed
from hotline.web.uploads import let_recordings_in, recording_sent

pages = Blueprint("voice_replies", __name__)
let_recordings_in(pages, "answer")


@pages.post("/cases/<code>/voice")
@allowed("change_case")
def answer(code: str) -> ResponseReturnValue:
    case, sent = find_case(code), recording_sent()
    try:
        if not sent:
            raise NotAnAnswer("Choose a file, or record.")
        reply = answer_by_voice(session(), case, sent, current_user, utcnow(), id_of_form(sent))
        session.commit()
        flash(f"{reply.seconds:.0f} s are in their mailbox; they hear it when they come back.")
    except NotAnAnswer as not_an_answer:
        session.rollback()
        flash(str(not_an_answer))
    return redirect(url_for("cases.case", code=code))


@pages.get("/cases/<code>/voice/<uuid:reply_id>")
@allowed("read_case")
def audio(code: str, reply_id: uuid.UUID) -> Response:
    case, reply = find_case(code), session.get(VoiceReply, reply_id)
    if reply is None or reply.case_id != case.id:
        abort(404)
    return Response(open_reply(reply), mimetype=PLAYBACK_TYPE)
