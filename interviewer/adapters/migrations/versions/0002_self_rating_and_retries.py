"""What the candidate thought of an interview before the grade, and the points that were tried again after it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
