"""Where in the tree somebody's next text is heard."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "text_places",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_text_places_contact_id_contacts")
        ),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_text_places")),
    )
    op.create_index(op.f("ix_text_places_at"), "text_places", ["at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_text_places_at"), "text_places")
    op.drop_table("text_places")
