"""In which country a line is, where its number does not say so."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lines", sa.Column("country", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("lines", "country")
