from django.db import migrations
from django.utils import timezone


def enqueue_rebuild(apps, schema_editor):
    """Enqueue a rebuild: existing entries have no digest and no dependencies."""
    if apps.get_model("catalogue", "Entry").objects.exists():
        now = timezone.now()
        apps.get_model("jobs", "Job").objects.create(
            name="catalogue.rebuild", payload={}, created_at=now, run_after=now
        )


class Migration(migrations.Migration):

    dependencies = [
        ("catalogue", "0003_entry_digest"),
        ("jobs", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(enqueue_rebuild, migrations.RunPython.noop),
    ]
