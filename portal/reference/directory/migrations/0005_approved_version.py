from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0004_index_of_what_waits'),
    ]

    operations = [
        migrations.AddField(
            model_name='country',
            name='approved_version',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=64, verbose_name='approved version'),
        ),
        migrations.AddField(
            model_name='organ',
            name='approved_version',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=64, verbose_name='approved version'),
        ),
    ]
