"""Interviews, their turns, the attempts at replies and grades, and the grades."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "interview",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("scenario_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("scenario_hash", sa.Text, nullable=False),
        sa.Column("scenario_snapshot", sa.Text, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("engine", sa.Text, nullable=False),
        sa.Column("max_probes", sa.Integer, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.Text, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_interview_owner", "interview", ["owner"])
    op.create_table(
        "turn",
        sa.Column(
            "interview_id",
            sa.Text,
            sa.ForeignKey("interview.id", name="fk_turn_interview", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("interview_id", "key", name="uq_turn_key"),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "interview_id",
            sa.Text,
            sa.ForeignKey("interview.id", name="fk_attempt_interview", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("partial", sa.Text, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_attempt_interview", "attempt", ["interview_id"])
    op.create_table(
        "assessment",
        sa.Column(
            "interview_id",
            sa.Text,
            sa.ForeignKey("interview.id", name="fk_assessment_interview", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("engine", sa.Text, nullable=False),
        sa.Column("score", sa.Integer, nullable=True),
        sa.Column("signal", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    for table in ("assessment", "attempt", "turn", "interview"):
        op.drop_table(table)
