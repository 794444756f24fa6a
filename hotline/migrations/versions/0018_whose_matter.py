"""Which reports a mailbox tells of, when it was opened last, and tries that a limit refused."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mailboxes", sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("mailboxes", sa.Column("matter_id", sa.Uuid(), nullable=True))
    op.execute("UPDATE mailboxes SET matter_id = id")
    op.alter_column("mailboxes", "matter_id", nullable=False)
    op.add_column("reports", sa.Column("matter_id", sa.Uuid(), nullable=True))
    # What was left after a mailbox was opened; then what was left in the call that made one.
    op.execute(
        "UPDATE reports r SET matter_id = m.matter_id FROM mailbox_tries t JOIN mailboxes m ON m.mark = t.mark"
        " WHERE t.call_sid = r.call_sid AND t.admitted AND t.at <= r.received_at AND m.contact_id = r.contact_id"
    )
    op.execute(
        "UPDATE reports r SET matter_id = m.matter_id FROM mailboxes m"
        " WHERE m.call_sid = r.call_sid AND m.contact_id = r.contact_id AND r.matter_id IS NULL"
    )
    op.create_index(op.f("ix_reports_matter_id"), "reports", ["matter_id"])
    op.add_column(
        "mailbox_tries", sa.Column("limited", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("mailbox_tries", "limited")
    op.drop_index(op.f("ix_reports_matter_id"), "reports")
    op.drop_column("reports", "matter_id")
    op.drop_column("mailboxes", "matter_id")
    op.drop_column("mailboxes", "opened_at")
