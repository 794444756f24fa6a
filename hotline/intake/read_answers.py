"""What keys said in a call: the answers to its questions, read from its steps."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.flow.nodes import Question
from hotline.flow.tree import Tree
from hotline.intake.models import Step


def read_answers(session: Session, call_sid: str, tree: Tree) -> dict[str, str]:
    """By what was asked; a question answered twice has its last answer. Unanswered ones are not there."""
    return {about: answer for about, answer, _ in _answers(session, call_sid, tree)}


def answered_at(session: Session, call_sid: str, tree: Tree, about: str) -> datetime | None:
    """When this was answered last, on the way to what came of it; nothing where it was not."""
    return {asked: at for asked, _, at in _answers(session, call_sid, tree)}.get(about)


def _answers(session: Session, call_sid: str, tree: Tree) -> Iterator[tuple[str, str, datetime]]:
    """(what was asked, answer, when), in the order of the call."""
    steps = session.execute(
        sa.select(Step.node, Step.pressed, Step.at).where(Step.call_sid == call_sid).order_by(Step.number)
    ).all()
    for (name, _, _), (_, pressed, at) in pairwise(steps):
        node = tree.nodes.get(name)
        if isinstance(node, Question) and pressed in node.answers:
            yield node.about, node.answers[pressed], at


def is_text_safe(answers: dict[str, str]) -> bool | None:
    """Whether they said that we may text them; nothing where they said neither."""
    return {"yes": True, "no": False}.get(answers.get("text_safe", ""))
