"""Whether calls are safe by the caller's last word; a call owed where a text of staff's did not arrive."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contacts", sa.Column("call_safe", sa.Boolean(), nullable=True))
    op.execute("""
        UPDATE contacts SET call_safe = true
        WHERE id IN (SELECT contact_id FROM callbacks WHERE why = 'asked' AND state IN ('due', 'reached'))
        """)
    _allow("why IN ('ring', 'asked', 'text')")


def downgrade() -> None:
    op.execute("DELETE FROM callbacks WHERE why = 'text'")
    _allow("why IN ('ring', 'asked')")
    op.drop_column("contacts", "call_safe")


def _allow(check: str) -> None:
    op.drop_constraint("ck_callbacks_why_known", "callbacks")
    op.create_check_constraint("why_known", "callbacks", check)
