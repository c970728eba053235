"""For whom the warnings are that are public already: read from what was sealed."""

import django.db.models.deletion
from django.db import migrations, models

INTERNAL = {"bao-cao-vien"}


def fill(apps, _schema_editor):
    warnings = apps.get_model("portal", "PublishedWarning").objects.only("pk", "snapshot")
    audience = apps.get_model("portal", "PublishedAudience")
    rows = []
    for warning in warnings.iterator(chunk_size=500):
        names = {entry["key"]: entry["name"] for entry in warning.snapshot.get("audiences", [])}
        rows += [
            audience(warning_id=warning.pk, key=key, name=name)
            for key, name in names.items()
            if key not in INTERNAL
        ]
    audience.objects.bulk_create(rows, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("portal", "0004_expired")]

    operations = [
        migrations.CreateModel(
            name="PublishedAudience",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("key", models.CharField(db_index=True, max_length=60)),
                ("name", models.CharField(max_length=160)),
                (
                    "warning",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="audiences",
                        to="portal.publishedwarning",
                    ),
                ),
            ],
            options={
                "verbose_name": "audience of a public warning",
                "verbose_name_plural": "audiences of public warnings",
                "constraints": [
                    models.UniqueConstraint(fields=("warning", "key"), name="public_audience_once")
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
