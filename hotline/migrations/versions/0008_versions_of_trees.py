"""Versions of menu trees, and when each went live."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tree_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tree", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("rehearsed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_tree_versions_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tree_versions")),
        sa.UniqueConstraint("tree", "number", name=op.f("uq_tree_versions_tree_number")),
    )
    op.create_table(
        "tree_releases",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("tree", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"], ["tree_versions.id"], name=op.f("fk_tree_releases_version_id_tree_versions")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_tree_releases_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tree_releases")),
    )
    op.create_index(op.f("ix_tree_releases_tree"), "tree_releases", ["tree"])


def downgrade() -> None:
    op.drop_index(op.f("ix_tree_releases_tree"), "tree_releases")
    op.drop_table("tree_releases")
    op.drop_table("tree_versions")
