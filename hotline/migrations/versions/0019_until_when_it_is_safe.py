"""What who asked to be called said, and until when it is safe. What is owed already is safe for two hours a day."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("callbacks", sa.Column("wished", sa.Text(), nullable=True))
    op.add_column("callbacks", sa.Column("safe_until", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE callbacks SET safe_until = not_before + interval '2 hours' WHERE why = 'asked'")


def downgrade() -> None:
    op.drop_column("callbacks", "safe_until")
    op.drop_column("callbacks", "wished")
