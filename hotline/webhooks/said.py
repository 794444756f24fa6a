"""What was just spoken into the studio's microphone, as callers would hear it: for the same call, for minutes."""

import time

import sqlalchemy as sa
from flask import Blueprint, Response, abort
from itsdangerous import BadSignature, URLSafeTimedSerializer

from hotline.flow.nodes.review import ON_ITS_WAY
from hotline.flow.position import Position
from hotline.flow.prompts import LAST_RESORT
from hotline.flow.studio import UNUSABLE
from hotline.flow.turn import Clip
from hotline.studio.models import SpokenPrompt, Take
from hotline.web.rules import public
from hotline.webhooks.switchboard import Switchboard, switchboard

pages = Blueprint("said", __name__)

LASTS = 300  # seconds that such an address opens
LOOKS, PAUSE = 16, 0.3  # times, and seconds between them: what was spoken is on its way
SOON = ("asked", "spoken")


def said_address(board: Switchboard, call_sid: str, at_microphone: Position) -> str:
    """Where the carrier fetches what was spoken at this position."""
    named = [call_sid, at_microphone.turn, at_microphone.language or LAST_RESORT]
    return f"{board.settings.public_url}/said/{_signer(board).dumps(named)}.wav"


@pages.get("/said/<token>.wav")
@public
def said(token: str) -> Response:
    """Opened by an address that only our own answer to the carrier names. Not there yet, or no use: it is said so."""
    board = switchboard()
    try:
        call_sid, turn, language = _signer(board).loads(token, max_age=LASTS)
    except BadSignature:
        abort(404)
    for _ in range(LOOKS):
        state, audio = _look(board, call_sid, turn)
        if state not in SOON:
            break
        time.sleep(PAUSE)
    if audio is None:
        instead = ON_ITS_WAY if state in SOON else UNUSABLE
        audio = board.catalogue.sound(Clip(instead, language)).audio
    return Response(audio, mimetype="audio/wav", headers={"Cache-Control": "no-store"})


def _look(board: Switchboard, call_sid: str, turn: int) -> tuple[str, bytes | None]:
    wanted = (
        sa.select(SpokenPrompt.state, Take.audio)
        .outerjoin(Take, Take.id == SpokenPrompt.take_id)
        .where(SpokenPrompt.call_sid == call_sid, SpokenPrompt.turn == turn)
    )
    with board.sessions() as session:
        found = session.execute(wanted).first()
    return (found[0], found[1]) if found else ("asked", None)


def _signer(board: Switchboard) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(board.settings.secret_key, salt="said")
