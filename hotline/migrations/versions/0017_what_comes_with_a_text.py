"""What comes with a text: pictures, voice notes, other files. A voice note is heard as a recording is."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("recordings", "call_sid", nullable=True)
    op.add_column("recordings", sa.Column("message_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_recordings_message_id_messages"), "recordings", "messages", ["message_id"], ["id"]
    )
    op.create_index(op.f("ix_recordings_message_id"), "recordings", ["message_id"])
    op.create_check_constraint(
        op.f("ck_recordings_comes_from_somewhere"),
        "recordings",
        "call_sid IS NOT NULL OR message_id IS NOT NULL",
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("announced_as", sa.Text(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at_carrier", sa.Text(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("format", sa.Text(), nullable=True),
        sa.Column("holds_place", sa.Boolean(), nullable=False),
        sa.Column("original", sa.Text(), nullable=True),
        sa.Column("shown", sa.Text(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("recording_sid", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "at_carrier IN ('held', 'deleted', 'kept')", name=op.f("ck_attachments_at_carrier_known")
        ),
        sa.CheckConstraint("kind IN ('picture', 'voice', 'file')", name=op.f("ck_attachments_kind_known")),
        sa.CheckConstraint(
            "state IN ('arriving', 'stored', 'not_received')", name=op.f("ck_attachments_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_attachments_contact_id_contacts")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_attachments_message_id_messages")
        ),
        sa.ForeignKeyConstraint(
            ["recording_sid"], ["recordings.sid"], name=op.f("fk_attachments_recording_sid_recordings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("message_id", "sid", name=op.f("uq_attachments_message_id_sid")),
    )
    op.create_index(op.f("ix_attachments_contact_id"), "attachments", ["contact_id"])


def downgrade() -> None:
    op.drop_table("attachments")
    op.execute(
        "DELETE FROM reports WHERE recording_sid IN (SELECT sid FROM recordings WHERE call_sid IS NULL)"
    )
    op.execute("DELETE FROM recordings WHERE call_sid IS NULL")
    op.drop_constraint(op.f("ck_recordings_comes_from_somewhere"), "recordings")
    op.drop_column("recordings", "message_id")
    op.alter_column("recordings", "call_sid", nullable=False)
