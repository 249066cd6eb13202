"""Runs the migrations on the connection, and inside the transaction, that database_connections.py hands over."""

from alembic import context

# SQLite cannot alter most of a table: batch mode copies the table instead.
context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
