from django.db import migrations

from portal.content.catalogue.search import schema


class Migration(migrations.Migration):
    """Create the full-text index on the search tokens, with database-specific SQL.

    The index is not part of any model: keep this migration when squashing migrations.
    """

    dependencies = [("catalogue", "0001_initial")]

    operations = [migrations.RunPython(schema.create_index, schema.drop_index)]
