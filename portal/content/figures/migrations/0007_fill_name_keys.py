"""Fill the search keys of existing reported figures."""

from django.db import migrations

from portal.core.translations.fields import fill_name_keys


class Migration(migrations.Migration):
    dependencies = [("figures", "0006_name_keys")]

    operations = [fill_name_keys("figures", "ReportedFigure")]
