"""What was public before changes were written down counts as one change each, in the order it was signed."""

from django.db import migrations


def fill(apps, schema_editor):
    warnings = apps.get_model("portal", "PublishedWarning").objects.order_by("updated_at", "pk")
    change = apps.get_model("opendata", "PublicChange")
    kinds = {"withdrawn": "withdrawn", "corrected": "corrected"}
    change.objects.bulk_create(
        [
            change(
                warning_id=row["pk"],
                release_id=row["release_id"],
                kind=kinds.get(row["state"], "published" if row["release_number"] == 1 else "updated"),
                at=row["updated_at"],
            )
            for row in warnings.values("pk", "release_id", "release_number", "state", "updated_at").iterator()
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("opendata", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
