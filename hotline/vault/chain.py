"""The chain of the audit trail: each row's MAC covers the row and the MAC before it.

HMAC-SHA-256 with a key that is never in the database: who changes, removes, adds or reorders a row
there cannot make the chain fit again.
"""

import hmac
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.vault.keys import vault

BEGINNING = b"\0" * 32  # the MAC before the first row

HEAD = sa.text("SELECT sequence, mac, seal FROM audit_head WHERE id = 1 FOR UPDATE")
KNOWN = sa.text("SELECT once FROM audit WHERE once = ANY(:marks)")
ADD = sa.text("""
    INSERT INTO audit (at, actor_id, action, subject, subject_id, detail, once, sequence, mac)
    VALUES (:at, :actor_id, :action, :subject, :subject_id, CAST(:detail AS jsonb), :once, :sequence, :mac)
    """)
MOVE = sa.text("UPDATE audit_head SET sequence = :sequence, mac = :mac, seal = :seal WHERE id = 1")


class BrokenChain(Exception):
    """The audit trail was altered behind our back; the text names the place."""


@dataclass(frozen=True)
class Act:
    """One act, before it has its place in the chain."""

    at: datetime
    actor_id: uuid.UUID | None
    action: str
    subject: str
    subject_id: str
    detail: dict[str, Any]
    once: str | None


def mac_of(key: bytes, before: bytes, sequence: int, act: Act) -> bytes:
    """The MAC of an act at its place."""
    row = [
        sequence,
        act.at.astimezone(UTC).isoformat(timespec="microseconds"),
        str(act.actor_id or ""),
        act.action,
        act.subject,
        act.subject_id,
        act.detail,
        act.once,
    ]
    said = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.digest(key, before + said.encode("utf-8", "surrogatepass"), "sha256")


def seal_of(key: bytes, what: str, sequence: int, mac: bytes) -> bytes:
    """The MAC over an end of the chain: its head, or a closed month's."""
    return hmac.digest(key, f"{what}:{sequence}:".encode() + mac, "sha256")


def append(session: Session, acts: Sequence[Act]) -> None:
    """Add the acts to the end; holds the chain's lock until the transaction ends.

    Raises:
        BrokenChain: the head was altered; nothing may be added to what is not ours.
    """
    key = vault().audit_key
    sequence, mac, seal = session.execute(HEAD).one()
    if not hmac.compare_digest(seal, seal_of(key, "head", sequence, mac)) and sequence:
        raise BrokenChain("the head of the audit trail was altered")
    marks = [act.once for act in acts if act.once]
    known = set(session.scalars(KNOWN, {"marks": marks})) if marks else set()
    rows = []
    for act in acts:
        if act.once in known:
            continue
        known |= {act.once} - {None}
        sequence += 1
        mac = mac_of(key, mac, sequence, act)
        detail = json.dumps(act.detail, ensure_ascii=False)
        rows.append(vars(act) | {"detail": detail, "sequence": sequence, "mac": mac})
    if rows:
        session.execute(ADD, rows)
        session.execute(MOVE, {"sequence": sequence, "mac": mac, "seal": seal_of(key, "head", sequence, mac)})
