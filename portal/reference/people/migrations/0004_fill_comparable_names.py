from django.db import migrations

from portal.core.translations.fields import fill_name_keys


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_comparable_names"),
    ]

    operations = [fill_name_keys("people", "Person")]
