"""Texts as they were typed, where they were converted from Zawgyi."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("as_typed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("messages", "as_typed")
