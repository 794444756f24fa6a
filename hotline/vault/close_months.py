"""Months of the audit trail past their keeping: closed by a kept hash, then dropped whole."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.vault.audit import AuditClosing, record
from hotline.vault.chain import HEAD, seal_of
from hotline.vault.keys import vault

# The last row of each month that began before the limit, and that ended before it.
MONTHS = sa.text("""
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, count(*) AS rows, max(sequence) AS last
    FROM audit WHERE sequence IS NOT NULL
    GROUP BY month HAVING to_char(CAST(:before AS timestamptz) AT TIME ZONE 'UTC', 'YYYY-MM')
        > to_char(max(at) AT TIME ZONE 'UTC', 'YYYY-MM')
    ORDER BY month
    """)


def close_months(session: Session, before: datetime) -> list[str]:
    """Close every month that ended before the month of `before`, and drop its rows; commits nothing.

    The trigger that keeps rows is lifted for this one statement, in a transaction that locks the table.
    """
    key = vault().audit_key
    session.execute(HEAD)
    closed = []
    for month, rows, last in session.execute(MONTHS, {"before": before}).all():
        mac = session.scalar(sa.text("SELECT mac FROM audit WHERE sequence = :last"), {"last": last})
        seal = seal_of(key, f"{month}:{rows}", last, mac)
        session.add(
            AuditClosing(
                month=month, rows=rows, last_sequence=last, last_mac=mac, seal=seal, closed_at=utcnow()
            )
        )
        session.flush()
        session.execute(sa.text("ALTER TABLE audit DISABLE TRIGGER audit_rows_stay"))
        session.execute(sa.text("DELETE FROM audit WHERE sequence <= :last"), {"last": last})
        session.execute(sa.text("ALTER TABLE audit ENABLE TRIGGER audit_rows_stay"))
        record(session, None, "closed", "audit", month, rows=rows)
        closed.append(month)
    return closed
