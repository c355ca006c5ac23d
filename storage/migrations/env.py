"""Alembic's environment: always on the connection handed in; the caller owns the transaction."""

from alembic import context

from storage.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,  # else alembic commits after each revision
    transaction_per_migration=False,
)
context.run_migrations()
