"""A recording is announced: its row, its report and the promise to fetch it, in one transaction.

The end of Record and the recording's own callback both announce it; whichever comes second
rings the same promise again. Where the caller is in danger, the report is there already and the recording joins it:
it waits for people until then, and again once it is stored.
"""

from dataclasses import dataclass
from datetime import datetime

from hotline.db import new_id
from hotline.intake.models import Urgency
from hotline.intake.note_event import EVENT
from hotline.intake.report_danger import danger_report_of
from hotline.intake.start_call import NoSuchCall
from hotline.intake.whose_matter import MATTER
from hotline.outbox import RANKS
from hotline.vault.keys import vault
from hotline.writer import Connection, Statement


@dataclass(frozen=True)
class Announcement:
    """A voicemail that the carrier holds, and what the call's position says of it."""

    recording_sid: str
    call_sid: str
    at: datetime
    seconds: int | None  # as the carrier says
    language: str
    language_chosen: bool
    urgency: Urgency
    reference: str
    event: bytes | None  # the callback that told of it, as it came; none where the end of Record told


ANNOUNCE = f"""
    WITH call AS ({MATTER}), recording AS (
        INSERT INTO recordings (sid, call_sid, contact_id, announced_at, carrier_seconds, at_carrier)
        SELECT %(recording_sid)s, %(call_sid)s, contact_id, %(at)s, %(seconds)s::int, 'held' FROM call
        ON CONFLICT (sid) DO UPDATE SET carrier_seconds = coalesce(recordings.carrier_seconds, excluded.carrier_seconds)
    ), joined AS (
        UPDATE reports SET recording_sid = %(recording_sid)s, state = 'arriving', done_at = NULL
        WHERE id = %(danger_id)s::uuid AND recording_sid IS NULL
          AND NOT EXISTS (SELECT FROM reports said WHERE said.recording_sid = %(recording_sid)s)
        RETURNING id
    ), report AS (
        INSERT INTO reports (id, reference, kind, contact_id, line_id, call_sid, recording_sid, language,
                             language_chosen, urgency, state, received_at, rehearsal, matter_id)
        SELECT coalesce((SELECT %(danger_id)s::uuid
                         WHERE NOT EXISTS (SELECT FROM reports WHERE id = %(danger_id)s::uuid)), %(report_id)s::uuid),
               %(reference)s, 'voice', contact_id, line_id, %(call_sid)s, %(recording_sid)s,
               %(language)s, %(language_chosen)s, %(urgency)s, 'arriving', %(at)s, rehearsal, matter_id FROM call
        WHERE NOT EXISTS (SELECT FROM joined)
        ON CONFLICT DO NOTHING
        RETURNING id
    ), promise AS (
        INSERT INTO outbox (kind, key, payload, rank, state, attempts, due_at, made_at)
        SELECT 'take_in_recording', 'recording:' || %(recording_sid)s,
               jsonb_build_object('recording_sid', %(recording_sid)s::text), %(rank)s, 'due', 0, %(at)s, %(at)s
        FROM call
        ON CONFLICT (key) DO UPDATE SET due_at = least(outbox.due_at, excluded.due_at)
        WHERE outbox.state = 'due'
    )
    SELECT EXISTS (SELECT FROM joined) OR EXISTS (SELECT FROM report)
           OR EXISTS (SELECT FROM reports WHERE recording_sid = %(recording_sid)s) FROM call
    """
# The callback that tells of it is kept in the same statement.
ANNOUNCE_AS_TOLD = ANNOUNCE.replace("WITH call AS", f"WITH noted AS ({EVENT}), call AS", 1)
ALONE, AS_TOLD = Statement(ANNOUNCE), Statement(ANNOUNCE_AS_TOLD)


def announce_recording(connection: Connection, announced: Announcement) -> None:
    """Promise to take the recording in, once however often it is announced.

    `connection` commits each statement.

    Raises:
        NoSuchCall: see there.
    """
    told = announced.event is not None
    in_danger = announced.urgency == "danger"
    row = {
        "recording_sid": announced.recording_sid,
        "call_sid": announced.call_sid,
        "at": announced.at,
        "seconds": announced.seconds,
        "report_id": new_id(),
        "danger_id": danger_report_of(announced.call_sid) if in_danger else None,
        "reference": announced.reference,
        "language": announced.language,
        "language_chosen": announced.language_chosen,
        "urgency": announced.urgency,
        "rank": RANKS[announced.urgency],
    } | (_event(announced) if told else {})
    found = connection.execute(AS_TOLD if told else ALONE, row)
    if found == [("f",)]:  # the report that it joins was written this moment: the second look sees it
        found = connection.execute(AS_TOLD if told else ALONE, row)
    if not found:
        raise NoSuchCall(announced.call_sid)


def _event(announced: Announcement) -> dict[str, object]:
    sid = announced.recording_sid
    sealed = vault().seal(announced.event or b"", f"carrier_events.event:recording:{sid}")
    return {"kind": "recording", "sid": sid, "status": "completed", "sequence": 0, "event": sealed}
