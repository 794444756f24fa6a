"""A caller in danger comes to the microphone: a report from that moment on, whatever is said there.

A recording joins it when it is announced (announce_recording); a call that ends without one stays as work for a person.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from hotline.intake.start_call import NoSuchCall
from hotline.intake.whose_matter import MATTER
from hotline.writer import Connection, Statement

# Its id comes from its call: told again, late or before the recording, it is the same report.
OF_CALLS = uuid.UUID("5f0c7a5e-6a53-4c0e-9d0b-7c1f0f6f2f10")


@dataclass(frozen=True)
class InDanger:
    """What the call's position says as it comes to the microphone."""

    call_sid: str
    at: datetime
    language: str
    language_chosen: bool
    reference: str


REPORT = Statement(f"""
    WITH call AS ({MATTER}), report AS (
        INSERT INTO reports (id, reference, kind, contact_id, line_id, call_sid, language, language_chosen, urgency,
                             state, received_at, rehearsal, matter_id)
        SELECT %(id)s, %(reference)s, 'voice', contact_id, line_id, sid, %(language)s, %(language_chosen)s, 'danger',
               'waiting', %(at)s, rehearsal, matter_id FROM call
        ON CONFLICT (id) DO NOTHING
    )
    SELECT sid FROM call
    """)


def report_danger(connection: Connection, told: InDanger) -> None:
    """Queue it, once a call. `connection` commits each statement. Raises: NoSuchCall."""
    row = vars(told) | {"id": danger_report_of(told.call_sid)}
    if not connection.execute(REPORT, row):
        raise NoSuchCall(told.call_sid)


def danger_report_of(call_sid: str) -> uuid.UUID:
    """The id of the report that a call in danger has from the microphone on."""
    return uuid.uuid5(OF_CALLS, call_sid)
