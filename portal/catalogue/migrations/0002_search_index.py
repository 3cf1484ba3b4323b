from django.db import migrations

from portal.catalogue.search import schema


class Migration(migrations.Migration):
    """What no model says: the index over the tokens, by the database's own means.

    Migrations that are written anew from the models must keep it.
    """

    dependencies = [("catalogue", "0001_initial")]

    operations = [migrations.RunPython(schema.create, schema.drop)]
