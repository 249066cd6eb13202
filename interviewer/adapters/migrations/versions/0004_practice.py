"""When key points come back, the drills on them, and the plan up to an interview."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_card",
        sa.Column("owner", sa.Text, primary_key=True),
        sa.Column("scenario_id", sa.Text, primary_key=True),
        sa.Column("key_point", sa.Text, primary_key=True),
        sa.Column("card", sa.Text, nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mark", sa.Text, nullable=False),
    )
    op.create_table(
        "drill",
        sa.Column("owner", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("scenario_id", sa.Text, nullable=False),
        sa.Column("key_point", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_drill_owner_scenario", "drill", ["owner", "scenario_id"])
    op.create_table(
        "plan",
        sa.Column("owner", sa.Text, primary_key=True),
        sa.Column("interview_on", sa.Date, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    for table in ("plan", "drill", "review_card"):
        op.drop_table(table)
