"""What staff answer by voice, heard in the mailbox."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "voice_replies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("audio", sa.LargeBinary(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_voice_replies_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_voice_replies_contact_id_contacts")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_voice_replies_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_replies")),
    )
    op.create_index(op.f("ix_voice_replies_case_id"), "voice_replies", ["case_id"])
    op.create_index(op.f("ix_voice_replies_contact_id"), "voice_replies", ["contact_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_voice_replies_contact_id"), "voice_replies")
    op.drop_index(op.f("ix_voice_replies_case_id"), "voice_replies")
    op.drop_table("voice_replies")
