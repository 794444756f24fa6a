"""Names of places wait for a second person, as prompts do; and the names of areas."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

STATES = "state IN ('waiting', 'approved', 'refused')"


def upgrade() -> None:
    # Those that there are were heard already.
    op.add_column("help_names", sa.Column("state", sa.Text(), nullable=False, server_default="approved"))
    op.alter_column("help_names", "state", server_default=None)
    op.add_column("help_names", sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("help_names", sa.Column("decided_by_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_help_names_decided_by_id_users"), "help_names", "users", ["decided_by_id"], ["id"]
    )
    op.create_check_constraint(op.f("ck_help_names_state_known"), "help_names", STATES)
    op.drop_constraint(op.f("uq_help_names_place_id_language"), "help_names", type_="unique")
    op.create_unique_constraint(
        op.f("uq_help_names_place_id_language_state"), "help_names", ["place_id", "language", "state"]
    )
    op.create_table(
        "area_names",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_key", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("audio", sa.LargeBinary(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(STATES, name=op.f("ck_area_names_state_known")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_area_names_by_id_users")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_area_names_decided_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_names")),
        sa.UniqueConstraint(
            "area_key", "language", "state", name=op.f("uq_area_names_area_key_language_state")
        ),
    )


def downgrade() -> None:
    op.drop_table("area_names")
    op.execute("DELETE FROM help_names WHERE state <> 'approved'")  # else they would be heard
    op.drop_constraint(op.f("uq_help_names_place_id_language_state"), "help_names", type_="unique")
    op.create_unique_constraint(
        op.f("uq_help_names_place_id_language"), "help_names", ["place_id", "language"]
    )
    op.drop_constraint(op.f("ck_help_names_state_known"), "help_names", type_="check")
    op.drop_constraint(op.f("fk_help_names_decided_by_id_users"), "help_names", type_="foreignkey")
    for column in ("state", "decided_at", "decided_by_id"):
        op.drop_column("help_names", column)
