"""Reports by keys, wishes to be called back, mailboxes, staff's phones, and what stands before a line."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KINDS = "kind IN ('words', 'stop', 'start', 'help'{})"
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.drop_constraint(op.f("ck_messages_kind_known"), "messages")
    op.create_check_constraint(op.f("ck_messages_kind_known"), "messages", KINDS.format(", 'keys'"))
    op.create_table(
        "callbacks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("call_sid", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("not_before", TIME, nullable=False),
        sa.Column("text_safe", sa.Boolean(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", TIME, nullable=True),
        sa.Column("outgoing_sid", sa.Text(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.CheckConstraint("why IN ('ring', 'asked')", name=op.f("ck_callbacks_why_known")),
        sa.CheckConstraint(
            "state IN ('due', 'calling', 'reached', 'given_up', 'refused')",
            name=op.f("ck_callbacks_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_callbacks_contact_id_contacts")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_callbacks_line_id_lines")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_callbacks_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callbacks")),
        sa.UniqueConstraint("call_sid", name=op.f("uq_callbacks_call_sid")),
        sa.UniqueConstraint("outgoing_sid", name=op.f("uq_callbacks_outgoing_sid")),
    )
    op.create_index(op.f("ix_callbacks_contact_id"), "callbacks", ["contact_id"])
    op.create_index(
        "ix_callbacks_open",
        "callbacks",
        ["not_before"],
        postgresql_where=sa.text("state IN ('due', 'calling')"),
    )
    op.create_index("ix_callbacks_tried", "callbacks", ["tried_at"])
    op.create_table(
        "mailboxes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("pin", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("call_sid", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_mailboxes_contact_id_contacts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailboxes")),
        sa.UniqueConstraint("mark", name=op.f("uq_mailboxes_mark")),
        sa.UniqueConstraint("call_sid", name=op.f("uq_mailboxes_call_sid")),
    )
    op.create_index(op.f("ix_mailboxes_contact_id"), "mailboxes", ["contact_id"])
    op.create_table(
        "mailbox_tries",
        sa.Column("call_sid", sa.Text(), nullable=False),
        sa.Column("turn", sa.SmallInteger(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("admitted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("call_sid", "turn", name=op.f("pk_mailbox_tries")),
    )
    op.create_index(op.f("ix_mailbox_tries_at"), "mailbox_tries", ["at"])
    for column in (
        sa.Column("zone", sa.Text(), nullable=False, server_default=""),
        sa.Column("hours", sa.Text(), nullable=False, server_default=""),
        sa.Column("holidays", sa.ARRAY(sa.Text()), nullable=False, server_default="{}"),
        sa.Column("answer_mode", sa.Text(), nullable=False, server_default="answer"),
        sa.Column("notice", sa.Text(), nullable=False, server_default=""),
        sa.Column("notice_until", TIME, nullable=True),
        sa.Column("straight_until", TIME, nullable=True),
    ):
        op.add_column("lines", column)
    op.create_check_constraint(
        op.f("ck_lines_answer_mode_known"), "lines", "answer_mode IN ('answer', 'call_back')"
    )
    op.add_column("users", sa.Column("phone", sa.LargeBinary(), nullable=True))
    op.add_column("users", sa.Column("takes_calls", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("users", sa.Column("duty", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    for column in ("duty", "takes_calls", "phone"):
        op.drop_column("users", column)
    op.drop_constraint(op.f("ck_lines_answer_mode_known"), "lines")
    for column in ("straight_until", "notice_until", "notice", "answer_mode", "holidays", "hours", "zone"):
        op.drop_column("lines", column)
    for table in ("mailbox_tries", "mailboxes", "callbacks"):
        op.drop_table(table)
    # What only the newer release can say becomes what the older one can: a text of the same words.
    op.execute("UPDATE messages SET kind = 'words' WHERE kind = 'keys'")
    op.drop_constraint(op.f("ck_messages_kind_known"), "messages")
    op.create_check_constraint(op.f("ck_messages_kind_known"), "messages", KINDS.format(""))
