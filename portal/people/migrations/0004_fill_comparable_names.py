from django.db import migrations

from portal.translations.folding import loose_name_key

_AT_ONCE = 1000


def fill_keys(apps, schema_editor):
    """Names that were saved before have no keys; without these nobody is found."""
    people = apps.get_model("people", "Person").objects.using(
        schema_editor.connection.alias
    )
    last = 0
    while rows := list(people.filter(pk__gt=last).order_by("pk")[:_AT_ONCE]):
        for row in rows:
            row.name_latin_key = loose_name_key(row.name_latin)
            row.name_own_key = loose_name_key(row.name_own)
        people.bulk_update(rows, ["name_latin_key", "name_own_key"], batch_size=200)
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_comparable_names"),
    ]

    operations = [
        migrations.RunPython(fill_keys, migrations.RunPython.noop),
    ]
