"""Migrations: none missing, linear in each app, and reversible."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from tests.project.source_tree import APPS

AUTO_NAME = "_auto_"


def _own_labels() -> set[str]:
    return {
        config.label
        for config in apps.get_app_configs()
        if config.name.split(".")[0] in APPS
    }


def _own_migrations() -> list:
    loader = MigrationLoader(None)
    own = _own_labels()
    return [m for (label, _), m in loader.disk_migrations.items() if label in own]


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_app_has_linear_migrations():
    graph = MigrationLoader(None).graph
    leaves = {label: graph.leaf_nodes(label) for label in _own_labels()}

    assert {label: many for label, many in leaves.items() if len(many) > 1} == {}


def test_migrations_have_descriptive_names():
    wrong = [str(m) for m in _own_migrations() if AUTO_NAME in m.name]

    assert wrong == []


def test_every_migration_is_reversible_or_documents_why():
    """``irreversible_because`` on the class tells operators which data is lost."""
    wrong = [
        f"{migration}: {operation.describe()}"
        for migration in _own_migrations()
        for operation in migration.operations
        if not operation.reversible
        and not getattr(migration, "irreversible_because", "")
    ]

    assert wrong == []


def test_models_of_every_app_have_migrations():
    migrated = {migration.app_label for migration in _own_migrations()}
    with_models = {
        label for label in _own_labels() if any(apps.get_app_config(label).get_models())
    }

    assert with_models - migrated == set()


@pytest.fixture
def related_models_kept(monkeypatch):
    """Let each operation of a migration create again only the model that it changes.

    Django would create nearly all models again for each of some 300 operations, because
    nearly all are related: this took nine tenths of the time of the test. The SQL for a
    table needs no more of related models than their table and key, which no operation
    changes. The test database was migrated without this, and the test compares its
    tables with those that are created again.
    """
    monkeypatch.setattr(
        ProjectState,
        "_find_reload_model",
        lambda _state, app_label, model_name, _delay=False: {(app_label, model_name)},
    )


@pytest.mark.django_db(transaction=True)
def test_all_migrations_reverse_and_reapply(related_models_kept):
    forth = MigrationExecutor(connection).loader.graph.leaf_nodes()
    reverse = [(label, None) for label, _name in forth if label in _own_labels()]
    before = _schema()

    MigrationExecutor(connection).migrate(reverse)
    remaining_tables = _own_tables() & set(connection.introspection.table_names())
    try:
        assert remaining_tables == set()
    finally:
        MigrationExecutor(connection).migrate(forth)

    assert _own_tables() <= before.keys()
    assert _schema() == before


def _schema() -> dict[str, object]:
    """Return the columns, constraints and indexes of the database."""
    introspection = connection.introspection
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master")
            return dict(cursor.fetchall())
        return {
            table: (
                introspection.get_table_description(cursor, table),
                introspection.get_constraints(cursor, table),
            )
            for table in introspection.table_names(cursor)
        }


def _own_tables() -> set[str]:
    own = _own_labels()
    return {
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.app_label in own
    }
