"""Learn who called: a call whose first webhook was lost, or comes late, began as one of nobody we know."""

import uuid

from hotline.vault.keys import vault
from hotline.writer import Connection, Statement

# A contact of the same number who is there already is left apart from this one: what each of them said
# is sealed with a key of its own.
NAME = Statement("""
    WITH named AS (
        UPDATE contacts SET number = %(number)s, number_index = %(number_index)s
        WHERE id = (SELECT contact_id FROM calls WHERE sid = %(sid)s AND anonymous) AND number_index IS NULL
          AND NOT EXISTS (SELECT FROM contacts WHERE number_index = %(number_index)s)
        RETURNING id
    )
    UPDATE calls SET anonymous = false, dialled = %(dialled)s, line_id = coalesce(line_id, %(line_id)s::uuid)
    WHERE sid = %(sid)s AND contact_id = (SELECT id FROM named)
    """)


def name_caller(
    connection: Connection, call_sid: str, number: str, dialled: str, line_id: uuid.UUID | None
) -> None:
    """Give the number to the call's contact, where it has none and nobody else bears it.

    `connection` commits each statement.
    """
    connection.execute(
        NAME,
        {
            "sid": call_sid,
            "number": vault().seal(number.encode(), "contacts.number"),
            "number_index": vault().index(number),
            "dialled": dialled,
            "line_id": line_id,
        },
    )
