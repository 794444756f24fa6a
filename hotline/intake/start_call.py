"""A call comes in: write it down and learn what language its caller chose before, in one round trip."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from hotline.db import new_id
from hotline.intake.models import Contact
from hotline.intake.name_caller import name_caller
from hotline.intake.note_event import ENDED
from hotline.vault.keys import vault
from hotline.writer import Connection, Statement

NO_TREE = ""  # no webhook of ours answered it: the call is known from the carrier alone


@dataclass(frozen=True)
class NewCall:
    """What the carrier says of a call that comes in."""

    sid: str
    line_id: uuid.UUID | None
    dialled: str
    caller: str | None  # E.164, or nothing where the number was withheld
    tree: str
    at: datetime
    event: bytes
    rehearsal: bool
    calls_a_minute: int = 0  # of one number, before it is turned away; 0: as many as it likes


@dataclass(frozen=True)
class Begun:
    """What is known of who calls."""

    language: str | None = None  # the one that they chose last
    turned_away: bool = False


class NoSuchCall(Exception):
    """The call is not written down (yet): whoever knows more of it writes it first."""


# A contact is known by the index of their number, or is made; a caller without a number is always new.
# Said again by the carrier, the call is there already and nothing changes; but of one that was first
# heard of at reconciliation, the webhook that comes late names the tree that answered it. Its end may have
# been told before its beginning.
# Who calls too often, or was turned away by a person, is not served: unless they have an open case, or the
# phone is known to be shared by many.
START = Statement("""
    WITH known AS (
        SELECT id, language, shared_phone, coalesce(turned_away_until > %(at)s, false) AS turned_away
        FROM contacts WHERE number_index = %(number_index)s
    ), made AS (
        INSERT INTO contacts (id, number, number_index, key, first_at, rehearsal)
        SELECT %(contact_id)s, %(number)s::bytea, %(number_index)s::bytea, %(key)s, %(at)s, %(rehearsal)s
        WHERE NOT EXISTS (SELECT FROM known) AND NOT EXISTS (SELECT FROM calls WHERE sid = %(sid)s)
        ON CONFLICT (number_index) DO NOTHING
        RETURNING id
    ), ended AS (
        SELECT status, at FROM carrier_events WHERE kind = 'call' AND sid = %(sid)s AND status = ANY(%(ends)s::text[])
        LIMIT 1
    ), started AS (
        INSERT INTO calls (sid, line_id, dialled, contact_id, anonymous, tree, started_at, status, ended_at,
                           event, rehearsal)
        SELECT %(sid)s, %(line_id)s::uuid, %(dialled)s, coalesce((SELECT id FROM known), (SELECT id FROM made)),
               %(anonymous)s, %(tree)s, %(at)s, coalesce((SELECT status FROM ended), 'in-progress'),
               (SELECT at FROM ended), %(event)s, %(rehearsal)s
        WHERE EXISTS (SELECT FROM known) OR EXISTS (SELECT FROM made)
        ON CONFLICT (sid) DO UPDATE SET tree = excluded.tree WHERE calls.tree = ''
        RETURNING sid
    )
    SELECT (SELECT language FROM known), EXISTS (SELECT FROM started),
           coalesce((SELECT turned_away OR (
               %(most)s > 0 AND NOT shared_phone
               AND NOT EXISTS (SELECT FROM cases WHERE contact_id = known.id AND state <> 'closed')
               AND %(most)s <= (
                   SELECT count(*) FROM (
                       SELECT FROM calls WHERE contact_id = known.id AND sid <> %(sid)s
                       AND started_at > %(at)s::timestamptz - interval '1 minute' AND started_at <= %(at)s
                       LIMIT %(most)s
                   ) AS lately
               )) FROM known), false)
    """)


def start_call(connection: Connection, call: NewCall) -> Begun:
    """Write the call down, once; the answer is what is known of its caller.

    `connection` commits each statement.
    """
    contact_id = new_id()
    row = {
        "sid": call.sid,
        "line_id": call.line_id,
        "dialled": call.dialled,
        "anonymous": call.caller is None,
        "tree": call.tree,
        "at": call.at,
        "event": vault().seal(call.event, f"calls.event:{call.sid}"),
        "rehearsal": call.rehearsal,
        "ends": ENDED,
        "most": call.calls_a_minute,
        "contact_id": contact_id,
        "number": vault().seal(call.caller.encode(), "contacts.number") if call.caller else None,
        "number_index": vault().index(call.caller) if call.caller else None,
        "key": Contact.sealed_key(contact_id),
    }
    language, started, turned_away = connection.execute(START, row)[0]
    if started == "f" and language is None:
        # Another call of the same new number was a moment ahead (its contact was not yet visible), or
        # this is a repeat of a new caller's call: the second look sees what the first could not.
        language, started, turned_away = connection.execute(START, row)[0]
    if started == "f" and call.caller:  # perhaps another webhook of it came first, without the number
        name_caller(connection, call.sid, call.caller, call.dialled, call.line_id)
    return Begun(language, turned_away == "t")
