"""Fill the columns of normalised names (``name_keys``) of existing records."""

from django.db import migrations

from portal.core.translations.fields import fill_name_keys


class Migration(migrations.Migration):
    dependencies = [("seminars", "0006_name_keys")]

    operations = [fill_name_keys("seminars", "Seminar")]
