"""Every column that is sealed with the ring, and the place each value is sealed for.

What is sealed with a contact's own key is not here: that key is, and it stays the same under a new ring.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

import sqlalchemy as sa

from hotline.intake.models import Call, CarrierEvent, Contact, Message, Step
from hotline.staff.models import User


@dataclass(frozen=True)
class SealedColumn:
    """One column. `place` names the row's columns by which each value is bound to where it stands."""

    column: "sa.Column[Any]"
    place: str

    @property
    def name(self) -> str:
        return f"{self.column.table.name}.{self.column.name}"

    def columns(self) -> "list[sa.Column[Any]]":
        """The primary key, then what else its place is made of."""
        columns = list(self.column.table.primary_key.columns)
        named = [name for _, name, _, _ in Formatter().parse(self.place) if name]
        return columns + [
            self.column.table.c[name] for name in named if name not in {c.name for c in columns}
        ]

    def place_of(self, row: Mapping[str, Any]) -> str:
        """The place of the value in this row."""
        return self.place.format_map(row)


def _column(model: Any, name: str, place: str) -> SealedColumn:
    return SealedColumn(model.__table__.c[name], place)


SEALED = (
    _column(Contact, "key", "contacts.key:{id}"),
    _column(Contact, "number", "contacts.number"),
    _column(Call, "event", "calls.event:{sid}"),
    _column(Step, "event", "steps.event:{call_sid}:{number}"),
    _column(CarrierEvent, "event", "carrier_events.event:{kind}:{sid}"),
    _column(Message, "event", "messages.event:{sid}"),
    _column(User, "phone", "users.phone"),
)
# Binary, and not sealed with the ring: why.
OTHERWISE = {
    "contacts.number_index": "a keyed digest; the lookup key never rotates, or one person would become two",
    "recordings.sha256": "a digest of what the carrier gave",
    "recordings.peaks": "sealed with the contact's key",
    "attachments.sha256": "a digest of what the carrier gave",
    "messages.body": "sealed with the contact's key",
    "messages.as_typed": "sealed with the contact's key",
    "transcripts.segments": "sealed with the contact's key",
    "case_notes.words": "sealed with the contact's key",
    "voice_replies.audio": "sealed with the contact's key",
    "mailboxes.mark": "a keyed digest; the lookup key never rotates, or nobody would find their way back",
    "mailboxes.pin": "likewise",
    "mailbox_tries.mark": "likewise",
    "studio_pins.mark": "a keyed digest; one lasts an hour, and is taken anew",
    "studio_tries.caller": "likewise, as contacts.number_index",
    "takes.audio": "a prompt, which everybody who calls hears",
    "help_names.audio": "likewise",
    "area_names.audio": "likewise",
    "audit.mac": "the chain, with the audit key, which never rotates",
    "audit_head.mac": "likewise",
    "audit_head.seal": "likewise",
    "audit_closings.last_mac": "likewise",
    "audit_closings.seal": "likewise",
}
