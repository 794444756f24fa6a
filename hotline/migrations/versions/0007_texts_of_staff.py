"""Texts that staff write to the person of a case."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("case_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_messages_case_id_cases"), "messages", "cases", ["case_id"], ["id"])
    op.create_index(op.f("ix_messages_case_id"), "messages", ["case_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_messages_case_id"), "messages")
    op.drop_constraint(op.f("fk_messages_case_id_cases"), "messages")
    op.drop_column("messages", "case_id")
