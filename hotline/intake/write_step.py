"""Write down where a webhook led its call: one row a step, the first telling stands."""

from dataclasses import dataclass
from datetime import datetime

from hotline.vault.keys import vault
from hotline.writer import Connection, Statement


@dataclass(frozen=True)
class NewStep:
    """Where a call went next, and what led there."""

    call_sid: str
    number: int
    at: datetime
    node: str
    waits: str  # gather, record, or end
    pressed: str | None
    language: str
    language_chosen: bool
    urgency: str
    reference: str | None
    event: bytes


STEP = """
    INSERT INTO steps (call_sid, number, at, node, waits, pressed, language, language_chosen, urgency,
                       reference, event)
    VALUES (%(call_sid)s, %(number)s, %(at)s, %(node)s, %(waits)s, %(pressed)s, %(language)s,
            %(language_chosen)s, %(urgency)s, %(reference)s, %(event)s)
    ON CONFLICT DO NOTHING
    """
# The choice is remembered for the number, in the same statement as the step that made it.
CHOICE = f"""
    WITH step AS ({STEP})
    UPDATE contacts SET language = %(language)s
    WHERE id = (SELECT contact_id FROM calls WHERE sid = %(call_sid)s) AND language IS DISTINCT FROM %(language)s
    """
ALONE, WITH_CHOICE = Statement(STEP), Statement(CHOICE)


def write_step(connection: Connection, step: NewStep, *, choice: bool = False) -> None:
    """Add the step; with `choice`, it is the one by which the caller chose their language.

    `connection` commits each statement.
    """
    connection.execute(
        WITH_CHOICE if choice else ALONE,
        {
            "call_sid": step.call_sid,
            "number": step.number,
            "at": step.at,
            "node": step.node,
            "waits": step.waits,
            "pressed": step.pressed,
            "language": step.language,
            "language_chosen": step.language_chosen,
            "urgency": step.urgency,
            "reference": step.reference,
            "event": vault().seal(step.event, f"steps.event:{step.call_sid}:{step.number}"),
        },
    )
