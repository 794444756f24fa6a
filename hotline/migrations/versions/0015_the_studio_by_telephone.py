"""Prompts recorded by telephone: PINs, tries, and what was spoken."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "studio_pins",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["users.id"], name=op.f("fk_studio_pins_member_id_users")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_studio_pins")),
        sa.UniqueConstraint("mark", name=op.f("uq_studio_pins_mark")),
    )
    op.create_index(op.f("ix_studio_pins_ends_at"), "studio_pins", ["ends_at"])
    op.create_table(
        "studio_tries",
        sa.Column("call_sid", sa.Text(), nullable=False),
        sa.Column("turn", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("caller", sa.LargeBinary(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["users.id"], name=op.f("fk_studio_tries_member_id_users")),
        sa.PrimaryKeyConstraint("call_sid", "turn", name=op.f("pk_studio_tries")),
    )
    op.create_index(op.f("ix_studio_tries_at"), "studio_tries", ["at"])
    op.create_table(
        "spoken_prompts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_sid", sa.Text(), nullable=False),
        sa.Column("turn", sa.SmallInteger(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("prompt", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recording_sid", sa.Text(), nullable=True),
        sa.Column("carrier_seconds", sa.Integer(), nullable=True),
        sa.Column("at_carrier", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("take_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'spoken', 'taken', 'replaced', 'unusable', 'unknown')",
            name=op.f("ck_spoken_prompts_state_known"),
        ),
        sa.CheckConstraint(
            "at_carrier IN ('held', 'deleted', 'kept')", name=op.f("ck_spoken_prompts_at_carrier_known")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["users.id"], name=op.f("fk_spoken_prompts_member_id_users")),
        sa.ForeignKeyConstraint(["take_id"], ["takes.id"], name=op.f("fk_spoken_prompts_take_id_takes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spoken_prompts")),
        sa.UniqueConstraint("call_sid", "turn", name=op.f("uq_spoken_prompts_call_sid_turn")),
        sa.UniqueConstraint("recording_sid", name=op.f("uq_spoken_prompts_recording_sid")),
    )
    op.create_index(op.f("ix_spoken_prompts_at"), "spoken_prompts", ["at"])


def downgrade() -> None:
    op.drop_table("spoken_prompts")
    op.drop_table("studio_tries")
    op.drop_table("studio_pins")
