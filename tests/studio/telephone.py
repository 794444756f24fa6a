"""Calls to the studio as tests make them, and what came of them."""

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from hotline.studio.models import SpokenPrompt, Take
from hotline.webhooks.switchboard import KEY
from tests.carrier_says import CallFrom, Document, Say
from tests.carriers import RunningCarrier
from tests.rehearsal.sounds import silence, voice

SPEECH = silence(1) + voice(4) + silence(1)
NUMBER, CALLER = "+6620000143", "+66812345670"


def call_studio(say: Say, sid: str = "CA1", caller: str = CALLER) -> CallFrom:
    return CallFrom(say, sid=sid, caller=caller, line=NUMBER)


def enter(call: CallFrom, pin: str) -> Document:
    return call.press(call.start(), pin)


def at_the_tone(call: CallFrom, pin: str, number: str = "105") -> Document:
    return call.press(enter(call, pin), number)


def speak(
    call: CallFrom, tone: Document, carrier: RunningCarrier, sid: str = "RE1", sound: bytes = SPEECH
) -> Document:
    carrier.hold(sid, sound, call.sid)
    return call.record(tone, sid, str(round(len(sound) / 16000)))


def said(app: Flask, document: Document) -> list[tuple[str, str]]:
    """(prompt, language) of what is played; what one caller alone hears by its path."""
    catalogue = app.extensions[KEY].catalogue
    found = [
        (play, catalogue.by_sha(play.rpartition("/")[2].removesuffix(".wav"))) for play in document.plays
    ]
    return [(sound.prompt, sound.language) if sound else ("own", play) for play, sound in found]


def prompts(app: Flask, document: Document) -> list[str]:
    return [prompt for prompt, _ in said(app, document)]


def spoken(session: Session) -> list[SpokenPrompt]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(sa.select(SpokenPrompt).order_by(SpokenPrompt.at)))


def takes(session: Session) -> list[Take]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(sa.select(Take).order_by(Take.made_at)))
