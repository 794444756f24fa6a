"""What keys said in a call: the answers to its questions, read from its steps."""

from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.flow.nodes import Question
from hotline.flow.tree import Tree
from hotline.intake.models import Step


def read_answers(session: Session, call_sid: str, tree: Tree) -> dict[str, str]:
    """By what was asked; a question answered twice has its last answer. Unanswered ones are not there."""
    steps = session.execute(
        sa.select(Step.node, Step.pressed).where(Step.call_sid == call_sid).order_by(Step.number)
    ).all()
    answers: dict[str, str] = {}
    for (name, _), (_, pressed) in pairwise(steps):
        node = tree.nodes.get(name)
        if isinstance(node, Question) and pressed in node.answers:
            answers[node.about] = node.answers[pressed]
    return answers


def is_text_safe(answers: dict[str, str]) -> bool | None:
    """Whether they said that we may text them; nothing where they said neither."""
    return {"yes": True, "no": False}.get(answers.get("text_safe", ""))
