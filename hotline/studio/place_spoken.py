"""Say which prompt it is that was recorded by telephone, where nobody knows."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.staff.models import User
from hotline.studio.announce_spoken import promise_to_take_in
from hotline.studio.models import SpokenPrompt
from hotline.studio.take import NotYours, require_speaker
from hotline.vault.audit import record


def place_spoken(
    session: Session, spoken_id: uuid.UUID, language: str, prompt: str, words: str, member: User
) -> None:
    """From now on it is the member's, and is taken in as their own.

    Raises:
        NoResultFound: there is none.
        NotYours: the member does not speak the language, or somebody has said it already.
    """
    spoken = session.scalars(
        sa.select(SpokenPrompt).where(SpokenPrompt.id == spoken_id).with_for_update()
    ).one()
    require_speaker(member, language)
    if spoken.state != "unknown":
        raise NotYours("Somebody has said already what it is.")
    spoken.member_id, spoken.language, spoken.prompt, spoken.words = member.id, language, prompt, words
    spoken.state = "spoken"
    promise_to_take_in(session, spoken)
    record(
        session, member.id, "said what it is", "spoken_prompts", spoken.id, language=language, prompt=prompt
    )
