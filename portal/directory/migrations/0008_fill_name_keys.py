"""Names that are on record already are found in every form too."""

from django.db import migrations

from portal.translations.fields import fill_name_keys


class Migration(migrations.Migration):
    dependencies = [("directory", "0007_name_keys")]

    operations = [
        fill_name_keys("directory", "Country", "Organ", "Place", "Topic", "NamedParty")
    ]
