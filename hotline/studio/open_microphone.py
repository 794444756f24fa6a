"""Before the tone: write down who speaks which prompt, so that no recording can come that nobody knows of."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hotline.db import new_id
from hotline.studio.enter_by_pin import speaker_in
from hotline.studio.models import SpokenPrompt


@dataclass(frozen=True)
class AtMicrophone:
    """One time at the microphone, and the words that are to be spoken."""

    call_sid: str
    turn: int
    language: str
    prompt: str
    words: str
    at: datetime


def open_microphone(session: Session, asked: AtMicrophone) -> bool:
    """Whether the tone may sound: the call is a member's. Told twice, it is once."""
    speaker = speaker_in(session, asked.call_sid)
    if speaker is None or speaker.language != asked.language:
        return False
    row = insert(SpokenPrompt).values(
        id=new_id(), call_sid=asked.call_sid, turn=asked.turn, member_id=speaker.member.id, language=asked.language,
        prompt=asked.prompt, words=asked.words, at=asked.at, at_carrier="held", state="asked", reason="",
    )  # fmt: skip
    session.execute(row.on_conflict_do_nothing(index_elements=["call_sid", "turn"]))
    return True
