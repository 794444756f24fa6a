"""Numbers that are turned away for a while, phones that several people share."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contacts", sa.Column("turned_away_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "contacts", sa.Column("shared_phone", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index("ix_calls_contact_time", "calls", ["contact_id", "started_at"])
    op.drop_index("ix_calls_contact_id", "calls")


def downgrade() -> None:
    op.create_index("ix_calls_contact_id", "calls", ["contact_id"])
    op.drop_index("ix_calls_contact_time", "calls")
    op.drop_column("contacts", "shared_phone")
    op.drop_column("contacts", "turned_away_until")
