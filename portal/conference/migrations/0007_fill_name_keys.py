"""Names that are on record already are found in every form too."""

from django.db import migrations

from portal.translations.fields import fill_name_keys


class Migration(migrations.Migration):
    dependencies = [("conference", "0006_name_keys")]

    operations = [
        fill_name_keys("conference", "Article", "Document", "Edition", "Page")
    ]
