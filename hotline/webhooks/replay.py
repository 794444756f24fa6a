"""The caller's own message, played back to them in the same call and at no other time."""

import uuid

import sqlalchemy as sa
from flask import Blueprint, Response, abort
from itsdangerous import BadSignature, URLSafeTimedSerializer

from hotline.casework.answer_by_voice import open_reply
from hotline.casework.models import VoiceReply
from hotline.db import utcnow
from hotline.intake.models import Recording
from hotline.intake.take_in_recording import place_of
from hotline.media.listen import PLAYBACK_TYPE
from hotline.media.open_store import open_store
from hotline.web.rules import public
from hotline.webhooks.switchboard import Switchboard, switchboard

pages = Blueprint("replay", __name__)

LASTS = 300  # seconds that such an address opens


def replay_address(board: Switchboard, call_sid: str) -> str | None:
    """Where the carrier fetches the call's last message, if it is stored already."""
    with board.sessions() as session:
        wanted = sa.select(Recording.sid).where(
            Recording.call_sid == call_sid, Recording.playback.is_not(None)
        )
        sid = session.scalars(wanted.order_by(Recording.announced_at.desc()).limit(1)).first()
    return f"{board.settings.public_url}/replay/{_signer(board).dumps(sid)}.mp3" if sid else None


def reply_address(board: Switchboard, reply_id: str) -> str:
    """Where the carrier fetches staff's answer by voice."""
    return f"{board.settings.public_url}/reply/{_signer(board, 'reply').dumps(reply_id)}.mp3"


@pages.get("/replay/<token>.mp3")
@public
def replay(token: str) -> Response:
    """Opened by an address that only our own answer to the carrier names, for a few minutes."""
    board = switchboard()
    try:
        sid = _signer(board).loads(token, max_age=LASTS)
    except BadSignature:
        abort(404)
    with board.sessions() as session:
        recording = session.get(Recording, sid)
        if recording is None or recording.playback is None:
            abort(404)
        sealed = open_store(board.settings).get(recording.playback)
        sound = recording.contact.open(sealed, place_of(sid, "playback"))
    return Response(sound, mimetype=PLAYBACK_TYPE, headers={"Cache-Control": "no-store"})


@pages.get("/reply/<token>.mp3")
@public
def reply(token: str) -> Response:
    """Likewise, for who had code and PIN. What the carrier has fetched to play is heard."""
    board = switchboard()
    try:
        reply_id = uuid.UUID(_signer(board, "reply").loads(token, max_age=LASTS))
    except BadSignature:
        abort(404)
    with board.sessions.begin() as session:
        found = session.get(VoiceReply, reply_id)
        if found is None:
            abort(404)
        sound = open_reply(found)
        found.heard_at = found.heard_at or utcnow()
    return Response(sound, mimetype=PLAYBACK_TYPE, headers={"Cache-Control": "no-store"})


def _signer(board: Switchboard, what: str = "replay") -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(board.settings.secret_key, salt=what)
