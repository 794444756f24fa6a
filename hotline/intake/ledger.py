"""The ledger: what became of every call that reached the microphone, and how many texts came.

Each call is counted once, by its best end. The counts always add up: `reached_microphone` is the sum
of its five ends.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Ledger:
    """Counts of the calls and texts of a period, each under the moment it began."""

    calls: int  # all that we know of, the unknown ones too
    reached_microphone: int  # heard the tone, or left a recording
    stored: int  # a voicemail is stored here
    empty: int  # the carrier announced a recording and has no audio
    hung_up: int  # at the microphone without a word
    not_received: int  # a recording was announced and never came
    arriving: int  # announced and not yet stored, or the caller is at the microphone now
    elsewhere: int  # ended before the microphone
    unknown: int  # no webhook reached us when it began, and no later word tells where it went
    texts: int  # that workers sent


PERIOD = tuple(sa.bindparam(name, type_=sa.DateTime(timezone=True)) for name in ("since", "until"))
ENDS = ("stored", "empty", "hung_up", "not_received", "arriving")

# A call's ends, best first. A recording of no bytes or no seconds has no audio, and so has one that the
# carrier calls absent (Twilio, RecordingStatus). An end that was not told and a last step at the
# microphone mean that the caller stands there still.
CALLS = sa.text(
    """
    WITH period AS (
        SELECT sid, ended_at, tree FROM calls
        WHERE started_at >= coalesce(:since, '-infinity') AND started_at < coalesce(:until, 'infinity')
    ), recorded AS (
        SELECT r.call_sid,
               bool_or(r.stored_at IS NOT NULL AND coalesce(r.size, 1) > 0) AS stored,
               bool_or(p.state = 'not_received' AND coalesce(r.carrier_seconds, 1) > 0
                       AND coalesce(r.size, 1) > 0) AS not_received,
               bool_or(p.state = 'arriving') AS arriving,
               bool_or(r.size = 0 OR r.carrier_seconds = 0) AS empty
        FROM recordings r JOIN period ON period.sid = r.call_sid
        LEFT JOIN reports p ON p.recording_sid = r.sid
        GROUP BY r.call_sid
    ), told AS (
        SELECT e.call_sid, bool_or(e.status = 'absent') AS absent,
               bool_or(e.status = 'in-progress' AND NOT EXISTS (
                   SELECT FROM carrier_events later
                   WHERE later.kind = 'recording' AND later.sid = e.sid AND later.status <> 'in-progress'
               )) AS running
        FROM carrier_events e JOIN period ON period.sid = e.call_sid
        WHERE e.kind = 'recording'
        GROUP BY e.call_sid
    ), stepped AS (
        SELECT s.call_sid, bool_or(s.waits = 'record') AS at_microphone,
               (array_agg(s.waits ORDER BY s.number DESC))[1] = 'record' AS there_last
        FROM steps s JOIN period ON period.sid = s.call_sid
        GROUP BY s.call_sid
    ), ends AS (
        SELECT CASE
            WHEN recorded.stored THEN 'stored'
            WHEN recorded.arriving OR told.running OR stepped.there_last AND period.ended_at IS NULL
                THEN 'arriving'
            WHEN recorded.not_received THEN 'not_received'
            WHEN recorded.empty OR told.absent THEN 'empty'
            WHEN stepped.at_microphone OR told.call_sid IS NOT NULL THEN 'hung_up'
            WHEN period.tree = '' THEN 'unknown'
            ELSE 'elsewhere'
        END AS end_of_call
        FROM period
        LEFT JOIN recorded ON recorded.call_sid = period.sid
        LEFT JOIN told ON told.call_sid = period.sid
        LEFT JOIN stepped ON stepped.call_sid = period.sid
    )
    SELECT end_of_call, count(*) FROM ends GROUP BY end_of_call
    """
).bindparams(*PERIOD)
UNKNOWN = sa.text(
    """
    SELECT count(DISTINCT e.sid) FROM carrier_events e
    WHERE e.kind = 'call' AND e.at >= coalesce(:since, '-infinity') AND e.at < coalesce(:until, 'infinity')
      AND NOT EXISTS (SELECT FROM calls WHERE calls.sid = e.sid)
    """
).bindparams(*PERIOD)
TEXTS = sa.text(
    """
    SELECT count(*) FROM messages
    WHERE direction = 'in' AND kind <> 'keys'
      AND at >= coalesce(:since, '-infinity') AND at < coalesce(:until, 'infinity')
    """
).bindparams(*PERIOD)


def keep_ledger(session: Session, since: datetime | None = None, until: datetime | None = None) -> Ledger:
    """Count the calls and texts that began from `since` until before `until`; all, where neither is given."""
    period = {"since": since, "until": until}
    ends = {str(end): int(count) for end, count in session.execute(CALLS, period)}
    unheard = int(session.scalar(UNKNOWN, period) or 0)
    counted = {end: ends.get(end, 0) for end in ENDS}
    return Ledger(
        calls=sum(ends.values()) + unheard,
        reached_microphone=sum(counted.values()),
        elsewhere=ends.get("elsewhere", 0),
        unknown=ends.get("unknown", 0) + unheard,
        texts=int(session.scalar(TEXTS, period) or 0),
        **counted,
    )
