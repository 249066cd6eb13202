"""Manner, self-rating, points tried again after the grade, and what model calls took."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("interview", sa.Column("manner", sa.Text, nullable=False, server_default="neutral"))
    op.add_column("interview", sa.Column("self_rating", sa.Integer, nullable=True))
    op.create_table(
        "retry",
        sa.Column(
            "interview_id",
            sa.Text,
            sa.ForeignKey("interview.id", name="fk_retry_interview", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "model_call",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column(
            "interview_id",
            sa.Text,
            sa.ForeignKey("interview.id", name="fk_model_call_interview", ondelete="SET NULL"),
            nullable=True,
        ),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("input_tokens", sa.Integer, nullable=False),
        sa.Column("cached_tokens", sa.Integer, nullable=False),
        sa.Column("output_tokens", sa.Integer, nullable=False),
        sa.Column("dollars", sa.Float, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_model_call_owner_at", "model_call", ["owner", "at"])
    op.create_index("ix_model_call_interview", "model_call", ["interview_id"])
