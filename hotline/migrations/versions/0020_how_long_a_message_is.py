"""How long a message may be, of each line."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lines", sa.Column("recording_seconds", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("lines", "recording_seconds")
