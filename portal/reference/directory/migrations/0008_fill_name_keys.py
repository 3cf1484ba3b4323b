"""Fill the search keys of existing names."""

from django.db import migrations

from portal.core.translations.fields import fill_name_keys


class Migration(migrations.Migration):
    dependencies = [("directory", "0007_name_keys")]

    operations = [
        fill_name_keys("directory", "Country", "Organ", "Place", "Topic", "NamedParty")
    ]
