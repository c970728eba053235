from django.db import migrations

from cms.audit import guards


def put_up(apps, schema_editor):
    for statement in guards.create_statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def take_down(apps, schema_editor):
    for statement in guards.drop_statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0001_trail'),
    ]

    operations = [migrations.RunPython(put_up, take_down)]
