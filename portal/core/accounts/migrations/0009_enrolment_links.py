from django.db import migrations, models


def delete_enrolment_links(apps, schema_editor):
    """Delete links for second factors when the migration is reversed.

    Without the field ``purpose`` these links could be used to set passwords.
    """
    invitations = apps.get_model("accounts", "Invitation").objects
    links = invitations.using(schema_editor.connection.alias)
    links.filter(purpose="enrolment").delete()


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_key_last_used_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='invitation',
            name='enrols_until',
            field=models.DateTimeField(null=True, verbose_name='second factor possible until'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='purpose',
            field=models.CharField(choices=[('password', 'to choose a password'), ('enrolment', 'to set up a second factor')], default='password', max_length=10, verbose_name='purpose'),
        ),
        migrations.RunPython(migrations.RunPython.noop, delete_enrolment_links),
    ]
